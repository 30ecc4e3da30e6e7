"""Numbers in Arabic text: exact, about, bounded, vague, ranges and ordinals, in digits and in words.

Nothing here knows what is counted. The dual ("شخصين") and counted nouns are for the caller, who has the nouns.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from sijill.arabic.number_values import Value, Words, number_chain, read_value, scale_base
from sijill.arabic.number_words import (
    AFTER,
    NUMBER_WORDS,
    NumberWord,
    Role,
    lexicon,
    phrase_at,
    phrase_before,
)
from sijill.arabic.words import Kind, Tokens

__all__ = ["Quantity", "find_numbers"]

_WRAPPED: Final = frozenset(("//", "()", '""', "«»", "“”"))
"""The marks around digits that belong to them: "/60/ شخصاً", "(60) شخصاً"."""
_REACH: Final = 6
"""How many words may stand between a number and "على الأقل" after its noun."""
_STARTS: Final = frozenset(
    {Role.DIGITS, Role.UNIT, Role.TEN_OR_TEEN, Role.TEEN_HEAD, Role.TEN, Role.HUNDRED, Role.SCALE}
)
_ORDINALS: Final = frozenset({Role.ORDINAL, Role.ORDINAL_HEAD})
_PERCENT_SIGNS: Final = {"بالميه", "بالمايه", "الميه", "المايه"}


class Quantity(NamedTuple):
    """A number told by tokens `first` to `last`, both included, with its approximator or bound where that adjoins.

    An exact n is (n, n); "more than 30" is (31, None); "at most 20" is (None, 20); (None, None) is a number untold
    ("عدد من"). "على الأقل" after the noun counts, but is not among the tokens. `rule` says in words how it was read.
    """

    first: int
    last: int
    low: int | None
    high: int | None
    approximate: bool
    rule: str
    ordinal: bool = False


def find_numbers(tokens: Tokens) -> list[Quantity]:
    """All numbers of the text, in its order, none overlapping another.

    Percentages, decimals without a scale word, dates in digits, clock times and codes ("إف-16") are left out.
    """
    words: Words = list(map(NUMBER_WORDS.__getitem__, tokens.form))
    found: list[Quantity] = []
    past = 0
    for i in [i for i, word in enumerate(words) if word is not None]:
        word = words[i]
        if word is None or i < past:
            continue
        quantity = _read(tokens, words, i, word, past)
        if quantity is None:
            past = max(past, _skipped(tokens, words, i, word))
            continue
        found.append(quantity)
        past = quantity.last + 1
    return found


def _read(tokens: Tokens, words: Words, i: int, word: NumberWord, past: int) -> Quantity | None:
    role = word.role
    if role in _STARTS or role is Role.FRACTION:
        return _read_exact(tokens, words, i, past)
    if role is Role.ONE_OF:
        return _read_one_of(tokens, words, i, word, past)
    if role in _ORDINALS:
        return _read_ordinal(words, i, word)
    if role is Role.VAGUE or role is Role.SCALE_PLURAL:
        return _read_vague(tokens, words, i, i, past)
    if role is Role.FEW and not (word.lead.endswith("ب") and tokens.text[tokens.end[i] - 1] == "ه"):
        # "بعدة قذائف" is "with several", "بعده" "after it": the one place where folding the taa marbuta misleads.
        return _read_few(tokens, words, i, i, past)
    if role is Role.PHRASE_HEAD:
        phrase = phrase_at(tokens, i, _FEW)
        if phrase is not None:
            return _read_few(tokens, words, i, phrase[1] - 1, past)
    return None


_FEW: Final = frozenset({Role.FEW})
_NEVER: Final = frozenset({Role.NOT_A_NUMBER})


def _skipped(tokens: Tokens, words: Words, i: int, word: NumberWord) -> int:
    """The token up to which nothing is a number, because what stands at `i` only looks like one."""
    if word.role is Role.PHRASE_HEAD:
        phrase = phrase_at(tokens, i, _NEVER)
        return phrase[1] if phrase is not None else i
    if word.role is Role.DIGITS:
        value = read_value(tokens, words, i)
        return value.last + 1 if value is not None else number_chain(tokens, i)[1] + 1
    return i


def _read_exact(tokens: Tokens, words: Words, i: int, past: int) -> Quantity | None:
    value = read_value(tokens, words, i)
    if value is None or value.amount.denominator != 1 or _is_percentage(tokens, value.last):
        return None
    if value.last == i and tokens.form[i] in _PERCENT_SIGNS:
        return None
    span = _range(tokens, words, i, value, past)
    if span is not None:
        return span
    return _bounded(tokens, i, value.last, int(value.amount), None, value.rule, past)


def _read_one_of(tokens: Tokens, words: Words, i: int, word: NumberWord, past: int) -> Quantity | None:
    value = read_value(tokens, words, i)
    if value is not None:
        return _bounded(tokens, i, value.last, int(value.amount), None, value.rule, past)
    if word.article:
        return None
    if tokens.form[i].endswith(("هم", "ها", "هما", "هن", "نا")):
        return Quantity(i, i, 1, 1, False, "one-of")
    following = i + 1 < len(tokens) and tokens.kind[i + 1] in (Kind.WORD, Kind.LATIN)
    cues = lexicon().cues
    denied = any(cues.get(tokens.form[k]) is Role.NEGATION for k in range(max(0, i - 3), i))
    return Quantity(i, i, 1, 1, False, "one-of") if following and not denied else None


def _read_ordinal(words: Words, i: int, word: NumberWord) -> Quantity | None:
    after = words[i + 1] if i + 1 < len(words) else None
    value, last = word.value, i
    if after is not None and after.role is Role.TEN_OR_TEEN and not after.lead and not after.article:
        value, last = value + 10, i + 1
    elif after is not None and after.role is Role.TEN and after.lead == "و" and after.article:
        value, last = value + after.value, i + 1
    elif word.role is Role.ORDINAL_HEAD:
        return None
    return Quantity(i, last, value, value, False, "ordinal", ordinal=True)


def _read_vague(tokens: Tokens, words: Words, first: int, i: int, past: int) -> Quantity:
    """ "عشرات", "مئات", "آلاف", alone or one of the other; `first` is the first token of a few-word before it."""
    word = words[i]
    assert word is not None
    value = word.value if word.role is Role.VAGUE else word.value * 2
    last = i
    after = words[i + 1] if i + 1 < len(words) else None
    of_scale = after is not None and not after.lead and after.role in (Role.SCALE_PLURAL, Role.SCALE)
    if word.role is Role.VAGUE and after is not None and of_scale:
        value, last = word.value * after.value, i + 1
    return _bounded(tokens, first, last, value, None, "vague plural", past, exact=False)


def _read_few(tokens: Tokens, words: Words, i: int, last: int, past: int) -> Quantity:
    after = words[last + 1] if last + 1 < len(words) else None
    if after is not None and not after.lead and after.role in (Role.VAGUE, Role.SCALE_PLURAL):
        return _read_vague(tokens, words, i, last + 1, past)
    if after is not None and (after.role, after.lead) in ((Role.TEN_OR_TEEN, ""), (Role.TEN, "و")):
        last += 1
    return Quantity(i, last, None, None, True, "number untold")


def _bounded(
    tokens: Tokens, i: int, last: int, low: int, high: int | None, rule: str, past: int, exact: bool = True
) -> Quantity:
    """The quantity with its bounds; `high` is None where the number is no range, `exact` False where it is vague."""
    first, bounds = i, set[Role]()
    alone = i == last and tokens.kind[i] is Kind.NUMBER and past < i < len(tokens) - 1
    if alone and tokens.form[i - 1] + tokens.form[i + 1] in _WRAPPED:
        first, last = i - 1, i + 1
    for _ in range(2):
        start = first - 1 if first > past and tokens.form[first - 1] in ("ال", "ب", "ل") else first
        before = phrase_before(tokens, start)
        if before is None or before[1] < past:
            break
        bounds.add(before[0])
        first = before[1]
    last, after = _bound_after(tokens, last)
    bounds |= after
    approximate = Role.APPROXIMATELY in bounds or Role.APPROXIMATELY_AFTER in bounds
    top = (high if high is not None else low) if exact else None
    if Role.MORE_THAN in bounds:
        return Quantity(first, last, low + exact, None, approximate, "more than")
    if Role.AT_LEAST in bounds or Role.AT_LEAST_AFTER in bounds:
        return Quantity(first, last, low, None, approximate, "at least")
    if Role.LESS_THAN in bounds and top is not None:
        return Quantity(first, last, None, top - 1, approximate, "less than")
    if (Role.AT_MOST in bounds or Role.AT_MOST_AFTER in bounds) and top is not None:
        return Quantity(first, last, None, top, approximate, "at most")
    return Quantity(first, last, low, top, approximate, "about" if approximate else rule)


def _bound_after(tokens: Tokens, last: int) -> tuple[int, set[Role]]:
    """A bound after the number ("على الأقل"), also behind its noun, and the last token of number and bound."""
    kind, form = tokens.kind, tokens.form
    by_first = lexicon().by_first
    for k in range(last + 1, min(last + 2 + _REACH, len(form))):
        if kind[k] is not Kind.WORD or (k > last + 1 and NUMBER_WORDS[form[k]] is not None):
            break
        if form[k] in by_first:
            phrase = phrase_at(tokens, k, AFTER)
            # "قتل 12 شخصا على الأقل 5 منهم أطفال" is rare; what follows the noun belongs to the number before it.
            if phrase is not None:
                return (phrase[1] - 1 if k == last + 1 else last), {phrase[0]}
    return last, set()


def _range(tokens: Tokens, words: Words, i: int, value: Value, past: int) -> Quantity | None:
    """ "بين 10 و15", "من 10 إلى 15", "10-15", "ثلاثة أو أربعة": two numbers of one count."""
    j = _connected(tokens, words, i, value.last)
    if j is None:
        return None
    other = read_value(tokens, words, j)
    if other is None or other.amount.denominator != 1 or _is_percentage(tokens, other.last):
        return None
    low, high = int(value.amount), int(other.amount)
    scale = words[other.last]
    if low < 1000 and scale is not None and scale.role in (Role.SCALE, Role.SCALE_PLURAL):
        # "من 3 إلى 5 آلاف": the scale is said once for both.
        base = scale_base(scale.value)
        low *= base if low * base < high else 1
    if low >= high:
        return None
    first = i
    opener = tokens.form[i - 1] if i > past else ""
    if opener in ("بين", "وبين", "من", "ومن", "لبين"):
        first = i - 1
        if first > past and tokens.form[first - 1] in ("ما", "وما"):
            first -= 1
    return _bounded(tokens, first, other.last, low, high, "range", past)


def _connected(tokens: Tokens, words: Words, i: int, last: int) -> int | None:
    """The token of the second number of a range whose first ends at `last`."""
    form = tokens.form
    j = last + 1
    if j >= len(form):
        return None
    between = i > 0 and form[i - 1] in ("بين", "وبين", "لبين")
    word = words[j]
    if between:
        if word is not None and word.lead == "و":
            return j
        return j + 1 if form[j] == "و" and j + 1 < len(form) else None
    if j + 1 >= len(form):
        return None
    if form[j] in ("الي", "حتي"):
        cues = lexicon().cues
        rising = any(cues.get(form[k]) is Role.RISE for k in range(max(0, i - 8), i))
        return None if rising else j + 1
    if form[j] == "او":
        return j + 1
    if form[j] in "-–" and form[i] != "0" and tokens.kind[j + 1] is Kind.NUMBER:
        return j + 1
    return None


def _is_percentage(tokens: Tokens, last: int) -> bool:
    text, end = tokens.text, tokens.end[last]
    if text[end : end + 2].lstrip()[:1] in ("%", "٪"):
        return True
    following = tokens.form[last + 1 : last + 3]
    return following[:1] in (["بالميه"], ["بالمايه"]) or following in (["في", "الميه"], ["في", "المايه"])
