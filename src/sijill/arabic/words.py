"""Words: a text cut into tokens, and a word cut into clitics and core.

Tokens are kept as parallel lists, because a report has hundreds of them and most steps look at one column only.
A word's offsets always refer to the text as it was; its `form` is folded.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import IntEnum
from functools import lru_cache
from itertools import accumulate
from sys import intern
from typing import Final, NamedTuple, TypeVar

from sijill.arabic.fold import CONTROLS, LETTERS, MARKS, TATWEEL, fold

Value = TypeVar("Value")


class Kind(IntEnum):
    """What a token is."""

    WORD = 0
    NUMBER = 1
    LATIN = 2
    PUNCT = 3
    BREAK = 4


# Letters split by dots inside a stretched word ("قصـ.ـف") or one by one ("ق.ص.ف"), as posts do to pass filters.
_SPLIT: Final = rf"[.·•*_\-/]+{TATWEEL}+(?=[{LETTERS}])"
_WORD: Final = rf"[{LETTERS}](?:[{LETTERS}{MARKS}{CONTROLS}{TATWEEL}]++|{_SPLIT})*+"
_DOTTED: Final = rf"(?<![{LETTERS}])[{LETTERS}](?:[.·•*][{LETTERS}]){{2,}}(?![{LETTERS}])"
# One group and no backtracking: cutting is a good part of the time that a short report takes.
_TOKEN: Final = re.compile(
    rf"({_DOTTED}|{_WORD}"
    r"|[0-9٠-٩۰-۹]++(?:[,٬،٫.][0-9٠-٩۰-۹]{3}(?![0-9٠-٩۰-۹]))*+"
    r"|[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ0-9]*+"
    r"|[\n.،,؛;:؟?!…\"“”„«»'‘’()\[\]{}–—\-|/%])"
)
_LETTER: Final = re.compile(f"[{LETTERS}]")
_DIGIT: Final = re.compile("[0-9٠-٩۰-۹]")
_LATIN: Final = re.compile("[A-Za-zÀ-ÿ]")
_NOT_LETTER: Final = re.compile(r"[^\u0621-\u064a]")
_NOT_DIGIT: Final = re.compile(r"[^0-9]")


class Tokens:
    """The tokens of a text as parallel lists: `start`, `end` (offsets), `kind`, and `form`.

    `form` is the folded word, the digits of a number in 0-9 without group separators, the Latin word in lower case,
    the punctuation mark itself, or a line feed.
    """

    __slots__ = ("end", "form", "kind", "start", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        # What stands between the tokens, and the tokens, by turns.
        parts = _TOKEN.split(text)
        offsets = list(accumulate(map(len, parts)))
        said = list(map(_SAID.__getitem__, parts[1::2]))
        self.start: list[int] = offsets[:-1:2]
        self.end: list[int] = offsets[1::2]
        self.kind: list[Kind] = [kind for kind, _ in said]
        self.form: list[str] = [form for _, form in said]

    def __len__(self) -> int:
        return len(self.form)

    def quote(self, first: int, last: int) -> str:
        """The words of the text from token `first` to token `last`, both included."""
        return self.text[self.start[first] : self.end[last]]


def pieces(text: str) -> list[str]:
    """The tokens of a text as they stand, for whoever needs neither their places nor their kinds."""
    return _TOKEN.split(text)[1::2]


class Memo(dict[str, Value]):
    """What `read` says of a text, remembered: one look-up for the words that every report has.

    It forgets all when it holds `most`, so that a corpus cannot fill the memory.
    """

    __slots__ = ("_most", "_read")

    def __init__(self, read: Callable[[str], Value], most: int = 100_000) -> None:
        self._read = read
        self._most = most

    def __missing__(self, text: str) -> Value:
        if len(self) >= self._most:
            self.clear()
        value = self[text] = self._read(text)
        return value


def kind_of(token: str) -> Kind:
    """What a token, or its form, is; the form of a word may be empty, as letters may fold to none."""
    if not token:
        return Kind.WORD
    first = token[0]
    if _LETTER.match(first):
        return Kind.WORD
    if _DIGIT.match(first):
        return Kind.NUMBER
    if _LATIN.match(first):
        return Kind.LATIN
    return Kind.BREAK if first == "\n" else Kind.PUNCT


def _say(token: str) -> tuple[Kind, str]:
    kind = kind_of(token)
    if kind is Kind.WORD:
        return kind, intern(folded_word(token))
    if kind is Kind.NUMBER:
        return kind, _NOT_DIGIT.sub("", fold(token))
    return kind, token.lower() if kind is Kind.LATIN else token


_SAID: Final[Memo[tuple[Kind, str]]] = Memo(_say)


def said_as(token: str) -> tuple[Kind, str]:
    """Kind and form of one token, as in `Tokens`."""
    return _SAID[token]


@lru_cache(maxsize=100_000)
def folded_word(token: str) -> str:
    """The folded form of one word token: letters only."""
    return _NOT_LETTER.sub("", fold(token))


class Cut(NamedTuple):
    """One way to cut a word: what leads it ("و", "ب" ...), whether "ال" follows, its core, and a pronoun's tail."""

    lead: str
    article: bool
    core: str
    tail: str


