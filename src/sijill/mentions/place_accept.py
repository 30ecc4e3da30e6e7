"""Which of the names found are places here: by themselves, by what stands before or beside them, by their country."""

from __future__ import annotations

from typing import Final

from sijill.arabic.words import Kind, Tokens
from sijill.gazetteer.place import AREAS
from sijill.mentions.place_names import Name
from sijill.mentions.place_words import DIRECTIONS, MOST_NAMESAKES, RATHER_KNOWN, STRONG, WELL_KNOWN, WordReader

NEAR_KM: Final = 60.0
"""A hamlet named without a cue is taken where a place this near is named too."""
NEAR_BY_KM: Final = 30.0
"""After a bare preposition it is taken where a place this near is named anywhere in the text."""
PAIR_KM: Final = 25.0
"""Two little known names joined in a list are taken where they lie this near to each other."""
RATHER_SURE: Final = 0.6
"""A place of at least this weight is meant wherever it is named: a governorate, a city, a country."""
KNOWN: Final = 0.35
"""A town: taken after a letter too (بسراقب)."""
QUARTERS_KM: Final = 8.0
"""Quarters of one town lie no farther from each other."""
_CLOSING: Final = frozenset("\"”»')")
_ENOUGH: Final = 3
"""So many places tell which countries a text is about."""
_SHORTEST: Final = 4
"""Shorter names of hamlets are too often other words."""
_FEW: Final = 3
"""A name of no more places than this says where it is meant, in a text that tells no country."""


