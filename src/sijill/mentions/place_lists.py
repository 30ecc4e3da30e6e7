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


class Item(NamedTuple):
    """A name of a list: its tokens, and the letters cut from the first."""

    first: int
    last: int
    letters: str


def opens_after(tokens: Tokens, i: int, past: int) -> int:
    """The token after the colon of "القرى المستهدفة:", if the noun at `i` and a few words lead to one; else -1."""
    forms = tokens.form
    for j in range(i + 1, min(past - 1, i + 1 + _BEFORE_COLON)):
        if forms[j] == ":":
            return j + 1
        if tokens.kind[j] is not Kind.WORD:
            return -1
    return -1


class ListReader:
    """Reads on in the lists of one text. `can_name` says of a token whether it may be a name at all."""

    def __init__(
        self,
        tokens: Tokens,
        infos: list[WordInfo | None],
        blocked: set[int],
        words: PlaceWords,
        can_name: Callable[[int], bool],
    ) -> None:
        self.tokens = tokens
        self.infos = infos
        self.blocked = blocked
        self.words = words
        self.can_name = can_name

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

    def _item(self, i: int, past: int, opening: bool) -> Item | None:
        forms = self.tokens.form
        comma = opening
        while i < past and (forms[i] in _COMMAS or forms[i] in _QUOTES):
            comma = comma or forms[i] in _COMMAS
            i += 1
        lone = i < past and forms[i] == "و"
        i += lone
        if i >= past or self.tokens.kind[i] is not Kind.WORD or i in self.blocked:
            return None
        rare = forms[i][1:] in self.words.heads and self._begins_none(i) and i + 1 < past and self.can_name(i + 1)
        joined = not lone and forms[i].startswith("و") and (len(forms[i]) > _SHORTEST_JOINED or rare)
        name = forms[i][1:] if joined else forms[i]
        headed = name in self.words.heads and i + 1 < past and self.can_name(i + 1)
        if not (comma or lone or joined) or not (rare or self._is_unknown(i, name)):
            return None
        last = i + headed
        if last + 1 < past and forms[last + 1] in self.words.trailers:
            last += 1
        if not self._stands_in_list(name, last + 1, past, comma, joined or lone):
            return None
        return Item(i, last, "و" if joined else "")

    def _begins_none(self, i: int) -> bool:
        """Whether a word is no cue, and begins no name that the gazetteer has (كتف)."""
        info = self.infos[i]
        return info is None or (info.cue is None and not any(lead.longer for lead in info.names))

    def _is_unknown(self, i: int, name: str) -> bool:
        """Whether a word may be a name and is none the gazetteer has."""
        info = self.infos[i]
        if info is not None and any(map(_is_found, info.names)):
            return False
        if name in self.words.common or name in self.words.not_names or len(name) < _SHORTEST:
            return False
        if name.startswith("ال"):
            return not name.endswith("تين") and (info is None or not _has_role(info))
        return self.can_name(i) and not name.endswith(_AS_VERBS)

    def _stands_in_list(self, name: str, after: int, past: int, comma: bool, joined: bool) -> bool:
        article = name.startswith("ال")
        if article and joined:
            return True  # "والدقماق": no verb has the article.
        if comma and joined:
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
        info = self.infos[i]
        found = info is not None and any(lead.letters == "و" and _is_found(lead) for lead in info.names)
        return found or self._item(i, past, False) is not None


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