_TAILS: Final = ("هما", "كما", "هم", "هن", "ها", "كم", "نا", "ه", "ي", "ك")
_CONJUNCTIONS: Final = ("", "و", "ف")
_PREPOSITIONS: Final = ("", "ب", "ل", "ك", "س")


@lru_cache(maxsize=100_000)
def cuts(form: str) -> tuple[Cut, ...]:
    """All ways to cut a folded word into clitics and core, the least cut first.

    The core is at least two letters long. Which of the ways is a word is for the lexicon to say.
    """
    found: list[Cut] = []
    for conjunction in _CONJUNCTIONS:
        if not form.startswith(conjunction):
            continue
        after = form[len(conjunction) :]
        for preposition in _PREPOSITIONS:
            if after.startswith(preposition):
                _cut_article(found, intern(conjunction + preposition), after[len(preposition) :])
    found.sort(key=lambda cut: len(cut.lead) + 2 * cut.article + len(cut.tail))
    return tuple(found)


def _cut_article(found: list[Cut], lead: str, rest: str) -> None:
    _cut_tail(found, lead, False, rest)
    if rest.startswith("ال"):
        found.append(Cut(lead, True, rest[2:], "")) if len(rest) > 3 else None
    elif lead.endswith("ل") and rest.startswith("ل") and len(rest) > 2:
        # "للتحالف" is ل + التحالف; "للواء" is ل + اللواء, one lam of three written away.
        found.append(Cut(lead, True, rest[1:], ""))
        found.append(Cut(lead, True, rest, ""))


def _cut_tail(found: list[Cut], lead: str, article: bool, rest: str) -> None:
    if len(rest) < 2:
        return
    found.append(Cut(lead, article, rest, ""))
    for tail in _TAILS:
        core = rest.removesuffix(tail)
        if core is not rest and len(core) >= 2 and core != rest:
            found.append(Cut(lead, article, core, tail))
            if core.endswith("ت"):
                # "غارته" is غارة + ه: the taa marbuta opens before a pronoun.
                found.append(Cut(lead, article, core[:-1] + "ه", tail))
            elif core.endswith("ا"):
                # "قراها" is قرى + ها.
                found.append(Cut(lead, article, core[:-1] + "ي", tail))


_ENDING: Final = frozenset("\n؟?!…")
_MARKS: Final = _ENDING | {".", "،"}
_LONG, _LONGEST = 200, 250
"""Nobody writes a sentence of so many tokens: a text without full stops is cut, so that reading it stays linear."""


def sentences(tokens: Tokens) -> list[tuple[int, int]]:
    """Token ranges (first, one past last) of the sentences, also in text without spaces after full stops.

    A line feed always ends a sentence. A full stop ends one unless it stands between digits, after an abbreviation of
    one letter ("د. ", "أ. ف. ب"), or inside a Latin name. What is longer than any sentence is cut at a comma.
    """
    found: list[tuple[int, int]] = []
    first = 0
    form = tokens.form
    count = len(form)
    for i in [i for i, mark in enumerate(form) if mark in _MARKS]:
        while i - first > _LONGEST:
            found.append((first, first + _LONGEST + 1))
            first += _LONGEST + 1
        mark = form[i]
        if mark in _ENDING or (mark == "." and _full_stop(tokens, i)):
            if i > first:
                found.append((first, i + 1))
            first = i + 1
        elif i - first >= _LONGEST or (mark == "،" and i - first >= _LONG):
            found.append((first, i + 1))
            first = i + 1
    while count - first > _LONGEST:
        found.append((first, first + _LONGEST + 1))
        first += _LONGEST + 1
    if first < count:
        found.append((first, count))
    return found


def _full_stop(tokens: Tokens, i: int) -> bool:
    if i == 0 or i + 1 == len(tokens):
        return True
    before, after = tokens.kind[i - 1], tokens.kind[i + 1]
    touching = tokens.end[i] == tokens.start[i + 1]
    if before is Kind.NUMBER and after is Kind.NUMBER and touching:
        return False
    if before is Kind.LATIN and after is Kind.LATIN and touching:
        return False
    return not (before is Kind.WORD and len(tokens.form[i - 1]) == 1)
