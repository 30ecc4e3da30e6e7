"""What a view is narrowed to. It stands in the address, so that every view can be shared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlencode

import msgspec

from sijill.codebook import SOURCE_KINDS, TYPES
from sijill.errors import OptionError
from sijill.record.fact import day_of
from sijill.review.desk import STATES
from sijill.search.areas import area_of
from sijill.search.query import Box, Near, Query

LONGEST = 400
_PART = r"(\.[0-9]{1,8})?"
LAT = rf"-?([1-8]?[0-9]{_PART}|90)"
LON = rf"-?((1[0-7]|[1-9])?[0-9]{_PART}|180)"
KM = rf"[1-9][0-9]{{0,3}}{_PART}"
BOX, NEAR, POINT = ((LAT, LON, LAT, LON), (LAT, LON, KM), (LAT, LON))
"""How the numbers of each are written."""
NAMES = ("q", "since", "until", "place", "party", "type", "killed", "source", "kind", "state", "box", "near", "order")


class Filters(msgspec.Struct, frozen=True):
    """The filters of a view; an empty one does not narrow. `order` is `day` (of the event) or `added`."""

    q: str = ""
    since: str = ""
    until: str = ""
    place: str = ""
    party: str = ""
    type: str = ""
    killed: int | None = None
    source: str = ""
    kind: str = ""
    state: str = ""
    box: str = ""
    near: str = ""
    order: str = "day"

    @property
    def on_claims(self) -> bool:
        """Whether claims must be asked, and not the rows of incidents alone."""
        return any((self.q, self.place, self.party, self.source, self.kind, self.box, self.near))

    def query(self) -> Query:
        """The search for the claims that are meant. `state` and `killed` narrow incidents, and are left to them."""
        return Query(
            self.q,
            types=(self.type,) if self.type else (),
            party=self.party or None,
            place=self.place or None,
            near=Near(*_numbers("near", self.near, NEAR)) if self.near else None,
            box=_box(*_numbers("box", self.box, BOX)) if self.box else None,
            since=self.since or None,
            until=self.until or None,
            source=self.source or None,
            kind=self.kind or None,
        )

    def chosen(self) -> list[tuple[str, str | int]]:
        """The filters that narrow, with their values; the order of the list is none."""
        told = [(name, getattr(self, name)) for name in NAMES if name != "order"]
        return [(name, value) for name, value in told if value not in ("", None)]

    def pairs(self, **changes: str | int | None) -> str:
        """The filters as the query of an address, with some changed."""
        told = _written(self)
        if changes:
            told = told | {name: _pair(name, value) for name, value in changes.items()}
        return "&".join(pair for pair in told.values() if pair)


def _pair(name: str, value: str | int | None) -> str:
    return "" if value in ("", None) or (name, value) == ("order", "day") else urlencode({name: value})


@lru_cache(maxsize=256)  # a page writes hundreds of addresses of the same filters
def _written(filters: Filters) -> dict[str, str]:
    return {name: _pair(name, getattr(filters, name)) for name in NAMES}


def filters_of(told: Mapping[str, str]) -> Filters:
    """Filters from the query of an address. Raises `OptionError` naming the one that makes no sense."""
    kept = {name: told[name].strip().replace("\x00", "") for name in NAMES if told.get(name, "").strip()}
    for name, value in kept.items():
        if len(value) > LONGEST:
            raise OptionError(f"{name}: longer than {LONGEST} letters")
    for name in ("since", "until"):
        if name in kept and (len(kept[name]) != 10 or day_of(kept[name]) is None):
            raise OptionError(f"{name}: {kept[name]} is not a day; write it as 2018-03-04")
    choices = {"type": TYPES, "kind": SOURCE_KINDS, "state": STATES, "order": ("day", "added")}
    for name, allowed in choices.items():
        if name in kept and kept[name] not in allowed:
            raise OptionError(f"{name}: {kept[name]} is not one of {', '.join(allowed)}")
    if "place" in kept:
        kept["place"] = area_of(kept["place"])
    killed = kept.pop("killed", None)
    if killed is not None and not (killed.isascii() and killed.isdecimal() and len(killed) < 7):
        raise OptionError(f"killed: {killed} is not a whole number")
    found = Filters(**kept, killed=int(killed) if killed is not None else None)
    found.query()
    return found


def window_of(told: Mapping[str, str]) -> tuple[int, tuple[float, float, float, float]]:
    """The zoom and the window (south, west, north, east) of a map: `zoom` and `window` of an address."""
    zoom = told.get("zoom", "4")
    if not (zoom.isascii() and zoom.isdecimal() and len(zoom) < 3 and int(zoom) <= 22):
        raise OptionError(f"zoom: {zoom[:20]} is not a whole number from 0 to 22")
    south, west, north, east = _numbers("window", told.get("window", "-90,-180,90,180"), BOX)
    return int(zoom), (south, west, north, east)


def point_of(told: str) -> tuple[float, float]:
    """A point from `LAT,LON`."""
    lat, lon = _numbers("near", told, POINT)
    return lat, lon


def _numbers(name: str, told: str, forms: tuple[str, ...]) -> list[float]:
    if not re.fullmatch(",".join(forms), told):
        raise OptionError(
            f"{name}: {told} is not {len(forms)} numbers, degrees or kilometres, with commas between them"
        )
    return [float(part) for part in told.split(",")]


def _box(south: float, west: float, north: float, east: float) -> Box:
    return Box(min(south, north), min(west, east), max(south, north), max(west, east))
