"""The types of a report once read: what every step after reading works on.

They are immutable, and their fields are those of the published contract (`sijill/report/1`), so that
`Report.to_dict()` is the contract's JSON. Offsets are Unicode code points into `Report.text`, start inclusive,
end exclusive; `text[start:end] == quote` holds for every `Span`.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

SCHEMA: Literal["sijill/report/1"] = "sijill/report/1"

Modality = Literal["reported", "planned", "denied"]
SourceKind = Literal[
    "outlet",
    "party",
    "official",
    "monitor",
    "organisation",
    "media",
    "network",
    "activist",
    "witness",
    "unnamed",
]
Outcome = Literal["killed", "injured", "captured", "missing", "displaced"]
Who = Literal["civilian", "combatant", "unknown"]
PlacePrecision = Literal["site", "town", "district", "governorate", "region", "country", "unknown"]
Relation = Literal[
    "in",
    "near",
    "north",
    "south",
    "east",
    "west",
    "northeast",
    "northwest",
    "southeast",
    "southwest",
    "between",
]
DatePrecision = Literal["hour", "part-of-day", "day", "days", "week", "month", "season", "year"]
Basis = Literal["stated", "inherited", "published"]


class Span(msgspec.Struct, frozen=True):
    """Words of the report: `text[start:end] == quote`."""

    start: int
    end: int
    quote: str


class Warning(msgspec.Struct, frozen=True):
    """Something the reader saw and did not smooth over. `code` is stable kebab-case."""

    code: str
    message: str
    span: Span | None = None


class SourceFile(msgspec.Struct, frozen=True):
    """Where the bytes came from."""

    name: str
    media_type: str
    bytes: int
    url: str | None = None


class Party(msgspec.Struct, frozen=True):
    """A party named. `name` is canonical where it is known, else the words; `actor` an id of the actors' list."""

    name: str
    span: Span
    actor: str | None = None


class Alternative(msgspec.Struct, frozen=True):
    """A rival reading of a place that was not chosen."""

    place_id: str
    name: str
    lat: float
    lon: float
    admin1: str | None = None
    score: float = 0.0


class Place(msgspec.Struct, frozen=True):
    """A place as told, and what it was resolved to. Unresolved: `lat` is None and `precision` is "unknown"."""

    name: str
    span: Span
    place_id: str | None = None
    lat: float | None = None
    lon: float | None = None
    precision: PlacePrecision = "unknown"
    relation: Relation = "in"
    country: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    confidence: float = 0.0
    alternatives: tuple[Alternative, ...] = ()
    inherited: bool = False
    """Carried over from the text before, not told in the claim's own words."""
    reason: str | None = None
    """Why this place and not a rival, in words."""


class Group(msgspec.Struct, frozen=True):
    """A group told to be among the casualties (women, children ...), with its number where told."""

    group: str
    n: int | None = None


class Casualties(msgspec.Struct, frozen=True):
    """People harmed. `min` None: no number told; `max` None: open upward."""

    outcome: Outcome
    min: int | None
    span: Span
    max: int | None = None
    who: Who = "unknown"
    groups: tuple[Group, ...] = ()
    actor: str | None = None


class Damage(msgspec.Struct, frozen=True):
    """A kind of thing destroyed or damaged, with its number where told."""

    object: str
    span: Span
    n: int | None = None


class Means(msgspec.Struct, frozen=True):
    """A weapon or munition told."""

    name: str
    span: Span


class Date(msgspec.Struct, frozen=True):
    """Days of an event, inclusive, as ISO strings; never more precise than the words."""

    start: str
    end: str
    precision: DatePrecision
    basis: Basis
    span: Span | None = None


class Source(msgspec.Struct, frozen=True):
    """Who says it. `outlet` is the report in its own voice. `via` holds the outer tellers of a nested chain."""

    kind: SourceKind
    name: str | None = None
    actor: str | None = None
    span: Span | None = None
    via: tuple[Span, ...] = ()


class Claim(msgspec.Struct, frozen=True):
    """One event, as one source tells it in one report."""

    id: str
    type: str
    modality: Modality
    trigger: Span
    mentions: tuple[Span, ...]
    evidence: tuple[Span, ...]
    source: Source
    initiators: tuple[Party, ...]
    targets: tuple[Party, ...]
    places: tuple[Place, ...]
    date: Date | None
    casualties: tuple[Casualties, ...]
    damage: tuple[Damage, ...]
    means: tuple[Means, ...] = ()
    count: int | None = None
    confidence: float = 0.0
    warnings: tuple[Warning, ...] = ()


class Report(msgspec.Struct, frozen=True):
    """A report, read."""

    id: str
    source: SourceFile
    text: str
    title: Span | None
    published: str | None
    claims: tuple[Claim, ...]
    warnings: tuple[Warning, ...]
    outlet: str | None = None
    section: Span | None = None
    dateline: Span | None = None
    language: str = "ar"
    schema: Literal["sijill/report/1"] = SCHEMA

    def to_dict(self) -> dict[str, Any]:
        """The contract's JSON object as Python values."""
        return msgspec.to_builtins(self)  # type: ignore[no-any-return]

    def to_json(self) -> bytes:
        """The contract's JSON object as one line of UTF-8."""
        return msgspec.json.encode(self)

    def _repr_html_(self) -> str:
        """How a notebook shows the report: its text with coloured spans, and a table of claims."""
        # Loaded only in a notebook: the rest of the path knows nothing of showing.
        from sijill.show.notebook import report_html

        return report_html(self)
