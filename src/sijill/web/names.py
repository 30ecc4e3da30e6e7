"""Names for what a record keeps by id: places of the gazetteer, actors of the lexicon."""

from __future__ import annotations

from functools import lru_cache

from sijill.gazetteer import default_gazetteer
from sijill.gazetteer.place import PlaceKind
from sijill.lexicon import default_lexicon
from sijill.record.fact import Spot
from sijill.web.shapes import PartyShown, PlaceShown


@lru_cache(maxsize=20_000)
def place_names(place_id: str | None, told: str) -> tuple[str, str]:
    """A place's names in Arabic and English; what was told stands for both where the gazetteer has neither."""
    entry = default_gazetteer().by_id(place_id) if place_id else None
    if entry is None:
        return told, told
    return entry.name, entry.english or entry.name


@lru_cache(maxsize=1_000)
def area_of(asked: str) -> str:
    """The word by which a record finds a place with all inside it, from its id or its name in either language.

    A country goes by its code, a district or governorate by its Arabic name, anything else as it was asked for.
    """
    gazetteer = default_gazetteer()
    entry = gazetteer.by_id(asked)
    if entry is None:
        found = gazetteer.search(asked)
        entry = next((one for one in found if one.kind == PlaceKind.COUNTRY), None)
        if entry is None and asked.isascii():
            arabic = [one for one in found if not one.name.isascii()]
            entry = max(arabic, key=lambda one: one.weight, default=None)
            return entry.name if entry else asked
    if entry is None:
        return asked
    if entry.kind == PlaceKind.COUNTRY:
        return entry.country or asked
    return entry.name if entry.kind in (PlaceKind.GOVERNORATE, PlaceKind.DISTRICT) else asked


def place_of(spot: Spot) -> PlaceShown:
    """A place of a fact, as it is shown."""
    arabic, english = place_names(spot.place_id, spot.name)
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


def known_actor(key: str) -> bool:
    """Whether this is the id of an actor of the lexicon, not a name out of a report."""
    return key in default_lexicon().actor_names


def party_of(key: str, tellers: int = 1) -> PartyShown:
    """A party by actor id, or by the name that was told."""
    names = default_lexicon().actor_names.get(key)
    if names is None:
        return PartyShown(None, key, key, tellers)
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
