"""Gold files: what coders wrote down of a report, in the codebook's form, checked against the report's text."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import msgspec
import yaml

from sijill.codebook import GROUP_OF, SOURCE_KINDS
from sijill.errors import InputError
from sijill.page.decode import decode
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

_HTML_SUFFIXES = frozenset((".html", ".htm", ".xhtml"))


class GoldParty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A party: its words in the text and its id in the actors' list."""

    quote: str
    id: str | None = None


class GoldPlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place: its words, (latitude, longitude), whether it happened near it, whether it is a large area."""

    quote: str
    at: tuple[float, float] | None = None
    near: bool = False
    area: bool = False


class GoldCount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """People harmed: an exact number, [least, most] or null; who they were; the words that tell it."""

    n: int | tuple[int | None, int | None] | None = None
    who: str = "unknown"
    quote: str | None = None


class GoldDamage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Things destroyed or damaged."""

    object: str
    n: int | tuple[int | None, int | None] | None = None
    quote: str | None = None


class GoldSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who says it; `name` are the words of the text."""

    kind: str = "outlet"
    name: str | None = None


class GoldClaim(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A claim as a coder wrote it down."""

    type: str
    trigger: str
    also: tuple[str, ...] = ()
    modality: str = "reported"
    source: GoldSource = GoldSource()
    initiators: tuple[GoldParty, ...] = ()
    targets: tuple[GoldParty, ...] = ()
    places: tuple[GoldPlace, ...] = ()
    date: tuple[datetime.date, datetime.date] | None = None
    killed: tuple[GoldCount, ...] = ()
    injured: tuple[GoldCount, ...] = ()
    captured: tuple[GoldCount, ...] = ()
    missing: tuple[GoldCount, ...] = ()
    displaced: tuple[GoldCount, ...] = ()
    damage: tuple[GoldDamage, ...] = ()
    count: int | tuple[int | None, int | None] | None = None


class GoldReport(msgspec.Struct, frozen=True):
    """One gold file. `text` is None for HTML: its text is what the reader takes out of the page."""

    file: str
    report: str
    text: str | None
    claims: tuple[GoldClaim, ...]
    published: str | None = None
    outlet: str | None = None
    title: str | None = None

    def scored(self, text: str) -> list[ScoredClaim]:
        """The claims ready to be compared, with their sentences in `text`."""
        cut = sentences(text)
        return [_scored(claim, text, cut) for claim in self.claims]


def load_gold(folder: Path, texts: Path | None = None) -> list[GoldReport]:
    """Load the gold files (`*.yaml`) of a folder; the reports stand beside them or in `texts`.

    Raises InputError where a file is missing, not in the codebook's form, or quotes what the report does not say.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; give the folder of the gold files (*.yaml)")
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise InputError(f"{folder}: no gold files; they are named *.yaml")
    return [_load(file, texts or folder) for file in files]


def _load(file: Path, texts: Path) -> GoldReport:
    try:
        raw = yaml.load(file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(f"{file}: {_one_line(error)}; mend the file") from error
    if not isinstance(raw, dict) or not isinstance(raw.get("report"), str):
        raise InputError(f"{file}: `report: NAME` is missing; name the file of the report")
    claims = tuple(_claim(item, f"{file}: claim {i}") for i, item in enumerate(raw.get("claims") or (), start=1))
    report = texts / raw["report"]
    try:
        data = report.read_bytes()
    except OSError as error:
        raise InputError(f"{report}: {error.strerror or error}; {file.name} names it as its report") from error
    text = None if report.suffix.lower() in _HTML_SUFFIXES else decode(data).text
    if text is not None:
        for i, claim in enumerate(claims, start=1):
            _check_quotes(claim, text, f"{file}: claim {i}")
    return GoldReport(
        file=file.name,
        report=raw["report"],
        text=text,
        claims=claims,
        published=str(raw["published"]) if raw.get("published") is not None else None,
        outlet=raw.get("outlet"),
        title=raw.get("title"),
    )


def _claim(raw: Any, where: str) -> GoldClaim:
    filled = {key: value for key, value in raw.items() if value is not None} if isinstance(raw, dict) else raw
    try:
        claim = msgspec.convert(filled, GoldClaim)
    except msgspec.ValidationError as error:
        raise InputError(f"{where}: {error}; see the fields in docs/codebook.md") from error
    if claim.type not in GROUP_OF:
        raise InputError(f"{where}: unknown type {claim.type!r}; see the types in docs/codebook.md")
    if claim.source.kind not in SOURCE_KINDS:
        raise InputError(f"{where}: unknown kind of source {claim.source.kind!r}; one of {', '.join(SOURCE_KINDS)}")
    return claim


def quotes(claim: GoldClaim) -> list[str]:
    """Every quote that scoring looks up in the text."""
    parties = [party.quote for party in (*claim.initiators, *claim.targets)]
    places = [place.quote for place in claim.places]
    source = [claim.source.name] if claim.source.name else []
    return [claim.trigger, *claim.also, *parties, *places, *source]


def _check_quotes(claim: GoldClaim, text: str, where: str) -> None:
    for quote in quotes(claim):
        if quote not in text:
            raise InputError(f"{where}: the quote {quote!r} does not stand in the text; quote it letter by letter")


def _scored(claim: GoldClaim, text: str, cut: list[tuple[int, int]]) -> ScoredClaim:
    mentions = [
        (found.start(), found.end())
        for quote in (claim.trigger, *claim.also)
        for found in re.finditer(re.escape(quote), text)
    ]
    fills = [Fill("type", claim.type)]
    fills += [Fill("initiators", PartyValue(party.quote, party.id)) for party in claim.initiators]
    fills += [Fill("targets", PartyValue(party.quote, party.id)) for party in claim.targets]
    fills += [Fill("places", PlaceValue(place.quote, place.at, place.area)) for place in claim.places]
    fills += [Fill("killed", count) for count in _counts(claim.killed)]
    fills += [Fill("injured", count) for count in _counts(claim.injured)]
    if claim.date:
        fills.append(Fill("date", DateValue(claim.date[0].isoformat(), claim.date[1].isoformat())))
    fills.append(Fill("source", SourceValue(claim.source.kind, claim.source.name)))
    return ScoredClaim(claim.type, claim.trigger, sentences_of(mentions, cut), in_slot_order(fills))


def _counts(entries: tuple[GoldCount, ...]) -> list[CountValue]:
    ranges = [entry.n if isinstance(entry.n, tuple) else (entry.n, entry.n) for entry in entries]
    return [CountValue(least, most) for least, most in ranges if least is not None]


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
