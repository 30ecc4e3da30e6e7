"""Places as words: which words name a place, and how the text stands to it.

First all names of the gazetteer are found, longest first. What stands before a name (a cue such as بلدة, a
direction, a preposition, a group or a person's name) decides whether it is a place here; ordinary words that are also
names need a cue, and hamlets need a cue or a neighbour. Then areas (ريف حلب الشمالي، الحدود السورية العراقية) are put
together, and each mention is told whether it lies within another, and whether it is more than the event's place.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from sijill.arabic.fold import MARKS, TATWEEL
from sijill.arabic.words import Tokens
from sijill.gazetteer import Gazetteer
from sijill.gazetteer.place import AREAS
from sijill.mentions.place_areas import AreaFinder, Span
from sijill.mentions.place_names import Name, NameFinder
from sijill.mentions.place_roles import role_hints
from sijill.mentions.place_words import MOST_NAMESAKES, RATHER_KNOWN, WELL_KNOWN, WordInfo, WordReader
from sijill.model import Relation

NEAR_KM = 60.0
"""A hamlet named without a cue is taken where a place this near is named too."""
RATHER_SURE = 0.6
"""A place of at least this weight is meant wherever it is named: a governorate, a city, a country."""
_ENOUGH = 3
"""So many places tell which countries a text is about."""
_SILENT = set(MARKS.replace("-", "")) | {TATWEEL}
_NOT_AS_WRITTEN = {"وادي": "أى", "اب": "أآ", "وان": "أإآ"}
"""Words that folding makes into a place's: with these letters they are no place (وأدى، أب، آب، وأن)."""


class PlaceMention(NamedTuple):
    """A place named in a text. See the fields' notes for what the span holds."""

    first: int
    """First token of the name alone, without "بلدة" and without "شرق"."""
    last: int
    """Last token of the name."""
    start: int
    """Offset of the name in the text, after proclitics, with its article."""
    end: int
    relation: Relation
    cue: str | None
    """The cue word before it, folded, singular."""
    area: bool
    """A governorate, a region, a countryside, or larger."""
    candidates: tuple[int, ...]
    """Rows of the gazetteer; empty where the cue alone makes it a place."""
    within: int | None
    """Index of the mention it is said to lie in or near; that one is context, not the event's place."""
    role_hint: str | None
    """'origin', 'hospital', 'speaker', 'party', or None."""


def find_places(
    tokens: Tokens,
    sentence_ranges: list[tuple[int, int]],
    taken: list[tuple[int, int]],
    gazetteer: Gazetteer,
) -> list[PlaceMention]:
    """Find the places of a text, in the order of the text.

    `sentence_ranges` are token ranges (first, one past last), `taken` token ranges (first, last) of parties' names, in
    which no place is found.
    """
    return _Finder(tokens, sentence_ranges, taken, _reader(gazetteer)).run()


@lru_cache(maxsize=4)
def _reader(gazetteer: Gazetteer) -> WordReader:
    return WordReader(gazetteer)


