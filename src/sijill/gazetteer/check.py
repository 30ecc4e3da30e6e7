"""Checking gazetteer files: faults that a reader of CSV cannot see, each with its line and its repair."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sijill.arabic.fold import fold
from sijill.errors import GazetteerError
from sijill.gazetteer.formats import ARABIC
from sijill.gazetteer.names import name_key
from sijill.gazetteer.outlines import Outlines, distance_km
from sijill.gazetteer.place import AREAS, GazetteerPlace, PlaceKind, read_places

_WITHOUT_OUTLINE = AREAS | {PlaceKind.ROAD, PlaceKind.RIVER, PlaceKind.LAKE, PlaceKind.MOUNTAIN, PlaceKind.CROSSING,
                            PlaceKind.BRIDGE, PlaceKind.DISTRICT, PlaceKind.SUBDISTRICT}  # fmt: skip
BORDER_KM = 8.0
"""Outlines are simplified: a place this near to its governorate's outline is no fault."""


class Fault(NamedTuple):
    """A fault in a line of a file; `repair` says what to do, in English and Arabic."""

    file: str
    line: int
    fault: str
    repair: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.fault}; {self.repair}"


def check_files(files: list[Path]) -> list[Fault]:
    """All faults of these files, in their order."""
    faults: list[Fault] = []
    read: list[tuple[Path, list[GazetteerPlace]]] = []
    for file in files:
        try:
            read.append((file, read_places(file)))
        except GazetteerError as error:
            found = re.match(r"(.*?):(\d+): (.*)", str(error))
            line, fault = (int(found[2]), found[3]) if found else (1, str(error))
            faults.append(Fault(file.name, line, fault, "mend the line / أصلح السطر"))
    governorates = _governorates([place for _, places in read for place in places])
    for file, places in read:
        for line, place in enumerate(places, 2):
            faults += [Fault(file.name, line, *told) for told in _of_place(place, governorates)]
        faults += [Fault(file.name, line, *told) for line, told in _doubles(places)]
    return faults


def _governorates(places: list[GazetteerPlace]) -> dict[tuple[str, str], GazetteerPlace]:
    known: dict[tuple[str, str], GazetteerPlace] = {}
    for place in places:
        if place.kind is PlaceKind.GOVERNORATE:
            for name in (*place.names(), place.english):
                known[place.country, fold(name).lower()] = place
    return known


def _of_place(place: GazetteerPlace, governorates: dict[tuple[str, str], GazetteerPlace]) -> Iterator[tuple[str, str]]:
    for name in place.names():
        if not ARABIC.match(re.sub(r"[0-9A-Za-z|.]", "", name) or "ا"):
            yield f"{name!r} has letters that are not Arabic", "retype the name / أعد كتابة الاسم بحروف عربية"
    if not place.governorate:
        return
    governorate = governorates.get((place.country, fold(place.governorate).lower()))
    if governorate is None:
        yield (
            f"governorate {place.governorate!r} is no governorate of {place.country}",
            "write it as its own row does / اكتب المحافظة كما في سطرها",
        )
        return
    outline = Outlines.load().of(place.country, "governorate", governorate.english)
    if outline is None or place.kind in _WITHOUT_OUTLINE or outline.contains(place.lat, place.lon):
        return
    away = min(
        distance_km(place.lat, place.lon, lat, lon) for rings in outline.polygons for ring in rings for lon, lat in ring
    )
    if away > BORDER_KM:
        yield (
            f"{place.name} lies {away:.0f} km outside {place.governorate}",
            "check coordinates and governorate / راجع الإحداثيات والمحافظة",
        )


def _doubles(places: list[GazetteerPlace]) -> Iterator[tuple[int, tuple[str, str]]]:
    seen: dict[tuple[str, str, PlaceKind], list[tuple[int, GazetteerPlace]]] = defaultdict(list)
    for line, place in enumerate(places, 2):
        key = (place.country, name_key(place.name), place.kind)
        for other_line, other in seen[key]:
            if distance_km(place.lat, place.lon, other.lat, other.lon) < 0.5:
                yield line, (f"{place.name} stands in line {other_line} too", "drop one / احذف أحدهما")
                break
        seen[key].append((line, place))
