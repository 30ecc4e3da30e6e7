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
from math import prod
from operator import itemgetter

from sijill.errors import LexiconError

Bag = tuple[str, ...]
Row = tuple[str | Bag, ...]
"""The values of a decision's attributes, in their order. A bag holds any number of values at once: a conjunction with
it holds for each of them."""


Template = tuple[str, ...]
"""The attributes of a conjunction."""

_AND = " & "
# How many sums of weights a group of conjunctions remembers, and how many combinations of values may make a group.
_MOST_KEPT = 20_000
_MOST_COMBINED = 4_000


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


class _Sums(dict[Row, float]):
    """The sums of the weights of several conjunctions by the values of the attributes they are made of, worked out as
    they are first asked for: most values come again and again."""

    __slots__ = ("_parts",)

    def __init__(self, parts: list[tuple[Callable[[Row], object], dict[object, float]]]) -> None:
        super().__init__()
        self._parts = parts

    def __missing__(self, values: Row) -> float:
        # A feature without a weight says nothing either way.
        total = sum(table.get(chosen(values), 0.0) for chosen, table in self._parts)
        if len(self) < _MOST_KEPT:
            self[values] = total
        return total


class Model:
    """The weights of one decision. `score` sums those of the features that hold."""

    __slots__ = ("_bags", "_sums", "bias", "decision", "weights")

    def __init__(self, decision: Decision, weights: dict[str, float]) -> None:
        self.decision = decision
        self.weights = weights
        self.bias = weights.get("bias", 0.0)
        at = {name: n for n, name in enumerate(decision.attributes)}
        tables: dict[Template, dict[object, float]] = {template: {} for template in decision.templates}
        for text, weight in weights.items():
            parts = [part.split("=", 1) for part in text.split(_AND)] if text != "bias" else []
            template = tuple(part[0] for part in parts)
            if template in tables:
                values = tuple(part[1] for part in parts)
                tables[template][values if len(values) > 1 or template[0] in decision.bags else values[0]] = weight
        single = {template: table for template, table in tables.items() if table and not decision.bags & set(template)}
        self._sums = tuple(
            (
                itemgetter(*(at[name] for name in names)),
                _Sums([(itemgetter(*map(names.index, template)), single[template]) for template in members]),
            )
            for names, members in _grouped(single)
        )
        # A conjunction with a bag names it last.
        self._bags = tuple(
            (tuple(at[name] for name in template[:-1]), at[template[-1]], table.get)
            for template, table in tables.items()
            if table and decision.bags & set(template)
        )

    def score(self, row: Row) -> float:
        """The log-odds for the choice that a row describes."""
        total = self.bias
        for values, sums in self._sums:
            total += sums[values(row)]
        for others, bag, weight in self._bags:
            held = tuple([row[i] for i in others])
            for value in row[bag]:
                total += weight((*held, value), 0.0)
        return total

    def reasons(self, row: Row) -> list[tuple[str, float]]:
        """The features that hold and their weights, the weightiest first."""
        held = ((name, self.weights[name]) for name in self.decision.features(row) if name in self.weights)
        return sorted(held, key=lambda item: -abs(item[1]))


def _grouped(tables: dict[Template, dict[object, float]]) -> list[tuple[Template, list[Template]]]:
    """Conjunctions brought together such that few look-ups find all of their weights, and the values of the attributes
    of each group do not make too many combinations."""
    counts: dict[str, set[object]] = {}
    for template, table in tables.items():
        for values in table:
            for name, value in zip(template, values if isinstance(values, tuple) else (values,), strict=True):
                counts.setdefault(name, set()).add(value)

    def size(names: Template) -> int:
        return prod(len(counts[name]) + 1 for name in names)

    groups: list[tuple[Template, list[Template]]] = []
    for template in sorted(tables, key=lambda names: (-len(names), -size(names), names)):
        joined = [
            (size(union), n, union)
            for n, (names, _) in enumerate(groups)
            for union in [names + tuple(name for name in template if name not in names)]
        ]
        best = min(joined, default=None)
        if best is not None and (best[2] == groups[best[1]][0] or best[0] <= _MOST_COMBINED):
            groups[best[1]] = (best[2], [*groups[best[1]][1], template])
        else:
            groups.append((template, [template]))
    return [(names if len(names) > 1 else names * 2, members) for names, members in groups]


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
