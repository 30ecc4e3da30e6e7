"""The gazetteer as it is used: a trie of names over a table of places, both read straight from disk.

Nothing is decoded on loading; a place is decoded when it is first asked for. The two files are made from the CSV
files once, in the user's cache folder.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, final

import marisa_trie  # type: ignore[import-not-found, unused-ignore]

from sijill.arabic.fold import fold
from sijill.errors import GazetteerError
from sijill.gazetteer.names import has_article, joined_article, latin_key, name_key, name_words, skeleton_key, spellings
from sijill.gazetteer.place import GazetteerPlace, PlaceKind

FORMAT: Final = 6
"""Changes when the files' form or the keys change, so that older caches are not read."""

ARTICLE, ALIAS = 1, 2
HOME: Final = frozenset({"SY", "IQ", "YE", "PS", "LB", "LY", "SD"})
"""The countries whose towns are taken by their names alone; elsewhere a town needs a cue or a neighbour."""
_HEAD: Final = struct.Struct("<4sII")
_RECORD: Final = struct.Struct("<ddfIB2siiIHf")
_VALUE: Final = "<IB"
_MAGIC: Final = b"SJGZ"
_NONE: Final = 0xFFFFFFFF
_PARTED: Final = "\x1f"


@final
class Entry:
    """A place of the table. `admin1` and `admin2` are the English names of its governorate and district."""

    __slots__ = (
        "admin1",
        "admin1_row",
        "admin2",
        "country",
        "english",
        "id",
        "kind",
        "lat",
        "lon",
        "name",
        "other_names",
        "population",
        "radius_km",
        "row",
        "source",
        "weight",
    )

    def __init__(
        self,
        row: int,
        id: str,
        kind: PlaceKind,
        name: str,
        other_names: tuple[str, ...],
        english: str,
        country: str,
        admin1: str | None,
        admin2: str | None,
        admin1_row: int,
        lat: float,
        lon: float,
        radius_km: float,
        population: int,
        weight: float,
        source: str,
    ) -> None:
        self.row = row
        self.id = id
        self.kind = kind
        self.name = name
        self.other_names = other_names
        self.english = english
        self.country = country
        self.admin1 = admin1
        self.admin2 = admin2
        self.admin1_row = admin1_row
        self.lat = lat
        self.lon = lon
        self.radius_km = radius_km
        self.population = population
        self.weight = weight
        """How much rather this place is meant than a namesake: 0 a hamlet, 1 a capital."""
        self.source = source


@final
class Match:
    """A place found under a key: its row, whether its name has the article, whether it is not its usual name."""

    __slots__ = ("alias", "article", "row")

    def __init__(self, row: int, article: bool, alias: bool) -> None:
        self.row = row
        self.article = article
        self.alias = alias


_RADIUS: Final = {
    PlaceKind.COUNTRY: 300.0, PlaceKind.GOVERNORATE: 50.0, PlaceKind.DISTRICT: 20.0, PlaceKind.SUBDISTRICT: 10.0,
    PlaceKind.REGION: 20.0, PlaceKind.COUNTRYSIDE: 25.0, PlaceKind.CITY: 5.0, PlaceKind.TOWN: 2.5,
    PlaceKind.VILLAGE: 1.5, PlaceKind.CAMP: 1.0, PlaceKind.FIELD: 3.0, PlaceKind.AIRPORT: 2.0, PlaceKind.ROAD: 25.0,
    PlaceKind.RIVER: 50.0, PlaceKind.LAKE: 10.0, PlaceKind.MOUNTAIN: 8.0, PlaceKind.ISLAND: 10.0,
}  # fmt: skip


