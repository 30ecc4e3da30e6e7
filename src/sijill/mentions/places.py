"""Places as words: which words name a place, and how the text stands to it.

First all names of the gazetteer are found, longest first. What stands before a name (a cue such as بلدة, a direction,
a preposition, a group or a person's name) decides whether it is a place here; ordinary words that are also names need
a cue, and hamlets need a cue or a neighbour. Then areas (ريف حلب الشمالي، الحدود السورية العراقية) are put together, and
each mention is told whether it lies within another, and whether it is more than the event's place.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from sijill.arabic.fold import MARKS, TATWEEL
from sijill.arabic.words import Kind, Tokens, cuts
from sijill.gazetteer import Gazetteer, PlaceKind
from sijill.gazetteer.names import MAX_WORDS, bare
from sijill.gazetteer.place import AREAS
from sijill.mentions.place_areas import AreaFinder, Span
from sijill.mentions.place_before import Before, look_before
from sijill.mentions.place_roles import role_hints
from sijill.mentions.place_words import Cue, Lead, WordInfo, WordReader
from sijill.model import Relation

STRONG = 0.3
"""A place of at least this weight is taken without a cue where its name is no ordinary word."""
NEAR_KM = 60.0
"""A hamlet named without a cue is taken where a place this near is named too."""
_SILENT = set(MARKS.replace("-", "")) | {TATWEEL}
_NOT_AS_WRITTEN = {"وادي": "أى", "اب": "أ", "الي": "إى", "علي": "ى"}
"""Words that folding makes into a place's: with these letters they are no place (وأدى، أب، إلى)."""
_SEPARATORS = frozenset("،,؛/-–—\"“”«»'()")
_QUOTES = frozenset("\"“”«»'([")


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


