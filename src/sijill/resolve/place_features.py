"""What speaks for and against a candidate of a place name: features, their weights, and closeness to other places."""

from __future__ import annotations

import csv
import math
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sijill.arabic.fold import fold
from sijill.gazetteer import Entry, PlaceKind
from sijill.gazetteer.names import name_key
from sijill.gazetteer.place import AREAS, KIND_OF

WEIGHTS = Path(__file__).parent.parent / "lexicon" / "data" / "places" / "weights.csv"
NEAR_TOKENS = 25
"""Two places this many tokens apart are taken to be named together."""
_ADMIN = frozenset({PlaceKind.GOVERNORATE, PlaceKind.DISTRICT, PlaceKind.SUBDISTRICT, PlaceKind.COUNTRY})


class Choice(NamedTuple):
    """A candidate with its score and the features that made it."""

    entry: Entry
    score: float
    features: tuple[tuple[str, float], ...]


class Anchor(NamedTuple):
    """A place that is plain in this report, with its mentions as (index, first token)."""

    entry: Entry
    mentions: list[tuple[int, int]]


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    """The weights of the features by name."""
    with WEIGHTS.open(encoding="utf-8", newline="") as file:
        return {row["feature"]: float(row["weight"]) for row in csv.DictReader(file)}


class Pull:
    """An anchor as it pulls the candidates of one name: not at all where it is one of them itself."""

    __slots__ = ("entry", "near", "pulls")

    def __init__(self, anchor: Anchor, firsts: list[int], choices: list[Choice]) -> None:
        self.entry = anchor.entry
        self.pulls = all(choice.entry.row != anchor.entry.row for choice in choices)
        self.near = self.pulls and any(
            abs(first - other) < NEAR_TOKENS for _, other in anchor.mentions for first in firsts
        )


def closeness(entry: Entry, others: list[Pull]) -> tuple[float, float]:
    """How near a candidate lies to what the sentence names, and to what the report names: 1 there, 0 far away."""
    near = report = 0.0
    for other in others:
        anchor = other.entry
        if abs(entry.lat - anchor.lat) > 2.5:
            continue
        away = km_between(entry, anchor) - anchor.radius_km
        closeness = math.exp(-away / 40.0) if away > 0 else 1.0
        if closeness > report:
            report = closeness
        if other.near and closeness > near:
            near = closeness
    return near, report


def best_first(choice: Choice) -> tuple[float, str]:
    return (-choice.score, choice.entry.id)


def km_between(a: Entry, b: Entry) -> float:
    """Their distance in kilometres, near enough for places of one region."""
    north = (a.lat - b.lat) * 111.0
    east = (a.lon - b.lon) * (111.3 - 0.024 * a.lat * a.lat if abs(a.lat) < 50 else 60.0)
    return math.sqrt(north * north + east * east)


def is_inside(entry: Entry, container: Entry) -> bool:
    if container.kind is PlaceKind.COUNTRY:
        return entry.country == container.country
    return container.kind is PlaceKind.GOVERNORATE and entry.admin1_row == container.row


@lru_cache(maxsize=50_000)
def own_features(quote: str, entry: Entry) -> tuple[tuple[str, float], ...]:
    """What speaks for a place whatever the text: how known it is, and how its name is spelt."""
    features = [("prominence", entry.weight)]
    if entry.source == "sijill":
        features.append(("curated", 1.0))
    if name_key(quote).replace(" ", "") == name_key(entry.name).replace(" ", ""):
        features.append(("usual-name", 1.0))
    if quote == entry.name:
        features.append(("as-written", 1.0))
    elif fold(quote) == fold(entry.name):
        features.append(("as-written", 0.6))
    if fold(quote).startswith("ال") == fold(entry.name).startswith("ال"):
        features.append(("article", 1.0))
    return tuple(features)


@lru_cache(maxsize=5_000)
def kind_features(cue: str | None, area: bool, kind: PlaceKind) -> tuple[tuple[str, float], ...]:
    kinds = _cue_kinds().get(cue or "", frozenset())
    if area:
        asked = (("area-asked", 1.0),) if kind in AREAS else ()
        return (*asked, ("cue-kind", 1.0)) if kind in kinds else asked
    if kinds:
        return (("cue-kind", 1.0),) if kind in kinds else (("cue-other-kind", 1.0),)
    return (("area-unasked", 1.0),) if kind in _ADMIN and kind is not PlaceKind.COUNTRY else ()


@lru_cache(maxsize=1)
def _cue_kinds() -> dict[str, frozenset[PlaceKind]]:
    with (WEIGHTS.parent / "cues.csv").open(encoding="utf-8", newline="") as file:
        return {
            fold(row["word"]): frozenset(KIND_OF[kind] for kind in row["kinds"].split("|") if kind)
            for row in csv.DictReader(file)
        }
