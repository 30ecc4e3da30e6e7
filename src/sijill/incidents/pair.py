"""The pair score: do two claims tell one event? A sum of named features, each with a weight people can read.

The weights stand in `weights.csv`, the types that may meet in `families.csv`. `score` gives log-odds; `explain` the
features that made it.
"""

from __future__ import annotations

import csv
import math
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sijill.record.fact import Fact, Side, Spot

_HERE = Path(__file__).parent
_EARTH_KM = 6371.0
_RADIUS_KM = {"site": 2.0, "town": 6.0, "district": 25.0, "governorate": 90.0, "region": 200.0, "country": 600.0}
_AREAS = {"governorate", "region", "country"}
HARM_ONLY = frozenset({"killing", "injury", "destruction", "body-found"})
"""Types that tell what was suffered and not what was done."""
USUAL_WORDS = 0.18
"""The share of words that reports of two different strikes have in common."""
LEAST_WORDS, ENOUGH_SHARED = 4, 5
"""Fewer words of a claim than the first say nothing; what is shared counts in full from the second on."""


class Feature(NamedTuple):
    """One reason for or against, with how strongly it holds (1: fully)."""

    name: str
    times: float = 1.0


@cache
def weights() -> dict[str, float]:
    """The weight of every feature."""
    with (_HERE / "weights.csv").open(encoding="utf-8") as file:
        return {row["feature"]: float(row["weight"]) for row in csv.DictReader(file)}


@cache
def families() -> dict[str, tuple[str, str]]:
    """Group and family of every type."""
    with (_HERE / "families.csv").open(encoding="utf-8") as file:
        return {row["type"]: (row["group"], row["family"]) for row in csv.DictReader(file)}


def family(kind: str) -> str:
    """The family of a type; a type not in the list is a family of its own."""
    return families().get(kind, (kind, kind))[1]


def score(one: Fact, other: Fact) -> float:
    """Log-odds that two claims tell one event; above 0 it is the likelier."""
    weight = weights()
    return weight["start"] + sum(weight[name] * times for name, times in features(one, other))


def explain(one: Fact, other: Fact) -> list[tuple[str, float]]:
    """The features of a pair with what each adds, the strongest first."""
    weight = weights()
    found = [(name, round(weight[name] * times, 2)) for name, times in features(one, other)]
    return [("start", weight["start"]), *sorted(found, key=lambda part: -abs(part[1]))]


def features(one: Fact, other: Fact) -> list[Feature]:
    """What speaks for and against."""
    found = [_time(one, other), _type(one, other)]
    found += places(one.spots, other.spots)
    found += _sides("doer", one.initiators, other.initiators)
    found += _sides("target", one.targets, other.targets)
    found += _harm("killed", one, other) + _harm("injured", one, other)
    if set(one.means) & set(other.means):
        found.append(Feature("means-same"))
    if {kind for kind, _ in one.damage if kind != "other"} & {kind for kind, _ in other.damage}:
        found.append(Feature("damage-same"))
    found += _wording(one, other)
    if (one.modality == "planned") != (other.modality == "planned"):
        found.append(Feature("planned"))
    return found


def _time(one: Fact, other: Fact) -> Feature:
    if one.first is None or other.first is None:
        told, untold = (one, other) if other.first is None else (other, one)
        day = told.last if told.last is not None else told.published
        if day is None or untold.published is None:
            return Feature("day-untold", 0.0)
        return Feature("day-untold" if -1 <= untold.published - day <= 3 else "day-untold-far")
    first, last = max(one.first, other.first), min(one.last or one.first, other.last or other.first)
    if first <= last:
        single = one.first == one.last and other.first == other.last
        return Feature("day-same" if single else "day-overlap")
    gap = first - last
    return Feature("day-next" if gap == 1 else "day-apart" if gap == 2 else "day-far")


def _type(one: Fact, other: Fact) -> Feature:
    if one.type == other.type:
        return Feature("type-same")
    group, kin = families().get(one.type, (one.type, one.type))
    group2, kin2 = families().get(other.type, (other.type, other.type))
    if group == group2 and kin == kin2:
        return Feature("type-group")
    if kin == kin2:
        harm_only = (one.type in HARM_ONLY) != (other.type in HARM_ONLY)
        return Feature("type-consequence" if harm_only else "type-family")
    return Feature("type-other")


def kilometres(lat: float, lon: float, lat2: float, lon2: float) -> float:
    """The distance of two points in km, on a sphere."""
    dlat, dlon = math.radians(lat2 - lat), math.radians(lon2 - lon)
    part = (
        math.sin(dlat / 2) ** 2 + math.cos(math.radians(lat)) * math.cos(math.radians(lat2)) * math.sin(dlon / 2) ** 2
    )
    return 2 * _EARTH_KM * math.asin(math.sqrt(part))


