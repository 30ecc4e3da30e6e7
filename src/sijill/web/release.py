"""The public view: what leaves the house. Everything that the public sees has passed through here.

Only final incidents are shown. Of these are kept back, unless the settings of the site say otherwise (`Safety`): names
of people, of sources and of outlets, words of reports, and any place more exact than a town. A party is named when it
is an actor of the lexicon; everyone else is a person who might be harmed. Captures, their hashes and addresses, and
who works on an incident are kept back always.
"""

from __future__ import annotations

import msgspec

from sijill.gazetteer import default_gazetteer
from sijill.incidents.derive import Contradiction
from sijill.web.names import known_actor
from sijill.web.roles import Safety
from sijill.web.shapes import WITHHELD, ClaimShown, IncidentShown, PartyShown, PlaceShown

_SHOWN_PRECISIONS = {"town", "district", "governorate", "region", "country"}


def incident(shown: IncidentShown, safety: Safety) -> IncidentShown:
    """An incident without what can harm."""
    return msgspec.structs.replace(
        shown,
        places=places(shown.places, safety),
        initiators=parties(shown.initiators, safety),
        targets=parties(shown.targets, safety),
        harm=tuple(msgspec.structs.replace(harm, claims=()) for harm in shown.harm),
        contradictions=tuple(_contradiction(found, safety) for found in shown.contradictions),
        assignee=None,
    )


def claim(shown: ClaimShown, safety: Safety) -> ClaimShown:
    """A claim without its words, its source's name, and its capture."""
    return msgspec.structs.replace(
        shown,
        places=places(shown.places, safety),
        initiators=parties(shown.initiators, safety),
        targets=parties(shown.targets, safety),
        source=None if safety.sources else shown.source,
        source_key=None,
        outlet=None if safety.outlets else shown.outlet,
        capture=None,
        sha256=None,
        evidence=() if safety.words else shown.evidence,
        text=0,
    )


def places(shown: tuple[PlaceShown, ...], safety: Safety) -> tuple[PlaceShown, ...]:
    """Places no more exact than a known town; each area once."""
    return tuple(dict.fromkeys(_place(place, safety) for place in shown))


def _place(place: PlaceShown, safety: Safety) -> PlaceShown:
    if not safety.sites:
        return place
    # A place that is not in the gazetteer is words of a report: it may be a home.
    known = place.id is not None and default_gazetteer().by_id(place.id) is not None
    if known and place.precision in _SHOWN_PRECISIONS:
        return msgspec.structs.replace(place, told=place.ar, relation="in")
    return PlaceShown(None, WITHHELD, WITHHELD, "unknown", country=place.country)


def parties(shown: tuple[PartyShown, ...], safety: Safety) -> tuple[PartyShown, ...]:
    """Known actors by name; everyone else as withheld, counted once."""
    if not safety.people:
        return shown
    kept = [party for party in shown if party.actor and known_actor(party.actor)]
    if len(kept) < len(shown):
        kept.append(PartyShown(None, WITHHELD, WITHHELD, max(p.tellers for p in shown if p not in kept)))
    return tuple(kept)


def _contradiction(found: Contradiction, safety: Safety) -> Contradiction:
    """That there is a disagreement, and on what; the sides in words only where these are days or numbers."""
    open_sides = {"initiator": not safety.people, "place": not safety.sites}
    if open_sides.get(found.value, True):
        return Contradiction(found.value, tuple((words, ()) for words, _ in found.sides))
    return Contradiction(found.value, tuple((WITHHELD, ()) for _ in found.sides))
