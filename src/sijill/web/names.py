"""Names for what a record keeps by id: places of the gazetteer, actors of the lexicon."""

from __future__ import annotations

from functools import lru_cache

from sijill.gazetteer import default_gazetteer
from sijill.lexicon import default_lexicon
from sijill.record.fact import Fact, Spot
from sijill.web.shapes import PartyShown, PlaceShown


@lru_cache(maxsize=20_000)
def place_names(place_id: str | None, told: str) -> tuple[str, str]:
    """A place's names in Arabic and English; what was told stands for both where the gazetteer has neither."""
    entry = default_gazetteer().by_id(place_id) if place_id else None
    if entry is None:
        return told, told
    return entry.name, entry.english or entry.name


def place_of(spot: Spot, written: str | None = None) -> PlaceShown:
    """A place of a fact, as it is shown: as `written` where the gazetteer has no name for it."""
    arabic, english = place_names(spot.place_id, written or spot.name)
    return PlaceShown(
        id=spot.place_id,
        ar=arabic,
        en=english,
        precision=spot.precision,
        lat=spot.lat,
        lon=spot.lon,
        country=spot.country,
        admin1=spot.admin1,
        relation=spot.relation,
        told=spot.name,
    )


def unlisted(fact: Fact) -> bool:
    """Whether a fact has a name that neither the gazetteer nor the lexicon tells how to write."""
    parties = any(side.actor is None for side in (*fact.initiators, *fact.targets))
    return parties or any(spot.place_id is None for spot in fact.spots)


def known_actor(key: str) -> bool:
    """Whether this is the id of an actor of the lexicon, not a name out of a report."""
    return key in default_lexicon().actor_names


def party_of(key: str, tellers: int = 1, written: str | None = None) -> PartyShown:
    """A party by actor id, or by the name that was told, as it was `written`."""
    names = default_lexicon().actor_names.get(key)
    if names is None:
        return PartyShown(None, written or key, written or key, tellers)
    return PartyShown(key, names[0], names[1], tellers)


def named(kind: str, key: str, language: str) -> str:
    """The name of a party, place or source in a language, by the key of its page."""
    n = 0 if language == "ar" else 1
    if kind in ("party", "source"):
        return default_lexicon().actor_names.get(key, (key, key))[n]
    return place_names(f"country:{key.lower()}" if len(key) == 2 and key.isascii() else key, key)[n]


@lru_cache(maxsize=1)
def known_parties() -> list[tuple[str, str, str]]:
    """Every actor of the lexicon: id, Arabic and English name."""
    return sorted((key, *names[:2]) for key, names in default_lexicon().actor_names.items())