class Gazetteer:
    """Places by name. Rows are numbers from 0; they are stable for one state of the files only, ids always."""

    def __init__(self, names: marisa_trie.RecordTrie, table: bytes | mmap.mmap) -> None:
        magic, version, self._count = _HEAD.unpack_from(table, 0)
        if magic != _MAGIC or version != FORMAT:
            raise GazetteerError("the gazetteer's cache is of another version; delete it and run again")
        self._names = names
        self._table = table
        self._texts = _HEAD.size + self._count * _RECORD.size
        self._entries: dict[int, Entry] = {}

    def __len__(self) -> int:
        return int(self._count)

    def lookup(self, key: str) -> tuple[list[Match], bool]:
        """The places under a key, and whether longer names begin with its words."""
        found = self._names.get(key)
        matches = [Match(row, bool(flags & ARTICLE), bool(flags & ALIAS)) for row, flags in found] if found else []
        return matches, (key + " ") in self._names

    def following(self, key: str) -> frozenset[str]:
        """The words that follow a key's in longer names."""
        prefix = key + " "
        return frozenset(name[len(prefix) :].partition(" ")[0] for name in self._names.iterkeys(prefix)) - {""}

    def place(self, row: int) -> Entry:
        """The place in a row."""
        entry = self._entries.get(row)
        if entry is None:
            entry = self._entries[row] = self._decode(row)
        return entry

    def by_id(self, place_id: str) -> Entry | None:
        """The place with an id, or None."""
        found = self._names.get("#" + place_id)
        return self.place(found[0][0]) if found else None

    def search(self, name: str) -> list[Entry]:
        """The places of this name, Arabic or Latin, in any spelling; unordered, each once.

        Where there is none, the first word may have the article twice, or begin with letters that only look like it.
        """
        keys = {name_key(name), latin_key(name)} | spellings(name) | spellings(joined_article(name))
        return self._under(keys) or self._under({name_key(name_key(name)), "".join(name_words(name))})

    def _under(self, keys: set[str]) -> list[Entry]:
        rows = {match.row for key in keys if len(key) > 1 for match in self.lookup(key)[0]}
        return [self.place(row) for row in sorted(rows)]

    def alike(self, key: str) -> list[int]:
        """Rows of places whose names look like a (misspelt) key."""
        found = self._names.get(skeleton_key(key))
        return sorted({row for row, _ in found}) if found else []

    def __iter__(self) -> Iterator[Entry]:
        return (self.place(row) for row in range(self._count))

    def _decode(self, row: int) -> Entry:
        if not 0 <= row < self._count:
            raise IndexError(row)
        lat, lon, radius, population, kind, country, admin1, admin2, _, _, weight = self._record(row)
        place_id, name, others, english, source = self._text(row)
        return Entry(
            row=row,
            id=place_id,
            kind=PlaceKind(kind),
            name=name,
            other_names=tuple(others.split("|")) if others else (),
            english=english,
            country=country.decode("ascii"),
            admin1=self._english(admin1),
            admin2=self._english(admin2),
            admin1_row=admin1,
            lat=lat,
            lon=lon,
            radius_km=radius,
            population=population,
            weight=weight,
            source=source,
        )

    def _record(self, row: int) -> tuple[Any, ...]:
        return _RECORD.unpack_from(self._table, _HEAD.size + row * _RECORD.size)

    def _text(self, row: int) -> list[str]:
        offset, length = self._record(row)[8:10]
        start = self._texts + offset
        return self._table[start : start + length].decode("utf-8").split(_PARTED)

    def _english(self, row: int) -> str | None:
        if row < 0:
            return None
        _, name, _, english, _ = self._text(row)
        return english or name


