"""Where an outlet is at home: it names the villages of its own governorate without saying where they lie."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from sijill.gazetteer import Entry, Gazetteer, PlaceKind
from sijill.gazetteer.names import has_article, name_key, name_words
from sijill.mentions.place_words import place_words

WELL_KNOWN: Final = 0.5
"""An outlet's name is looked through for places of at least this weight: an outlet is called after a town."""
LONGEST: Final = 3
"""Words of the longest place within an outlet's name."""


class Home(NamedTuple):
    """The countries an outlet writes about, and the rows of the governorates it is at home in."""

    countries: frozenset[str]
    governorates: frozenset[int]


NO_HOME: Final = Home(frozenset(), frozenset())


@lru_cache(maxsize=256)
def home_of(gazetteer: Gazetteer, regions: tuple[str, ...]) -> Home:
    """The home that `regions` tell: codes of countries, names of governorates, or the name of an outlet."""
    codes = {region for region in regions if len(region) == 2 and region.isascii() and region.isupper()}
    countries, rows = set(codes), set()
    for region in regions:
        if region in codes:
            continue
        named = [entry for entry in gazetteer.search(region) if entry.kind is PlaceKind.GOVERNORATE]
        for entry in named or _within(gazetteer, region):
            if not codes or entry.country in codes:
                countries.add(entry.country)
                rows.add(entry.row)
    return Home(frozenset(countries), frozenset(rows))


def _within(gazetteer: Gazetteer, name: str) -> Iterator[Entry]:
    """The governorates of the well-known places in a name; none of a place that could lie in either of two."""
    words = [word for word in name_words(name) if not word.isascii()]
    ordinary = place_words().ordinary
    n = 0
    while n < len(words):
        past = n + 1
        for end in range(min(n + LONGEST, len(words)), n, -1):
            if end == n + 1 and words[n] in ordinary:
                break
            known = _known(gazetteer, " ".join(words[n:end]))
            rows = {entry.row if entry.kind is PlaceKind.GOVERNORATE else entry.admin1_row for entry in known}
            if known:
                past = end
                if len(rows) == 1 and -1 not in rows:
                    yield gazetteer.place(rows.pop())
                break
        n = past


def _known(gazetteer: Gazetteer, name: str) -> list[Entry]:
    """The well-known places of a name, written with the article where it is: "المدني" is no town of Madani."""
    article, key = has_article(name), name_key(name)
    return [
        entry
        for entry in gazetteer.search(name)
        if entry.weight >= WELL_KNOWN
        and entry.kind is not PlaceKind.RIVER
        and any(has_article(other) == article for other in (entry.name, *entry.other_names) if name_key(other) == key)
    ]
