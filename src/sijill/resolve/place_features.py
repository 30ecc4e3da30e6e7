"""What speaks for and against a candidate of a place name: features, their weights, and closeness to other places."""

from __future__ import annotations

import csv
import math
from functools import lru_cache
from typing import Final, final

from sijill.arabic.fold import fold
from sijill.arabic.words import folded_word
from sijill.folders import PACKAGE
from sijill.gazetteer import Entry, PlaceKind
from sijill.gazetteer.names import name_key
from sijill.gazetteer.place import AREAS, KIND_OF
from sijill.mentions.place_words import place_words

WEIGHTS: Final = PACKAGE / "lexicon" / "data" / "places" / "weights.csv"
SHOWN_RIVALS: Final = 4
NEAR_TOKENS: Final = 25
"""Two places this many tokens apart are taken to be named together."""
_ADMIN: Final = frozenset({PlaceKind.GOVERNORATE, PlaceKind.DISTRICT, PlaceKind.SUBDISTRICT, PlaceKind.COUNTRY})


@final
class Choice:
    """A candidate with its score and the features that made it."""

    __slots__ = ("entry", "features", "score")

    def __init__(self, entry: Entry, score: float, features: tuple[tuple[str, float], ...]) -> None:
        self.entry = entry
        self.score = score
        self.features = features


@final
class Anchor:
    """A place that is plain in this report, with its mentions as (index, first token)."""

    __slots__ = ("entry", "mentions")

    def __init__(self, entry: Entry, mentions: list[tuple[int, int]]) -> None:
        self.entry = entry
        self.mentions = mentions


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    """The weights of the features by name."""
    with WEIGHTS.open(encoding="utf-8", newline="") as file:
        return {row["feature"]: float(row["weight"]) for row in csv.DictReader(file)}


@lru_cache(maxsize=2)
def meanings(language: str) -> dict[str, str]:
    """What each feature says of a candidate, in "ar" or "en"."""
    with WEIGHTS.open(encoding="utf-8", newline="") as file:
        return {row["feature"]: row["says_ar" if language == "ar" else "says"] for row in csv.DictReader(file)}


FAR_KM: Final = 40.0
TOO_FAR_KM: Final = 140.0
"""A little known place is taken without a doubt up to the first from the report's certain places; from the second on it
counts against it in full. In reports with points known, 111 of 113 such places that were right lay within 20 km, the
others within 40, and 12 of 21 wrong ones beyond 100 km."""
KNOWN_ENOUGH: Final = 0.45
"""A place of at least this weight is certain by itself: reports name towns and cities however far away."""
KNOWN_ABROAD: Final = 0.75
"""In a country that the report does not name it takes a city."""
_OBSCURE: Final = 0.3
"""What counts against a place counts in full up to this weight."""
_NAMED_IN_NEWS: Final = 0.35
"""Of a country named, villages compiled from what reports name are better known than their population tells."""
_SITES: Final = frozenset({PlaceKind.SITE, PlaceKind.BRIDGE})
_FARTHEST: Final = 1000.0
"""What lies farther, in kilometres, pulls nothing."""
Pull = tuple[float, float, float, bool]
"""An anchor as it pulls the candidates of one name: latitude, longitude, radius, and whether it is named nearby."""


def pulls(anchors: list[Anchor], firsts: list[int], choices: list[Choice]) -> list[Pull]:
    """The anchors that pull the candidates of a name at some tokens: all but those that are candidates themselves."""
    rows = {choice.entry.row for choice in choices}
    found: list[Pull] = []
    for anchor in anchors:
        entry = anchor.entry
        if entry.row not in rows:
            found.append((entry.lat, entry.lon, entry.radius_km, _are_near(anchor.mentions, firsts)))
    return found