def compile_places(places: Sequence[GazetteerPlace]) -> tuple[marisa_trie.RecordTrie, bytes]:
    """Make the trie of names and the table of places."""
    governorates = _rows_by_name(places, (PlaceKind.GOVERNORATE,))
    districts = _rows_by_name(places, (PlaceKind.DISTRICT, PlaceKind.SUBDISTRICT))
    records: list[bytes] = []
    texts: list[bytes] = []
    offset = 0
    for row, place in enumerate(places):
        admin1 = row if place.kind is PlaceKind.GOVERNORATE else _admin(governorates, place.country, place.governorate)
        admin2 = _admin(districts, place.country, place.district, near=(place.lat, place.lon), places=places)
        text = _PARTED.join((place.id, place.name, "|".join(place.other_names), place.english, place.source)).encode(
            "utf-8"
        )
        if len(text) > 0xFFFF:
            raise GazetteerError(f"{place.id}: its names are too many to keep; drop some")
        radius = place.radius_km or _RADIUS.get(place.kind, 0.5)
        records.append(
            _RECORD.pack(
                place.lat, place.lon, radius, min(place.population, _NONE), place.kind,
                place.country.encode("ascii"), admin1, admin2, offset, len(text), _weight(place),
            )
        )  # fmt: skip
        texts.append(text)
        offset += len(text)
    table = b"".join([_HEAD.pack(_MAGIC, FORMAT, len(places)), *records, *texts])
    return marisa_trie.RecordTrie(_VALUE, _keys(places)), table


def _keys(places: Sequence[GazetteerPlace]) -> Iterable[tuple[str, tuple[int, int]]]:
    prefixes: set[str] = set()
    for row, place in enumerate(places):
        yield "#" + place.id, (row, 0)
        given: dict[str, int] = {}
        for position, name in enumerate(place.names()):
            flags = (ARTICLE if has_article(name) else 0) | (ALIAS if position else 0)
            for key in spellings(name):
                given.setdefault(key, flags)
            given.setdefault(skeleton_key(name_key(name)), ALIAS)
        if place.english:
            given.setdefault(latin_key(place.english), ALIAS)
        for key, flags in given.items():
            yield key, (row, flags)
            if " " in key:
                words = key.split(" ")
                prefixes.update(" ".join(words[:n]) + " " for n in range(1, len(words)))
    for prefix in prefixes:
        yield prefix, (_NONE, 0)


def _rows_by_name(places: Sequence[GazetteerPlace], kinds: tuple[PlaceKind, ...]) -> dict[tuple[str, str], list[int]]:
    rows: dict[tuple[str, str], list[int]] = {}
    for row, place in enumerate(places):
        if place.kind in kinds:
            for name in {*map(fold, place.names()), place.english.lower(), place.id}:
                rows.setdefault((place.country, name), []).append(row)
    return rows


def _admin(
    rows: dict[tuple[str, str], list[int]],
    country: str,
    name: str,
    near: tuple[float, float] | None = None,
    places: Sequence[GazetteerPlace] = (),
) -> int:
    if not name:
        return -1
    found = rows.get((country, fold(name))) or rows.get((country, name.lower()), [])
    if near is not None and len(found) > 1:
        return min(found, key=lambda row: (places[row].lat - near[0]) ** 2 + (places[row].lon - near[1]) ** 2)
    return found[0] if found else -1


def _weight(place: GazetteerPlace) -> float:
    """Prominence from population and kind alone, so that no place's weight depends on other places."""
    kind = {
        PlaceKind.COUNTRY: 1.0, PlaceKind.GOVERNORATE: 0.6, PlaceKind.REGION: 0.6, PlaceKind.COUNTRYSIDE: 0.5,
        PlaceKind.CITY: 0.6, PlaceKind.TOWN: 0.35, PlaceKind.DISTRICT: 0.25, PlaceKind.SUBDISTRICT: 0.2,
        PlaceKind.VILLAGE: 0.1, PlaceKind.NEIGHBOURHOOD: 0.25,
    }.get(place.kind, 0.4)  # fmt: skip
    digits = len(str(place.population)) if place.population else 0
    curated = place.source == "sijill"
    weight = min(1.0, kind + (0.15 if curated else 0.0) + max(0, digits - 3) * 0.08)
    return weight if curated or place.country in HOME else min(weight, 0.29)


def open_files(names: Path, table: Path) -> Gazetteer:
    """Open a compiled gazetteer; both files are mapped, not read."""
    trie = marisa_trie.RecordTrie(_VALUE)
    trie.mmap(str(names))
    with table.open("rb") as file:
        return Gazetteer(trie, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
