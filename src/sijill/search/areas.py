"""A place as people ask for it, in either language, and the words under which a record keeps it and what lies inside.

A claim's place tells its district and governorate as the gazetteer names them, mostly in Latin letters, and its country
by code. Whoever asks for إدلب or Idlib means Saraqib as well.
"""

from __future__ import annotations

from functools import lru_cache

from sijill.arabic.fold import fold
from sijill.gazetteer import Entry, default_gazetteer
from sijill.gazetteer.place import PlaceKind

_AREAS = (PlaceKind.GOVERNORATE, PlaceKind.DISTRICT)
_CODE = 2
"""Letters of a country's code."""


@lru_cache(maxsize=1_000)
def area_of(asked: str) -> str:
    """The word by which a record finds a place with all inside it, from its id or its name in either language.

    A country goes by its code, a district or governorate by its Arabic name, anything else as it was asked for.
    """
    if _is_code(asked):
        return asked
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
    return entry.name if entry.kind in _AREAS else asked


@lru_cache(maxsize=1_000)
def kept_as(asked: str) -> tuple[str, ...]:
    """Every folded word by which a record may keep the place asked for, or the area of that name that places lie in.

    A country's code and an id of a place stand as they are.
    """
    place = area_of(asked)
    names = {asked: None, place: None}
    if not _is_code(place):
        for entry in default_gazetteer().search(place):
            if entry.kind in _AREAS:
                names |= dict.fromkeys(name for name in (entry.name, entry.english, _own(entry)) if name)
    return tuple(dict.fromkeys(fold(name) for name in names))


def _own(entry: Entry) -> str | None:
    """The name by which places inside an area tell it."""
    return entry.admin1 if entry.kind == PlaceKind.GOVERNORATE else entry.admin2


def _is_code(asked: str) -> bool:
    return len(asked) == _CODE and asked.isascii() and asked.isupper()
