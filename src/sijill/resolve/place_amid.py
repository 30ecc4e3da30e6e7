"""Points for names the gazetteer lacks, from the certain places named around them.

Each rule was tried by hiding places that are known: how often the point it gives lies within 15 km of the hidden place
stands in `docs/places.md`. A rule that is right in fewer than four of five cases is not here: the name stays open.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import combinations
from typing import Final, NamedTuple, final

from sijill.arabic.words import Tokens, sentences
from sijill.gazetteer import Entry, PlaceKind
from sijill.gazetteer.place import SETTLEMENTS
from sijill.mentions.places import PlaceMention
from sijill.resolve.place_features import cue_kinds, km_between

CONFIDENCE: Final = 0.2
_TOGETHER_KM: Final = 25.0
"""The members of a list, and the places around a quarter, lie together where none is farther from another."""
_BETWEEN_KM: Final = 20.0
"""The two places between which a village or hill is named are no farther from each other."""
_AMONG_KM: Final = 15.0
"""Nor are three or more around it from one another."""
_NEAR_TOKENS: Final = 60
_SMALL: Final = frozenset(
    {
        PlaceKind.TOWN, PlaceKind.VILLAGE, PlaceKind.NEIGHBOURHOOD, PlaceKind.CAMP, PlaceKind.SITE, PlaceKind.FIELD,
        PlaceKind.AIRPORT, PlaceKind.BASE, PlaceKind.DAM, PlaceKind.BRIDGE, PlaceKind.CROSSING, PlaceKind.MOUNTAIN,
    }
)  # fmt: skip
_TOWNS: Final = frozenset({PlaceKind.CITY, PlaceKind.TOWN})
_PARTS: Final = frozenset({PlaceKind.NEIGHBOURHOOD, PlaceKind.SITE, PlaceKind.ROAD, PlaceKind.TOWN, PlaceKind.CAMP})
_TOWN_CUES: Final = frozenset({"مدينه", "بلده", "مخيم"})
_ELSEWHERE: Final = ("speaker", "origin", "party", "hospital")


class Amid(NamedTuple):
    """A point for a name of no place of its own, told by some places: the first of them, and how it was told."""

    entry: Entry
    lat: float
    lon: float
    admin1: str | None
    """The governorate, where all of them lie in one."""
    why: str


class Known(NamedTuple):
    """A certain place of the text: where it is named (token and sentence), and which it is."""

    first: int
    sentence: int
    entry: Entry


def is_part(mention: PlaceMention) -> bool:
    """Whether the word before a name makes it part of a town: a quarter, a street, a mosque."""
    kinds = cue_kinds(mention.cue)
    return bool(kinds) and kinds <= _PARTS


@final
class Surroundings:
    """The certain places of a text, sentence by sentence.

    `sure` tells for each mention the place that it surely means, None where there is none.
    """

    def __init__(self, mentions: list[PlaceMention], sure: list[Entry | None], tokens: Tokens) -> None:
        self.mentions = mentions
        self.sure = sure
        self.tokens = tokens
        self.starts = [first for first, _ in sentences(tokens)]
        self.known = [
            Known(mention.first, self._sentence(mention), entry)
            for mention, entry in zip(mentions, sure, strict=True)
            if entry is not None and not mention.area and mention.role_hint not in _ELSEWHERE
        ]

    def point(self, n: int) -> Amid | None:
        """The point for a mention, by the first rule that tells one."""
        mention = self.mentions[n]
        found = self.amid_list(n)
        if found is not None or mention.role_hint in _ELSEWHERE or mention.relation not in ("in", "near"):
            return found
        if is_part(mention):
            return self._in_only_town(mention) or self._around_part(mention)
        if mention.cue is None or mention.area or self._is_noun_alone(mention):
            return None
        return self._between(mention) or self._among(mention)

    def amid_list(self, n: int) -> Amid | None:
        """Amid the other members of its list, where two or more are known and all of them lie together."""
        first, last = n, n
        while first > 0 and self.mentions[first].listed:
            first -= 1
        while last + 1 < len(self.mentions) and self.mentions[last + 1].listed:
            last += 1
        members = range(first, last + 1)
        known = [self.sure[m] for m in members if not self.mentions[m].area]
        points = _once([entry for entry in known if entry is not None and entry.kind in SETTLEMENTS])
        if len(points) < 2 or not _together(points, _TOGETHER_KM):
            return None
        return _middle(points, "placed amid those it is listed with, which lie together: ")

    def _in_only_town(self, mention: PlaceMention) -> Amid | None:
        """A quarter, street or hospital in the one town the report is about, if it calls only one a town."""
        if mention.relation != "in":
            return None
        found = [
            (entry, other.cue)
            for entry, other in zip(self.sure, self.mentions, strict=True)
            if entry is not None and entry.kind in SETTLEMENTS and other.role_hint not in ("speaker", "origin")
        ]
        towns = _once([entry for entry, _ in found])
        if len(towns) != 1 or _TOWN_CUES.isdisjoint([cue for _, cue in found if cue]):
            return None
        return _middle(towns, "placed at the only town that the report names: ")

    def _around_part(self, mention: PlaceMention) -> Amid | None:
        """A quarter, street or hospital amid the certain places in the sentences around it, if these lie together."""
        if self._is_noun_alone(mention):
            return None
        around = self._around(mention)
        near = _once([known.entry for known in around if known.entry.kind in _SMALL | _TOWNS])
        if len(near) > 1 and _together(near, _TOGETHER_KM):
            return _middle(near, "placed amid the certain places named around it, which lie together: ")
        return None

    def _between(self, mention: PlaceMention) -> Amid | None:
        """A village or hill between the certain places before and after it in its sentence, if these lie close."""
        sentence = self._sentence(mention)
        same = [known for known in self._around(mention) if known.sentence == sentence and known.entry.kind in _SMALL]
        before = [known.entry for known in same if known.first < mention.first]
        after = [known.entry for known in same if known.first > mention.first]
        if not before or not after:
            return None
        pair = _once([before[-1], after[0]])
        if len(pair) < 2 or not _together(pair, _BETWEEN_KM):
            return None
        return _middle(pair, "placed between those named before and after it, which lie close: ")

    def _among(self, mention: PlaceMention) -> Amid | None:
        """A village or hill amid three or more certain places in the sentences around it, if these lie close."""
        near = _once([known.entry for known in self._around(mention) if known.entry.kind in _SMALL])
        if len(near) < 3 or not _together(near, _AMONG_KM):
            return None
        return _middle(near, "placed amid the certain places named around it, which lie close: ")

    def _around(self, mention: PlaceMention) -> list[Known]:
        """The certain places named near a mention, in its sentence, the one before or the one after."""
        sentence = self._sentence(mention)
        return [
            known
            for known in self.known
            if abs(known.sentence - sentence) <= 1 and abs(known.first - mention.first) <= _NEAR_TOKENS
        ]

    def _sentence(self, mention: PlaceMention) -> int:
        return bisect_right(self.starts, mention.first) - 1

    def _is_noun_alone(self, mention: PlaceMention) -> bool:
        """Whether a mention is no name but its noun ("the market")."""
        return mention.first == mention.last and self.tokens.form[mention.last].endswith(mention.cue or " ")


def _once(entries: list[Entry]) -> list[Entry]:
    """Each place once, in order."""
    return list({entry.row: entry for entry in entries}.values())


def _together(entries: list[Entry], km: float) -> bool:
    return all(km_between(a, b) <= km for a, b in combinations(entries, 2))


def _middle(entries: list[Entry], why: str) -> Amid:
    lat = sum(entry.lat for entry in entries) / len(entries)
    lon = sum(entry.lon for entry in entries) / len(entries)
    names = ", ".join(dict.fromkeys(entry.name for entry in entries))
    governorates = {entry.admin1 for entry in entries}
    return Amid(entries[0], lat, lon, governorates.pop() if len(governorates) == 1 else None, why + names)
