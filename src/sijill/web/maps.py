"""What the map draws: the ground (countries, governorates, towns with both names), and places as exact as told."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any

import msgspec

from sijill.arabic.fold import fold
from sijill.gazetteer import default_gazetteer
from sijill.gazetteer.outlines import Outline, Outlines
from sijill.gazetteer.place import PlaceKind
from sijill.record.fact import Spot
from sijill.web.figures import Spread
from sijill.web.shapes import PlaceShown

_LEAST_PEOPLE = 20_000
MOST_AREAS = 400
_OUTSIDE = 0.03
"""This share of the incidents on each side may lie outside the map as it opens."""
_CELL = 64
"""Pixels: incidents within a square of this size are counted together."""
_RADIUS_KM = {"site": 0.6, "town": 3.0, "district": 15.0, "governorate": 40.0, "region": 60.0}


@lru_cache(maxsize=1)
def ground() -> bytes:
    """The base map as JSON: GeoJSON of `land`, `governorates` and `labels`, names in `ar` and `en`."""
    countries = msgspec.json.decode((resources.files("sijill.web") / "static/vendor/countries.json").read_bytes())
    governorates = [
        _feature(outline.polygons, {"ar": outline.name, "en": outline.english})
        for outline in Outlines.load().all
        if outline.kind == "governorate"
    ]
    labels = list(_labels())
    rivers = msgspec.json.decode((resources.files("sijill.web") / "data/rivers.json").read_bytes())
    whole = {
        "land": countries, "governorates": _collection(governorates), "labels": _collection(labels),
        "rivers": {"type": "Feature", "properties": {}, "geometry": rivers},
    }  # fmt: skip
    return msgspec.json.encode(whole)


def _labels() -> Iterable[dict[str, Any]]:
    for entry in default_gazetteer():
        settled = entry.kind in (PlaceKind.CITY, PlaceKind.TOWN) and entry.population >= _LEAST_PEOPLE
        if entry.kind == PlaceKind.COUNTRY or settled:
            kind = "country" if entry.kind == PlaceKind.COUNTRY else "town"
            point = {"type": "Point", "coordinates": [round(entry.lon, 3), round(entry.lat, 3)]}
            told = {"ar": entry.name, "en": entry.english or entry.name, "kind": kind, "people": entry.population}
            yield {"type": "Feature", "properties": told, "geometry": point}


def view(places: Sequence[Spread], zoom: int, window: tuple[float, float, float, float]) -> dict[str, Any]:
    """What a window (south, west, north, east) of the map shows at a zoom: areas as exact as they were told, at most
    so many, those of most incidents first; and counts of the incidents that lie near each other at this zoom."""
    south, west, north, east = window
    inside = [
        spread for spread in places
        if spread.at.lat is not None and spread.at.lon is not None
        and south <= spread.at.lat <= north and west <= spread.at.lon <= east
        and spread.at.precision in _RADIUS_KM
    ]  # fmt: skip
    told = drawn((spread.place, spread.incidents, spread.killed) for spread in inside[:MOST_AREAS])
    told["features"] += _clusters(inside, zoom)
    return told


def bounds(places: Sequence[Spread]) -> list[float] | None:
    """West, south, east, north of the places that most incidents are told at; a few far away do not widen it."""
    found = [
        (spread.at.lon, spread.at.lat, spread.incidents) for spread in places
        if spread.at.lat is not None and spread.at.lon is not None and spread.at.precision in _RADIUS_KM
    ]  # fmt: skip
    if not found:
        return None
    edges = []
    for axis in (0, 1):
        line = sorted((place[axis], place[2]) for place in found)
        edges.append((_quantile(line, _OUTSIDE), _quantile(line, 1 - _OUTSIDE)))
    (west, east), (south, north) = edges
    return [west, south, east, north]


def _quantile(line: Sequence[tuple[float, int]], share: float) -> float:
    goal = share * sum(weight for _, weight in line)
    passed = 0
    for value, weight in line:
        passed += weight
        if passed >= goal:
            return value
    return line[-1][0]


def _clusters(places: Sequence[Spread], zoom: int) -> Iterable[dict[str, Any]]:
    cell = _CELL / (256 * 2**zoom)
    groups: dict[tuple[int, int], list[Spread]] = {}
    for spread in places:
        groups.setdefault(_cell(spread.at, cell), []).append(spread)
    for group in groups.values():
        incidents = sum(spread.incidents for spread in group)
        lat = sum((spread.at.lat or 0) * spread.incidents for spread in group) / incidents
        lon = sum((spread.at.lon or 0) * spread.incidents for spread in group) / incidents
        only = group[0].place if len(group) == 1 else None
        told = {
            "kind": "count", "incidents": incidents, "killed": sum(spread.killed for spread in group),
            "places": len(group), "ar": only.ar if only else None, "en": only.en if only else None,
            "told": (only.id or only.told) if only else None,
        }  # fmt: skip
        point = {"type": "Point", "coordinates": [round(lon, 4), round(lat, 4)]}
        yield {"type": "Feature", "properties": told, "geometry": point}


def _cell(place: Spot, size: float) -> tuple[int, int]:
    """The square of the map's plane that a place lies in, `size` of the world's width wide."""
    y = math.log(math.tan(math.pi / 4 + math.radians(max(-85.0, min(85.0, place.lat or 0))) / 2)) / math.pi
    return int(((place.lon or 0) + 180) / 360 // size), int((1 - y) / 2 // size)


def drawn(places: Iterable[tuple[PlaceShown, int, int]]) -> dict[str, Any]:
    """Places, each with its incidents and the killed told there, as GeoJSON.

    An area for each: the outline where there is one, else a circle as wide as it is vague. Countries and places without
    a point are left to the table.
    """
    features = []
    for place, incidents, killed in places:
        if place.lat is None or place.lon is None or place.precision not in _RADIUS_KM:
            continue
        outline = _outline(place.country, place.precision, place.ar, place.en)
        shape = outline.polygons if outline else [[_circle(place.lat, place.lon, _RADIUS_KM[place.precision])]]
        told = {
            "ar": place.ar, "en": place.en, "told": place.id or place.told, "precision": place.precision,
            "incidents": incidents, "killed": killed, "lat": place.lat, "lon": place.lon,
        }  # fmt: skip
        features.append(_feature(shape, told))
    return _collection(features)


def _outline(country: str | None, precision: str, arabic: str, english: str) -> Outline | None:
    if precision not in ("governorate", "district") or not country:
        return None
    return _outlines().get((country, precision, fold(arabic))) or _outlines().get((country, precision, english))


@lru_cache(maxsize=1)
def _outlines() -> dict[tuple[str, str, str], Outline]:
    found = {}
    for outline in Outlines.load().all:
        for name in (fold(outline.name), outline.english):
            found[(outline.country, outline.kind, name)] = outline
    return found


def _circle(lat: float, lon: float, km: float) -> list[tuple[float, float]]:
    north = km / 111.2
    east = north / max(0.05, math.cos(math.radians(lat)))
    angles = [2 * math.pi * n / 24 for n in range(25)]
    return [(round(lon + east * math.sin(a), 4), round(lat + north * math.cos(a), 4)) for a in angles]


def _feature(polygons: Any, told: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": told, "geometry": {"type": "MultiPolygon", "coordinates": polygons}}


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}
