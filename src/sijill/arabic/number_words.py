"""The words numbers are made of, read from `lexicon/data/numbers.csv`, and what a single token says as one of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from sijill.arabic.fold import fold
from sijill.arabic.words import Kind, Memo, Tokens


class Role(StrEnum):
    """What a word does in a number; the names are those of the data file."""

    DIGITS = "digits"
    UNIT = "unit"
    TEN_OR_TEEN = "ten-or-teen"
    TEEN_HEAD = "teen-head"
    ONE_OF = "one-of"
    TEN = "ten"
    HUNDRED = "hundred"
    SCALE = "scale"
    SCALE_PLURAL = "scale-plural"
    VAGUE = "vague"
    FEW = "few"
    FRACTION = "fraction"
    ORDINAL = "ordinal"
    ORDINAL_HEAD = "ordinal-head"
    PHRASE_HEAD = "phrase-head"
    NOT_A_NUMBER = "not-a-number"
    APPROXIMATELY = "approximately"
    MORE_THAN = "more-than"
    AT_LEAST = "at-least"
    LESS_THAN = "less-than"
    AT_MOST = "at-most"
    APPROXIMATELY_AFTER = "approximately-after"
    AT_LEAST_AFTER = "at-least-after"
    AT_MOST_AFTER = "at-most-after"
    RISE = "rise"
    NEGATION = "negation"


BOUNDS: Final = frozenset({Role.APPROXIMATELY, Role.MORE_THAN, Role.AT_LEAST, Role.LESS_THAN, Role.AT_MOST})
AFTER: Final = frozenset({Role.APPROXIMATELY_AFTER, Role.AT_LEAST_AFTER, Role.AT_MOST_AFTER})
_CUES: Final = BOUNDS | AFTER | {Role.RISE, Role.NEGATION}
# Without "ك": "كمية" and "كميات" would be hundreds.
_LEADS: Final = ("و", "ف", "ب", "ل", "وب", "ول", "فب", "فل")


class NumberWord(NamedTuple):
    """A token as part of a number: `lead` are the clitics before it ("و", "ب" ...), `article` whether it has "ال"."""

    role: Role
    value: int
    lead: str = ""
    article: bool = False


class Phrase(NamedTuple):
    """Some folded words in a row and what they say."""

    words: tuple[str, ...]
    role: Role


class Lexicon(NamedTuple):
    """The data file, indexed. Phrases are found by their first or by their last word, the longest first."""

    words: dict[str, tuple[Role, int]]
    by_first: dict[str, list[Phrase]]
    by_last: dict[str, list[Phrase]]
    cues: dict[str, Role]


def _rows() -> Iterator[tuple[str, Role, int]]:
    text = (files("sijill.lexicon") / "data" / "numbers.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        yield fold(row["word"]), Role(row["role"]), int(row["value"] or 0)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The words of numbers; the file is read once."""
    words: dict[str, tuple[Role, int]] = {}
    by_first: dict[str, list[Phrase]] = {}
    by_last: dict[str, list[Phrase]] = {}
    cues: dict[str, Role] = {}
    for text, role, value in _rows():
        parts = tuple(text.split())
        if role in BOUNDS or role in AFTER or len(parts) > 1:
            by_first.setdefault(parts[0], []).append(Phrase(parts, role))
            by_last.setdefault(parts[-1], []).append(Phrase(parts, role))
            if role not in _CUES:
                words.setdefault(parts[0], (Role.PHRASE_HEAD, 0))
        elif role in _CUES:
            cues[text] = role
        else:
            words[text] = (role, value)
    for phrases in (*by_first.values(), *by_last.values()):
        phrases.sort(key=lambda phrase: -len(phrase.words))
    return Lexicon(words, by_first, by_last, cues)


def number_word(form: str) -> NumberWord | None:
    """What a token's form says as part of a number, or None."""
    if form.isdigit():
        # A longer row of digits is a telephone or account number, nobody's count.
        return NumberWord(Role.DIGITS, int(form)) if len(form) <= 9 else None
    words = lexicon().words
    if form in words:
        return _known(words[form], "", False)
    for lead in _LEADS:
        core = form.removeprefix(lead)
        if core is form or len(core) < 2:
            continue
        if core in words:
            return _known(words[core], lead, False)
        definite = core.removeprefix("ال") if not lead.endswith("ل") else core.removeprefix("ل")
        if definite != core and definite in words and f"ال{definite}" not in words:
            return _known(words[definite], lead, True)
    definite = form.removeprefix("ال")
    if definite != form and definite in words:
        return _known(words[definite], "", True)
    return None


NUMBER_WORDS: Final[Memo[NumberWord | None]] = Memo(number_word)
"""`number_word` of every form met."""


def _known(entry: tuple[Role, int], lead: str, article: bool) -> NumberWord | None:
    role, value = entry
    return None if role is Role.NOT_A_NUMBER else NumberWord(role, value, lead, article)


def phrase_at(tokens: Tokens, i: int, roles: frozenset[Role]) -> tuple[Role, int] | None:
    """The longest phrase of one of the roles that begins at token `i`: its role and the token after it."""
    form = tokens.form
    for first in _without_lead(form[i]):
        for words, role in lexicon().by_first.get(first, ()):
            end = i + len(words)
            if role in roles and form[i + 1 : end] == list(words[1:]):
                return role, end
    return None


def phrase_before(tokens: Tokens, i: int) -> tuple[Role, int] | None:
    """The longest bound or approximator that ends just before token `i`: its role and its first token."""
    if i == 0 or tokens.kind[i - 1] is not Kind.WORD:
        return None
    form = tokens.form
    for last in _without_lead(form[i - 1]):
        for words, role in lexicon().by_last.get(last, ()):
            start = i - len(words)
            if role not in BOUNDS or start < 0 or (last != form[i - 1] and len(words) > 1):
                continue
            if len(words) == 1 or (words[0] in _without_lead(form[start]) and form[start + 1 : i] == list(words[1:])):
                return role, start
    return None


@lru_cache(maxsize=100_000)
def _without_lead(form: str) -> tuple[str, ...]:
    return (form, *(form.removeprefix(lead) for lead in _LEADS if form.startswith(lead)))