class Acceptor:
    """Decides for the names of one text."""

    def __init__(self, tokens: Tokens, reader: WordReader) -> None:
        self.tokens = tokens
        self.reader = reader

    def accepted(self, found: list[list[Name]]) -> list[list[Name]]:
        """The names that are places, sentence by sentence."""
        flags = [[self._alone(name) for name in names] for names in found]
        for names, accepted in zip(found, flags, strict=True):
            self._spread(names, accepted)
        sure, count = self._countries(found, flags)
        known = [name for names, accepted in zip(found, flags, strict=True)
                 for name, yes in zip(names, accepted, strict=True) if yes and name.rows]  # fmt: skip
        for names, accepted in zip(found, flags, strict=True):
            if not all(accepted):
                self._widen(names, accepted, sure, known)
        kept = [
            [name for name, yes in zip(names, accepted, strict=True) if yes]
            for names, accepted in zip(found, flags, strict=True)
        ]
        return [[name for name in names if self._at_home(name, sure)] for names in kept] if count >= _ENOUGH else kept

    def _spread(self, names: list[Name], accepted: list[bool]) -> None:
        """Take in what is beside or near what was taken, as long as something is."""
        changed = True
        while changed and not all(accepted):
            changed = False
            for n in range(len(names)):
                if not accepted[n] and self._supported(n, names, accepted):
                    accepted[n] = changed = True

    def _widen(self, names: list[Name], accepted: list[bool], sure: set[str], known: list[Name]) -> None:
        """Take in little known names where a word places them, of the countries that the text is about."""
        changed = False
        for n, name in enumerate(names):
            before = name.before
            if accepted[n] or name.ordinary or before.person or not before.places or name.lead.letters:
                continue
            if len(name.lead.key) < _SHORTEST or not name.rows or not name.lead.agrees:
                continue
            countries = self.reader.places(name.rows).countries
            if before.placed or before.relation != "in":
                yes = countries <= sure or (not sure and len(name.rows) <= _FEW and len(countries) == 1)
            else:
                yes = countries <= sure and any(self._near(name, other, NEAR_BY_KM) for other in known)
            if yes:
                accepted[n] = changed = True
        if changed:
            self._spread(names, accepted)

    def _countries(self, found: list[list[Name]], flags: list[list[bool]]) -> tuple[set[str], int]:
        """The countries that names which leave no doubt lie in, and how many such names there are."""
        sure: set[str] = set()
        count = 0
        for names, accepted in zip(found, flags, strict=True):
            for name, yes in zip(names, accepted, strict=True):
                if not yes or not name.rows:
                    continue
                known = self.reader.places(name.rows)
                if known.weight >= RATHER_SURE or (len(known.countries) == 1 and name.before.places):
                    sure.add(known.country)
                    count += 1
        return sure, count

    def _at_home(self, name: Name, sure: set[str]) -> bool:
        """Whether a name is not a little known one of a country the text is not about, that no word makes a place."""
        if name.before.places or name.follows or not name.rows:
            return True
        known = self.reader.places(name.rows)
        if known.weight >= (STRONG if name.cue_headed else RATHER_SURE):
            return True
        return not sure.isdisjoint(known.countries)

    def _alone(self, name: Name) -> bool:
        """A place by its own name, by its cue, or as the head of a line."""
        if name.before.cue is not None:
            return True
        if not name.rows:
            return name.before.places or name.follows or name.in_list  # Told by what it is, or listed beside one.
        if name.before.person:
            return False
        if name.second:
            return True
        if name.in_list and not name.ordinary and len(name.lead.key) >= _SHORTEST:
            return True
        if name.strong or (self._heads_line(name) and (not name.ordinary or name.lead.weight >= WELL_KNOWN)):
            return True
        if name.ordinary:
            return name.lead.weight >= WELL_KNOWN and name.before.relation in DIRECTIONS
        if name.lead.weight < RATHER_KNOWN:
            return False
        # A letter is little: "ببرميل" is no place called رميل.
        return name.before.places and (not name.lead.letters or name.lead.weight >= KNOWN)

    def _heads_line(self, name: Name) -> bool:
        """Whether it opens a line and a colon follows, as in a digest."""
        tokens, after = self.tokens, name.last + 1
        if after == len(tokens) or tokens.form[after] != ":":
            return False
        return name.first == 0 or tokens.kind[name.first - 1] in (Kind.BREAK, Kind.PUNCT)

    def _supported(self, n: int, names: list[Name], accepted: list[bool]) -> bool:
        """A place because it stands in a list of places, or is placed by a preposition near one."""
        name = names[n]
        if name.before.person:
            return False
        beside = [m for m in (n - 1,) if m >= 0 and name.follows]
        beside += [m for m in (n + 1,) if m < len(names) and names[m].follows]
        if not name.ordinary and any(not names[m].ordinary and self._pair(name, names[m]) for m in beside):
            return True
        if self._before_its_place(n, names, accepted) or (name.ordinary and self._of_one_town(n, names)):
            return True
        if name.ordinary and self._amid_two(n, names, accepted):
            return True
        for other in (names[m] for m in beside if accepted[m]):
            cued = other.before.cue is not None
            known = self._weight(name) >= RATHER_KNOWN
            if not name.ordinary and (cued or known):
                return True
            if (cued or not name.ordinary or known) and self._near(name, other, NEAR_KM):
                return True
        if (name.ordinary and name.lead.weight < WELL_KNOWN) or not name.before.places:
            return False
        return any(self._near(name, other, NEAR_KM) for other, yes in zip(names, accepted, strict=True) if yes)

    def _weight(self, name: Name) -> float:
        """Of the best known place of a name: of "الشيخ عيسى", not of "الشيخ"."""
        if name.first == name.last or not name.rows:
            return name.lead.weight
        return self.reader.places(name.rows).weight

    def _pair(self, name: Name, other: Name) -> bool:
        """Whether two names joined in a list are places though neither is well known."""
        if other.before.person or min(len(name.lead.key), len(other.lead.key)) < _SHORTEST:
            return False
        return self._near(name, other, PAIR_KM)

    def _before_its_place(self, n: int, names: list[Name], accepted: list[bool]) -> bool:
        """Whether a direction from a place near it follows at once: السلمية شرقي حماة, دخلوا "تقوع" شرق بيت لحم."""
        name = names[n]
        if n + 1 == len(names) or not accepted[n + 1] or (name.ordinary and not name.before.places):
            return False
        after, at = names[n + 1], name.last + 1
        while at < after.before.at and self.tokens.form[at] in _CLOSING:
            at += 1
        return after.before.at == at and after.before.relation in DIRECTIONS and self._near(name, after, NEAR_KM)

    def _of_one_town(self, n: int, names: list[Name]) -> bool:
        """Whether an ordinary word stands in a list of three or more that all name quarters of one town."""
        first, last = n, n
        while first > 0 and names[first].follows and not names[first - 1].before.person:
            first -= 1
        while last + 1 < len(names) and names[last + 1].follows and not names[last + 1].before.person:
            last += 1
        if last - first < 2 or not names[first].before.places:
            return False
        others = [names[m] for m in range(first, last + 1) if m != n]
        return all(other.rows and self._near(names[n], other, QUARTERS_KM) for other in others)

    def _amid_two(self, n: int, names: list[Name], accepted: list[bool]) -> bool:
        """Whether an ordinary word is listed between two places, both near a place of that name."""
        if n == 0 or n + 1 == len(names) or not (names[n].follows and names[n + 1].follows):
            return False
        beside = (n - 1, n + 1)
        return all(accepted[m] and names[m].rows and self._near(names[n], names[m], PAIR_KM) for m in beside)

    def _near(self, name: Name, other: Name, km: float) -> bool:
        place = self.reader.gazetteer.place
        for row in name.rows[:MOST_NAMESAKES]:
            a = place(row)
            for other_row in other.rows[:MOST_NAMESAKES]:
                b = place(other_row)
                reach = km + b.radius_km if b.kind in AREAS else km
                if abs(a.lat - b.lat) * 111 < reach and abs(a.lon - b.lon) * 91 < reach:
                    return True
        return False
