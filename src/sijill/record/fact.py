"""A fact: a claim as the record keeps it for comparing, small enough to load by the thousand.

It carries what the claim says and who says it, without the words; those stay in the reading. Days are counted as
`date.toordinal()`.
"""

from __future__ import annotations

from array import array
from datetime import date

import msgspec

from sijill.arabic.fold import fold
from sijill.capture.item import plain
from sijill.model import Casualties, Claim, Damage, Party, Place, Report
from sijill.record.words import CODES, stems

_MOST_WORDS = 80
_MANKIND = 10_000_000_000


class Spot(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """A place of a fact. `name` and the areas are folded."""

    name: str
    place_id: str | None = None
    lat: float | None = None
    lon: float | None = None
    precision: str = "unknown"
    relation: str = "in"
    country: str | None = None
    admin1: str | None = None
    admin2: str | None = None


class Side(msgspec.Struct, frozen=True, array_like=True):
    """A party: its actor id where it has one, and its folded name."""

    actor: str | None
    name: str

    @property
    def key(self) -> str:
        """What tells it from other parties."""
        return self.actor or self.name


class Harm(msgspec.Struct, frozen=True, array_like=True):
    """People harmed: between `low` and `high`; None is "not told" below and "open" above."""

    outcome: str
    low: int | None
    high: int | None
    who: str


class Head(msgspec.Struct, frozen=True, array_like=True):
    """The first fields of a `Fact`: what is told by very many need not be read whole. `origin` is the first reading of
    the text that this one copies (itself, where it copies none)."""

    claim: int
    reading: int
    origin: int
    outlet: str | None
    published: int | None
    type: str
    modality: str
    source_kind: str
    source: str | None
    first: int | None
    last: int | None
    date_precision: str | None
    basis: str | None
    spots: tuple[Spot, ...]
    initiators: tuple[Side, ...]
    targets: tuple[Side, ...]


class Fact(Head, frozen=True, array_like=True):
    """One claim."""

    harm: tuple[Harm, ...]
    damage: tuple[tuple[str, int | None], ...]
    means: tuple[str, ...]
    count: int | None
    word_codes: bytes
    """32-bit hashes of the distinct stems of its sentences, sorted."""

    def words(self) -> frozenset[int]:
        """The hashes of its words."""
        return frozenset(array("I", self.word_codes))


_decoder = msgspec.msgpack.Decoder(Fact)
encode = msgspec.msgpack.Encoder().encode


def decode(data: bytes) -> Fact:
    """A fact from the bytes of its row."""
    return _decoder.decode(data)


def day_of(iso: str | None) -> int | None:
    """The day of an ISO date or time, or None where there is none that can be read."""
    if not iso:
        return None
    try:
        return date.fromisoformat(iso[:10]).toordinal()
    except ValueError:
        return None


def iso_of(day: int | None) -> str | None:
    """The ISO date of a day."""
    return None if day is None else date.fromordinal(day).isoformat()


def fact_of(claim: Claim, report: Report) -> Fact:
    """The fact of a claim as read. Its ids are zero until the record gives them (`numbered`)."""
    when = claim.date
    evidence = " ".join(span.quote for span in claim.evidence)
    return Fact(
        claim=0,
        reading=0,
        origin=0,
        outlet=outlet_of(report),
        published=day_of(report.published),
        type=plain(claim.type),
        modality=claim.modality,
        source_kind=claim.source.kind,
        source=claim.source.actor or (plain_name(claim.source.name) if claim.source.name else None),
        first=day_of(when.start) if when else None,
        last=day_of(when.end) if when else None,
        date_precision=when.precision if when else None,
        basis=when.basis if when else None,
        spots=tuple(_spot(place) for place in claim.places),
        initiators=tuple(_side(party) for party in claim.initiators),
        targets=tuple(_side(party) for party in claim.targets),
        harm=tuple(_harm(entry) for entry in claim.casualties),
        damage=tuple(_damage(entry) for entry in claim.damage),
        means=tuple(plain_name(means.name) for means in claim.means),
        count=_number(claim.count),
        word_codes=word_codes(evidence),
    )


def numbered(fact: Fact, claim: int, reading: int, origin: int) -> Fact:
    """The fact with the ids the record gave it."""
    return msgspec.structs.replace(fact, claim=claim, reading=reading, origin=origin)


def word_codes(text: str) -> bytes:
    """Sorted 32-bit hashes of the distinct stems of three letters and more, at most 80."""
    codes = sorted({CODES[word] for word in stems(text) if len(word) > 2})
    return array("I", codes[:_MOST_WORDS]).tobytes()


def outlet_of(report: Report) -> str | None:
    """Who published a report: the outlet it names, else the host of its address."""
    if report.outlet:
        return plain_name(report.outlet).strip()
    url = report.source.url
    if url and "//" in url:
        return plain(url).split("//", 1)[1].split("/", 1)[0].removeprefix("www.").lower()
    return None


def plain_name(text: str) -> str:
    """A name as facts keep it: folded."""
    return plain(fold(text))


def _number(told: int | None) -> int | None:
    """A number of people or things; what is larger than mankind is a misprint, and tells none."""
    return told if told is not None and told <= _MANKIND else None


def _spot(place: Place) -> Spot:
    return Spot(
        name=plain_name(place.name),
        place_id=place.place_id,
        lat=place.lat,
        lon=place.lon,
        precision=place.precision,
        relation=place.relation,
        country=place.country,
        admin1=plain_name(place.admin1) if place.admin1 else None,
        admin2=plain_name(place.admin2) if place.admin2 else None,
    )


def _side(party: Party) -> Side:
    return Side(party.actor, plain_name(party.name))


def _harm(entry: Casualties) -> Harm:
    return Harm(entry.outcome, _number(entry.min), _number(entry.max), entry.who)


def _damage(entry: Damage) -> tuple[str, int | None]:
    return (entry.object, _number(entry.n))
