"""What is exported: an incident with its claims, names and places as people read them, before any format."""

from __future__ import annotations

import msgspec

from sijill.incidents.derive import Derived, Harmed
from sijill.incidents.pair import total
from sijill.model import Casualties
from sijill.record.fact import Fact


class Actor(msgspec.Struct, frozen=True):
    """A party: its id where it has one, and its names; `en` is the name as told where none is known in English."""

    key: str
    ar: str
    en: str
    listed: bool


class Where(msgspec.Struct, frozen=True):
    """A place: names and areas as they are written, codes where known."""

    name: str
    english: str
    place_id: str | None
    lat: float | None
    lon: float | None
    precision: str
    relation: str
    country: str | None
    admin1: str | None
    admin1_code: str | None
    admin2: str | None
    admin2_code: str | None


class Telling(msgspec.Struct, frozen=True):
    """One claim with who published it. `thread` names it for good; `sha256` is of the capture it stands in.

    `words`, `title`, `url` and `teller` are empty where they are withheld.
    """

    fact: Fact
    thread: int
    words: str
    trigger: str
    teller: str
    outlet: str
    title: str
    url: str
    published: str
    captured: str
    sha256: str
    reader: str
    casualties: tuple[Casualties, ...]

    def as_read(self, outcome: str) -> bool:
        """Whether its number of people who met an outcome is that of the words, which nobody corrected."""
        said = total(self.fact, outcome)
        return said is not None and said[0] == sum(harm.min or 0 for harm in self.casualties if harm.outcome == outcome)


class Incident(msgspec.Struct, frozen=True):
    """An incident under a rule. `changed` is the newest time at which anything about it changed."""

    number: int
    told: Derived
    places: tuple[Where, ...]
    initiators: tuple[Actor, ...]
    targets: tuple[Actor, ...]
    tellings: tuple[Telling, ...]
    state: str
    changed: str

    @property
    def id(self) -> str:
        """Its name in the record."""
        return f"i{self.number}"

    def harm(self, outcome: str, who: str = "all") -> Harmed | None:
        """People who met an outcome under the rule, where any number is told."""
        return next((harm for harm in self.told.harm if (harm.outcome, harm.who) == (outcome, who)), None)

    def group(self, outcome: str, group: str) -> int | None:
        """How many of a group (children, women ...) are told to be among the people who met an outcome: the least
        number told, by claims whose numbers nobody corrected; None where none is told."""
        told = [
            sum(among.n or 0 for among in groups)
            for telling in self.tellings
            if telling.fact.modality == "reported" and telling.as_read(outcome)
            and (groups := [
                among for harm in telling.casualties if harm.outcome == outcome
                for among in harm.groups if among.group == group and among.n is not None
            ])
        ]  # fmt: skip
        return min(told, default=None)

    @property
    def place(self) -> Where | None:
        """The place told most."""
        return self.places[0] if self.places else None

    @property
    def outlets(self) -> list[str]:
        """Who published it, each once, in order."""
        return list(dict.fromkeys(telling.outlet for telling in self.tellings if telling.outlet))

    @property
    def on_civilians(self) -> bool:
        """Whether it is told to have been done to civilians, or only civilians to have been harmed."""
        if any(actor.key in ("civilians", "journalists", "medics", "protesters") for actor in self.targets):
            return True
        harmed = {harm.who for harm in self.told.harm if harm.who != "all"}
        return harmed == {"civilian"}


class LeftOut(msgspec.Struct, frozen=True):
    """An incident that a format has no place for, and why."""

    id: str
    reason: str
