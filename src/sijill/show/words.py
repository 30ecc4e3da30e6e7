"""The words that a report is shown with, in Arabic and English (`words.csv`), and values put into words."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

from sijill.model import Casualties, Claim, Damage, Date, Place, Source

Language = Literal["ar", "en"]

_FSI, _PDI = "\u2068", "\u2069"


def isolate(words: str) -> str:
    """Words set apart from those around them, so that Arabic and Latin do not pull each other's order about."""
    return f"{_FSI}{words}{_PDI}"


def one_line(words: str) -> str:
    """Words with line ends and runs of white space as single spaces."""
    return " ".join(words.split())


class Words:
    """The words of one language."""

    def __init__(self, language: Language, type_names: Mapping[str, tuple[str, str]]) -> None:
        self.language: Language = language
        self._words = _table()[language]
        self._types = type_names

    def __getitem__(self, key: str) -> str:
        """The words for `key`; ids that have none stand for themselves."""
        return self._words.get(key, key)

    def type(self, type_id: str) -> str:
        """The name of a type of event."""
        arabic, english = self._types.get(type_id, (type_id, type_id))
        return arabic if self.language == "ar" else english

    def label(self, label: str) -> str:
        """The name of what a span was read as: a type of event or a role."""
        return self.type(label) if label in self._types else self[label]

    def place(self, place: Place) -> str:
        """A place: relation, name, coordinates and their precision, admin area; "?" where it was not resolved."""
        relation = "" if place.relation == "in" else f"{self[place.relation]} "
        at = f"({place.lat:.3f}, {place.lon:.3f}; {place.precision})" if _located(place) else "(?)"
        carried = f" [{self['inherited']}]" if place.inherited else ""
        return f"{relation}{isolate(one_line(place.span.quote))} {isolate(at)}{carried}"

    def date(self, date: Date) -> str:
        """Days, and the words that tell them."""
        days = date.start if date.start == date.end else f"{date.start} – {date.end}"
        quote = f" {isolate(one_line(date.span.quote))}" if date.span else ""
        basis = "" if date.basis == "stated" else f" [{self[date.basis]}]"
        return f"{isolate(days)}{quote}{basis}"

    def harm(self, harm: Casualties) -> str:
        """How many, what happened to them, who they were, and the groups among them."""
        groups = [self[group.group] + (f" {group.n}" if group.n is not None else "") for group in harm.groups]
        party = [harm.actor] if harm.actor and harm.actor != "civilians" else []  # `who` has said that already
        details = ", ".join([self[harm.who], *party, *groups])
        return f"{self.number(harm.min, harm.max)} {self[harm.outcome]} ({details})"

    def number(self, least: int | None, most: int | None) -> str:
        """A number, a range, or that none is told."""
        if least is None:
            return self["a-number-of"]
        if most is None:
            return f"{self['at-least']} {least}"
        return str(least) if least == most else f"{least} {self['to']} {most}"

    def damage(self, damage: Damage) -> str:
        """What was damaged, and how many."""
        return self[damage.object] if damage.n is None else f"{damage.n} × {self[damage.object]}"

    def source(self, source: Source) -> str:
        """Who says it, and of which kind they are."""
        if source.kind == "outlet":
            return self["outlet-itself"]
        name = source.name or (source.span.quote if source.span else None)
        return f"{isolate(one_line(name))} ({self[source.kind]})" if name else self[source.kind]

    def fields(self, claim: Claim) -> list[tuple[str, str]]:
        """The filled fields of a claim as (label, value): who, whom, where, when, harm, source."""
        rows = [
            (side, ", ".join(isolate(one_line(party.span.quote)) + _id(party.actor) for party in parties))
            for side, parties in (("initiators", claim.initiators), ("targets", claim.targets))
        ]
        rows += [
            ("places", ", ".join(self.place(place) for place in claim.places)),
            ("date", self.date(claim.date) if claim.date else ""),
            ("count", str(claim.count) if claim.count is not None else ""),
            ("means", ", ".join(isolate(one_line(means.span.quote)) for means in claim.means)),
            ("casualties", "; ".join(self.harm(harm) for harm in claim.casualties)),
            ("damage", ", ".join(self.damage(damage) for damage in claim.damage)),
            ("source", self.source(claim.source)),
        ]
        return [(self[key], value) for key, value in rows if value]


def _id(actor: str | None) -> str:
    return f" ({actor})" if actor else ""


def _located(place: Place) -> bool:
    return place.lat is not None and place.lon is not None


@cache
def _table() -> dict[Language, dict[str, str]]:
    text = (resources.files("sijill.show") / "words.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    return {"ar": {row["key"]: row["ar"] for row in rows}, "en": {row["key"]: row["en"] for row in rows}}