def _are_near(mentions: list[tuple[int, int]], firsts: list[int]) -> bool:
    """Whether any mention stands near any of some tokens; both in the text's order, so that one walk tells."""
    n = 0
    for first in firsts:
        while n < len(mentions) and mentions[n][1] <= first - NEAR_TOKENS:
            n += 1
        if n == len(mentions):
            return False
        if mentions[n][1] < first + NEAR_TOKENS:
            return True
    return False


def closeness(entry: Entry, others: list[Pull]) -> tuple[float, float]:
    """How near a candidate lies to what the sentence names, and to what the report names: 1 there, 0 far away."""
    best_near = best = math.inf
    entry_lat, entry_lon = entry.lat, entry.lon
    per_degree = 111.3 - 0.024 * entry_lat * entry_lat if -50.0 < entry_lat < 50.0 else 60.0
    for lat, lon, radius, near in others:
        north = entry_lat - lat
        if north > 2.5 or north < -2.5:
            continue
        north *= 111.0
        east = (entry_lon - lon) * per_degree
        away = math.sqrt(north * north + east * east) - radius
        if away < best:
            best = away
        if near and away < best_near:
            best_near = away
    if best > _FARTHEST:
        return 0.0, 0.0
    return (
        (math.exp(-best_near / 40.0) if best_near > 0 else 1.0),
        (math.exp(-best / 40.0) if best > 0 else 1.0),
    )


def km_from(entry: Entry, certain: list[Entry]) -> tuple[float, Entry] | None:
    """How far a place lies from the nearest of the certain places (0 within one), and which that is."""
    nearest: Entry | None = None
    least = math.inf
    for other in certain:
        if other.row != entry.row:
            away = km_between(entry, other) - other.radius_km
            if away < least:
                least, nearest = away, other
    return (max(0.0, least), nearest) if nearest is not None else None


def far_features(entry: Entry, away: float, abroad: bool, *, of_kind: bool = True) -> list[tuple[str, float]]:
    """What speaks against a little known place so far from the report's certain ones, or `abroad`: in a country that
    nothing else in it names.

    Nothing for a place known well; less for one in between. A quarter is known in its town alone if an ordinary word is
    its name (الثورة، المهاجرين), or if the text speaks of a village, say (not `of_kind`); so is a site of such a name
    (معمل السكر).
    """
    known = KNOWN_ABROAD if abroad else KNOWN_ENOUGH
    local = entry.kind is PlaceKind.NEIGHBOURHOOD and (not of_kind or _is_ordinary(entry.name))
    local = local or (entry.kind in _SITES and _is_ordinary(entry.name.partition(" ")[2]))
    obscure = 1.0 if local else min(1.0, max(0.0, (known - entry.weight) / (known - _OBSCURE)))
    if entry.source == "sijill" and not abroad and not local:
        obscure *= _NAMED_IN_NEWS
    far = min(1.0, max(0.0, (away - FAR_KM) / (TOO_FAR_KM - FAR_KM)))
    features = [("far-from-report", far * obscure)] if far * obscure > 0 else []
    if abroad and obscure > 0:
        features.append(("country-not-named", obscure))
    return features


@lru_cache(maxsize=5_000)
def _is_ordinary(name: str) -> bool:
    return folded_word(name) in place_words().common


def best_first(choice: Choice) -> tuple[float, str]:
    return (-choice.score, choice.entry.id)


def sum_of(choices: list[Choice]) -> str:
    """The whole sum of the likeliest candidate, every weight in it, and the sums of the next few."""
    best, rivals = choices[0], choices[1:SHOWN_RIVALS]
    told = sorted(best.features, key=lambda feature: -abs(weights()[feature[0]] * feature[1]))
    parts = [f"{name} {weights()[name]:g}×{value:.2f}={weights()[name] * value:+.2f}" for name, value in told]
    text = f"{best.entry.id} {best.score:.2f}: {', '.join(parts)}"
    return text + "".join(f"; {rival.entry.id} {rival.score:.2f}" for rival in rivals)


