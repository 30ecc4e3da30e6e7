"""Names of places in a sentence: where words of the gazetteer stand, and names it lacks after a cue."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final, final

from sijill.arabic.fold import fold
from sijill.arabic.words import Kind, Tokens, cuts
from sijill.gazetteer import Match, PlaceKind
from sijill.gazetteer.names import BARE, MAX_WORDS, bare
from sijill.gazetteer.outlines import distance_km
from sijill.mentions.place_before import Before, look_before
from sijill.mentions.place_lists import Item, ListReader, closing, opens_after, opens_quoted
from sijill.mentions.place_told import ToldNames
from sijill.mentions.place_words import (
    CAPITAL,
    MOST_NAMESAKES,
    RATHER_KNOWN,
    STRONG,
    TELLING,
    WELL_KNOWN,
    Cue,
    Lead,
    WordInfo,
    WordReader,
)

_SEPARATORS: Final = frozenset("،,؛/-–—\"“”«»'()")
_QUOTES: Final = frozenset("\"“”«»'([")
_SHORTEST_SECOND: Final = 6
_WIDEST_GAP: Final = 6
_FRAME_KM: Final = 30.0
"""Two known places no farther apart make places of the unknown names listed between them."""
_DASHES: Final = frozenset("-–—")
_SIDES: Final = frozenset({"شرقا", "غربا", "شمالا", "جنوبا"})
"""What may be said of a member of a list: مدينة كذا شرقا، وكذا جنوبا."""
_FAMILY: Final = "ال"
"""The folded آل: what follows is a family's name, whatever word that is."""
_INSIDE: Final = frozenset({"داخل", "خارج"})
"""Words that make a place of a state though its party was read with them (مواقع داخل سورية)."""
_JOINING: Final = frozenset({"و", "او", "ثم", "كذلك"})


@final
class Name:
    """A name found, before it is known to be a place."""

    __slots__ = (
        "before", "cue_headed", "first", "follows", "in_list", "last", "lead", "ordinary", "rows", "second", "strong",
    )  # fmt: skip

    def __init__(
        self,
        first: int,
        last: int,
        lead: Lead,
        rows: tuple[int, ...],
        before: Before,
        strong: bool,
        ordinary: bool,
        follows: bool,
        in_list: bool = False,
    ) -> None:
        self.first = first
        self.last = last
        self.lead = lead
        self.rows = rows
        self.before = before
        self.strong = strong
        """Well enough known to be taken without a cue."""
        self.ordinary = ordinary
        """Its name is an ordinary word or a person's name."""
        self.follows = follows
        """It stands in a list right after the name before it."""
        self.in_list = in_list
        """And that list was opened by a noun in the plural: قرى، أحياء."""
        self.second = False
        """It is the second of two after a noun in the dual: حيي كذا وكذا."""
        self.cue_headed = False
        """A cue is the first word of the name itself: جبل الشيخ، حي القادسية."""

    @property
    def in_open_list(self) -> bool:
        """Whether a list of settlements or quarters may go on after it: قرى كذا وكذا."""
        cue = self.before.cue
        return self.in_list or (cue is not None and cue.several and not cue.kept)