class _Name(NamedTuple):
    """A name found, before it is known to be a place."""

    first: int
    last: int
    lead: Lead
    rows: tuple[int, ...]
    weight: float
    before: Before
    strong: bool
    ordinary: bool
    """Its name is an ordinary word or a person's name."""
    follows: bool
    """It stands in a list right after the name before it."""


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
        info = reader.info
        word = Kind.WORD
        self.infos: list[WordInfo | None] = [
            info(form) if kind is word else None for form, kind in zip(tokens.form, tokens.kind, strict=True)
        ]
        for i, form in enumerate(tokens.form):
            if form in _NOT_AS_WRITTEN and any(
                mark in tokens.text[tokens.start[i] : tokens.end[i]] for mark in _NOT_AS_WRITTEN[form]
            ):
                self.infos[i] = None

    def run(self) -> list[PlaceMention]:
        spans: list[Span] = []
        areas = AreaFinder(self.tokens, self.infos, self.reader)
        for first, past in self.sentences:
            names = self._names(first, past)
            spans += areas.build(self._accepted(names), first, past, len(spans))
        mentions = [self._mention(span) for span in spans]
        hints = role_hints(self.tokens, self.infos, spans, self.reader.gazetteer)
        return [mention._replace(role_hint=hint) for mention, hint in zip(mentions, hints, strict=True)]

    # Names

    def _names(self, first: int, past: int) -> list[_Name]:
        found: list[_Name] = []
        i = first
        while i < past:
            info = self.infos[i]
            if info is None or i in self.blocked:
                i += 1
                continue
            name = self._name_at(i, past, info, found[-1] if found else None) if info.names else None
            if name is None and info.cue and info.cue.opens and not info.anaphor:
                name = self._unlisted(i, past, found[-1] if found else None)
            if name is None:
                i += 1
                continue
            found.append(name)
            i = name.last + 1
        return found

    def _name_at(self, i: int, past: int, info: WordInfo, previous: _Name | None) -> _Name | None:
        lead, last, rows = self._longest(i, past, info)
        if lead is None or not rows:
            return None
        before = look_before(self.tokens, self.infos, i, lead.letters)
        if last == i and info.cue and (before.cue is None or self._cue_leads_on(i, past)):
            return None
        if last == i and self.tokens.form[i] in self.reader.words.heads and self._goes_on(i, past):
            return None
        place = self.reader.gazetteer.place
        weight = max(place(row).weight for row in rows)
        ordinary = self._ordinary(i, last, lead, weight)
        follows = previous is not None and self._lists(previous.last, i, lead.letters)
        if before.blocks and before.cue is None:
            return None
        strong = not ordinary and (weight >= STRONG or last > i)
        return _Name(i, last, lead, rows, weight, before, strong, ordinary, follows)

    def _longest(self, i: int, past: int, info: WordInfo) -> tuple[Lead | None, int, tuple[int, ...]]:
        best: tuple[Lead | None, int, tuple[int, ...]] = (None, i, ())
        for lead in info.names:
            if lead.matches and best[0] is None:
                agreeing = [match.row for match in lead.matches if match.article == lead.article]
                best = (lead, i, tuple(agreeing or [match.row for match in lead.matches]))
            if not lead.longer:
                continue
            key, j = lead.key, i
            while j + 1 < past and j - i < MAX_WORDS:
                j = self._next_word(j + 1, past)
                if j < 0 or j in self.blocked:
                    break
                key = f"{key} {bare(self.tokens.form[j])[0]}"
                matches, longer = self.reader.lookup(key)
                if matches and j > best[1]:
                    best = (lead, j, tuple(match.row for match in matches))
                if not longer:
                    break
        lead = best[0]
        if lead is not None and best[1] == i and not any(match.article == lead.article for match in lead.matches):
            # Another article than the name has: the plain word rather (باب is not الباب) unless a cue says otherwise.
            cue = look_before(self.tokens, self.infos, i, lead.letters).cue
            if cue is None:
                return None, i, ()
        return best

    def _next_word(self, j: int, past: int) -> int:
        """The word at or, across one hyphen, after `j`; -1 where none follows."""
        tokens = self.tokens
        if tokens.kind[j] is Kind.PUNCT and tokens.form[j] in "-–" and j + 1 < past:
            j += 1
        return j if tokens.kind[j] in (Kind.WORD, Kind.NUMBER, Kind.LATIN) else -1

    def _goes_on(self, i: int, past: int) -> bool:
        """Whether the first word of a compound name (عين، الشيخ) is followed by what may be its second."""
        if i + 1 >= past or self.tokens.kind[i + 1] is not Kind.WORD:
            return False
        return self._can_name(i + 1) or bool(self.infos[i + 1] and self.tokens.form[i + 1] in self.reader.words.given)

    def _cue_leads_on(self, i: int, past: int) -> bool:
        """Whether a word that is both cue and name (جسر، تل) is followed by a name of its own."""
        if i + 1 >= past:
            return False
        info = self.infos[i + 1]
        return bool(info and any(lead.matches and not lead.letters for lead in info.names))

    def _ordinary(self, first: int, last: int, lead: Lead, weight: float) -> bool:
        infos, forms = self.infos, self.tokens.form
        words = self.reader.words
        if first == last:
            whole = ("ال" if lead.article else "") + lead.key
            info = infos[first]
            return (
                whole in words.common
                or forms[first] in words.common
                or whole in words.not_names
                or (whole in words.given and weight < 0.5)
                or (info is not None and bool(info.sense or info.relation or info.direction) and weight < 0.9)
                or len(lead.key) < 3
            )
        if weight >= 0.45:
            return False
        personal = words.given | words.titles
        return all(form in personal or form in words.common for form in forms[first : last + 1])

    def _lists(self, before: int, i: int, letters: str) -> bool:
        """Whether only marks of a list stand between two names."""
        parted = letters == "و"
        for j in range(before + 1, i):
            form = self.tokens.form[j]
            if form in _SEPARATORS:
                parted = parted or form in "،,/-–—"
            elif form in ("و", "او", "ثم", "كذلك"):
                parted = True
            elif not (self.infos[j] and self._only_cue(j)):
                return False
            else:
                parted = parted or self.tokens.form[j].startswith("و")
        return parted

    def _only_cue(self, j: int) -> bool:
        info = self.infos[j]
        return info is not None and info.cue is not None and not info.article and info.lead in ("", "و")

    def _unlisted(self, cue_at: int, past: int, previous: _Name | None) -> _Name | None:
        """A name that the gazetteer lacks, right after a cue that makes it a place."""
        tokens, infos = self.tokens, self.infos
        info = infos[cue_at]
        if info is None or info.article or info.cue is None:
            return None
        i = cue_at + 1
        while i < past and tokens.form[i] in _QUOTES:
            i += 1
        if i >= past or tokens.kind[i] is not Kind.WORD or i in self.blocked:
            return None
        quoted = tokens.form[i - 1] in _QUOTES
        heads, trailers = self.reader.words.heads, self.reader.words.trailers
        word = infos[i]
        if word is not None and word.names:
            lead, known_to, rows = self._longest(i, past, word)
            if lead is not None and rows and (known_to > i or tokens.form[i] not in heads):
                return None
        compound = tokens.form[i] in heads and self._goes_on(i, past)
        if not compound and not (self._can_name(i) and (quoted or self._fits(info.cue, tokens.form[i]))):
            return None
        last = i
        form = tokens.form[i]
        while last + 1 < past and tokens.kind[last + 1] is Kind.WORD and last - i < 3:
            after = tokens.form[last + 1]
            joined = (form in heads and self._goes_on(last, past)) or tokens.text[tokens.end[last]] == "_"
            if not (joined or (quoted and self._can_name(last + 1)) or after in trailers):
                break
            last, form = last + 1, after
        lead = Lead("", " ".join(bare(f)[0] for f in tokens.form[i : last + 1]), False, [], False)
        before = look_before(tokens, infos, i, "")
        follows = previous is not None and self._lists(previous.last, i, "")
        return _Name(i, last, lead, (), 0.0, before, False, False, follows)

    def _fits(self, cue: Cue, form: str) -> bool:
        """Whether a word unknown to the gazetteer may be a name after this cue, not its adjective or a verb."""
        if form.startswith("ال"):
            return True
        if cue.many and (cue.kept or not cue.kinds):
            return False
        if cue.kept or not cue.kinds:
            return form[0] not in "يتن" and not form.endswith(("ه", "يا"))
        return True

    def _can_name(self, i: int) -> bool:
        """Whether a word may be (part of) a name at all: no function word, no ordinary word, no clitic on one."""
        info, form = self.infos[i], self.tokens.form[i]
        words = self.reader.words
        if len(form) < 3 or form in words.not_names or form in words.common:
            return False
        if info is not None and (
            info.cue or info.sense or info.relation or info.adjective or info.demonym or info.speech or info.group
        ):
            return False
        for cut in cuts(form):
            plain = "ال" + cut.core if cut.article else cut.core
            if (cut.lead or cut.tail) and not (cut.lead and cut.tail) and plain in words.ordinary:
                return False
            if cut.lead and cut.article:
                return False
        return not (form.endswith("ا") and form[:-1] in words.common)

    # Which of the names are places

    def _accepted(self, names: list[_Name]) -> list[_Name]:
        accepted = [self._alone(name) for name in names]
        changed = True
        while changed and not all(accepted):
            changed = False
            for n, name in enumerate(names):
                if not accepted[n] and self._supported(n, names, accepted):
                    accepted[n] = changed = True
        return [name for name, yes in zip(names, accepted, strict=True) if yes]

    def _alone(self, name: _Name) -> bool:
        """A place by its own name or by its cue."""
        if name.before.cue is not None:
            return True
        return name.strong and not name.before.person

    def _supported(self, n: int, names: list[_Name], accepted: list[bool]) -> bool:
        """A place because it stands in a list of places, or is placed by a preposition near one."""
        name = names[n]
        if name.before.person:
            return False
        listed = [names[m] for m in (n - 1,) if m >= 0 and accepted[m] and name.follows]
        listed += [names[m] for m in (n + 1,) if m < len(names) and accepted[m] and names[m].follows]
        if any(self._near(name, other) or (other.before.cue and not name.ordinary) for other in listed):
            return True
        if name.ordinary or not name.before.places:
            return False
        return any(self._near(name, other) for other, yes in zip(names, accepted, strict=True) if yes)

    def _near(self, name: _Name, other: _Name) -> bool:
        place = self.reader.gazetteer.place
        for row in name.rows[:12]:
            a = place(row)
            for other_row in other.rows[:12]:
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
            area=span.area or self._is_area(span),
            candidates=span.rows,
            within=span.within,
            role_hint=None,
        )

    def _is_area(self, span: Span) -> bool:
        place = self.reader.gazetteer.place
        kinds = {place(row).kind for row in span.rows}
        return bool(kinds) and kinds <= AREAS | {PlaceKind.RIVER, PlaceKind.ROAD}


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
