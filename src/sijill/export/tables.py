"""The tables that exports go by: countries, parties, codes. They are CSV files in `data/`, to be read and mended."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sijill.gazetteer import built_in_files, default_gazetteer, imported_files
from sijill.gazetteer.place import PlaceKind, read_places
from sijill.lexicon import default_lexicon

DATA = Path(__file__).parent / "data"


class Country(NamedTuple):
    """A country in the codes of the formats; what is not known is empty."""

    code: str
    iso3: str = ""
    number: int | None = None
    name: str = ""
    acled_region: str = ""
    ucdp_region: str = ""
    gwno: int | None = None


class ActorCodes(NamedTuple):
    """How the formats class a party: ACLED's inter code, its country, and the state's Gleditsch-Ward number."""

    inter: int
    country: str
    gwno: int | None


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shape(name: str) -> tuple[str, ...]:
    """The columns of a format, in its order."""
    return tuple(column for column, _ in typed(name))


def typed(name: str) -> list[tuple[str, str]]:
    """The columns of a format with their types as a data package names them."""
    return [(row["column"], row["type"]) for row in rows("shapes.csv") if row["format"] == name]


@cache
def countries() -> dict[str, Country]:
    """Countries by ISO 3166-1 alpha-2 code."""
    return {
        row["country"]: Country(
            row["country"], row["iso3"], _number(row["number"]), row["name"], row["acled_region"], row["ucdp_region"],
            _number(row["gwno"]),
        )
        for row in rows("countries.csv")
    }  # fmt: skip


def country(code: str | None) -> Country:
    """A country; of one that the table lacks only the code and, from the gazetteer, the name."""
    if not code:
        return Country("")
    if code in countries():
        return countries()[code]
    entry = default_gazetteer().by_id(f"country:{code.lower()}")
    return Country(code, name=entry.english if entry else "")


@cache
def actor_codes() -> dict[str, ActorCodes]:
    """Codes by actor's id."""
    return {
        row["actor"]: ActorCodes(int(row["inter"]), row["country"], _number(row["gwno"])) for row in rows("actors.csv")
    }


def actor_names(actor: str) -> tuple[str, str] | None:
    """The Arabic and English name of an actor of the list."""
    return default_lexicon().actor_names.get(actor)


def type_names(kind: str) -> tuple[str, str]:
    """The Arabic and English name of a type of event."""
    return default_lexicon().type_names.get(kind, (kind, kind))


@cache
def pcodes() -> dict[tuple[str, str, str], str]:
    """P-codes by country, level (`admin1`, `admin2`) and name, English or Arabic."""
    levels = {PlaceKind.GOVERNORATE: "admin1", PlaceKind.DISTRICT: "admin2"}
    return {
        (place.country, levels[place.kind], name): place.pcode
        for file in [*built_in_files(), *imported_files()]
        for place in read_places(file)
        if place.pcode and place.kind in levels
        for name in (place.english, place.name)
        if name
    }


def _number(cell: str) -> int | None:
    return int(cell) if cell else None