class _Finder:
    def __init__(
        self, tokens: Tokens, sentences: list[tuple[int, int]], taken: list[tuple[int, int]], reader: WordReader
    ) -> None:
        self.tokens = tokens
        self.sentences = sentences
        self.reader = reader
        self.blocked = {i for first, last in taken for i in range(first, last + 1)}
        self.infos: list[WordInfo | None] = list(map(reader.infos.__getitem__, tokens.form))
        if not _NOT_AS_WRITTEN.keys().isdisjoint(tokens.form):
            self._drop_other_words()

    def run(self) -> list[PlaceMention]:
        spans: list[Span] = []
        finder = NameFinder(self.tokens, self.infos, self.blocked, self.reader)
        areas = AreaFinder(self.tokens, self.infos, self.reader)
        accepted = [self._accepted(finder.names(first, past)) for first, past in self.sentences]
        for (first, past), names in zip(self.sentences, self._at_home(accepted), strict=True):
            spans += areas.build(names, first, past, len(spans))
        mentions = [self._mention(span) for span in spans]
        hints = role_hints(self.tokens, self.infos, spans, self.reader.gazetteer)
        return [mention._replace(role_hint=hint) for mention, hint in zip(mentions, hints, strict=True)]

    def _drop_other_words(self) -> None:
        tokens = self.tokens
        for i, form in enumerate(tokens.form):
            if form in _NOT_AS_WRITTEN and any(
                mark in tokens.text[tokens.start[i] : tokens.end[i]] for mark in _NOT_AS_WRITTEN[form]
            ):
                self.infos[i] = None

    # Which of the names are places

    def _accepted(self, names: list[Name]) -> list[Name]:
        accepted = [self._alone(name) for name in names]
        changed = True
        while changed and not all(accepted):
            changed = False
            for n in range(len(names)):
                if not accepted[n] and self._supported(n, names, accepted):
                    accepted[n] = changed = True
        return [name for name, yes in zip(names, accepted, strict=True) if yes]

    def _at_home(self, accepted: list[list[Name]]) -> list[list[Name]]:
        """Without little known names of countries the text is not about, where no word makes them places."""
        places = self.reader.places
        sure: set[str] = set()
        count = 0
        doubtful = False
        for names in accepted:
            for name in names:
                if not name.rows:
                    doubtful = True
                    continue
                known = places(name.rows)
                if known.weight >= RATHER_SURE or (len(known.countries) == 1 and name.before.places):
                    sure.add(known.country)
                    count += 1
                else:
                    doubtful = True
        if count < _ENOUGH or not doubtful:
            return accepted
        return [
            [name for name in names if name.before.places or name.follows or not name.rows
             or places(name.rows).weight >= RATHER_SURE or not sure.isdisjoint(places(name.rows).countries)]
            for names in accepted
        ]  # fmt: skip

    def _alone(self, name: Name) -> bool:
        """A place by its own name or by its cue."""
        if name.before.cue is not None:
            return True
        return name.strong and not name.before.person

    def _supported(self, n: int, names: list[Name], accepted: list[bool]) -> bool:
        """A place because it stands in a list of places, or is placed by a preposition near one."""
        name = names[n]
        if name.before.person:
            return False
        listed = [names[m] for m in (n - 1,) if m >= 0 and accepted[m] and name.follows]
        listed += [names[m] for m in (n + 1,) if m < len(names) and accepted[m] and names[m].follows]
        for other in listed:
            cued = other.before.cue is not None
            if cued and not name.ordinary:
                return True
            if (cued or not name.ordinary or name.lead.weight >= RATHER_KNOWN) and self._near(name, other):
                return True
        if (name.ordinary and name.lead.weight < WELL_KNOWN) or not name.before.places:
            return False
        return any(self._near(name, other) for other, yes in zip(names, accepted, strict=True) if yes)

    def _near(self, name: Name, other: Name) -> bool:
        place = self.reader.gazetteer.place
        for row in name.rows[:MOST_NAMESAKES]:
            a = place(row)
            for other_row in other.rows[:MOST_NAMESAKES]:
                b = place(other_row)
                reach = NEAR_KM + b.radius_km if b.kind in AREAS else NEAR_KM
                if abs(a.lat - b.lat) * 111 < reach and abs(a.lon - b.lon) * 91 < reach:
                    return True
        return False

    # Mentions

    def _mention(self, span: Span) -> PlaceMention:
        tokens = self.tokens
        start = _after_letters(tokens, span.first, span.letters)
        return PlaceMention(
            first=span.first,
            last=span.last,
            start=start,
            end=tokens.end[span.last],
            relation=span.relation,
            cue=span.cue.word if span.cue else None,
            area=span.area or (bool(span.rows) and self.reader.places(span.rows).areas),
            candidates=span.rows,
            within=span.within,
            role_hint=None,
        )


def _after_letters(tokens: Tokens, i: int, letters: int) -> int:
    """The offset in the text after so many letters of token `i`."""
    start, text = tokens.start[i], tokens.text
    end = tokens.end[i]
    while letters and start < end:
        start += 1
        while start < end and text[start] in _SILENT:
            start += 1
        letters -= 1
    return start
