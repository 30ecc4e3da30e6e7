"""The value of one number as written: digits, words, or both, such as "ثلاثمئة وخمسة وعشرون" or "13 ألفا و500"."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

from sijill.arabic.number_words import NumberWord, Role
from sijill.arabic.words import Kind, Tokens

Words = list[NumberWord | None]
Amount = int | Fraction
_PLAIN_SCALES: Final = (Role.SCALE, Role.SCALE_PLURAL)
_DECIMAL_MARKS: Final = {".", ",", "،"}
_JOINS: Final = {"/", ":", "-", "–", "."}
_CHAIN: Final = 8
"""How far from a token digits are followed that hang together; a date needs four."""
_CLITICS: Final = {"و", "ف", "ب", "ل", "ال", "وال", "بال", "لل"}


class Value(NamedTuple):
    """A number read: its value (whole but for decimals without "million"), its last token, how it was written."""

    amount: Amount
    last: int
    rule: str


def read_value(tokens: Tokens, words: Words, i: int) -> Value | None:
    """Read the number that begins at token `i`, as far as it goes."""
    total: Amount = 0
    limit = 0
    last = i - 1
    rule = ""
    j = i
    while True:
        group = _group(tokens, words, j)
        if group is None or (limit and group[1] >= limit):
            break
        amount, base, end, kind = group
        if limit and amount >= limit:
            break
        total, last, limit = total + amount, end, base
        rule = kind if not rule or rule == kind else "digits and words"
        if base > 1 and _is_half(words, end + 1):
            total += base // 2
            last = end + 1
            after = _word(words, last + 1)
            if after is not None and after.role in _PLAIN_SCALES and after.article:
                last += 1
        following = _joined(tokens, words, last + 1)
        if base == 1 or following is None:
            break
        j = following
    return Value(total, last, rule) if last >= i else None


def _group(tokens: Tokens, words: Words, i: int) -> tuple[Amount, int, int, str] | None:
    """A number below a thousand with its scale: the amount, the scale (1 without), the last token, the rule."""
    word = _word(words, i)
    if word is None:
        return None
    if word.role is Role.SCALE:
        base = scale_base(word.value)
        if tokens.form[i].endswith("ا") and _joined(tokens, words, i + 1) is not None:
            # "ألفا وخمسمئة" is a thousand in the accusative, "ألفا مقاتل" the dual before its noun.
            return base, base, i, "words"
        return word.value, base, i, "words"
    if word.role is Role.FRACTION:
        scale = _word(words, i + 1)
        if scale is not None and scale.role is Role.SCALE and not scale.lead:
            base = scale_base(scale.value)
            return base // word.value, 1, i + 1, "words"
        return None
    small = _digits(tokens, i) if word.role is Role.DIGITS else _small(tokens, words, i)
    if small is None:
        return None
    amount, last = small
    scale = _word(words, last + 1)
    rule = "digits" if word.role is Role.DIGITS else "words"
    if scale is not None and scale.role in _PLAIN_SCALES and not scale.lead:
        base = scale_base(scale.value)
        return amount * base, base, last + 1, "words" if rule == "words" else "digits and words"
    return amount, 1, last, rule


def _small(tokens: Tokens, words: Words, i: int) -> tuple[Amount, int] | None:
    """A number below a thousand in words."""
    word = words[i]
    assert word is not None
    if word.role is Role.HUNDRED:
        return _after_hundred(tokens, words, word.value, i)
    if word.role in (Role.UNIT, Role.TEEN_HEAD, Role.ONE_OF):
        after = _word(words, i + 1)
        if after is not None and after.role is Role.HUNDRED and not after.lead and after.value == 100:
            return _after_hundred(tokens, words, word.value * 100, i + 1)
        return _below_hundred(tokens, words, i)
    return _below_hundred(tokens, words, i)


def _after_hundred(tokens: Tokens, words: Words, hundreds: int, last: int) -> tuple[Amount, int]:
    joined = _joined(tokens, words, last + 1)
    if joined is not None:
        rest = _below_hundred(tokens, words, joined)
        if rest is not None:
            return hundreds + rest[0], rest[1]
    return hundreds, last


def _below_hundred(tokens: Tokens, words: Words, i: int) -> tuple[Amount, int] | None:
    word = words[i]
    assert word is not None
    if word.role in (Role.TEN, Role.TEN_OR_TEEN):
        return word.value, i
    if word.role not in (Role.UNIT, Role.TEEN_HEAD, Role.ONE_OF):
        return None
    after = _word(words, i + 1)
    if after is not None and after.role is Role.TEN_OR_TEEN and word.value and not (after.lead or after.article):
        return 10 + word.value, i + 1
    joined = _joined(tokens, words, i + 1)
    ten = words[joined] if joined is not None else None
    if joined is not None and ten is not None and ten.role is Role.TEN and word.value and ten.article <= word.article:
        return word.value + ten.value, joined
    return (word.value, i) if word.role is Role.UNIT else None


def _digits(tokens: Tokens, i: int) -> tuple[Amount, int] | None:
    """A number in digits with its decimals. Dates, clock times and codes such as "إف-16" are none."""
    if _is_joined(tokens, i):
        return None
    amount: Amount = int(tokens.form[i])
    last = i
    decimals = _decimals(tokens, i)
    if decimals is not None:
        digits = tokens.form[decimals]
        amount += Fraction(int(digits), 10 ** len(digits))
        last = decimals
    return amount, last


def _decimals(tokens: Tokens, i: int) -> int | None:
    """The token with the decimals of the number at `i`: the mark stands between the two without spaces."""
    form, kind, start, end = tokens.form, tokens.kind, tokens.start, tokens.end
    if i + 1 < len(form) and kind[i + 1] is Kind.NUMBER and start[i + 1] == end[i] + 1:
        return i + 1 if tokens.text[end[i]] == "٫" and len(form[i + 1]) <= 9 else None
    if i + 2 >= len(form) or kind[i + 2] is not Kind.NUMBER or form[i + 1] not in _DECIMAL_MARKS:
        return None
    touching = start[i + 1] == end[i] and start[i + 2] == end[i + 1]
    return i + 2 if touching and len(form[i + 2]) <= 2 else None


def _is_joined(tokens: Tokens, i: int) -> bool:
    """Whether the digits are part of a date, a clock time, or a code with letters."""
    first, last = number_chain(tokens, i)
    if last - first >= 4:
        return True
    if last > first and (tokens.form[first + 1] in "/:" or (tokens.form[first + 1] == "." and i > first)):
        return True
    start, end, kind, form = tokens.start, tokens.end, tokens.kind, tokens.form
    if first == 0 or end[first - 1] != start[first]:
        return False
    if kind[first - 1] is Kind.LATIN:
        return True
    hyphen = form[first - 1] in "-–" and first >= 2 and end[first - 2] == start[first - 1]
    return hyphen and kind[first - 2] in (Kind.WORD, Kind.LATIN) and form[first - 2] not in _CLITICS


def number_chain(tokens: Tokens, i: int) -> tuple[int, int]:
    """First and last token of the digits that hang together with those at `i` by marks without spaces: "5-11-2018"."""
    start, end, kind, form = tokens.start, tokens.end, tokens.kind, tokens.form
    first = last = i
    while first >= 2 and i - first < _CHAIN and form[first - 1] in _JOINS and kind[first - 2] is Kind.NUMBER:
        if end[first - 2] != start[first - 1] or end[first - 1] != start[first]:
            break
        first -= 2
    while last + 2 < len(form) and last - i < _CHAIN and form[last + 1] in _JOINS and kind[last + 2] is Kind.NUMBER:
        if end[last] != start[last + 1] or end[last + 1] != start[last + 2]:
            break
        last += 2
    return first, last


def scale_base(value: int) -> int:
    """The scale of a scale word: 1,000 of 2,000 ("ألفان")."""
    return int(10 ** (len(str(value)) - 1))


def _word(words: Words, i: int) -> NumberWord | None:
    return words[i] if i < len(words) else None


def _is_half(words: Words, i: int) -> bool:
    word = _word(words, i)
    return word is not None and word.role is Role.FRACTION and word.lead == "و" and word.value == 2


def _joined(tokens: Tokens, words: Words, i: int) -> int | None:
    """Where the next part of the number begins, when token `i` joins it by "و", written together or apart."""
    word = _word(words, i)
    if word is not None:
        after = _word(words, i + 1)
        # "وأحد عشر" folds to the letters of "واحد".
        eleven = tokens.form[i] == "واحد" and after is not None and after.role is Role.TEN_OR_TEEN
        return i if word.lead == "و" or eleven else None
    if i + 1 < len(words) and tokens.form[i] == "و":
        after = words[i + 1]
        return i + 1 if after is not None and not after.lead else None
    return None
