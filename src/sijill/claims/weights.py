"""The weights: how much each feature speaks for a reading. A small table that people can read and `make fit` learns."""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from sijill.errors import LexiconError

Model = dict[str, float]
"""Feature name to weight. The sum over the features that hold is the log of the odds."""

MODELS = (
    "keep",
    "sense",
    "same",
    "initiator",
    "initiator-before",
    "target",
    "place",
    "place-before",
    "time",
    "time-before",
    "harm",
    "source",
    "teller",
)


class Weights:
    """One model for each decision."""

    __slots__ = ("models",)

    def __init__(self, models: dict[str, Model]) -> None:
        self.models = models

    def __getitem__(self, name: str) -> Model:
        return self.models[name]


def score(model: Model, names: list[str]) -> float:
    """The sum of the weights of the features named."""
    # A feature without a weight gives None, which says nothing either way.
    return sum(filter(None, map(model.get, names)))


@cache
def default_weights() -> Weights:
    """The weights that come with the program."""
    return read_weights(resources.files("sijill.claims") / "weights.csv")


def read_weights(file: Traversable) -> Weights:
    """Weights from a table of model, feature, weight."""
    models: dict[str, Model] = {name: {} for name in MODELS}
    rows = csv.reader(io.StringIO(file.read_text(encoding="utf-8")))
    next(rows)
    for line, row in enumerate(rows, start=2):
        try:
            models[row[0]][row[1]] = float(row[2])
        except (IndexError, KeyError, ValueError) as error:
            raise LexiconError(
                f"{file.name}, line {line}: not a model, a feature and a number; run `make fit`"
            ) from error
    return Weights(models)
