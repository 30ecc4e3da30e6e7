"""Bringing places in, taking them out again, and checking what stands.

An import becomes one CSV file in the user's folder, holding only what it adds: new places, and new names of known
ones. It is written whole or not at all; taking it back deletes that file.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import msgspec

from sijill.errors import GazetteerError
from sijill.gazetteer.formats import PREFIXES, read_table
from sijill.gazetteer.names import latin_key, name_key
from sijill.gazetteer.outlines import Outlines, distance_km
from sijill.gazetteer.place import SETTLEMENTS, GazetteerPlace, PlaceKind, read_places, write_places

SAME_KM = 5.0
"""Two rows of one name this near are one place."""
ACROSS_KM = 2.0
"""The same, where the border of two governorates lies between them: each is looked for in its own."""
CLASH_KM = 15.0
"""Two rows of one name in one district that are farther apart than `SAME_KM` but nearer than this clash."""


class ImportReport(NamedTuple):
    """What an import did. `clashes` are lines for people: both rows were kept, and one may be wrong."""

    file: Path | None
    """The file written; None where there was nothing new."""
    form: str
    added: int
    merged: tuple[str, ...]
    """What known places gained, a line for each: names, or a P-code."""
    known: int
    """Rows that told nothing new."""
    nameless: int
    """Rows without an Arabic name, passed over."""
    clashes: list[str]
    unplaced: tuple[str, ...] = ()
    """Units of a table without coordinates that are none of the known places, or could be either of two."""


def import_places(path: Path, known_files: Iterable[Path], folder: Path) -> ImportReport:
    """Import a table of places into `folder`; what it holds already, or `known_files` hold, is not added again."""
    table = read_table(path)
    outlines = Outlines.load()
    known = _Known([place for file in known_files for place in read_places(file)], outlines)
    fresh: dict[str, GazetteerPlace] = {}
    gaining: set[str] = set()
    same = 0
    clashes: list[str] = []
    for place in table.places:
        place = _located(place, outlines)
        twin = known.twin(place)
        if twin is None:
            clash = known.clash(place)
            if clash:
                clashes.append(clash)
            known.add(place)
            fresh[place.id] = place
            continue
        gained = known.gain(twin, place)
        if gained is None:
            same += 1
        elif twin.id in fresh:
            fresh[twin.id] = overlaid([fresh[twin.id], gained])[0]
        else:
            gaining.add(twin.id)
            fresh[twin.id] = gained
    unplaced = []
    for place in table.codes:
        twins = known.units(place)
        gained = known.gain(twins[0], place) if len(twins) == 1 else None
        if len(twins) != 1:
            unplaced.append(f"{place.name} ({place.pcode})")
        elif gained is None:
            same += 1
        else:
            gaining.add(gained.id)
            fresh[gained.id] = overlaid([fresh[gained.id], gained])[0] if gained.id in fresh else gained
    file = _store(list(fresh.values()), path, folder) if fresh else None
    merged = tuple(_gain_told(fresh[n]) for n in sorted(gaining))
    return ImportReport(
        file, table.form, len(fresh) - len(gaining), merged, same, table.nameless, clashes, tuple(unplaced)
    )


def _gain_told(place: GazetteerPlace) -> str:
    gained = "، ".join((*place.other_names, *([f"P-code {place.pcode}"] if place.pcode else [])))
    return f"{place.name} ({place.id}): {gained}"


def undo_import(folder: Path, name: str | None = None) -> Path:
    """Take back an import, the last one if none is named, and return the file that was deleted."""
    files = sorted(folder.glob("*.csv"))
    if name is not None:
        files = [file for file in files if name in (file.name, file.stem, file.stem.partition("-")[2])]
    if not files:
        raise GazetteerError(f"no import {name} to take back" if name else "nothing was imported, nothing to take back")
    files[-1].unlink()
    return files[-1]


def overlaid(places: Iterable[GazetteerPlace]) -> list[GazetteerPlace]:
    """One row for each id: a later row of a known id adds its names to the first."""
    rows: dict[str, GazetteerPlace] = {}
    for place in places:
        first = rows.get(place.id)
        if first is None:
            rows[place.id] = place
            continue
        known = {name_key(name) for name in first.names()}
        more = tuple(name for name in place.names() if name_key(name) not in known)
        rows[place.id] = msgspec.structs.replace(
            first, other_names=first.other_names + more, pcode=first.pcode or place.pcode
        )
    return list(rows.values())


class _Known:
    """The places that stand, by id, GeoNames id, name, and of units also by P-code and English name."""

    def __init__(self, places: list[GazetteerPlace], outlines: Outlines) -> None:
        self.outlines = outlines
        self.by_id: dict[str, GazetteerPlace] = {}
        self.by_geonames: dict[str, str] = {}
        self.by_key: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.by_unit: dict[tuple[str, PlaceKind, str], set[str]] = defaultdict(set)
        self.by_pcode: dict[tuple[str, PlaceKind, str], set[str]] = defaultdict(set)
        for place in overlaid(places):
            self.add(place)

    def add(self, place: GazetteerPlace) -> None:
        self.by_id[place.id] = place
        if place.geonames:
            self.by_geonames.setdefault(place.geonames, place.id)
        for key in _keys(place):
            self.by_key[place.country, key].append(place.id)
        self._index_unit(place)

    def _index_unit(self, place: GazetteerPlace) -> None:
        for key in _unit_keys(place):
            self.by_unit[place.country, place.kind, key].add(place.id)
        if place.pcode:
            self.by_pcode[place.country, place.kind, place.pcode].add(place.id)

    def namesakes(self, place: GazetteerPlace) -> list[GazetteerPlace]:
        ids = {i for key in _keys(place) for i in self.by_key.get((place.country, key), ())}
        return [self.by_id[i] for i in sorted(ids)]

    def units(self, place: GazetteerPlace) -> list[GazetteerPlace]:
        """The known governorates, districts or towns that a unit without coordinates may be, by its P-code or names."""
        ids = self.by_pcode.get((place.country, place.kind, place.pcode)) or {
            id_ for key in _unit_keys(place) for id_ in self.by_unit.get((place.country, place.kind, key), ())
        }
        return [self.by_id[id_] for id_ in sorted(ids)]

    def twin(self, place: GazetteerPlace) -> GazetteerPlace | None:
        known = self.by_id.get(place.id) or self.by_id.get(self.by_geonames.get(place.geonames, ""))
        if known is not None:
            return known
        near = [(distance_km(other.lat, other.lon, place.lat, place.lon), other.id, other)
                for other in self.namesakes(place) if _alike(other, place)]  # fmt: skip
        near = [found for found in near if found[0] < self._reach(found[2], place) or _one_of_a_kind(found[2])]
        return min(near)[2] if near else None

    def _reach(self, known: GazetteerPlace, place: GazetteerPlace) -> float:
        """How near a row must lie to be one with a known one: nearer across the border of a governorate."""
        if known.governorate and place.governorate and known.governorate != place.governorate:
            ours, theirs = (self.outlines.containing(p.country, p.lat, p.lon)[0] for p in (known, place))
            return SAME_KM if ours == theirs else ACROSS_KM
        return SAME_KM

    def clash(self, place: GazetteerPlace) -> str | None:
        for other in self.namesakes(place):
            away = distance_km(other.lat, other.lon, place.lat, place.lon)
            if _alike(other, place) and SAME_KM <= away < CLASH_KM and other.district == place.district:
                return f"{place.name} ({place.id}) lies {away:.0f} km from {other.name} ({other.id}) of one district"
        return None

    def gain(self, twin: GazetteerPlace, place: GazetteerPlace) -> GazetteerPlace | None:
        """The row that adds what the place tells of its twin, or None."""
        keys = _keys(twin)
        more = tuple(name for name in place.names() if name_key(name).replace(" ", "") not in keys)
        if not more and (not place.pcode or twin.pcode):
            return None
        self.by_id[twin.id] = msgspec.structs.replace(
            twin, other_names=twin.other_names + more, pcode=twin.pcode or place.pcode
        )
        for name in more:
            self.by_key[twin.country, name_key(name).replace(" ", "")].append(twin.id)
        self._index_unit(self.by_id[twin.id])
        return msgspec.structs.replace(twin, other_names=more, pcode=place.pcode or twin.pcode)


def _keys(place: GazetteerPlace) -> set[str]:
    """The keys of its names; of units without the noun before them ("ناحية سراقب"), which many tables leave out."""
    names = place.names()
    if place.kind in (PlaceKind.DISTRICT, PlaceKind.SUBDISTRICT):
        names = tuple(PREFIXES.sub("", name) for name in names)
    return {name_key(name).replace(" ", "") for name in names}


def _unit_keys(place: GazetteerPlace) -> set[str]:
    """The keys of its names, the English one too; those that say nothing left out."""
    return {*_keys(place), latin_key(place.english)} - {"", "@"}


def _alike(a: GazetteerPlace, b: GazetteerPlace) -> bool:
    return a.kind == b.kind or (a.kind in SETTLEMENTS and b.kind in SETTLEMENTS)


def _one_of_a_kind(place: GazetteerPlace) -> bool:
    return place.kind in (PlaceKind.COUNTRY, PlaceKind.GOVERNORATE)


def _located(place: GazetteerPlace, outlines: Outlines) -> GazetteerPlace:
    if _one_of_a_kind(place):
        return place
    governorate, district = outlines.containing(place.country, place.lat, place.lon)
    return msgspec.structs.replace(
        place,
        governorate=place.governorate or governorate,
        district=place.district or ("" if place.kind is PlaceKind.DISTRICT else district),
    )


def _store(places: list[GazetteerPlace], path: Path, folder: Path) -> Path:
    stem = re.sub(r"[^\w.]+", "-", path.name.removesuffix(".gz")).rsplit(".", 1)[0] or "places"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        last = max((int(file.name[:4]) for file in folder.glob("[0-9][0-9][0-9][0-9]-*.csv")), default=0)
        handle, name = tempfile.mkstemp(suffix=".tmp", dir=folder)
        os.close(handle)
        made = Path(name)
        try:
            write_places(made, places)
            target = folder / f"{last + 1:04d}-{stem}.csv"
            made.replace(target)
        finally:
            made.unlink(missing_ok=True)
    except OSError as error:
        raise GazetteerError(f"{folder}: cannot be written ({error.strerror}); nothing was imported") from error
    return target
