"""What is asked: words, and everything a claim can be narrowed by."""

from __future__ import annotations

import math
import re

import msgspec

from sijill.capture.item import plain
from sijill.errors import OptionError
from sijill.record.words import stems

_TERM = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')


class Near(msgspec.Struct, frozen=True):
    """Within `km` kilometres of a point."""

    lat: float
    lon: float
    km: float


class Box(msgspec.Struct, frozen=True):
    """Between two parallels and two meridians, in degrees."""

    south: float
    west: float
    north: float
    east: float


class Query(msgspec.Struct, frozen=True):
    """A search. Every part that is given narrows it; a query without any finds all claims, the newest day first.

    `text`: words that must all be there, `"phrases"` in quotation marks, `-words` that must not. `place` is a name
    (of the place itself, or of the district, governorate or country that it lies in) or a place id; `party` a name or
    an actor's id; days are ISO dates.
    """

    text: str = ""
    types: tuple[str, ...] = ()
    party: str | None = None
    place: str | None = None
    near: Near | None = None
    box: Box | None = None
    since: str | None = None
    until: str | None = None
    killed: int | None = None
    """At least so many killed, by the least number told."""
    injured: int | None = None
    source: str | None = None
    kind: str | None = None
    """Told by this kind of source."""
    modality: str | None = None
    state: str | None = None
    incident: int | None = None


class Term(msgspec.Struct, frozen=True):
    """One word or phrase of a query, as stems in order."""

    words: tuple[str, ...]
    without: bool


def terms(text: str) -> list[Term]:
    """The terms of a query's text. Raises `OptionError` where there is nothing to look for in it."""
    found = []
    for minus, phrase, word in _TERM.findall(text):
        words = tuple(stems(phrase or word))
        if words:
            found.append(Term(words, bool(minus)))
    if text.strip() and not any(not term.without for term in found):
        raise OptionError(f"{text}: no word to look for")
    return found


def plain_words(query: Query) -> Query:
    """The query without what no database takes for words: NUL, and halves of characters."""
    told = {name: plain(value) for name in query.__struct_fields__ if isinstance(value := getattr(query, name), str)}
    return msgspec.structs.replace(query, **told, types=tuple(map(plain, query.types)))


def box_of(near: Near) -> Box:
    """The box around a circle."""
    north = near.km / 111.2
    east = north / max(0.05, math.cos(math.radians(near.lat)))
    return Box(near.lat - north, near.lon - east, near.lat + north, near.lon + east)
