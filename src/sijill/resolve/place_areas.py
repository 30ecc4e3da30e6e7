"""Points for what has no point of its own: a side of a town, a part of a governorate, a border."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Final

from sijill.arabic.words import Kind, Tokens
from sijill.gazetteer import Entry, Gazetteer, PlaceKind
from sijill.gazetteer.names import name_key
from sijill.gazetteer.outlines import Outline, Outlines, distance_km
from sijill.mentions.places import PlaceMention

BESIDE_KM: Final = 6.0
"""How far "east of a town" is meant from the middle of the town, where no distance is told."""
COUNTRYSIDE_KM: Final = 28.0
"""How far a countryside's part lies from the middle of its town, where the outline lets it."""
MIDDLE_KM: Final = 40.0
"""A governorate's own point, mostly by its chief town, stands for it up to so far from the middle of its outline."""
BORDER_KM: Final = 10.0
"""How far outlines may be off."""
_KM: Final = re.compile(r"^(?:كم|كيلو|كيلومتر|كيلومترا|كيلومترات|كيلو متر)$")
_BEARING: Final = {"north": 0, "northeast": 45, "east": 90, "southeast": 135,
            "south": 180, "southwest": 225, "west": 270, "northwest": 315}  # fmt: skip


def direction_of(relation: str) -> int | None:
    """The bearing of a relation in degrees from north, or None where it is none."""
    return _BEARING.get(relation)


def beside(entry: Entry, mention: PlaceMention, tokens: Tokens, gazetteer: Gazetteer) -> tuple[float, float, str]:
    """The point on that side of a place, as far away as told, and the reason in words."""
    bearing = _BEARING[mention.relation]
    told = told_distance(tokens, mention.first)
    km = told if told is not None else max(BESIDE_KM, min(entry.radius_km, 12.0))
    if entry.kind is PlaceKind.GOVERNORATE:
        lat, lon, why = area_point(entry, mention.relation, gazetteer)
        return lat or entry.lat, lon or entry.lon, why
    lat, lon = moved(entry.lat, entry.lon, bearing, km)
    return lat, lon, f"{km:g} km {mention.relation} of {entry.name}"


def told_distance(tokens: Tokens, first: int) -> float | None:
    """The kilometres told in "على بعد 5 كم شرق" before a name, or None."""
    for j in range(first - 1, max(-1, first - 9), -1):
        if tokens.kind[j] is Kind.BREAK:
            return None
        if tokens.kind[j] is Kind.NUMBER and j + 1 < len(tokens) and _KM.match(tokens.form[j + 1]):
            km = float(tokens.form[j])
            return km if 0 < km <= 200 else None
    return None


def middle_of(governorate: Entry) -> tuple[float, float]:
    """Where a governorate's point stands: the middle of its outline, unless its row's point lies near that."""
    return _middle_of(governorate.country, governorate.admin1 or "", governorate.lat, governorate.lon)


@lru_cache(maxsize=512)
def _middle_of(country: str, governorate: str, lat: float, lon: float) -> tuple[float, float]:
    outline = Outlines.load().of(country, "governorate", governorate)
    middle = outline.middle() if outline is not None else (lat, lon)
    return middle if distance_km(lat, lon, *middle) > MIDDLE_KM else (lat, lon)


def area_point(base: Entry, relation: str, gazetteer: Gazetteer) -> tuple[float | None, float | None, str]:
    """Near the middle of the part of a governorate, a town's countryside or a country on that side."""
    return _area_point(gazetteer, base.row, relation)


