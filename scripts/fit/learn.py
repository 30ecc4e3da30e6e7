"""From examples to weights: one logistic regression for each decision, those that rest on others learned after them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import product

import numpy as np
from gold import Gold
from numpy.typing import NDArray
from rows import FIRST, Example, rank_rows, same_rows
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from sijill.claims.decide import DECISIONS
from sijill.claims.sums import Bag
from sijill.claims.weigh import Model, Weights, feature

Floats = NDArray[np.float64]
Key = tuple[int, *tuple[str, ...]]
"""A feature: the number of its template, and the values."""

# How strongly each model is held back from trusting rare features (smaller is stronger), chosen by cross-validation.
STRENGTH = dict.fromkeys(DECISIONS, 0.2) | {
    "sense": 0.4,
    "kind": 0.4,
    "place": 0.1,
    "place-before": 0.05,
    "same": 0.1,
    "rank": 0.1,
}
# Decisions whose threshold is set where misses and false alarms balance. "keep" lets more through, for "rank" sees
# what comes of it; of "sense" and "kind" the likeliest stands, whatever its odds.
BALANCED = frozenset(DECISIONS) - {"keep", "sense", "kind", "same"}
# A miss costs more than a false alarm where other values hang on it; two events taken for one cost more than one told
# twice. Chosen on reports not learned from.
LENIENT = {"rank": 0.5, "initiator": 0.3, "place": 0.7, "time": 0.3, "time-before": 0.3, "same": -0.3}
SMALLEST = 0.05
PARTS = 3
MOST_SHIFT = 2.0
LATER: dict[str, Callable[[Gold, Weights], list[Example]]] = {"same": same_rows, "rank": rank_rows}
"""The decisions that rest on others, and what gives their examples."""
RAREST = 3
"""A feature that holds in fewer rows is left out: it would tell of single sentences."""


def fit_model(name: str, examples: list[Example], times: Floats) -> Model:
    """Learn one decision. `times`: how often each example counts."""
    decision = DECISIONS[name]
    labels = np.array([example.taken for example in examples])
    if len(set(labels.tolist())) < 2:
        return Model.of(decision, {"bias": -5.0})
    at = {attribute: n for n, attribute in enumerate(decision.attributes)}
    templates = [[at[attribute] for attribute in template] for template in decision.templates]
    held = [[key for n, t in enumerate(templates) for key in _keys(n, [x.row[i] for i in t])] for x in examples]
    counts = Counter(key for keys in held for key in keys)
    column = {key: n for n, key in enumerate(key for key, count in counts.items() if count >= RAREST)}
    matrix = _matrix(held, column)
    learner = LogisticRegression(C=STRENGTH[name], solver="liblinear", max_iter=100)
    shift = LENIENT.get(name, 0.0)
    if name in BALANCED:
        shift += _shift(learner, matrix, labels, times)
    learner.fit(matrix, labels, times)
    weights = {"bias": round(float(learner.intercept_[0]) + shift, 3)}
    for key, n in column.items():
        weight = round(float(learner.coef_[0][n]), 3)
        if abs(weight) >= SMALLEST:
            weights[feature(decision.templates[key[0]], key[1:])] = weight
    return Model.of(decision, weights)


def _keys(n: int, values: list[str | Bag]) -> Iterator[Key]:
    """The features of one template that hold of a row: one for each value of a bag."""
    for chosen in product(*(value if isinstance(value, tuple) else (value,) for value in values)):
        yield (n, *chosen)


def _matrix(held: list[list[Key]], column: dict[Key, int]) -> csr_matrix:
    """One row an example, one column a feature."""
    indices = [[column[key] for key in keys if key in column] for keys in held]
    starts = np.cumsum([0, *(len(row) for row in indices)])
    flat = np.array([i for row in indices for i in row], dtype=np.int32)
    return csr_matrix((np.ones(len(flat)), flat, starts.astype(np.int32)), shape=(len(held), len(column)))


def _shift(learner: LogisticRegression, matrix: csr_matrix, labels: NDArray[np.bool_], times: Floats) -> float:
    """How far to move the threshold so that, of examples not learned from, as many are taken as the gold takes."""
    parts = np.arange(len(labels)) * PARTS // len(labels)
    odds = np.zeros(len(labels))
    for part in range(PARTS):
        held = parts == part
        if len(set(labels[~held].tolist())) == 2:
            odds[held] = learner.fit(matrix[~held], labels[~held], times[~held]).decision_function(matrix[held])
    order = np.argsort(-odds)
    balanced = int(np.searchsorted(np.cumsum(times[order]), times[labels].sum()))
    return float(np.clip(-odds[order[balanced]], -MOST_SHIFT, MOST_SHIFT))


def fit_all(names: Sequence[str], golds: list[Gold], rows: list[list[Example]]) -> Weights:
    """Learn the decisions named from the examples of many reports."""
    mine: dict[str, list[Example]] = {name: [] for name in names}
    times: dict[str, list[float]] = {name: [] for name in names}
    for gold, report in zip(golds, rows, strict=True):
        for example in report:
            if example.decision in mine:
                mine[example.decision].append(example)
                times[example.decision].append(gold.times)
    return Weights({name: fit_model(name, mine[name], np.array(times[name], float)) for name in names})


def learn(golds: list[Gold], rows: list[list[Example]], folds: int = 3, draws: int = 1) -> Weights:
    """Learn all decisions. `rows`: the first examples of each report.

    What rests on other decisions is learned from what those read in reports they were not learned from: else it would
    trust them more than it may. How the reports fall into `folds` moves those weights, so they are the mean of `draws`.
    """
    weights = fit_all(FIRST, golds, rows)
    drawn = [
        _learn_later(golds, rows, np.random.default_rng(3 + n).integers(0, folds, len(golds))) for n in range(draws)
    ]
    for name in LATER:
        weights.models[name] = _mean([models[name] for models in drawn])
    return weights


def _learn_later(golds: list[Gold], rows: list[list[Example]], parts: NDArray[np.int64]) -> dict[str, Model]:
    """Learn the decisions that rest on others, each report read by what was learned from the other parts."""
    folds = range(int(parts.max()) + 1)

    def without(fold: int, names: Sequence[str], examples: list[list[Example]]) -> Weights:
        kept = [n for n, part in enumerate(parts) if part != fold]
        return fit_all(names, [golds[n] for n in kept], [examples[n] for n in kept])

    others = [without(fold, FIRST, rows) for fold in folds]
    models: dict[str, Model] = {}
    for name, rows_of in LATER.items():
        found = [rows_of(gold, others[part]) for gold, part in zip(golds, parts, strict=True)]
        models[name] = fit_all([name], golds, found)[name]
        if name == "same":
            for fold, other in zip(folds, others, strict=True):
                other.models[name] = without(fold, [name], found)[name]
    return models


def _mean(models: list[Model]) -> Model:
    """A model whose weights are the means of others'."""
    total: Counter[str] = Counter()
    for model in models:
        total.update(model.weights())
    means = {name: round(weight / len(models), 3) for name, weight in total.items()}
    return Model.of(models[0].decision, {name: w for name, w in means.items() if name == "bias" or abs(w) >= SMALLEST})
