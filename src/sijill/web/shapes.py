"""What pages and API show of a record: small types, already fit for the eyes they are made for."""

from __future__ import annotations

import msgspec

from sijill.incidents.derive import Contradiction, Grades, Harmed

WITHHELD = "withheld"
"""Stands where a value is kept back from the public view."""


class PlaceShown(msgspec.Struct, frozen=True):
    """A place with its names in both languages. Without a point where it has none, or where it is kept back."""

    id: str | None
    ar: str
    en: str
    precision: str
    lat: float | None = None
    lon: float | None = None
    country: str | None = None
    admin1: str | None = None
    relation: str = "in"
    told: str = ""
    """The name by which the record finds it."""


class PartyShown(msgspec.Struct, frozen=True):
    """A party: actor id where it has one, its names, and how many independent tellers name it."""

    actor: str | None
    ar: str
    en: str
    tellers: int = 1


class IncidentShown(msgspec.Struct, frozen=True):
    """An incident in a list, and the head of its page. Days are ISO dates; times are of the record."""

    id: str
    type: str
    first: str | None
    last: str | None
    added: str
    changed: str
    places: tuple[PlaceShown, ...]
    initiators: tuple[PartyShown, ...]
    targets: tuple[PartyShown, ...]
    harm: tuple[Harmed, ...]
    rule: str
    claims: int
    independent: int
    grades: Grades
    contradictions: tuple[Contradiction, ...]
    state: str
    assignee: str | None = None


def least(incident: IncidentShown, outcome: str, who: str = "all") -> int:
    """The least number told of an outcome, 0 where none is."""
    return next((harm.low for harm in incident.harm if (harm.outcome, harm.who) == (outcome, who)), 0)


class Piece(msgspec.Struct, frozen=True):
    """A piece of a text: `kind` is `text` or `furniture`; `roles` what its words were read as, by which claims."""

    words: str
    start: int
    kind: str = "text"
    roles: tuple[str, ...] = ()
    claims: tuple[int, ...] = ()


class ClaimShown(msgspec.Struct, frozen=True):
    """A claim: its values, who tells it, and its evidence."""

    id: str
    incident: str
    type: str
    modality: str
    first: str | None
    last: str | None
    date_precision: str | None
    basis: str | None
    places: tuple[PlaceShown, ...]
    initiators: tuple[PartyShown, ...]
    targets: tuple[PartyShown, ...]
    harm: tuple[tuple[str, int | None, int | None, str], ...]
    """Outcome, least, most, who."""
    source_kind: str
    source: str | None
    """Who tells it, as named in the report."""
    source_key: str | None
    """The same as the record finds it."""
    outlet: str | None
    published: str | None
    capture: str | None
    sha256: str | None
    copies: int = 0
    evidence: tuple[Piece, ...] = ()
    disputed: tuple[str, ...] = ()
    """The values on which another claim of the incident says otherwise."""
    voice: int = 0
    """Claims of one independent teller have one number."""
    text: int = 0
    """Claims told by one text and its copies have one number."""
    state: str = "machine-read"


class Opening(msgspec.Struct, frozen=True):
    """The words that an incident is first told in, and who told them."""

    by: str
    words: tuple[Piece, ...]


class Slice(msgspec.Struct, frozen=True):
    """A part of a list, and where the next begins (None: this was the last)."""

    items: tuple[IncidentShown, ...]
    next: str | None
