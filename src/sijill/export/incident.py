"""What is exported: an incident with its claims, names and places as people read them, before any format."""

from __future__ import annotations

import msgspec

from sijill.incidents.derive import Derived, Harmed
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
