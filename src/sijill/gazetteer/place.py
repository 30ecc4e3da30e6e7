"""What the gazetteer knows of one place, and the CSV form in which people read and mend it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from enum import IntEnum
from pathlib import Path
from typing import Final, TextIO

import msgspec

from sijill.arabic.fold import fold
from sijill.errors import GazetteerError


class PlaceKind(IntEnum):
    """Kinds of place, the widest first within their group. The number is stored; the name in lower case is written."""

    COUNTRY = 1
    GOVERNORATE = 2
    DISTRICT = 3
    SUBDISTRICT = 4
    REGION = 5
    COUNTRYSIDE = 6
    CITY = 10
    TOWN = 11
    VILLAGE = 12
    NEIGHBOURHOOD = 13
    CAMP = 14
    CROSSING = 20
    FIELD = 21
    AIRPORT = 22
    BASE = 23
    DAM = 24
    ROAD = 25
    RIVER = 26
    LAKE = 27
    MOUNTAIN = 28
    BRIDGE = 29
    ISLAND = 30
    SITE = 31

    @property
    def label(self) -> str:
        """The kind as the CSV files write it."""
        return self.name.lower()


AREAS: Final = frozenset({PlaceKind.COUNTRY, PlaceKind.GOVERNORATE, PlaceKind.REGION, PlaceKind.COUNTRYSIDE})
SETTLEMENTS: Final = frozenset(
    {PlaceKind.CITY, PlaceKind.TOWN, PlaceKind.VILLAGE, PlaceKind.NEIGHBOURHOOD, PlaceKind.CAMP}
)
KIND_OF: Final = {kind.label: kind for kind in PlaceKind}

FIELDS: Final = (
    "id",
    "kind",
    "name",
    "other_names",
    "english",
    "country",
    "governorate",
    "district",
    "lat",
    "lon",
    "radius_km",
    "population",
    "geonames",
    "pcode",
    "source",
)
REQUIRED: Final = ("id", "kind", "name", "country", "lat", "lon")


class GazetteerPlace(msgspec.Struct, frozen=True):
    """One row of a gazetteer file.

    `governorate` and `district` are the Arabic or English name of a row of that kind in the same country. `lat` and
    `lon` are decimal degrees, `radius_km` says how far the place reaches from there (0: a usual size for its kind).
    """

    id: str
    kind: PlaceKind
    name: str
    country: str
    lat: float
    lon: float
    other_names: tuple[str, ...] = ()
    english: str = ""
    governorate: str = ""
    district: str = ""
    radius_km: float = 0.0
    population: int = 0
    geonames: str = ""
    pcode: str = ""
    source: str = ""

    def names(self) -> tuple[str, ...]:
        """All its Arabic names, the usual one first."""
        return (self.name, *self.other_names)


def read_places(path: Path) -> list[GazetteerPlace]:
    """Read one CSV file of places. A malformed row raises `GazetteerError` with file, line and reason."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return parse_places(file, path.name)
    except OSError as error:
        raise GazetteerError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise GazetteerError(f"{path}: is not UTF-8 text; save it as CSV UTF-8") from error


def parse_places(lines: TextIO | Iterable[str], file_name: str) -> list[GazetteerPlace]:
    """Parse CSV lines with a header row; see `FIELDS`. Fields not in the header are empty."""
    reader = csv.DictReader(lines)
    missing = [field for field in REQUIRED if field not in (reader.fieldnames or ())]
    if missing:
        raise GazetteerError(f"{file_name}:1: the header lacks {', '.join(missing)}; add these columns")
    places: list[GazetteerPlace] = []
    seen: dict[str, int] = {}
    for row in reader:
        line = reader.line_num
        try:
            place = _place(row)
        except ValueError as error:
            raise GazetteerError(f"{file_name}:{line}: {error}") from error
        if place.id in seen:
            raise GazetteerError(f"{file_name}:{line}: id {place.id} stands in line {seen[place.id]} too; rename one")
        seen[place.id] = line
        places.append(place)
    return places


def _place(row: dict[str, str | None]) -> GazetteerPlace:
    if None in row:
        raise ValueError("more cells than the header has columns; quote cells that hold a comma")
    cell = {field: (row.get(field) or "").strip() for field in FIELDS}
    for field in REQUIRED:
        if not cell[field]:
            raise ValueError(f"{field} is empty; fill it in")
    if cell["kind"] not in KIND_OF:
        raise ValueError(f"kind {cell['kind']!r} is not known; use one of {', '.join(KIND_OF)}")
    if not fold(cell["name"]).strip():
        raise ValueError("name holds no letters; write the Arabic name")
    if len(cell["country"]) != 2 or not cell["country"].isascii():
        raise ValueError(f"country {cell['country']!r} is not a two-letter code such as SY")
    return GazetteerPlace(
        id=cell["id"],
        kind=KIND_OF[cell["kind"]],
        name=cell["name"],
        other_names=tuple(name.strip() for name in cell["other_names"].split("|") if name.strip()),
        english=cell["english"],
        country=cell["country"].upper(),
        governorate=cell["governorate"],
        district=cell["district"],
        lat=_number(cell, "lat", -90, 90),
        lon=_number(cell, "lon", -180, 180),
        radius_km=_number(cell, "radius_km", 0, 3000),
        population=int(_number(cell, "population", 0, 10_000_000_000)),
        geonames=cell["geonames"],
        pcode=cell["pcode"],
        source=cell["source"],
    )


def _number(cell: dict[str, str], field: str, least: float, most: float) -> float:
    if not cell[field]:
        return 0.0
    try:
        value = float(cell[field])
    except ValueError:
        raise ValueError(f"{field} {cell[field]!r} is not a number") from None
    if not least <= value <= most:
        raise ValueError(f"{field} {cell[field]} is not between {least:g} and {most:g}")
    return value


def write_places(path: Path, places: Iterable[GazetteerPlace]) -> None:
    """Write places as CSV, in the order given."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FIELDS)
        for place in places:
            writer.writerow(
                (
                    place.id,
                    place.kind.label,
                    place.name,
                    "|".join(place.other_names),
                    place.english,
                    place.country,
                    place.governorate,
                    place.district,
                    f"{place.lat:.5g}" if abs(place.lat) < 1 else f"{place.lat:.4f}",
                    f"{place.lon:.5g}" if abs(place.lon) < 1 else f"{place.lon:.4f}",
                    f"{place.radius_km:g}" if place.radius_km else "",
                    place.population or "",
                    place.geonames,
                    place.pcode,
                    place.source,
                )
            )