@lru_cache(maxsize=4_096)
def _area_point(gazetteer: Gazetteer, base_row: int, relation: str) -> tuple[float | None, float | None, str]:
    base = gazetteer.place(base_row)
    bearing = _BEARING.get(relation)
    outline = _outline_of(base)
    if bearing is None:
        town = _town_of(base, gazetteer)
        if town is None and base.kind is PlaceKind.GOVERNORATE:
            return *middle_of(base), f"the middle of {base.name}"
        middle = town or base
        return middle.lat, middle.lon, f"the countryside around {base.name}"
    if base.kind is PlaceKind.COUNTRY:
        point = _country_part(base.country, bearing)
        row = _part_row(base, relation, gazetteer)
        if row is not None:
            return row.lat, row.lon, f"the {relation} of {base.name}"
        if point is None:
            return None, None, f"{relation} of {base.name}: no outline to place it in"
        return (*point, f"the {relation} of {base.name}, by its outline")
    middle = _town_of(base, gazetteer) or base
    km = COUNTRYSIDE_KM if middle.kind in (PlaceKind.GOVERNORATE, PlaceKind.CITY) else 10.0
    while km > 1:
        lat, lon = moved(middle.lat, middle.lon, bearing, km)
        if outline is None or outline.contains(lat, lon):
            return lat, lon, f"the {relation} of {base.name}: {km:.0f} km from its middle"
        km *= 0.8
    return middle.lat, middle.lon, f"the {relation} of {base.name}: its middle"


def reaches(governorate: Entry, lat: float, lon: float) -> bool:
    """Whether a point lies in a governorate, or so near to its simplified outline that it may."""
    outline = _outline_of(governorate)
    if outline is None:
        return distance_km(governorate.lat, governorate.lon, lat, lon) < governorate.radius_km + BORDER_KM
    return _reaches(governorate.country, governorate.admin1 or "", lat, lon)


@lru_cache(maxsize=4_096)
def _reaches(country: str, governorate: str, lat: float, lon: float) -> bool:
    outline = Outlines.load().of(country, "governorate", governorate)
    if outline is None:
        return False
    if outline.contains(lat, lon):
        return True
    return any(distance_km(lat, lon, y, x) < BORDER_KM for rings in outline.polygons for ring in rings for x, y in ring)


def _town_of(base: Entry, gazetteer: Gazetteer) -> Entry | None:
    """The chief town of a governorate: countrysides are told from there."""
    if base.kind is not PlaceKind.GOVERNORATE:
        return None
    towns = [entry for entry in gazetteer.search(base.name)
             if entry.kind in (PlaceKind.CITY, PlaceKind.TOWN) and entry.admin1_row == base.row]  # fmt: skip
    return max(towns, key=lambda entry: entry.population, default=None)


def _outline_of(base: Entry) -> Outline | None:
    return Outlines.load().of(base.country, "governorate", base.admin1) if base.admin1 else None


_DIRECTION_WORDS: Final = {
    "north": "شمال", "south": "جنوب", "east": "شرق", "west": "غرب", "northeast": "شمال شرق",
    "northwest": "شمال غرب", "southeast": "جنوب شرق", "southwest": "جنوب غرب",
}  # fmt: skip


def _part_row(country: Entry, relation: str, gazetteer: Gazetteer) -> Entry | None:
    """The gazetteer's own row for a part of a country (شمال سوريا), or None."""
    matches, _ = gazetteer.lookup(f"{_DIRECTION_WORDS[relation]} {name_key(country.name)}")
    rows = [gazetteer.place(match.row) for match in matches]
    return next((row for row in rows if row.country == country.country and row.kind is PlaceKind.REGION), None)


@lru_cache(maxsize=512)
def _country_part(country: str, bearing: int) -> tuple[float, float] | None:
    """The middle of the third of a country's governorates' points that lies farthest that way."""
    points = [
        point
        for outline in Outlines.load().all
        if outline.country == country and outline.kind == "governorate"
        for rings in outline.polygons
        for point in rings[0]
    ]
    if not points:
        return None
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    angle = math.radians(bearing)
    lat = (south + north) / 2 + math.cos(angle) * (north - south) / 3
    lon = (west + east) / 2 + math.sin(angle) * (east - west) / 3
    return lat, lon


def border_point(a: Entry, b: Entry) -> tuple[float, float] | None:
    """Between two places named; two countries share too long a border to be placed."""
    if PlaceKind.COUNTRY in (a.kind, b.kind):
        return None
    if distance_km(a.lat, a.lon, b.lat, b.lon) > 200:
        return None
    return (a.lat + b.lat) / 2, (a.lon + b.lon) / 2


def moved(lat: float, lon: float, bearing: float, km: float) -> tuple[float, float]:
    """The point so many kilometres away in that direction."""
    angle = math.radians(bearing)
    north = km * math.cos(angle) / 110.574
    east = km * math.sin(angle) / (111.320 * math.cos(math.radians(lat)))
    return lat + north, lon + east
