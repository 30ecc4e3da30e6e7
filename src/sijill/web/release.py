"""The public view: what leaves the house. Everything that the public sees has passed through here.

Only final incidents are shown. Of these are kept back: names of people, of sources and of outlets, words of reports,
and any place more exact than a town. A party is named when it is an actor of the lexicon; everyone else is a person
who might be harmed.
"""

from __future__ import annotations

import msgspec

from sijill.gazetteer import default_gazetteer
from sijill.incidents.derive import Contradiction
from sijill.web.names import known_actor
from sijill.web.shapes import WITHHELD, ClaimShown, IncidentShown, PartyShown, PlaceShown

_SHOWN_PRECISIONS = {"town", "district", "governorate", "region", "country"}


def incident(shown: IncidentShown) -> IncidentShown:
    """An incident without what can harm."""
    return msgspec.structs.replace(
        shown,
        places=places(shown.places),
        initiators=parties(shown.initiators),
        targets=parties(shown.targets),
        harm=tuple(msgspec.structs.replace(harm, claims=()) for harm in shown.harm),
        contradictions=tuple(_contradiction(found) for found in shown.contradictions),
        assignee=None,
    )


def claim(shown: ClaimShown) -> ClaimShown:
    """A claim without its words, its source's name, and its capture."""
    return msgspec.structs.replace(
        shown,
        places=places(shown.places),
        initiators=parties(shown.initiators),
        targets=parties(shown.targets),
        source=None,
        source_key=None,
        outlet=None,
        capture=None,
        sha256=None,
        evidence=(),
    )


def places(shown: tuple[PlaceShown, ...]) -> tuple[PlaceShown, ...]:
    """Places no more exact than a known town; each area once."""
    return tuple(dict.fromkeys(_place(place) for place in shown))


def _place(place: PlaceShown) -> PlaceShown:
    # A place that is not in the gazetteer is words of a report: it may be a home.
    known = place.id is not None and default_gazetteer().by_id(place.id) is not None
    if known and place.precision in _SHOWN_PRECISIONS:
        return msgspec.structs.replace(place, told=place.ar, relation="in")
    return PlaceShown(None, WITHHELD, WITHHELD, "unknown", country=place.country)


def parties(shown: tuple[PartyShown, ...]) -> tuple[PartyShown, ...]:
    """Known actors by name; everyone else as withheld, counted once."""
    kept = [party for party in shown if party.actor and known_actor(party.actor)]
    if len(kept) < len(shown):
        kept.append(PartyShown(None, WITHHELD, WITHHELD, max(p.tellers for p in shown if p not in kept)))
    return tuple(kept)


def _contradiction(found: Contradiction) -> Contradiction:
    """That there is a disagreement, and on what; the sides in words only where these are days or numbers."""
    if found.value in ("date", "killed", "injured", "denial"):
        return Contradiction(found.value, tuple((words, ()) for words, _ in found.sides))
    return Contradiction(found.value, tuple((WITHHELD, ()) for _ in found.sides))
