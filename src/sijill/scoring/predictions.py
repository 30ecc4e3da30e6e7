"""A program's reports: those fields of the published contract that are scored, and how many quotes are grounded."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

import msgspec

from sijill.errors import InputError
from sijill.scoring.claims import (
    CountValue,
    DateValue,
    Fill,
    PartyValue,
    PlaceValue,
    ScoredClaim,
    SourceValue,
    in_slot_order,
    sentences,
    sentences_of,
)


class _Span(msgspec.Struct, frozen=True):
    start: int
    end: int
    quote: str


class _Party(msgspec.Struct, frozen=True):
    name: str
    span: _Span
    actor: str | None = None


class _Place(msgspec.Struct, frozen=True):
    name: str
    span: _Span
    lat: float | None = None
    lon: float | None = None


class _Harm(msgspec.Struct, frozen=True):
    outcome: str
    min: int | None
    max: int | None = None


class _Date(msgspec.Struct, frozen=True):
    start: str
    end: str


class _Source(msgspec.Struct, frozen=True):
    kind: str
    name: str | None = None
    span: _Span | None = None


class _Claim(msgspec.Struct, frozen=True):
    type: str
    trigger: _Span
    source: _Source
    mentions: tuple[_Span, ...] = ()
    initiators: tuple[_Party, ...] = ()
    targets: tuple[_Party, ...] = ()
    places: tuple[_Place, ...] = ()
    date: _Date | None = None
    casualties: tuple[_Harm, ...] = ()


class _SourceFile(msgspec.Struct, frozen=True):
    name: str


class _Report(msgspec.Struct, frozen=True):
    source: _SourceFile
    text: str
    claims: tuple[_Claim, ...]


class Prediction(msgspec.Struct, frozen=True):
    """One report as a program read it. `grounded` of its `quotes` stand in the text where they say."""

    name: str
    text: str
    claims: tuple[ScoredClaim, ...]
    quotes: int
    grounded: int


def prediction(report: dict[str, Any]) -> Prediction:
    """One report of the contract's form as a Prediction. Raises InputError where a field is missing or ill-typed."""
    try:
        read = msgspec.convert(report, _Report)
    except msgspec.ValidationError as error:
        raise InputError(f"not a report of the form sijill/report/1: {error}") from error
    cut = sentences(read.text)
    quotes, grounded = _grounding({key: value for key, value in report.items() if key != "text"}, read.text)
    claims = tuple(_scored(claim, cut) for claim in read.claims)
    return Prediction(PurePath(read.source.name).name, read.text, claims, quotes, grounded)


def load_predictions(lines: Iterable[str], name: str) -> dict[str, Prediction]:
    """Reports of a JSON Lines file by the last part of their source's name. `name` stands in errors (InputError)."""
    found: dict[str, Prediction] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            read = prediction(msgspec.json.decode(line, type=dict[str, Any]))
        except (msgspec.DecodeError, InputError) as error:
            raise InputError(f"{name}, line {number}: {error}; give the output of `sijill read --json`") from error
        found[read.name] = read
    return found


def _scored(claim: _Claim, cut: list[tuple[int, int]]) -> ScoredClaim:
    mentions = [(span.start, span.end) for span in (claim.trigger, *claim.mentions)]
    fills = [Fill("type", claim.type)]
    fills += [Fill("initiators", _party(party)) for party in claim.initiators]
    fills += [Fill("targets", _party(party)) for party in claim.targets]
    fills += [Fill("places", _place(place)) for place in claim.places]
    for harm in claim.casualties:
        if harm.min is None:
            continue
        if harm.outcome == "killed":
            fills.append(Fill("killed", CountValue(harm.min, harm.max)))
        elif harm.outcome == "injured":
            fills.append(Fill("injured", CountValue(harm.min, harm.max)))
    if claim.date:
        fills.append(Fill("date", DateValue(claim.date.start, claim.date.end)))
    words = " ".join(part for part in (claim.source.name, claim.source.span and claim.source.span.quote) if part)
    fills.append(Fill("source", SourceValue(claim.source.kind, words or None)))
    return ScoredClaim(claim.type, claim.trigger.quote, sentences_of(mentions, cut), in_slot_order(fills))


def _party(party: _Party) -> PartyValue:
    return PartyValue(f"{party.span.quote} {party.name}", party.actor)


def _place(place: _Place) -> PlaceValue:
    at = (place.lat, place.lon) if place.lat is not None and place.lon is not None else None
    return PlaceValue(f"{place.span.quote} {place.name}", at, False)


def _grounding(value: Any, text: str) -> tuple[int, int]:
    """(quotes, those that stand in `text` at the offsets they give) anywhere under `value`."""
    quotes = grounded = 0
    left = [value]
    while left:
        item = left.pop()
        if isinstance(item, dict):
            if {"start", "end", "quote"} <= item.keys():
                quotes += 1
                grounded += bool(item["quote"]) and text[item["start"] : item["end"]] == item["quote"]
            left.extend(item.values())
        elif isinstance(item, list | tuple):
            left.extend(item)
    return quotes, grounded
