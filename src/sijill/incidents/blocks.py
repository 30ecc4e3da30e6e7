"""Blocks: the keys under which claims meet that may tell one event. Family, place and day; few keys a claim."""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Iterator

from sijill.incidents.pair import family, total
from sijill.record.fact import Fact, Spot

NEAR_DAYS = 3
"""How far apart in days two claims may be and still be compared."""
_WEEK, _LONG = 7, 31
_CELL = 0.25
"""Side of a cell in degrees, some 25 km."""
_REACH = 0.13
"""How far, in degrees, a place looks beyond its cell."""
_TELLING_NUMBER = 3
_AREAS = ("governorate",)
_WIDE = ("region", "country")


def written(fact: Fact) -> set[tuple[int, int]]:
    """The (key, day) pairs under which a claim can be found."""
    days = list(_days(fact))
    keys = {key for spot in fact.spots for key in _written(spot)}
    keys |= _anywhere(fact)
    kin = family(fact.type)
    return {(_hash(kin, key), day) for key in keys for day in days}


def sought(fact: Fact) -> tuple[list[int], int, int] | None:
    """The keys to look under and the first and last day, or None for a claim without any day."""
    days = list(_days(fact))
    if not days:
        return None
    keys = {key for spot in fact.spots for key in _sought(spot)} | _anywhere(fact)
    kin = family(fact.type)
    return [_hash(kin, key) for key in keys], min(days) - NEAR_DAYS, max(days) + NEAR_DAYS


def _days(fact: Fact) -> Iterator[int]:
    if fact.first is None:
        if fact.published is not None:
            yield fact.published
        return
    last = fact.last if fact.last is not None else fact.first
    length = last - fact.first
    if length <= _LONG:  # a claim of a season or a year says too little to be laid beside one of a day
        yield from range(fact.first, last + 1, 1 if length <= _WEEK else NEAR_DAYS)
        yield last


def _anywhere(fact: Fact) -> set[str]:
    """Keys that need no place: the text it copies, and a number of dead that is not met by chance."""
    keys = {f"copy {fact.origin}"}
    killed = total(fact, "killed")
    if not fact.spots and killed and killed[0] >= _TELLING_NUMBER:
        keys.add(f"killed {killed[0]}")
    return keys


def _written(spot: Spot) -> Iterator[str]:
    if spot.precision in _WIDE:
        yield f"wide {spot.place_id or spot.name}"
    elif spot.precision in _AREAS:
        yield f"area {spot.country} {spot.admin1 or spot.name}"
    else:
        yield f"name {spot.name}"
        if spot.lat is not None and spot.lon is not None:
            yield _cell(spot.lat, spot.lon)
        if spot.admin1:
            yield f"inside {spot.country} {spot.admin1}"


def _sought(spot: Spot) -> Iterator[str]:
    if spot.precision in _WIDE:
        yield f"wide {spot.place_id or spot.name}"
    elif spot.precision in _AREAS:
        yield f"area {spot.country} {spot.admin1 or spot.name}"
        yield f"inside {spot.country} {spot.admin1 or spot.name}"
    else:
        yield f"name {spot.name}"
        if spot.lat is not None and spot.lon is not None:
            for north in (-_REACH, _REACH):
                for east in (-_REACH, _REACH):
                    yield _cell(spot.lat + north, spot.lon + east)
        if spot.admin1:
            yield f"area {spot.country} {spot.admin1}"


def _cell(lat: float, lon: float) -> str:
    return f"cell {math.floor(lat / _CELL)} {math.floor(lon / _CELL)}"


def _hash(kin: str, key: str) -> int:
    found: int = struct.unpack("<q", hashlib.blake2b(f"{kin}|{key}".encode(), digest_size=8).digest())[0]
    return found
