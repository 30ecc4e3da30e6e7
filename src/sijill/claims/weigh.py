"""Decisions by weight: what is known of a choice is a row of named attributes, and the sum of the weights of their
values and conjunctions is the log of the odds for it. The weights are a small table that people can read and
`make fit` learns.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import marshal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from itertools import product
from pathlib import Path
from typing import Final

from sijill.claims.sums import Bag, Choices, Row, Sum, Table, Template
from sijill.errors import LexiconError

_AND: Final = " & "
# How many forms of the table the cache keeps.
_MOST_CACHED: Final = 3


class Decision:
    """A kind of decision: its attributes (those that are bags marked by "*"), and the conjunctions of them
    ("side prep") that carry weight."""

    __slots__ = ("attributes", "bags", "name", "templates")

    def __init__(self, name: str, attributes: str, templates: str) -> None:
        self.name = name
        self.attributes = tuple(attribute.rstrip("*") for attribute in attributes.split())
        self.bags = frozenset(attribute[:-1] for attribute in attributes.split() if attribute.endswith("*"))
        self.templates = tuple(tuple(line.split()) for line in templates.split(","))

    def features(self, row: Row) -> Iterator[tuple[Template, Bag]]:
        """The features that hold of a row: the attributes of each, and their values."""
        values = dict(zip(self.attributes, row, strict=True))
        for template in self.templates:
            bags = (value if isinstance(value, tuple) else (value,) for value in (values[name] for name in template))
            for chosen in product(*bags):
                yield template, chosen


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

    __slots__ = ("_choices", "_sum", "bias", "decision", "tables")

    def __init__(self, decision: Decision, bias: float, tables: dict[Template, Table]) -> None:
        self.decision = decision
        self.bias = bias
        self.tables = tables
        self._choices: Choices | None = None
        self._sum = Sum(decision.name, decision.attributes, decision.bags, bias, tables)

    @classmethod
    def of(cls, decision: Decision, weights: Mapping[str, float]) -> Model:
        """A model of weights by their features' names; "bias" holds always."""
        tables: dict[Template, Table] = {template: {} for template in decision.templates}
        pairs = _Pairs()
        for text, weight in weights.items():
            if text != "bias":
                names, values = zip(*map(pairs.__getitem__, text.split(_AND)), strict=True)
                if names in tables:
                    tables[names][values] = weight
        held = {template: table for template, table in tables.items() if table}
        return cls(decision, weights.get("bias", 0.0), held)

    def weights(self) -> dict[str, float]:
        """The weights by their features' names."""
        held = {feature(t, values): weight for t, table in self.tables.items() for values, weight in table.items()}
        return {"bias": self.bias} | held

    def score(self, row: Row) -> float:
        """The log-odds for the choice that a row describes: the sum of the weights of the features that hold."""
        return self._sum.of(row)

    def likeliest(self, options: list[tuple[int, Row]]) -> tuple[float, int] | None:
        """The log-odds and the index of the option most spoken for, the first of equals; None where none is likelier
        than not."""
        best: tuple[float, int] | None = None
        least = 0.0
        for k, row in options:
            odds = self.score(row)
            if odds > least:
                least, best = odds, (odds, k)
        return best

    def scores(self, options: Bag, rest: Row) -> list[float]:
        """The log-odds for each of several values of the first attribute, which every conjunction begins with; `rest`
        are the values of the others."""
        choices = self._choices
        if choices is None:
            decision = self.decision
            choices = self._choices = Choices(decision.attributes, decision.bags, self.bias, self.tables)
        return choices.scores(options, rest)

    def reasons(self, row: Row) -> list[tuple[str, float]]:
        """The features that hold and their weights, the weightiest first."""
        held = []
        for template, values in self.decision.features(row):
            weight = self.tables.get(template, {}).get(values)
            if weight is not None:
                held.append((feature(template, values), weight))
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
    return Weights({name: Model.of(decisions[name], mine) for name, mine in weights.items()})


def load_weights(file: Path, decisions: dict[str, Decision], folder: Path) -> Weights:
    """The weights of a table, from `folder` where they were read before: to read the table takes ten times as long.

    Raises what `read_weights` raises. Where the cache cannot be written or read, the table is read.
    """
    state = file.stat()
    known = f"{sys.version}\0{file}\0{state.st_size}\0{state.st_mtime_ns}\0{[d.templates for d in decisions.values()]}"
    kept = folder / f"weights-{hashlib.blake2b(known.encode(), digest_size=10).hexdigest()}"
    with contextlib.suppress(OSError, ValueError, EOFError, TypeError, KeyError):
        held = marshal.loads(kept.read_bytes())
        return Weights({name: Model(decisions[name], *held[name]) for name in decisions})
    weights = read_weights(file, decisions)
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(prefix="weights-", suffix=".tmp", dir=folder, delete=False) as made:
            made.write(marshal.dumps({name: (model.bias, model.tables) for name, model in weights.models.items()}))
        Path(made.name).replace(kept)
        newest_first = sorted(folder.glob("weights-*"), key=lambda path: path.stat().st_mtime, reverse=True)
        for older in newest_first[_MOST_CACHED:]:
            older.unlink(missing_ok=True)
    return weights
