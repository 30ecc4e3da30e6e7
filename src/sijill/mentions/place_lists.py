"""Lists of places: the names in "قرى كذا، كذا وكذا" that the gazetteer lacks are places too."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sijill.arabic.words import Kind, Tokens
from sijill.mentions.place_words import TELLING, Lead, PlaceWords, WordInfo

_COMMAS = frozenset("،,/-–—")
_ENDS = frozenset('،,/.؛;:)»”"!؟-–—')
_RELATIVES = frozenset(
    {"التي", "اللتين", "اللتان", "الواقعه", "الواقعتين", "التابعه", "التابعتين", "القريبه", "القريبتين"}
)
"""What tells more of the places of a list ends it."""
_QUOTES = frozenset('"“”«»')
_AS_VERBS = ("ت", "وا", "ون", "ين", "هم", "ها")
"""A word without the article that ends so is rather a verb or an adjective: ونهبت، وغادروا."""
_SHORTEST = 3
_SHORTEST_JOINED = 4
"""A name to which "و" is written has so many letters at least: shorter ones are too often words of their own."""
_BEFORE_COLON = 3
_BEFORE_THEY = 7
"""So many words may stand between the noun and "هي" before a quotation mark: قرى من منطقة كذا هي "كذا، كذا"."""
_THEY = frozenset({"هي", "وهي"})
_LONGEST_RUN = 3
_LONGEST_QUOTED = 3
_NO_NAMES = ("ال", "و", "ي", "ت", "س")
"""A further word of a name of several does not begin so: it is rather a verb, an adjective, or the next of the list."""


class Item(NamedTuple):
    """A name of a list: its tokens, and the letters cut from the first."""

    first: int
    last: int
    letters: str


def opens_after(tokens: Tokens, i: int, past: int) -> int:
    """The token where the list begins that the noun at `i` opens from afar; else -1.

    After the colon of "القرى المستهدفة:", or after "هي" where a quotation mark follows.
    """
    forms = tokens.form
    for j in range(i + 1, min(past - 1, i + 1 + _BEFORE_THEY)):
        if forms[j] == ":" and j <= i + _BEFORE_COLON:
            return j + 1
        if tokens.kind[j] is not Kind.WORD:
            return -1
        if forms[j] in _THEY and (forms[j + 1] in _QUOTES or forms[j + 1] == ":"):
            return j + 1
    return -1


def opens_quoted(tokens: Tokens, i: int, past: int) -> int:
    """The mark that closes a list of names in one quotation at token `i`: "كذا ،كذا ،كذا"; -1 where there is none."""
    end = closing(tokens, i, past) if i < past and tokens.form[i] in _QUOTES else -1
    return end if any(form in _COMMAS for form in tokens.form[i:end]) else -1


def closing(tokens: Tokens, i: int, past: int) -> int:
    """The mark that closes the quotation which opens at token `i`, or one token later; -1 where none opens."""
    forms = tokens.form
    start = next((j for j in range(i, min(i + 2, past)) if forms[j] in _QUOTES), -1)
    if start < 0:
        return -1
    return next((j for j in range(start + 1, past) if forms[j] in _QUOTES), -1)


class ListReader:
    """Reads on in the lists of one text. `can_name` says of a token whether it may be a name at all,
    `known_to` where the longest name that the gazetteer knows at a token ends (-1: there is none)."""

    def __init__(
        self,
        tokens: Tokens,
        infos: list[WordInfo | None],
        blocked: set[int],
        words: PlaceWords,
        can_name: Callable[[int], bool],
        known_to: Callable[[int, int], int],
        enclosed: int = -1,
    ) -> None:
        self.tokens = tokens
        self.infos = infos
        self.blocked = blocked
        self.words = words
        self.can_name = can_name
        self.known_to = known_to
        self.enclosed = enclosed
        """The quotation mark that closes the whole list, where one opens it."""

    def after(self, i: int, past: int, *, opening: bool = False) -> list[Item]:
        """The names unknown to the gazetteer from token `i` on, before which a name of the list ended.

        `opening`: the list begins here, so that no comma stands before its first name. A known name ends the reading:
        it is found as such.
        """
        items: list[Item] = []
        item = self._item(i, past, opening)
        while item is not None:
            items.append(item)
            item = self._item(item.last + 1, past, False)
        return items

    def framed(self, i: int, past: int) -> list[Item]:
        """The names from token `i` up to `past` where nothing else stands there, each joined: "وبابولين والكذا"."""
        items: list[Item] = []
        forms = self.tokens.form
        for j in range(i, past):
            if forms[j] in _COMMAS or forms[j] in _QUOTES or forms[j] == "و":
                continue
            comma, lone = forms[j - 1] in _COMMAS, forms[j - 1] == "و"
            joined = not lone and forms[j].startswith("و")
            name = forms[j][1:] if joined else forms[j]
            if not (comma or lone or joined) or (comma and joined) or len(name) < _SHORTEST_JOINED:
                return []
            if j in self.blocked or (not name.startswith("ال") and not self._may_be(j, name)):
                return []
            if name.startswith("ال") and not self._is_unknown(j, name):
                return []
            items.append(Item(j, j, "و" if joined else ""))
        return items

    def _may_be(self, i: int, name: str) -> bool:
        """Whether a word without the article is unknown and no verb by its end; villages too end in "ين" and "ون"."""
        info = self.infos[i]
        if self.tokens.kind[i] is not Kind.WORD or name in self.words.common or name in self.words.not_names:
            return False
        if info is not None and any(map(_is_found, info.names)):
            return False
        return self.can_name(i) and not name.endswith(("ت", "وا", "هم", "ها"))

    def _item(self, i: int, past: int, opening: bool) -> Item | None:
        forms = self.tokens.form
        comma = opening
        while i < past and (forms[i] in _COMMAS or forms[i] in _QUOTES):
            comma = comma or forms[i] in _COMMAS
            i += 1
        lone = i < past and forms[i] == "و"
        i += lone
        if lone and i < past and forms[i] in _QUOTES:
            i += 1
        if i >= past or self.tokens.kind[i] is not Kind.WORD or i in self.blocked:
            return None
        parted = comma or lone
        if parted and (forms[i - 1] in _QUOTES or i < self.enclosed) and (last := self._quoted(i, past)) >= 0:
            return None if self.known_to(i, past) == last else Item(i, last, "")
        rare = forms[i][1:] in self.words.heads and self._begins_none(i) and i + 1 < past and self.can_name(i + 1)
        short = len(forms[i]) <= _SHORTEST_JOINED and not rare and self.run(i, past) == i
        joined = not lone and forms[i].startswith("و") and not short
        name = forms[i][1:] if joined else forms[i]
        headed = name in self.words.heads and i + 1 < past and self.can_name(i + 1)
        if not (comma or lone or joined):
            return None
        longer = self.run(i, past) if not headed and (not comma or i < self.enclosed) else i
        if not (rare or self._is_unknown(i, name)) and (
            longer == i or name in self.words.common or name in self.words.not_names
        ):  # fmt: skip
            return None
        last = i + headed
        if last + 1 < past and forms[last + 1] in self.words.trailers:
            last += 1
        last = max(last, longer)
        if longer == i and not self._stands_in_list(name, last + 1, past, comma, joined or lone):
            return None
        return Item(i, last, "و" if joined else "")

    def _in_quotation(self, after: int) -> bool:
        """Whether a name that ends before token `after` stands in the quotation that holds the whole list."""
        return after <= self.enclosed

    def _quoted(self, i: int, past: int) -> int:
        """The last of the few words that stand at token `i` in quotation marks of their own, or between two commas of a
        quotation that holds the whole list; -1 where none do."""
        forms, words = self.tokens.form, self.words
        end = i
        while end < past and self.tokens.kind[end] is Kind.WORD and end not in self.blocked:
            if forms[end] in words.not_names or forms[end] in words.groups or end - i >= _LONGEST_QUOTED:
                return -1
            if end > i and forms[end].startswith("و"):
                return -1  # "كذا وكذا" are two.
            end += 1
        if not i < end < past or (forms[i].startswith("و") and i < self.enclosed and forms[i] not in words.heads):
            return -1
        closed = forms[end] in _QUOTES or (forms[end] in _COMMAS and i < self.enclosed)
        return end - 1 if closed and (len(forms[i]) >= _SHORTEST or forms[i] in words.heads) else -1

    def run(self, i: int, past: int) -> int:
        """The last of two or three unknown words that are one name of a list, which goes on after them; else `i`."""
        last = i
        while last + 1 < past and last - i + 1 < _LONGEST_RUN and self._is_plain(last + 1):
            last += 1
        if last == i or last + 1 >= past:
            return i
        after = self.tokens.form[last + 1]
        closed = last + 1 == self.enclosed or (after in _COMMAS and i < self.enclosed)
        return last if closed or self._item(last + 1, past, False) is not None or self._known_next(last + 1) else i

    def _is_plain(self, i: int) -> bool:
        """Whether a word that nothing is known of stands at token `i`."""
        form, info = self.tokens.form[i], self.infos[i]
        if self.tokens.kind[i] is not Kind.WORD or i in self.blocked or len(form) < _SHORTEST:
            return False
        if form.startswith(_NO_NAMES) or form.endswith(_AS_VERBS) or not self.can_name(i):
            return False
        if i < self.enclosed:
            return True
        return info is None or not (any(map(_is_found, info.names)) or _has_role(info))

    def _known_next(self, i: int) -> bool:
        """Whether a known place of the list stands at token `i`, joined by "و"."""
        lone = self.tokens.form[i] == "و" and i + 1 < len(self.infos)
        info, letters = (self.infos[i + 1], "") if lone else (self.infos[i], "و")
        return info is not None and any(lead.letters == letters and _is_found(lead) for lead in info.names)

    def _begins_none(self, i: int) -> bool:
        """Whether a word is no cue, and begins no name that the gazetteer has (كتف)."""
        info = self.infos[i]
        return info is None or (info.cue is None and not any(lead.longer for lead in info.names))

    def _is_unknown(self, i: int, name: str) -> bool:
        """Whether a word may be a name and is none the gazetteer has."""
        info = self.infos[i]
        if info is not None and any(_is_found(lead) for lead in info.names if "ك" not in lead.letters):
            return False  # After a noun of places "وكسرى" is no "like سرى".
        if name in self.words.common or name in self.words.not_names or len(name) < _SHORTEST:
            return False
        if name.startswith("ال"):
            return not name.endswith("تين") and (info is None or not _has_role(info))
        return self.can_name(i) and not name.endswith(_AS_VERBS)

    def _stands_in_list(self, name: str, after: int, past: int, comma: bool, joined: bool) -> bool:
        article = name.startswith("ال")
        if article and joined:
            return True  # "والدقماق": no verb has the article.
        if comma and joined and not self._in_quotation(after):
            return False  # "، ونهبت" opens a sentence.
        if after >= past:
            return True
        form, info = self.tokens.form[after], self.infos[after]
        if form in _ENDS or form in _RELATIVES or self.tokens.kind[after] is Kind.BREAK:
            return True
        if form.startswith("و") and (comma or self._goes_on(after, past)):
            return True
        if info is None:
            return False
        return info.sense in ("in", "of") or info.direction is not None or info.relation is not None or (
            info.cue is not None and info.lead == "ب"
        )  # fmt: skip

    def _goes_on(self, i: int, past: int) -> bool:
        """Whether another place of the list stands at token `i`, joined by "و"."""
        return self._known_next(i) or self._item(i, past, False) is not None


def _is_found(lead: Lead) -> bool:
    """Whether the finder of names takes such a reading; سنية is not السنية."""
    return bool(lead.rows) and (lead.agrees or (lead.letters == "و" and not lead.ordinary and len(lead.key) >= TELLING))


def _has_role(info: WordInfo) -> bool:
    """Whether a word is known as anything but a name."""
    return bool(
        info.cue or info.direction or info.adjective or info.relation or info.sense or info.demonym or info.area_noun
        or info.group or info.given or info.title or info.origin or info.hospital or info.speech or info.again
        or info.placer or info.anaphor or info.phrases or info.sites
    )  # fmt: skip
