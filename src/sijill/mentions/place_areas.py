"""Areas, and places that lie within others: from accepted names to the spans of mentions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final, final

from sijill.arabic.words import Kind, Tokens
from sijill.gazetteer import Entry, Gazetteer, PlaceKind
from sijill.gazetteer.place import AREAS, SETTLEMENTS
from sijill.mentions.place_names import Name
from sijill.mentions.place_words import DIRECTIONS, Cue, Lead, WordInfo, WordReader
from sijill.model import Relation

_BRACKETS: Final = frozenset('()[]"“”«»،,-–—/:')


@final
class Span:
    """A mention in the making. `letters` is how many letters of the first token are proclitics."""

    __slots__ = (
        "area",
        "at",
        "cue",
        "first",
        "follows",
        "last",
        "letters",
        "placed",
        "relation",
        "rows",
        "sense",
        "sense_at",
        "within",
    )

    def __init__(
        self,
        first: int,
        last: int,
        letters: int,
        relation: Relation,
        cue: Cue | None,
        area: bool,
        rows: tuple[int, ...],
        at: int,
        sense: str | None = None,
        sense_at: int = -1,
        placed: bool = False,
        follows: bool = False,
        within: int | None = None,
    ) -> None:
        self.first = first
        self.last = last
        self.letters = letters
        self.relation = relation
        self.cue = cue
        self.area = area
        self.rows = rows
        self.at = at
        """First token of the words before it that belong to it."""
        self.sense = sense
        self.sense_at = sense_at
        self.placed = placed
        """A direction or nearness stands before it."""
        self.follows = follows
        self.within = within


class AreaFinder:
    """Builds the mentions of one text, sentence by sentence."""

    def __init__(self, tokens: Tokens, infos: list[WordInfo | None], reader: WordReader) -> None:
        self.tokens = tokens
        self.infos = infos
        self.reader = reader
        self.gazetteer: Gazetteer = reader.gazetteer
        self.opening = [i for i, info in enumerate(infos) if info is not None and info.areal]

    def build(self, names: Sequence[Name], first: int, past: int, base: int) -> list[Span]:
        """The mentions of a sentence in order; `base` is how many mentions stand before it in the text."""
        spans: list[Span] = []
        for name in names:
            span = self._span(name, spans[-1] if spans and name.follows else None, past)
            spans.append(span)
        opening = self.opening[bisect_left(self.opening, first) : bisect_left(self.opening, past)]
        taken = {i for span in spans for i in range(span.first, span.last + 1)} if opening else set()
        for i in opening:
            info = self.infos[i]
            if info is None or i in taken:
                continue
            area = self._area_at(i, past, info, spans)
            if area is not None:
                spans = [span for span in spans if span.first > area.last or span.last < area.first]
                spans.append(area)
                taken.update(range(area.first, area.last + 1))
        spans.sort(key=lambda span: span.first)
        self._nest(spans, base)
        return spans

    # Names with their areas

    def _span(self, name: Name, before_it: Span | None, past: int) -> Span:
        before = name.before
        cue = before.cue
        span = Span(
            first=name.first, last=name.last, letters=_cut_letters(name.lead), relation=before.relation, cue=cue,
            area=False, rows=name.rows, at=before.at, sense=before.sense, sense_at=before.sense_at,
            placed=before.relation not in ("in", "between"), follows=name.follows,
        )  # fmt: skip
        if before_it is not None and cue is None:
            span.cue = cue = before_it.cue
            if before.relation == "in" and before.sense is None and not before_it.area:
                span.relation = before_it.relation
            span.area = before_it.area and cue is not None
        if cue is None and before.direction_at >= 0 and self._wide(name.rows):
            info = self.infos[before.direction_at]
            span.first, span.letters = before.direction_at, len(info.lead) if info else 0
            span.area, span.placed = True, False
        elif cue is not None and before.cue is not None and cue.kept:
            at = self._cue_token(name.first)
            info = self.infos[at]
            span.first, span.letters = at, len(info.lead) if info else 0
            span.area = cue.area
        if cue is not None and cue.word in ("ريف", "باديه"):
            span.area = True
            if before.relation == "in" or before_it is not None:
                self._adjectives(span, past)
        return span

    def _cue_token(self, i: int) -> int:
        j = i - 1
        while self.tokens.kind[j] is not Kind.WORD:
            j -= 1
        return j

    def _wide(self, rows: tuple[int, ...]) -> bool:
        return bool(rows) and self.reader.places(rows).wide

    def _adjectives(self, span: Span, past: int) -> None:
        """Take in "الشمالي", "الشمالي الغربي", "الشمالي والغربي" after the span."""
        j = span.last + 1
        if j < past and self.tokens.kind[j] is Kind.PUNCT and self.tokens.form[j] in '"”»' and j + 1 < past:
            j += 1
        first = self.infos[j] if j < past else None
        if first is None or not first.adjective or first.lead:
            return
        span.relation, span.last = _relation(first.adjective), j
        second = self.infos[j + 1] if j + 1 < past else None
        if second is not None and second.adjective:
            if second.lead == "و":
                span.last = j + 1
            elif not second.lead and first.adjective + second.adjective in DIRECTIONS:
                span.relation, span.last = _relation(first.adjective + second.adjective), j + 1

    # Areas without a name of their own

    def _area_at(self, i: int, past: int, info: WordInfo, spans: list[Span]) -> Span | None:
        if info.cue is not None and info.cue.word == "ريف":
            return self._countryside(i, past, info, spans)
        if info.area_noun and (info.article or info.direction or info.form.endswith("حدود")):
            found = self._of_country(i, past, info) or self._border(i, past, info, spans)
            if found is not None:
                return found
        if info.cue is not None and info.cue.word == "منطقه" and info.article:
            return self._zone(i, past, info, spans)
        if info.cue is not None and info.cue.word == "عاصمه" and info.article and not info.cue.many:
            return self._capital(i, past, info, spans)
        if info.again:
            return self._again(i, past, info, spans)
        if info.direction and not info.article and i + 1 < past and self.tokens.form[i + 1] == "البلاد":
            before = self.infos[i - 1] if i else None
            if before is not None and before.direction and not before.article and not info.lead:
                joined = before.direction + info.direction
                if joined in DIRECTIONS:
                    return self._make(i - 1, i + 1, before, (), _relation(joined))
            return self._make(i, i + 1, info, (), _relation(info.direction))
        return None

    def _make(self, first: int, last: int, info: WordInfo, rows: tuple[int, ...], relation: Relation) -> Span:
        sense = {"ب": "in", "وب": "in", "ل": "of"}.get(info.lead)
        letters = len(info.lead) + (info.article and info.lead.endswith("ل"))
        span = Span(first, last, letters, relation, info.cue, True, rows, first, sense)
        before = self.infos[first - 1] if first else None
        if not info.lead and before is not None and before.sense:
            span.sense, span.sense_at = before.sense, first - 1
        return span

    def _countryside(self, i: int, past: int, info: WordInfo, spans: list[Span]) -> Span | None:
        """ "الريف الشمالي (لحلب)", "ريفها الشرقي", "ريف المدينة"."""
        span = self._make(i, i, info, (), "in")
        if info.article or info.anaphor:
            self._adjectives(span, past)
            if span.last == i and not info.anaphor:
                return None
        elif i + 1 < past and self.infos[i + 1] is not None:
            after = self.infos[i + 1]
            if after is None or after.cue is None or not after.article:
                return None
            span.last = i + 1
            self._adjectives(span, past)
        following = next((other for other in spans if other.first == span.last + 1), None)
        if following is not None and following.sense == "of":
            span.rows = following.rows
        return span

    def _of_country(self, i: int, past: int, info: WordInfo) -> Span | None:
        """ "الشمال السوري", "الأراضي السورية", "الحدود السورية - العراقية"."""
        relation: Relation = _relation(info.direction) if info.direction else "in"
        rows: list[int] = []
        last, j = i, i + 1
        while j < past and len(rows) < 2:
            after = self.infos[j]
            if after is not None and info.direction and after.adjective and last == i and not after.lead:
                relation = _relation(info.direction + after.adjective)
            elif after is not None and after.demonym and after.article and not after.lead:
                entry = self.gazetteer.by_id("country:" + after.demonym.lower())
                if entry is None:
                    break
                rows.append(entry.row)
                last = j
            elif not (rows and self.tokens.form[j] in "-–/"):
                break
            j += 1
        if not rows:
            return None
        if len(rows) == 2:
            if not info.form.endswith(("حدود", "شريط")):
                rows, last = rows[:1], i + 1
            else:
                relation = "between"
        return self._make(i, last, info, tuple(rows), relation)

    def _border(self, i: int, past: int, info: WordInfo, spans: list[Span]) -> Span | None:
        """ "الحدود بين سوريا والعراق", "الحدود مع تركيا", "حدود قطاع غزة"."""
        if not info.form.endswith("حدود"):
            return None
        j = i + 1
        word = self.tokens.form[j] if j < past else ""
        if word in ("بين", "مع"):
            j += 1
        elif word == "الاداريه":
            return None
        inner = [span for span in spans if span.first >= j]
        if not inner or inner[0].at > j:
            return None
        ends = inner[:2] if word == "بين" and len(inner) > 1 and inner[1].follows else inner[:1]
        if not any(self.gazetteer.place(row).kind in AREAS for row in ends[0].rows):
            return None
        return self._make(i, ends[-1].last, info, self._ends(ends), "between" if len(ends) == 2 else "near")

    def _ends(self, ends: list[Span]) -> tuple[int, ...]:
        """The rows of a border: all candidates of its one side, or the best known of each of two."""
        if len(ends) == 1:
            return ends[0].rows
        return tuple(max(span.rows, key=lambda row: self.gazetteer.place(row).weight) for span in ends if span.rows)

    def _zone(self, i: int, past: int, info: WordInfo, spans: list[Span]) -> Span | None:
        """ "المنطقة الشرقية", "المناطق الساحلية", "المناطق الحدودية بين سوريا والعراق"."""
        after = self.infos[i + 1] if i + 1 < past else None
        form = self.tokens.form[i + 1] if i + 1 < past else ""
        if form == "الحدوديه":
            inner = [span for span in spans if span.first > i + 1]
            word = self.tokens.form[i + 2] if i + 2 < past else ""
            if word in ("بين", "مع") and inner and inner[0].at <= i + 3:
                ends = inner[:2] if word == "بين" and len(inner) > 1 and inner[1].follows else inner[:1]
                relation: Relation = "between" if len(ends) == 2 else "near"
                return self._make(i, ends[-1].last, info, self._ends(ends), relation)
            return None
        if form == "الساحليه":
            return self._make(i, i + 1, info, (), "in")
        if after is None or not after.adjective or after.lead:
            return None
        span = self._make(i, i + 1, info, (), _relation(after.adjective))
        following = next((other for other in spans if other.first == i + 2), None)
        if following is not None and following.sense == "of":
            span.rows = following.rows
        return span

    def _capital(self, i: int, past: int, info: WordInfo, spans: list[Span]) -> Span | None:
        """ "العاصمة الصومالية", "في العاصمة", unless its name follows."""
        last = i
        rows: tuple[int, ...] = ()
        after = self.infos[i + 1] if i + 1 < past else None
        described = i + 1 < past and self.tokens.form[i + 1].startswith("ال")
        if after is not None and after.demonym and after.article and not after.lead:
            entry = self.gazetteer.by_id(self.reader.words.capitals.get(after.demonym, ""))
            last, rows = i + 1, (entry.row,) if entry is not None else ()
        span = self._make(i, last, info, rows, "in")
        named = any(other.first == last + 1 for other in spans)
        if named or (not rows and (described or span.sense not in ("in", "to", "from", "on"))):
            return None  # "العاصمة الاقتصادية" is another town.
        span.area = False
        return span

    def _again(self, i: int, past: int, info: WordInfo, spans: list[Span]) -> Span | None:
        """ "في المطار", "شرق القطاع": a place named before, where a word makes it one and no name follows."""
        span = self._make(i, i, info, (), "in")
        span.area = False
        before = self.infos[i - 1] if i else None
        if not info.lead and before is not None and (before.direction or before.relation) and not before.anaphor:
            span.relation = _relation(before.direction) if before.direction else before.relation or "in"
            span.at, span.placed = i - 1, True
        placed = span.placed or (before is not None and before.placer)
        if not placed and span.sense not in ("in", "to", "from", "on"):
            return None
        described = i + 1 < past and self.tokens.form[i + 1].startswith("ال")
        return None if described or any(other.first == i + 1 for other in spans) else span

    # What lies within what

    def _nest(self, spans: list[Span], base: int) -> None:
        holding: set[int] = set()
        opened: set[int] = set()
        for n in range(len(spans) - 1):
            inner, outer = spans[n], spans[n + 1]
            if outer.follows:
                if self._same(inner, outer):
                    outer.within = base + n
                elif n in opened and outer.within is None and outer.cue == inner.cue:
                    outer.within = inner.within
                    opened.add(n + 1)
                continue
            if self._same(inner, outer):
                outer.within = base + n
            elif self._holds(inner, outer):
                k = n
                while k >= 0 and (
                    k == n
                    or (spans[k + 1].follows and _are_two(spans[k], spans[k + 1]))
                    or (spans[k + 1].follows and self._may_hold(outer, spans[k], k in holding))
                ):
                    if spans[k].within is None:
                        spans[k].within = base + n + 1
                        holding.add(n + 1)
                    k -= 1
            elif self._opens(inner, outer) and outer.within is None:
                outer.within = base + n
                opened.add(n + 1)

    def _same(self, a: Span, b: Span) -> bool:
        """Two names of one place: "عين العرب (كوباني)"."""
        between = self.tokens.form[a.last + 1 : b.first]
        return bool(between) and between[0] in "([/أو" and bool(set(a.rows) & set(b.rows))

    def _holds(self, inner: Span, outer: Span) -> bool:
        """Whether the words right after the first name place it in or near the second."""
        gap_from = inner.last + 1
        while gap_from < outer.at and self.tokens.form[gap_from] in '"”»)]':
            gap_from += 1
        if outer.sense_at >= 0:
            gap_to, sense = outer.sense_at, outer.sense
        else:
            gap_to, sense = outer.at, outer.sense
        if gap_from + 1 == gap_to and self.tokens.form[gap_from] in "،,":
            if sense == "in" and self._wide_area(outer):
                return outer.relation == "in"  # "ربيعة، بريف اللاذقية"
            told = sense == "in" or outer.relation in DIRECTIONS
            return told and _is_part(inner) and self._is_town(outer)  # "سوق الخضار، وسط المدينة"
        if gap_from != gap_to:
            return False
        if outer.relation == "between" and not outer.area:
            return False
        if not inner.area and self._country(inner):
            return False  # "بقيادة السعودية في اليمن"
        if outer.placed:
            return True
        return sense in ("in", "of") or (sense == "from" and outer.area)

    def _country(self, span: Span) -> bool:
        return any(self.gazetteer.place(row).kind is PlaceKind.COUNTRY for row in span.rows[:40])

    def _wide_area(self, span: Span) -> bool:
        return span.area or (bool(span.rows) and all(self.gazetteer.place(row).kind in AREAS for row in span.rows[:12]))

    def _is_town(self, span: Span) -> bool:
        """Whether a span is a settlement, or stands for one named before (وسط المخيم)."""
        if span.area:
            return False
        if not span.rows:
            return span.first == span.last and span.cue is not None and span.cue.kinds <= SETTLEMENTS
        return any(self.gazetteer.place(row).kind in SETTLEMENTS for row in span.rows[:12])

    def _may_hold(self, outer: Span, listed: Span, holds: bool) -> bool:
        """Whether what holds the last of a list may hold one before: not in "باقم في صعدة وعاهم في حجة"."""
        if holds or listed.relation == "between":
            return False
        place = self.gazetteer.place
        holders = [place(row) for row in outer.rows[:12]]
        return not (listed.rows and holders) or any(
            inner.admin1_row == holder.row
            or (inner.country == holder.country and _apart_km(inner, holder) < holder.radius_km + 60)
            for inner in map(place, listed.rows[:40])
            for holder in holders
        )

    def _opens(self, outer: Span, inner: Span) -> bool:
        """Whether a wider place leads to a part of it: "مدينة حلب، حي الصاخور"."""
        part = _is_part(inner)
        between = self.tokens.form[outer.last + 1 : inner.at]
        if not between and inner.relation in ("near", "between") and inner.cue is not None:
            # "في مخيم كذا بين منطقتي كذا وكذا"
            return (part or not inner.cue.kinds) and outer.relation == "in" and self._is_town(outer)
        return part and len(between) <= 2 and all(mark in _BRACKETS for mark in between) and not outer.area


_SITES: Final = frozenset({PlaceKind.SITE, PlaceKind.NEIGHBOURHOOD})
_PARTS: Final = frozenset({PlaceKind.NEIGHBOURHOOD, PlaceKind.SITE, PlaceKind.TOWN, PlaceKind.CAMP, PlaceKind.ROAD})


def _is_part(span: Span) -> bool:
    """Whether the noun before a name may make it part of a town."""
    kinds = span.cue.kinds if span.cue is not None else frozenset()
    return bool(kinds) and (
        kinds <= _PARTS or (span.cue is not None and span.cue.kept and not kinds.isdisjoint(_SITES))
    )


def _are_two(a: Span, b: Span) -> bool:
    """Whether one noun in the dual tells of both: "قطاعي كذا وكذا بمدينة كذا" lie in one town."""
    return (
        a.cue is not None
        and a.cue is b.cue
        and a.cue.several
        and not a.cue.many
        and not (a.area or a.relation == "between")
    )


def _apart_km(a: Entry, b: Entry) -> float:
    return max(abs(a.lat - b.lat) * 111.0, abs(a.lon - b.lon) * 91.0)


def _cut_letters(lead: Lead) -> int:
    """How many letters stand before the name: of "لليمن" both, for the article's alef is written away."""
    elided = lead.article and lead.letters.endswith("ل")
    return len(lead.letters) + elided


def _relation(direction: str) -> Relation:
    return DIRECTIONS.get(direction, "in")
