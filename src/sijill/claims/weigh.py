"""Decisions by weight: what is known of a choice is a row of named attributes, and the sum of the weights of their
values and conjunctions is the log of the odds for it. The weights are a small table that people can read and
`make fit` learns.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import product

from sijill.claims.sums import Bag, Choice, Row, Table, Template, sum_of
from sijill.errors import LexiconError

_AND = " & "


class Decision:
    """A kind of decision: its attributes (those that are bags marked by "*"), and the conjunctions of them
    ("side prep") that carry weight."""

    __slots__ = ("attributes", "bags", "name", "templates")

    def __init__(self, name: str, attributes: str, templates: str) -> None:
        self.name = name
        self.attributes = tuple(attribute.rstrip("*") for attribute in attributes.split())
        self.bags = frozenset(attribute[:-1] for attribute in attributes.split() if attribute.endswith("*"))
        self.templates = tuple(tuple(line.split()) for line in templates.split(","))

    def features(self, row: Row) -> Iterator[str]:
        """The features that hold of a row, as they stand in the table of weights: "side=after & prep=ب"."""
        values = dict(zip(self.attributes, row, strict=True))
        for template in self.templates:
            bags = (value if isinstance(value, tuple) else (value,) for value in (values[name] for name in template))
            for chosen in product(*bags):
                yield feature(template, chosen)


def feature(names: tuple[str, ...], values: tuple[str, ...]) -> str:
    """The name of a conjunction of attributes with their values."""
    return _AND.join(f"{name}={value}" for name, value in zip(names, values, strict=True))


class _Pairs(dict[str, tuple[str, str]]):
    """Attribute and value of the parts of features, each part taken apart once."""

    def __missing__(self, part: str) -> tuple[str, str]:
        name, _, value = part.partition("=")
        self[part] = pair = name, value
        return pair


class Model:
    """The weights of one decision."""

    __slots__ = ("_choices", "_tables", "bias", "decision", "score", "weights")

    score: Callable[[Row], float]
    """The log-odds for the choice that a row describes: the sum of the weights of the features that hold."""

    def __init__(self, decision: Decision, weights: dict[str, float]) -> None:
        self.decision = decision
        self.weights = weights
        self.bias = weights.get("bias", 0.0)
        tables: dict[Template, Table] = {template: {} for template in decision.templates}
        pairs = _Pairs()
        for text, weight in weights.items():
            if text != "bias":
                names, values = zip(*map(pairs.__getitem__, text.split(_AND)), strict=True)
                if names in tables:
                    tables[names][values] = weight
        self._tables = {template: table for template, table in tables.items() if table}
        self._choices: dict[Bag, Choice] = {}
        self.score = sum_of(decision.name, decision.attributes, decision.bags, self.bias, self._tables)

    def scores(self, options: Bag, rest: Row) -> list[float]:
        """The log-odds for each of several values of the first attribute, which every conjunction begins with; `rest`
        are the values of the others."""
        choice = self._choices.get(options)
        if choice is None:
            decision = self.decision
            choice = Choice(decision.attributes, decision.bags, self.bias, self._tables, options)
            self._choices[options] = choice
        return choice.scores(rest)

    def reasons(self, row: Row) -> list[tuple[str, float]]:
        """The features that hold and their weights, the weightiest first."""
        held = ((name, self.weights[name]) for name in self.decision.features(row) if name in self.weights)
        return sorted(held, key=lambda item: -abs(item[1]))


class Weights:
    """One model for each decision, by its name."""

    __slots__ = ("models",)

    def __init__(self, models: dict[str, Model]) -> None:
        self.models = models

    def __getitem__(self, name: str) -> Model:
        return self.models[name]


def read_weights(file: Traversable, decisions: dict[str, Decision]) -> Weights:
    """Weights from a table of decision, feature, weight. Raises `LexiconError` for a faulty line."""
    weights: dict[str, dict[str, float]] = {name: {} for name in decisions}
    rows = csv.reader(io.StringIO(file.read_text(encoding="utf-8")))
    next(rows)
    for line, row in enumerate(rows, start=2):
        try:
            weights[row[0]][row[1]] = float(row[2])
        except (IndexError, KeyError, ValueError) as error:
            raise LexiconError(
                f"{file.name}, line {line}: not a decision, a feature and a number; run `make fit`"
            ) from error
    return Weights({name: Model(decisions[name], mine) for name, mine in weights.items()})


@cache
def default_weights() -> Weights:
    """The weights that come with the program."""
    from sijill.claims.decide import DECISIONS

    return read_weights(resources.files("sijill.claims") / "weights.csv", DECISIONS)
