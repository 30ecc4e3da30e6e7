"""Mentions as the decisions see them: only what a feature asks for. They are asked for very often, and slots are read
faster than named tuples are."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

Seen = TypeVar("Seen")


def between(mentions: Sequence[Seen], first: int, end: int, at: Callable[[Seen], int]) -> Sequence[Seen]:
    """The mentions, sorted by their first token `at`, that begin in a range of tokens."""
    return mentions[bisect_left(mentions, first, key=at) : bisect_left(mentions, end, key=at)]


@dataclass(slots=True)
class TriggerMention:
    """A word or phrase that may tell an event. `light` is the voice of the verb that governs it, or ""."""

    first: int
    last: int
    start: int
    type: str
    base: str
    """The type its words alone tell; `type` is what a weapon beside them makes of it."""
    lemma: str
    part: str
    number: str
    article: bool
    tail: str
    lead: str
    light: str
    light_first: int
    sentence: int

    def of_type(self, type_id: str) -> TriggerMention:
        """The same words, told to tell a type."""
        return self if self.type == type_id else replace(self, type=type_id)


@dataclass(slots=True)
class PlaceSeen:
    """A place: its words, its folded name, the clitics before it."""

    first: int
    last: int
    name: str
    lead: str


@dataclass(slots=True)
class PlaceView:
    """What the words around a place, and the gazetteer, say of it. `outer` is the first token with its cue."""

    first: int
    last: int
    outer: int
    lead: str
    relation: str
    cue: str
    area: bool
    hint: str
    container: bool
    contained: bool
    country: bool
    kind: str


@dataclass(slots=True)
class TimeSeen:
    """A time: its words, its kind, and a key that is equal for equal times."""

    first: int
    last: int
    kind: str
    key: str
    day: str
    """How it stands to the day of publication: that day, the day before, earlier, or a longer stretch."""
