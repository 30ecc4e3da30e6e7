"""A claim as scoring sees it: its type, the sentences it stands in, and its slots. Gold and predicted claims alike."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

import msgspec

Slot = Literal["type", "initiators", "targets", "places", "date", "killed", "injured", "source"]
SLOTS: tuple[Slot, ...] = ("type", "initiators", "targets", "places", "date", "killed", "injured", "source")

# A full stop counts as the end of a sentence also where no space follows it, as pasted news text has it.
_SENTENCE_END = re.compile(r"(?<=[\w\"»)]{2})[.!؟?](?=\s|$|[\"«\u0621-\u064a])|\n+")


class PartyValue(NamedTuple):
    """A party named: the words for it, and its id in the actors' list where it has one."""

    words: str
    actor: str | None


class PlaceValue(NamedTuple):
    """A place named; `at` is (latitude, longitude) in decimal degrees. `area`: a governorate or larger."""

    words: str
    at: tuple[float, float] | None
    area: bool


class DateValue(NamedTuple):
    """Days as ISO strings, both included."""

    start: str
    end: str


class CountValue(NamedTuple):
    """A number of people; `most` is None where it is open upward."""

    least: int
    most: int | None


class SourceValue(NamedTuple):
    """Who says it."""

    kind: str
    words: str | None


Value = str | PartyValue | PlaceValue | DateValue | CountValue | SourceValue


class Fill(NamedTuple):
    """One filled value of a claim."""

    slot: Slot
    value: Value


class ScoredClaim(msgspec.Struct, frozen=True):
    """A claim ready to be compared."""

    type: str
    trigger: str
    sentences: frozenset[int]
    """Numbers of the sentences that its trigger and other mentions stand in."""
    fills: tuple[Fill, ...]


def sentences(text: str) -> list[tuple[int, int]]:
    """Offsets (start, end) of the sentences of `text`, as scoring cuts them: full stops, question marks, lines."""
    found, start = [], 0
    for mark in _SENTENCE_END.finditer(text):
        if text[start : mark.end()].strip():
            found.append((start, mark.end()))
        start = mark.end()
    if text[start:].strip():
        found.append((start, len(text)))
    return found


def sentences_of(spans: list[tuple[int, int]], cut: list[tuple[int, int]]) -> frozenset[int]:
    """Numbers of the sentences in `cut` that the spans touch."""
    return frozenset(i for start, end in spans for i, (first, last) in enumerate(cut) if start < last and first < end)


def in_slot_order(fills: list[Fill]) -> tuple[Fill, ...]:
    """The fills a claim is scored by; a source that is the outlet itself is the default and no fill."""
    kept = [fill for fill in fills if not (isinstance(fill.value, SourceValue) and fill.value.kind == "outlet")]
    return tuple(kept)