class NameFinder:
    """Finds the names of one text."""

    def __init__(self, tokens: Tokens, infos: list[WordInfo | None], blocked: set[int], reader: WordReader) -> None:
        self.tokens = tokens
        self.infos = infos
        self.blocked = blocked
        self.reader = reader
        self.enclosed = -1
        """The quotation mark that closes the list being read, where one opens it."""
        self.opening = [i for i, info in enumerate(infos) if info is not None and info.opens]

    def names(self, first: int, past: int) -> list[Name]:
        """The names from token `first` up to `past`, the longest at each place."""
        found: list[Name] = []
        infos, blocked = self.infos, self.blocked
        opening = self.opening
        after = first
        listing, list_at, pending = False, -1, -1
        self.enclosed = -1
        for i in opening[bisect_left(opening, first) : bisect_left(opening, past)]:
            info = infos[i]
            if 0 <= pending <= i:
                found += self._opened(pending, past)
                listing, list_at, pending = True, pending + (self.tokens.form[pending] in _QUOTES), -1
                after = max(after, found[-1].last + 1) if found else after
            if i < after or info is None or (i in blocked and not self._let_through(i, info)):
                continue
            if info.phrases and (skipped := self._phrase(i, past, info)):
                after = i + skipped
                continue
            if info.cue is not None and info.cue.several and self.enclosed < i:
                self.enclosed = opens_quoted(self.tokens, i + 1, past)
            previous = found[-1] if found else None
            best = info.best
            if best is None or (best.ordinary and not self._held(i, best)):
                may = bool(info.nexts) and self._goes_on_from(i, past, info)
            else:
                may = True
            name = self._name_at(i, past, info, previous) if may else None
            if name is None and info.cue is not None and info.cue.opens and not info.anaphor:
                name = self._unlisted(i, past, previous)
            if name is None and info.sites:
                name = self._site(i, past, info)
            opened = opens_after(self.tokens, i, past) if info.cue is not None and info.cue.several else -1
            if name is None and opened >= 0:
                pending = opened
            if name is not None:
                cue = name.before.cue
                in_list = (listing and name.follows) or name.first == list_at
                listing = in_list or (cue is not None and cue.several) or self._by_dashes(name, previous)
                name.in_list = in_list
                name.second = previous is not None and self._is_second(name, previous)
                found.append(name)
                if listing:
                    found += self._listed(name.last + 1, past) or self._second_of_two(name, past)
                after = found[-1].last + 1
        found += self._opened(pending, past)
        return self._joined_between(found, past)

    def _opened(self, at: int, past: int) -> list[Name]:
        """The names that a list begins with at token `at`, where one does (-1: none)."""
        if at < 0:
            return []
        self.enclosed = closing(self.tokens, at, past)
        return self._listed(at, past, opening=True)

    def _by_dashes(self, name: Name, previous: Name | None) -> bool:
        """Whether names are listed with dashes alone: "كذا-وكذا" in quotation marks, or the third of such a list."""
        forms, after = self.tokens.form, name.last + 1
        if after >= len(forms) or forms[after] not in _DASHES:
            return False
        if name.first > 0 and forms[name.first - 1] in _QUOTES:
            return True
        return name.follows and previous is not None and forms[name.first - 1] in _DASHES and previous.follows

    def _is_second(self, name: Name, previous: Name) -> bool:
        """Whether a name is the second of the two that a noun in the dual tells of: حيي كذا وكذا."""
        cue = previous.before.cue
        if cue is None or not cue.several or cue.many or not name.follows or name.before.cue is not None:
            return False
        between = [form for form in self.tokens.form[previous.last + 1 : name.first] if form not in _SEPARATORS]
        return (name.lead.letters == "و" and not between) or between == ["و"]

    def _second_of_two(self, name: Name, past: int) -> list[Name]:
        """The ordinary word that is the second name after a noun in the dual: حاجزي كذا والكهرباء."""
        cue, i = name.before.cue, name.last + 1
        if cue is None or not cue.several or cue.many or cue.area or i >= past or i in self.blocked:
            return []
        form, info, words = self.tokens.form[i], self.infos[i], self.reader.words
        if not form.startswith("وال") or len(form) < _SHORTEST_SECOND or form[3:] in words.not_names:
            return []
        if form[1:] in words.function_words or form[1:] in words.not_zones:
            return []
        if info is not None and (info.adjective or info.demonym or info.group or any(lead.rows for lead in info.names)):
            return []
        before = look_before(self.tokens, self.infos, i, "و")
        return [Name(i, i, Lead("و", bare(form[1:])[0], True), (), before, False, False, True, True)]

    def _goes_on_from(self, i: int, past: int, info: WordInfo) -> bool:
        """Whether the word after the one at `i` may be the second of a longer name: mostly it may not."""
        if i + 1 >= past:
            return False
        j = self._next_word(i + 1, past)
        return j > 0 and BARE[self.tokens.form[j]] in info.nexts

    def _let_through(self, i: int, info: WordInfo | None) -> bool:
        """Whether a party's word is a place here: a state or its capital after a preposition (في موسكو)."""
        if info is None:
            return False
        if info.cue is not None:
            return self._region_as_place(i, info)
        if not any(lead.weight >= CAPITAL and lead.agrees for lead in info.names):
            return False
        before = self.infos[i - 1] if i and (i - 1 not in self.blocked or self.tokens.form[i - 1] in _INSIDE) else None
        placing = before is not None and (
            before.sense in ("in", "to", "from", "via")
            or before.direction is not None
            or (before.cue is not None and PlaceKind.CITY in before.cue.kinds)
        )
        after = self.tokens.kind[i + 1] if i + 1 < len(self.tokens) else Kind.BREAK
        if after is Kind.NUMBER:
            return False  # "بقطر 55 كيلومترا" is no state.
        return placing or any(lead.letters == "ب" and lead.weight >= CAPITAL for lead in info.names)

    def _region_as_place(self, i: int, info: WordInfo) -> bool:
        """Whether a region that is also a party's name is a place here: في إقليم كردستان."""
        if info.cue is None or not (info.cue.area and info.cue.kept) or info.article:
            return False
        before = self.infos[i - 1] if i and i - 1 not in self.blocked else None
        return info.lead == "ب" or (before is not None and before.sense in ("in", "to", "from"))

    def _listed(self, i: int, past: int, *, opening: bool = False) -> list[Name]:
        """Names that the gazetteer lacks, in the list after "قرى" or "أحياء" that goes on at token `i`."""
        listed = self._named(self._lists_of().after(i, past, opening=opening))
        if opening and listed:
            listed[0].follows = False
        for name in listed:
            name.in_list = True
        return listed

    def _named(self, items: list[Item]) -> list[Name]:
        """The members of a list as names."""
        listed: list[Name] = []
        for item in items:
            words = [self.tokens.form[j] for j in range(item.first, item.last + 1)]
            words[0] = words[0].removeprefix(item.letters)
            lead = Lead(item.letters, " ".join(BARE[word] for word in words), words[0].startswith("ال"))
            before = look_before(self.tokens, self.infos, item.first, item.letters or "و")
            listed.append(Name(item.first, item.last, lead, (), before, False, False, True))
        return listed

    def _lists_of(self) -> ListReader:
        """Made anew and not kept: it knows this finder, and two that know each other are garbage."""
        words = self.reader.words
        return ListReader(self.tokens, self.infos, self.blocked, words, self._can_name, self._known_to, self.enclosed)

    def _known_to(self, i: int, past: int) -> int:
        """The last token of the longest known name at token `i`; -1 where there is none."""
        info = self.infos[i]
        lead, last, rows = self._longest(i, past, info) if info is not None and info.names else (None, -1, ())
        return last if lead is not None and rows and (last > i or lead.agrees) else -1

    def _joined_between(self, found: list[Name], past: int) -> list[Name]:
        """The names with the unknown ones listed between two known, near each other: "كذا وبابولين وكذا"."""
        names: list[Name] = found[:1]
        for name in found[1:]:
            before = names[-1]
            gap = name.first - before.last
            if not name.follows and 1 < gap <= _WIDEST_GAP and self._may_frame(names, name):
                between = self._named(self._lists_of().framed(before.last + 1, name.first))
                if between and self._lists(between[-1].last, name.first, name.lead.letters):
                    names += between
                    name.follows = True
            names.append(name)
        return names

    def _may_frame(self, names: list[Name], other: Name) -> bool:
        """Whether the last of some names and another are known places, no ordinary words, and of one neighbourhood.

        So they are if one of the list that the last stands in lies near the other.
        """
        one = names[-1]
        if one.ordinary or other.ordinary or not (one.rows and other.rows) or one.before.person:
            return False
        first = len(names) - 1
        while first > 0 and names[first].follows:
            first -= 1
        place = self.reader.gazetteer.place
        return any(
            distance_km(place(a).lat, place(a).lon, place(b).lat, place(b).lon) < _FRAME_KM
            for member in names[first:]
            for a in member.rows[:MOST_NAMESAKES]
            for b in other.rows[:MOST_NAMESAKES]
        )

    def _site(self, i: int, past: int, info: WordInfo) -> Name | None:
        """A place told by what it is: القصر الرئاسي."""
        forms = self.tokens.form
        count = next((len(site) for site in info.sites if tuple(forms[i + 1 : i + len(site)]) == site[1:]), 0)
        if not count or i + count > past:
            return None
        lead = Lead(info.site_letters, " ".join(BARE[form] for form in self.tokens.form[i : i + count]), True)
        before = look_before(self.tokens, self.infos, i, info.site_letters)
        return Name(i, i + count - 1, lead, (), before, False, False, False)

    def _phrase(self, i: int, past: int, info: WordInfo) -> int:
        """The length of a phrase that is no place, at token `i`; 0 where there is none."""
        forms = self.tokens.form
        if i + 1 >= past or BARE[forms[i + 1]] not in info.phrase_nexts:
            return 0
        for phrase in info.phrases:
            end = i + len(phrase)
            if end <= past and all(bare(forms[j])[0] == phrase[j - i] for j in range(i + 1, end)):
                return len(phrase)
        return 0

    def _name_at(self, i: int, past: int, info: WordInfo, previous: Name | None) -> Name | None:
        lead, last, rows = self._longest(i, past, info)
        if lead is None:
            return None
        single = last == i
        ordinary = lead.ordinary if single else self._personal(i, last, rows)
        if single and ordinary and not self._held(i, lead):
            return None
        if not single and info.cue is not None and self._cue_alone(i, last, info, rows):
            return None
        if lead.letters and self._after_cue(i):
            return None  # جبل لعوج is no mountain of عوج: after its noun a name stands whole.
        before = look_before(self.tokens, self.infos, i, lead.letters)
        cue = before.cue
        if cue is None and before.blocks:
            return None
        whole = self._whole(lead, before, i, previous) if single else ()
        if whole:
            follows = previous is not None and self._lists(previous.last, i, lead.letters)
            return Name(i, last, lead, whole, before, cue is None, False, follows)
        listed = previous is not None and previous.in_open_list and self._lists(previous.last, i, lead.letters)
        if single and not self._stands_alone(i, past, info, lead, cue, listed):
            return None
        taken = single and cue is not None and cue.any_word and (lead.article or info.given)
        if taken and cue is not None and not self._of_kind(rows, cue, ordinary):
            return Name(i, last, lead, (), before, False, ordinary, False)
        least = RATHER_KNOWN if lead.article else WELL_KNOWN
        if ordinary and cue is not None and lead.weight < least and not _names_settlement(cue, info):
            return None
        little = lead.weight < RATHER_KNOWN and info.cue is not None
        if single and cue is not None and little and not _names_settlement(cue, info):
            rows = ()  # "منطقة السوق" is not the hamlet of that name.
        if cue is not None and cue.elsewhere and not cue.many:
            place = self.reader.gazetteer.place
            rows = tuple(row for row in rows if place(row).kind in cue.kinds)  # "شارع صنعاء" lies in another town.
        if single and cue is not None and cue.kept and not cue.area and not self._of_kind(rows, cue, ordinary):
            # A facility called after a hamlet's namesake (مستشفى الملك، تلال رملية) is not that hamlet.
            if not (
                cue.opens and (lead.article or (not ordinary and self._can_name(i)) or self._is_quoted(cue, i, past))
            ):
                return None
            rows = ()
        follows = previous is not None and self._lists(previous.last, i, lead.letters)
        strong = not ordinary and (not single or (lead.weight >= STRONG and (lead.agrees or cue is not None)))
        name = Name(i, last, lead, rows, before, strong, ordinary, follows)
        name.cue_headed = not single and info.cue is not None and not info.article
        return name

    def _cue_alone(self, i: int, last: int, info: WordInfo, rows: tuple[int, ...]) -> bool:
        """Whether a little known name that begins with a cue (ناحية ربيعة) is rather that cue and a name of its own."""
        if info.cue is None or info.cue.kept or info.article:
            return False
        after = self.infos[i + 1]
        place = self.reader.gazetteer.place
        own = after is not None and any(lead.rows and not lead.letters for lead in after.names)
        if own and _is_quarter(info.cue):
            return not any(fold(place(row).name).startswith(info.form) for row in rows)  # حي القادسية: one of many.
        return own and not any(place(row).weight >= STRONG for row in rows)

    def _after_cue(self, i: int) -> bool:
        """Whether a noun that wants a name (جبل، بلدة) stands right before a token."""
        before = self.infos[i - 1] if i else None
        if before is None or before.cue is None:
            return False
        return not (before.article or before.anaphor or before.cue.many)

    def _whole(self, lead: Lead, before: Before, i: int, previous: Name | None) -> tuple[int, ...]:
        """The places that the gazetteer knows with the noun before the name: معبري نصيب والقنيطرة."""
        cue = before.cue or (previous.before.cue if previous is not None else None)
        if cue is None or not (cue.several and cue.kept) or cue.area:
            return ()
        if before.cue is None and not (previous is not None and self._lists(previous.last, i, lead.letters)):
            return ()
        matches, _ = self.reader.lookup(f"{bare(cue.word)[0]} {lead.key}")
        end = f" ال{lead.key}" if lead.article else f" {lead.key}"
        place = self.reader.gazetteer.place
        return tuple(
            match.row
            for match in matches
            if any(fold(name).endswith(end) for name in (place(match.row).name, *place(match.row).other_names))
        )

    def _of_kind(self, rows: tuple[int, ...], cue: Cue, ordinary: bool) -> bool:
        """Whether a place is of the cue's kind, or so well known that its facilities are called after it."""
        entries = [self.reader.gazetteer.place(row) for row in rows]
        if any(entry.kind in cue.kinds for entry in entries):
            return True
        return not ordinary and any(entry.weight >= STRONG for entry in entries)

    def _stands_alone(self, i: int, past: int, info: WordInfo, lead: Lead, cue: Cue | None, listed: bool) -> bool:
        """Whether a single word may be a name here: not a cue to the next word, nor the first half of a longer name."""
        form = self.tokens.form[i]
        village = cue is not None and lead.article and _names_settlement(cue, info)  # قرية الزر
        village = village or (listed and lead.article and lead.agrees)  # قرى كذا والتح
        if (len(lead.key) < 3 and lead.weight < CAPITAL and not village) or form in self.reader.words.function_words:
            return False
        if cue is None and not lead.agrees and (lead.ordinary or lead.letters != "و" or len(lead.key) < TELLING):
            return False  # باب is not الباب, unless a cue or a list says otherwise.
        quarter = listed and cue is None and lead.article and lead.agrees  # أحياء القدم والميدان
        if info.cue is not None and not info.anaphor and not quarter and (cue is None or self._cue_leads_on(i, past)):
            return False
        return not (form in self.reader.words.heads and self._goes_on(i, past))

    def _held(self, i: int, lead: Lead) -> bool:
        """Whether a cue, a list or (for a place well known) a preposition may hold an ordinary word as a name."""
        known = lead.weight >= WELL_KNOWN
        if lead.letters == "و" or (known and lead.letters):
            return True
        forms, infos = self.tokens.form, self.infos
        j = i - 1
        while j >= 0 and forms[j] in _QUOTES:
            j -= 1
        before = infos[j] if j >= 0 else None
        if known and forms[i + 1 : i + 2] == [":"] and (j < 0 or self.tokens.kind[j] is Kind.BREAK):
            return True  # The head of a digest's line.
        if known and before is not None and (before.sense or before.relation or before.direction):
            return True
        following = infos[i + 1] if i + 1 < len(infos) else None
        if following is not None and following.direction and before is not None and before.sense:
            return True
        if (before is not None and before.cue is not None) or (
            j >= 0 and (forms[j] in "،,/-–" or forms[j] in _JOINING)
        ):
            return True
        after = forms[i + 1] if i + 1 < len(forms) else ""
        return after in ("،", ",", "/", "-") or after.startswith("و")

    def _longest(self, i: int, past: int, info: WordInfo) -> tuple[Lead | None, int, tuple[int, ...]]:
        best: Lead | None = None
        last = i
        rows: tuple[int, ...] = ()
        form, lookup = self.tokens.form, self.reader.lookup
        for lead in info.names:
            if best is None and lead.rows:
                best, rows = lead, lead.rows
            if not lead.longer:
                continue
            key, j = lead.key, i
            while j + 1 < past and j - i < MAX_WORDS:
                j = self._next_word(j + 1, past)
                if j < 0 or (j in self.blocked and i not in self.blocked and not self._let_through(j, self.infos[j])):
                    break
                word = BARE[form[j]]
                if not word or (j == i + 1 and word not in info.nexts):
                    break
                key = f"{key} {word}"
                matches, longer = lookup(key)
                if matches and j > last and not self._loose_direction(j, lead, matches):
                    best, last, rows = lead, j, tuple(match.row for match in matches)
                if not longer:
                    break
        return best, last, rows

    def _loose_direction(self, j: int, lead: Lead, matches: list[Match]) -> bool:
        """Whether a match ends in "غربي" where the name has "الغربي": that word belongs to what follows."""
        form = self.tokens.form[j]
        if form not in self.reader.words.directions:
            return False
        place = self.reader.gazetteer.place
        return not any(
            fold(name).endswith(" " + form)
            for match in matches
            if match.article == lead.article
            for name in (place(match.row).name, *place(match.row).other_names)
        )

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
        if self.tokens.form[i] == _FAMILY:
            return self.tokens.form[i + 1] not in self.reader.words.not_names
        return self._can_name(i + 1) or bool(self.infos[i + 1] and self.tokens.form[i + 1] in self.reader.words.given)

    def _cue_leads_on(self, i: int, past: int) -> bool:
        """Whether a word that is both cue and name (جسر، تل) is followed by a name of its own."""
        info = self.infos[i + 1] if i + 1 < past else None
        if info is None or info.direction or info.adjective:
            return False
        return any(lead.rows and not lead.letters for lead in info.names)

    def _personal(self, first: int, last: int, rows: tuple[int, ...]) -> bool:
        """Whether a name of several words is made of persons' names and ordinary words only (بني حسن، الشيخ علي)."""
        place = self.reader.gazetteer.place
        if any(place(row).weight >= STRONG for row in rows):
            return False
        words = self.reader.words
        return all(
            form in words.given or form in words.titles or form in words.common
            for form in self.tokens.form[first : last + 1]
        )

    def _lists(self, before: int, i: int, letters: str) -> bool:
        """Whether only marks of a list stand between two names."""
        if letters not in ("", "و"):
            return False  # "ربيعة، بريف اللاذقية": placed in it, not listed beside it.
        parted = letters == "و"
        for j in range(before + 1, i):
            form = self.tokens.form[j]
            if form in _SEPARATORS:
                parted = parted or form in "،,/-–—"
            elif form in _JOINING:
                parted = True
            elif form in _SIDES:
                continue
            elif not (self.infos[j] and self._only_cue(j)):
                return False
            else:
                parted = parted or self.tokens.form[j].startswith("و")
        return parted

    def _only_cue(self, j: int) -> bool:
        info = self.infos[j]
        return info is not None and info.cue is not None and not info.article and info.lead in ("", "و")

    def _unlisted(self, cue_at: int, past: int, previous: Name | None) -> Name | None:
        """A name that the gazetteer lacks, right after a cue that makes it a place."""
        tokens, infos = self.tokens, self.infos
        info = infos[cue_at]
        if info is None or info.article or info.cue is None:
            return None
        i = cue_at + 1
        while i < past and tokens.form[i] in _QUOTES:
            i += 1
        if i >= past or i in self.blocked:
            return None
        several = ToldNames(tokens, infos, self.blocked, self.reader.words)
        told = several.last_of_several(info.cue, i, past)
        if told < 0 and tokens.kind[i] is not Kind.WORD:
            return None
        tagged = i == cue_at + 1 and tokens.text[tokens.end[cue_at]] == "_"
        quoted = tokens.form[i - 1] in _QUOTES
        heads, trailers = self.reader.words.heads, self.reader.words.trailers
        word = infos[i]
        if word is not None and word.names:
            lead, known_to, rows = self._longest(i, past, word)
            known = lead is not None and (lead.agrees or known_to > i or not lead.ordinary)
            if known and rows and known_to >= told and (known_to > i or told < 0) and (
                known_to > i or tokens.form[i] not in heads
            ):  # fmt: skip
                return None
        if told < 0:
            told = several.last_of_ordinary(info.cue, i, past)
        if told >= 0:
            return self._unknown(i, told, previous)
        compound = tokens.form[i] in heads and self._goes_on(i, past)
        fits = quoted or (not info.cue.definite and self._fits(info.cue, tokens.form[i])) or self._heads_list(
            info.cue, i, past
        )  # fmt: skip
        if not (tagged or compound or self._any_word(info.cue, i)) and not (self._can_name(i) and fits):
            return None
        last = i
        form = tokens.form[i]
        while last + 1 < past and tokens.kind[last + 1] is Kind.WORD and last - i < 3:
            after = tokens.form[last + 1]
            joined = (form in heads and self._goes_on(last, past)) or tokens.text[tokens.end[last]] == "_"
            described = info.cue.kept and form.startswith("ال") and self._describes(after)
            if not (joined or described or (quoted and self._can_name(last + 1)) or after in trailers):
                break
            last, form = last + 1, after
        if last == i and info.cue.many and not quoted:
            last = self._lists_of().run(i, past)
        return self._unknown(i, last, previous)

    def _heads_list(self, cue: Cue, i: int, past: int) -> bool:
        """Whether a word after a plural that is said of other things too (مناطق) begins a list of three names."""
        forms = self.tokens.form
        if not cue.many or cue.kept or forms[i].endswith("ه") or not self._can_name(i):
            return False
        items = self._lists_of().after(i + 1, past)
        return len(items) > 1 and not forms[items[0].last].endswith("ه")

    def _unknown(self, first: int, last: int, previous: Name | None) -> Name:
        """A name that the gazetteer lacks."""
        lead = Lead("", " ".join(bare(form)[0] for form in self.tokens.form[first : last + 1]), False)
        before = look_before(self.tokens, self.infos, first, "")
        follows = previous is not None and self._lists(previous.last, first, "")
        return Name(first, last, lead, (), before, False, False, follows)

    def _is_quoted(self, cue: Cue, i: int, past: int) -> bool:
        """Whether a word stands in quotation marks of its own."""
        return ToldNames(self.tokens, self.infos, self.blocked, self.reader.words).quoted(cue, i, past) == i

    def _describes(self, word: str) -> bool:
        """Whether a word is an adjective that belongs to the name of a facility (مستشفى الهلال التخصصي)."""
        return word in self.reader.words.facility_adjectives

    def _any_word(self, cue: Cue, i: int) -> bool:
        """Whether an ordinary word with its article, or a person's name, names such a place (جبل النار، تبة مريم)."""
        form, info = self.tokens.form[i], self.infos[i]
        if not cue.any_word or form in self.reader.words.not_names:
            return False
        if info is not None and (info.sense or info.relation or info.adjective or info.demonym):
            return False
        return form.startswith("ال") or (info is not None and info.given)

    def _fits(self, cue: Cue, form: str) -> bool:
        """Whether a word unknown to the gazetteer may be a name after this cue, not its adjective or a verb."""
        if form.startswith("ال"):
            return True
        if cue.many and (cue.kept or not cue.kinds):
            return False
        if cue.kept or not cue.kinds:
            return form[:1] not in ("", "ي", "ت", "ن") and not form.endswith(("ه", "يا"))
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
            if cut.tail and cut.core.startswith("ال"):
                continue  # الصيفي is no "my summer".
            plain = "ال" + cut.core if cut.article else cut.core
            if (cut.lead or cut.tail) and not (cut.lead and cut.tail) and plain in words.ordinary:
                return False
            if cut.lead and cut.article:
                return False
        return not (form.endswith("ا") and form[:-1] in words.common)


def _is_quarter(cue: Cue) -> bool:
    """Whether a noun is said of quarters alone: حي."""
    return PlaceKind.NEIGHBOURHOOD in cue.kinds and cue.kinds.isdisjoint((PlaceKind.SITE, PlaceKind.VILLAGE))


def _names_settlement(cue: Cue, info: WordInfo) -> bool:
    """Whether an ordinary word is a name after this cue: قرية سان is, منطقة واقعة and سوق سوداء are not.

    Of two things one and the other are named: منطقتي الشريعة والتوينة.
    """
    return (bool(cue.kinds) or (cue.several and not cue.many)) and not cue.kept and cue.opens and info.demonym is None