def places(ours: tuple[Spot, ...], theirs: tuple[Spot, ...]) -> list[Feature]:
    """What the places of two claims say: how near the best pair is, and whether only some are shared."""
    if not ours or not theirs:
        return [Feature("spot-untold")]
    weight = weights()
    best = max((_spots(a, b) for a in ours for b in theirs), key=lambda name: weight[name])
    found = [Feature(best)]
    if weight[best] > 0:
        # Reports of a wave over several towns name some of them, and a local report names its own town only.
        few, many = sorted((ours, theirs), key=len)
        unmet = sum(all(weight[_spots(a, b)] <= 0 for b in many) for a in few)
        if unmet:
            found.append(Feature("spot-some", unmet / len(few) * 2))
        elif len(few) != len(many):
            found.append(Feature("spot-some", 0.5))
    return found


def _spots(one: Spot, other: Spot) -> str:
    area, area2 = one.precision in _AREAS, other.precision in _AREAS
    if one.place_id is not None and one.place_id == other.place_id:
        return "spot-area" if area else "spot-same"
    if _within(one, other) or _within(other, one):
        return "spot-within" if area != area2 or "district" in (one.precision, other.precision) else "spot-area"
    if one.lat is None or other.lat is None or one.lon is None or other.lon is None:
        if one.name == other.name:
            return "spot-named"
        known = {one.admin1, other.admin1} - {None}
        return "spot-far" if len(known) == 2 else "spot-near"
    if area or area2:
        return "spot-far" if one.admin1 != other.admin1 else "spot-area"
    apart = kilometres(one.lat, one.lon, other.lat, other.lon)
    allowed = max(_reach(one), _reach(other))
    if apart <= allowed:
        if one.name == other.name:
            return "spot-same"
        # A field or a street of a town, or "near" a town, may be the town; another town is only its neighbour.
        towns = one.precision == other.precision == "town" and one.relation == other.relation == "in"
        return "spot-neighbour" if towns else "spot-close"
    return "spot-near" if apart <= 2.5 * allowed else "spot-far"


def _reach(spot: Spot) -> float:
    radius = _RADIUS_KM.get(spot.precision, 6.0)
    return radius if spot.relation == "in" else radius * 2


def _within(inner: Spot, outer: Spot) -> bool:
    """Whether `outer` is the district, governorate or country that `inner` lies in."""
    if outer.precision == "country":
        return inner.country is not None and inner.country == outer.country and inner.precision != "country"
    if outer.precision == "governorate":
        names = {outer.name, outer.admin1} - {None}
        return inner.admin1 in names and inner.precision not in ("region", "country")
    if outer.precision == "district":
        names = {outer.name, outer.admin2} - {None}
        return inner.admin2 in names and inner.precision in ("site", "town")
    return False


def _sides(role: str, ours: tuple[Side, ...], theirs: tuple[Side, ...]) -> list[Feature]:
    one, other = {side.key for side in ours}, {side.key for side in theirs}
    if not one or not other:
        return []
    return [Feature(f"{role}-same" if one & other else f"{role}-other")]


def total(fact: Fact, outcome: str) -> tuple[int, int | None] | None:
    """The people that a claim says met an outcome: least and most (None: open), or None where it gives no number."""
    told, low = False, 0
    high: int | None = 0
    for harm in fact.harm:  # asked for every pair of claims: a loop takes half the time of sums
        if harm.outcome == outcome and harm.low is not None:
            told, low = True, low + harm.low
            high = None if high is None or harm.high is None else high + harm.high
    return (low, high) if told else None


def _harm(outcome: str, one: Fact, other: Fact) -> list[Feature]:
    told, told2 = total(one, outcome), total(other, outcome)
    if told is None or told2 is None:
        return []
    low, high = told
    low2, high2 = told2
    if told == told2:
        # Ones and twos agree by chance; a dozen does not.
        return [Feature(f"{outcome}-same", min(1.5, 0.1 + math.log10(1 + low)))]
    fits = low <= (high2 if high2 is not None else low) and low2 <= (high if high is not None else low2)
    small, large = sorted((max(low, 1), max(low2, 1)))
    if fits or large <= 1.35 * small or large - small == 1:
        return [Feature(f"{outcome}-alike")]
    if large >= 3 * small and outcome == "killed":
        return [Feature("killed-far")]
    return [Feature(f"{outcome}-apart")]


def _wording(one: Fact, other: Fact) -> list[Feature]:
    found = []
    words, words2 = one.words(), other.words()
    fewest, shared = min(len(words), len(words2)), len(words & words2)
    if fewest >= LEAST_WORDS:
        found.append(Feature("words", (shared / fewest - USUAL_WORDS) * min(1.0, shared / ENOUGH_SHARED)))
    if one.origin == other.origin:
        if one.reading == other.reading:
            same = (one.source_kind, one.source) == (other.source_kind, other.source)
            found.append(Feature("told-apart" if same else "told-beside"))
        else:
            found.append(Feature("copied"))
    return found
