"""Outlines of governorates and districts: which of them a point lies in, and their shapes for maps."""

from __future__ import annotations

import gzip
import math
from functools import lru_cache

import msgspec

from sijill.folders import PACKAGE

FILE = PACKAGE / "gazetteer" / "data" / "outlines.json.gz"

Ring = list[tuple[float, float]]
"""Points as (longitude, latitude), as GeoJSON has them; the first is repeated at the end."""


class Outline(msgspec.Struct, frozen=True):
    """The simplified shape of one governorate or district: polygons, each an outer ring and its holes."""

    country: str
    kind: str
    name: str
    english: str
    polygons: list[list[Ring]]
    box: tuple[float, float, float, float]
    """West, south, east, north."""

    def contains(self, lat: float, lon: float) -> bool:
        """Whether the point lies inside."""
        west, south, east, north = self.box
        if not (west <= lon <= east and south <= lat <= north):
            return False
        return any(
            _in_ring(rings[0], lat, lon) and not any(_in_ring(hole, lat, lon) for hole in rings[1:])
            for rings in self.polygons
        )

    def middle(self) -> tuple[float, float]:
        """Latitude and longitude of the middle of its largest polygon, whose holes are left out of account."""
        return max(map(_centre, self.polygons))[1:]


class Outlines:
    """All outlines, by country."""

    def __init__(self, outlines: list[Outline]) -> None:
        self.all = outlines
        self._by_country: dict[str, list[Outline]] = {}
        for outline in outlines:
            self._by_country.setdefault(outline.country, []).append(outline)

    @staticmethod
    @lru_cache(maxsize=1)
    def load() -> Outlines:
        """The outlines that come with the gazetteer."""
        return Outlines(msgspec.json.decode(gzip.decompress(FILE.read_bytes()), type=list[Outline]))

    def containing(self, country: str, lat: float, lon: float) -> tuple[str, str]:
        """The Arabic names of governorate and district around a point; empty where no outline holds it."""
        found = {"governorate": "", "district": ""}
        for outline in self._by_country.get(country, ()):
            if not found[outline.kind] and outline.contains(lat, lon):
                found[outline.kind] = outline.name
        return found["governorate"], found["district"]

    def of(self, country: str, kind: str, english: str) -> Outline | None:
        """The outline of a governorate or district by its English name."""
        for outline in self._by_country.get(country, ()):
            if outline.kind == kind and outline.english == english:
                return outline
        return None

    def geojson(self, country: str, kind: str = "governorate") -> dict[str, object]:
        """A GeoJSON feature collection of a country's outlines."""
        features = [
            {
                "type": "Feature",
                "properties": {"name": outline.name, "english": outline.english, "kind": outline.kind},
                "geometry": {"type": "MultiPolygon", "coordinates": outline.polygons},
            }
            for outline in self._by_country.get(country, ())
            if outline.kind == kind
        ]
        return {"type": "FeatureCollection", "features": features}


def _centre(rings: list[Ring]) -> tuple[float, float, float]:
    """The size of a polygon's outer ring, in square degrees, and its centre's latitude and longitude."""
    twice = lat = lon = 0.0
    x1, y1 = rings[0][-1]
    for x2, y2 in rings[0]:
        part = x1 * y2 - x2 * y1
        twice, lon, lat = twice + part, lon + (x1 + x2) * part, lat + (y1 + y2) * part
        x1, y1 = x2, y2
    if twice == 0:  # Less than an islet, rounded away.
        return 0.0, y1, x1
    return abs(twice) / 2, lat / (3 * twice), lon / (3 * twice)


def _in_ring(ring: Ring, lat: float, lon: float) -> bool:
    inside = False
    x1, y1 = ring[-1]
    for x2, y2 in ring:
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            inside = not inside
        x1, y1 = x2, y2
    return inside


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """The distance of two points on the globe in kilometres."""
    a, b = math.radians(lat1), math.radians(lat2)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 12742.0 * math.asin(min(1.0, math.sqrt(h)))
