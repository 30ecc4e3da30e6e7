"""Places as words: which words name a place, and how the text stands to it.

First all names of the gazetteer are found, longest first. What stands before a name (a cue such as بلدة, a
direction, a preposition, a group or a person's name) decides whether it is a place here; ordinary words that are also
names need a cue, and hamlets need a cue or a neighbour. Then areas (ريف حلب الشمالي، الحدود السورية العراقية) are put
together, and each mention is told whether it lies within another, and whether it is more than the event's place.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, final

from sijill.arabic.fold import MARKS, TATWEEL
from sijill.arabic.words import Tokens
from sijill.gazetteer import Gazetteer
from sijill.mentions.place_accept import Acceptor
from sijill.mentions.place_areas import AreaFinder, Span
from sijill.mentions.place_names import NameFinder
from sijill.mentions.place_roles import role_hints
from sijill.mentions.place_words import WordInfo, WordReader
from sijill.model import Relation

_SILENT: Final = set(MARKS.replace("-", "")) | {TATWEEL}
_NOT_AS_WRITTEN: Final = {"وادي": "أى", "اب": "أآ", "وان": "أإآ"}
"""Words that folding makes into a place's: with these letters they are no place (وأدى، أب، آب، وأن)."""


@final
class PlaceMention:
    """A place named in a text. See the fields' notes for what the span holds."""

    __slots__ = (
        "area",
        "candidates",
        "cue",
        "end",
        "first",
        "last",
        "listed",
        "relation",
        "role_hint",
        "start",
        "within",
    )

    def __init__(
        self,
        first: int,
        last: int,
        start: int,
        end: int,
        relation: Relation,
        cue: str | None,
        area: bool,
        candidates: tuple[int, ...],
        within: int | None,
        role_hint: str | None,
        listed: bool = False,
    ) -> None:
        self.first = first
        """First token of the name alone, without "بلدة" and without "شرق"."""
        self.last = last
        """Last token of the name."""
        self.start = start
        """Offset of the name in the text, after proclitics, with its article."""
        self.end = end
        self.relation = relation
        self.cue = cue
        """The cue word before it, folded, singular."""
        self.area = area
        """A governorate, a region, a countryside, or larger."""
        self.candidates = candidates
        """Rows of the gazetteer; empty where the cue alone makes it a place."""
        self.within = within
        """Index of the mention it is said to lie in or near; that one is context, not the event's place."""
        self.role_hint = role_hint
        """'origin', 'hospital', 'speaker', 'party', or None."""
        self.listed = listed
        """It stands in a list, right after the mention before it."""


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
        self.infos: list[WordInfo | None] = list(map(reader.infos.__getitem__, tokens.form))
        self.blocked = {i for first, last in taken if not self._facility(first) for i in range(first, last + 1)}
        if not _NOT_AS_WRITTEN.keys().isdisjoint(tokens.form):
            self._drop_other_words()

    def run(self) -> list[PlaceMention]:
        spans: list[Span] = []
        finder = NameFinder(self.tokens, self.infos, self.blocked, self.reader)
        areas = AreaFinder(self.tokens, self.infos, self.reader)
        found = [finder.names(first, past) for first, past in self.sentences]
        accepted = Acceptor(self.tokens, self.reader).accepted(found)
        for (first, past), names in zip(self.sentences, accepted, strict=True):
            spans += areas.build(names, first, past, len(spans))
        hints = role_hints(self.tokens, self.infos, spans, self.reader)
        return [self._mention(span, hint) for span, hint in zip(spans, hints, strict=True)]

    def _facility(self, i: int) -> bool:
        """Whether a party's name begins with a noun that makes it a place all the same (قاعدة حميميم)."""
        info = self.infos[i]
        return info is not None and info.cue is not None and info.cue.kept and not (info.article or info.cue.area)

    def _drop_other_words(self) -> None:
        tokens = self.tokens
        for i, form in enumerate(tokens.form):
            if form in _NOT_AS_WRITTEN and any(
                mark in tokens.text[tokens.start[i] : tokens.end[i]] for mark in _NOT_AS_WRITTEN[form]
            ):
                self.infos[i] = None

    # Mentions

    def _mention(self, span: Span, hint: str | None) -> PlaceMention:
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
            role_hint=hint,
            listed=span.follows,
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
