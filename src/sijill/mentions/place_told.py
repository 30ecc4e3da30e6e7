"""Names after a cue that are no names by themselves: in quotation marks, of a person, of a day, of a thing.

A checkpoint "برد", a mosque أنس بن مالك, a school شهداء النصيرات, a quarter السابع عشر من تموز, a quarter المقابر.
"""

from __future__ import annotations

from typing import Final

from sijill.arabic.words import Kind, Tokens
from sijill.gazetteer import PlaceKind
from sijill.mentions.place_words import WELL_KNOWN, Cue, PlaceWords, WordInfo

_OPENING: Final = frozenset("\"“”«'([")
_CLOSING: Final = frozenset("\"”»')]")
_PARTING: Final = frozenset("،,/-–—")
_SONS: Final = frozenset({"بن", "ابن", "بنت"})
_OF_SONS: Final = frozenset({"ابي", "ابو", "ام", "عبد"})
"""A father's name that goes on with the next word: علي بن أبي طالب."""
_TEN: Final = "عشر"
_LONGEST_QUOTED: Final = 3
_SHORTEST: Final = 3
_PARTS: Final = frozenset({PlaceKind.SITE, PlaceKind.NEIGHBOURHOOD, PlaceKind.ROAD})


class ToldNames:
    """Reads such names in one text. `blocked` are the tokens of parties' names."""

    def __init__(self, tokens: Tokens, infos: list[WordInfo | None], blocked: set[int], words: PlaceWords) -> None:
        self.tokens = tokens
        self.infos = infos
        self.blocked = blocked
        self.words = words

    def last_of_several(self, cue: Cue, i: int, past: int) -> int:
        """The last token of a name of several words that begins at token `i`, after such a cue; -1 where none does."""
        return max(self._of_son(i, past), self._of_day(cue, i, past), self._of_honour(cue, i, past))

    def last_of_ordinary(self, cue: Cue, i: int, past: int) -> int:
        """The last token of ordinary words that are a name at token `i`, after such a cue; -1 where they are none."""
        return max(self.quoted(cue, i, past), self._placed(cue, i, past))

    def quoted(self, cue: Cue, i: int, past: int) -> int:
        """The last of a few words that stand at token `i` in quotation marks of their own: حاجز "برد"."""
        forms, kinds = self.tokens.form, self.tokens.kind
        if forms[i - 1] not in _OPENING or (cue.many and not cue.kinds):
            return -1
        end = i
        while end < past and kinds[end] in (Kind.WORD, Kind.NUMBER) and end not in self.blocked:
            if forms[end] in self.words.not_names or forms[end] in self.words.groups:
                return -1
            if end > i and forms[end].startswith("و"):
                return -1  # "صوران وحلفايا" are two.
            end += 1
        longest = _LONGEST_QUOTED if cue.kinds else 1
        if not 1 <= end - i <= longest or end >= past or forms[end] not in _CLOSING or len(forms[i]) < _SHORTEST:
            return -1
        return end - 1

    def _of_son(self, i: int, past: int) -> int:
        """مسجد أنس بن مالك، جامع علي بن أبي طالب."""
        forms, kinds = self.tokens.form, self.tokens.kind
        if kinds[i] is not Kind.WORD:
            return -1
        last = i
        while last + 2 < past and forms[last + 1] in _SONS and kinds[last + 2] is Kind.WORD:
            last += 2
            if forms[last] in _OF_SONS and last + 1 < past and kinds[last + 1] is Kind.WORD:
                last += 1
        return last if last > i and not self.blocked.intersection(range(i, last + 1)) else -1

    def _of_day(self, cue: Cue, i: int, past: int) -> int:
        """حي السابع عشر من تموز، ساحة 14 رمضان."""
        if cue.kinds.isdisjoint(_PARTS):
            return -1
        forms, j = self.tokens.form, i + 1
        if self.tokens.kind[i] is not Kind.NUMBER and forms[i] not in self.words.ordinals:
            return -1
        j += j < past and forms[j] == _TEN
        j += j < past and forms[j] == "من"
        if j >= past or forms[j] not in self.words.months:
            return -1
        after = forms[j + 1] if j + 1 < past else ""
        dated = after.startswith("ال") and (after in self.words.not_names or after in self.words.common)
        return -1 if dated else j  # "الخامس من حزيران الماضي" is a day.

    def _of_honour(self, cue: Cue, i: int, past: int) -> int:
        """مستشفى الشهيد ثابت ثابت الحكومي، مدرسة شهداء النصيرات."""
        forms, words = self.tokens.form, self.words
        if not cue.kept or PlaceKind.SITE not in cue.kinds or forms[i] not in words.honours or i + 1 >= past:
            return -1
        name = forms[i + 1]
        if self.tokens.kind[i + 1] is not Kind.WORD or name in words.function_words or self._is_role(i + 1):
            return -1
        if name not in words.given and not name.startswith("ال") and not words.common.isdisjoint((name, name[:-1])):
            return -1
        last = i + 1
        while last + 1 < past and last - i < 4:
            form = forms[last + 1]
            if not (form in words.given or form == forms[last] or form in words.facility_adjectives):
                break
            last += 1
        surname = forms[last + 1] if last + 1 < past and name in words.given else ""
        if surname.startswith("ال") and surname not in words.common and surname not in words.function_words:
            last += not self._is_role(last + 1) and last + 1 not in self.blocked
        return last

    def _placed(self, cue: Cue, i: int, past: int) -> int:
        """An ordinary word with its article: منطقة المقابر بمدينة كذا، حي النقل جنوبي كذا."""
        form = self.tokens.form[i]
        if cue.kept or cue.many or not cue.opens or not form.startswith("ال") or len(form) < 5:
            return -1
        info = self.infos[i]
        if form in self.words.function_words or form in self.words.not_zones or form.endswith("يه"):
            return -1
        if info is not None and (
            info.adjective or info.demonym or info.group or info.title or info.sense or info.relation
        ):
            return -1
        return i if self._is_placed(i + 1, past) else -1

    def _is_placed(self, i: int, past: int) -> bool:
        """Whether what follows at token `i` tells where: شرق كذا, "بمدينة", "في بلدة", or a place after a dash."""
        if i >= past:
            return False
        forms = self.tokens.form
        if forms[i] in _CLOSING and i + 1 < past:
            i += 1
        after, info = (self.infos[i + 1] if i + 1 < past else None), self.infos[i]
        if forms[i] in "-–—":
            return after is not None and any(lead.rows and lead.agrees and not lead.letters for lead in after.names)
        if info is None or info.anaphor:
            return False
        if info.direction is not None and not info.article and not info.lead:
            return after is not None and bool(after.cue or any(lead.rows for lead in after.names))
        if info.cue is not None and info.lead == "ب" and not info.article:
            return True
        if info.cue is None and info.best is not None and info.best.letters == "ب":
            return info.best.weight >= WELL_KNOWN
        if info.sense != "in" or after is None:
            return False
        known = after.best is not None and not after.best.letters and after.best.weight >= WELL_KNOWN
        return known or (after.cue is not None and not after.article and not after.anaphor)

    def _is_role(self, i: int) -> bool:
        info = self.infos[i]
        return info is not None and bool(info.sense or info.relation or info.adjective or info.demonym or info.speech)
