"""What the map draws: the ground (countries, governorates, towns with both names), and places as exact as told."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from typing import Any

import msgspec

from sijill.arabic.fold import fold
from sijill.gazetteer import default_gazetteer
from sijill.gazetteer.outlines import Outline, Outlines
from sijill.gazetteer.place import PlaceKind
from sijill.web.figures import Spread

_LEAST_PEOPLE = 20_000
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
    whole = {"land": countries, "governorates": _collection(governorates), "labels": _collection(labels)}
    return msgspec.json.encode(whole)


def _labels() -> Iterable[dict[str, Any]]:
    for entry in default_gazetteer():
        settled = entry.kind in (PlaceKind.CITY, PlaceKind.TOWN) and entry.population >= _LEAST_PEOPLE
        if entry.kind == PlaceKind.COUNTRY or settled:
            kind = "country" if entry.kind == PlaceKind.COUNTRY else "town"
            point = {"type": "Point", "coordinates": [round(entry.lon, 3), round(entry.lat, 3)]}
            told = {"ar": entry.name, "en": entry.english or entry.name, "kind": kind, "people": entry.population}
            yield {"type": "Feature", "properties": told, "geometry": point}


def drawn(places: Iterable[Spread]) -> dict[str, Any]:
    """Places as GeoJSON: an area for each, the outline where there is one, else a circle as wide as it is vague.

    Countries and places without a point are left to the table.
    """
    features = []
    for spread in places:
        place = spread.place
        if place.lat is None or place.lon is None or place.precision not in _RADIUS_KM:
            continue
        outline = _outline(place.country, place.precision, place.ar, place.en)
        shape = outline.polygons if outline else [[_circle(place.lat, place.lon, _RADIUS_KM[place.precision])]]
        told = {
            "ar": place.ar, "en": place.en, "told": place.id or place.told, "precision": place.precision,
            "incidents": spread.incidents, "killed": spread.killed, "lat": place.lat, "lon": place.lon,
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