def km_between(a: Entry, b: Entry) -> float:
    """Their distance in kilometres, near enough for places of one region."""
    north = (a.lat - b.lat) * 111.0
    east = (a.lon - b.lon) * _km_per_degree(a.lat)
    return math.sqrt(north * north + east * east)


def _km_per_degree(lat: float) -> float:
    """Of longitude at a latitude."""
    return 111.3 - 0.024 * lat * lat if abs(lat) < 50 else 60.0


def is_inside(entry: Entry, container: Entry) -> bool:
    if container.kind is PlaceKind.COUNTRY:
        return entry.country == container.country
    return container.kind is PlaceKind.GOVERNORATE and entry.admin1_row == container.row


def own_features(quote: str, entry: Entry) -> tuple[tuple[str, float], ...]:
    """What speaks for a place whatever the text: how known it is, and how its name is spelt."""
    features = [("prominence", entry.weight)]
    if entry.source == "sijill":
        features.append(("curated", 1.0))
    key, letters = name_key(quote).replace(" ", ""), _letters(quote)
    names = [(name, _letters(name)) for name in (entry.name, *entry.other_names)]
    # An article within words written together ("تلالشعير") is a letter of theirs, not one to be left out.
    alike = [(name, own) for name, own in names if own == letters or name_key(name).replace(" ", "") == key]
    if any(name == entry.name for name, _ in alike):
        features.append(("usual-name", 1.0))
    written = fold(quote)
    if quote == entry.name:
        features.append(("as-written", 1.0))
    elif written == fold(entry.name):
        features.append(("as-written", 0.6))
    elif any(written == fold(name) for name, _ in alike):
        features.append(("as-written", 0.5))
    shapes = [_share_of_shapes(quote, name) for name, own in alike if own == letters]
    if shapes:
        features.append(("same-letters", 0.5 + 0.5 * max(shapes)))
    article = written.startswith("ال")
    if any(fold(name).startswith("ال") == article for name, _ in alike or names[:1]):
        features.append(("article", 1.0))
    return tuple(features)


def _letters(name: str) -> str:
    """A name's letters without spaces and its first article, its hamza kept."""
    return fold(name).replace(" ", "").replace("-", "").removeprefix("ال")


def _share_of_shapes(a: str, b: str) -> float:
    """How many letters of two names that fold alike are written alike: two of three in بئر and بير."""
    a, b = (_drop_article(name.replace(" ", "").replace("-", "")) for name in (a, b))
    if len(a) != len(b):
        return 0.5
    return sum(map(str.__eq__, a, b)) / len(a)


def _drop_article(name: str) -> str:
    return name[2:] if fold(name[:2]) == "ال" else name


@lru_cache(maxsize=5_000)
def kind_features(cue: str | None, area: bool, kind: PlaceKind) -> tuple[tuple[str, float], ...]:
    kinds = cue_kinds(cue)
    if area:
        asked = (("area-asked", 1.0),) if kind in AREAS else ()
        return (*asked, ("cue-kind", 1.0)) if kind in kinds else asked
    if kinds:
        return (("cue-kind", 1.0),) if kind in kinds else (("cue-other-kind", 1.0),)
    if kind is PlaceKind.NEIGHBOURHOOD:
        return (("quarter-unasked", 1.0),)
    return (("area-unasked", 1.0),) if kind in _ADMIN and kind is not PlaceKind.COUNTRY else ()


def cue_kinds(cue: str | None) -> frozenset[PlaceKind]:
    """The kinds of place that a noun before a name tells; none where it tells nothing."""
    return _cue_kinds().get(cue or "", frozenset())


@lru_cache(maxsize=1)
def _cue_kinds() -> dict[str, frozenset[PlaceKind]]:
    with (WEIGHTS.parent / "cues.csv").open(encoding="utf-8", newline="") as file:
        return {
            fold(row["word"]): frozenset(KIND_OF[kind] for kind in row["kinds"].split("|") if kind)
            for row in csv.DictReader(file)
        }
