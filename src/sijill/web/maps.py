"""What the map draws: the ground (countries, governorates, towns with both names), and places as exact as told."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from sijill.arabic.fold import fold
from sijill.gazetteer import default_gazetteer
from sijill.gazetteer.outlines import Outline, Outlines
from sijill.gazetteer.place import PlaceKind
from sijill.web.atlas import DRAWN, Floats, Spread
from sijill.web.columns import Ints
from sijill.web.names import place_of
from sijill.web.shapes import PlaceShown

Indices = NDArray[np.intp]
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


def view(places: Spread, zoom: int, window: tuple[float, float, float, float]) -> dict[str, Any]:
    """What a window (south, west, north, east) of the map shows at a zoom: areas as exact as they were told, at most
    so many, those of most incidents first; and counts of the incidents that lie near each other at this zoom."""
    south, west, north, east = window
    lat, lon = places.lat, places.lon
    inside = np.flatnonzero(places.drawn & (south <= lat) & (lat <= north) & (west <= lon) & (lon <= east))
    told = drawn((place_of(places.at(n)), int(places.incidents[n]), int(places.killed[n])) for n in inside[:MOST_AREAS])
    told["features"] += _clusters(places, inside, zoom)
    return told


def bounds(places: Spread) -> list[float] | None:
    """West, south, east, north of the places that most incidents are told at; a few far away do not widen it."""
    if not places.drawn.any():
        return None
    weight = places.incidents[places.drawn]
    (west, east), (south, north) = (_edges(at[places.drawn], weight) for at in (places.lon, places.lat))
    return [west, south, east, north]


def _edges(at: Floats, weight: Ints) -> tuple[float, float]:
    order = np.argsort(at)
    passed = np.cumsum(weight[order])
    low, high = (int(np.searchsorted(passed, share * passed[-1])) for share in (_OUTSIDE, 1 - _OUTSIDE))
    return float(at[order[low]]), float(at[order[min(high, len(at) - 1)]])


def _clusters(places: Spread, inside: Indices, zoom: int) -> Iterable[dict[str, Any]]:
    """Counts of the places that lie in one square of the map's plane."""
    lat, lon, incidents = places.lat[inside], places.lon[inside], places.incidents[inside]
    size = _CELL / (256 * 2**zoom)
    y = np.log(np.tan(np.pi / 4 + np.radians(np.clip(lat, -85.0, 85.0)) / 2)) / np.pi
    column, row = ((lon + 180) / 360 // size).astype(np.int64), ((1 - y) / 2 // size).astype(np.int64)
    _, first, cell = np.unique(column << 32 | row, return_index=True, return_inverse=True)
    counts, killed = np.bincount(cell, incidents), np.bincount(cell, places.killed[inside])
    middle = np.bincount(cell, lat * incidents) / counts, np.bincount(cell, lon * incidents) / counts
    alone = np.bincount(cell)
    for n in np.argsort(first):
        only = place_of(places.at(inside[first[n]])) if alone[n] == 1 else None
        told = {
            "kind": "count", "incidents": int(counts[n]), "killed": int(killed[n]), "places": int(alone[n]),
            "ar": only.ar if only else None, "en": only.en if only else None,
            "told": (only.id or only.told) if only else None,
        }  # fmt: skip
        point = {"type": "Point", "coordinates": [round(float(middle[1][n]), 4), round(float(middle[0][n]), 4)]}
        yield {"type": "Feature", "properties": told, "geometry": point}


def drawn(places: Iterable[tuple[PlaceShown, int, int]]) -> dict[str, Any]:
    """Places, each with its incidents and the killed told there, as GeoJSON.

    An area for each: the outline where there is one, else a circle as wide as it is vague. Countries and places without
    a point are left to the table.
    """
    features = []
    for place, incidents, killed in places:
        if place.lat is None or place.lon is None or place.precision not in DRAWN:
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


_ROUND = [(math.sin(2 * math.pi * n / 24), math.cos(2 * math.pi * n / 24)) for n in range(25)]


def _circle(lat: float, lon: float, km: float) -> list[tuple[float, float]]:
    north = km / 111.2
    east = north / max(0.05, math.cos(math.radians(lat)))
    return [(round(lon + east * x, 4), round(lat + north * y, 4)) for x, y in _ROUND]


def _feature(polygons: Any, told: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": told, "geometry": {"type": "MultiPolygon", "coordinates": polygons}}


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}
