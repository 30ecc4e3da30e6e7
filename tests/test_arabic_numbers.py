"""Numbers in Arabic: a value and all its phrasings, counter-examples, and what holds for any text."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sijill.arabic.numbers import Quantity, find_numbers
from sijill.arabic.words import Tokens

CORPUS = Path(__file__).parent / "corpus" / "numbers.csv"


def _rows() -> list[tuple[str, str]]:
    with CORPUS.open(encoding="utf-8", newline="") as lines:
        return [(row["phrase"], row["expected"]) for row in csv.DictReader(lines, delimiter=";")]


def _shown(quantity: Quantity) -> str:
    """14, #3 (ordinal), ~20 (about), 31+ (at least), ..20 (at most), 10..15, ? (untold)."""
    low, high = quantity.low, quantity.high
    if low is None and high is None:
        return "?"
    mark = "#" if quantity.ordinal else "~" if quantity.approximate else ""
    if low is None:
        return f"{mark}..{high}"
    if high is None:
        return f"{mark}{low}+"
    return f"{mark}{low}" if low == high else f"{mark}{low}..{high}"


@pytest.mark.parametrize(("phrase", "expected"), _rows())
def test_phrase_says_number(phrase: str, expected: str) -> None:
    assert " | ".join(_shown(quantity) for quantity in find_numbers(Tokens(phrase))) == expected


def test_corpus_is_large_and_has_counter_examples() -> None:
    rows = _rows()
    assert len(rows) >= 200
    assert len({phrase for phrase, _ in rows}) == len(rows)
    assert sum(not expected for _, expected in rows) >= 30


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("قتل ما لا يقل عن خمسة عشر جنديا", "ما لا يقل عن خمسة عشر"),
        ("وجرح نحو 20 آخرين", "نحو 20"),
        ("خمسة جنود على الأقل", "خمسة"),
        ("بين 10 و15 جنديا", "بين 10 و15"),
        ("فر عشرات الآلاف من الأهالي", "عشرات الآلاف"),
        ("تجاوز الـ30 مصابا", "تجاوز الـ30"),
        ("عدد كبير من الجنود", "عدد كبير من"),
    ],
)
def test_span_covers_number_and_adjoining_bound(text: str, words: str) -> None:
    tokens = Tokens(text)
    (quantity,) = find_numbers(tokens)
    assert tokens.quote(quantity.first, quantity.last) == words


def test_every_quantity_names_its_rule() -> None:
    for phrase, _ in _rows():
        assert all(quantity.rule for quantity in find_numbers(Tokens(phrase)))


_WORDS = [phrase for phrase, _ in _rows()]
_PIECES = sorted({word for phrase in _WORDS for word in phrase.split()} | {"،", ".", "\n", "-", "/", ":", "%"})


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=25).map(" ".join) | st.text(max_size=80))
def test_any_text_gives_ordered_quantities_that_do_not_overlap(text: str) -> None:
    tokens = Tokens(text)
    past = -1
    for quantity in find_numbers(tokens):
        assert past < quantity.first <= quantity.last < len(tokens)
        assert quantity.low is None or quantity.high is None or 0 <= quantity.low <= quantity.high
        assert not quantity.ordinal or quantity.low == quantity.high
        past = quantity.last


@settings(max_examples=200, deadline=None)
@given(st.integers(min_value=0, max_value=999_999_999))
def test_digits_of_every_kind_are_the_same_number(number: int) -> None:
    eastern = str(number).translate({48 + n: 0x0660 + n for n in range(10)})
    persian = str(number).translate({48 + n: 0x06F0 + n for n in range(10)})
    grouped = f"{number:,}"
    for written in (str(number), eastern, persian, grouped):
        (quantity,) = find_numbers(Tokens(f"بلغ {written} شخصا"))
        assert (quantity.low, quantity.high) == (number, number)


_UNITS = ["", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"]
_TENS = ["", "", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"]
_HUNDREDS = ["", "مئة", "مئتان", "ثلاثمئة", "أربعمئة", "خمسمئة", "ستمئة", "سبعمئة", "ثمانمئة", "تسعمئة"]


def _spelled(number: int) -> str:
    """A number from 1 to 999,999 in words."""
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        if thousands <= 2:
            head = ("ألف", "ألفان")[thousands - 1]
        else:
            head = f"{_spelled(thousands)} {'آلاف' if thousands <= 10 else 'ألف'}"
        return f"{head} و{_spelled(rest)}" if rest else head
    parts = [_HUNDREDS[number // 100]] if number >= 100 else []
    rest = number % 100
    if rest in (11, 12):
        parts.append(("أحد عشر", "اثنا عشر")[rest - 11])
    elif 12 < rest < 20:
        parts.append(f"{_UNITS[rest - 10]} عشر")
    elif rest > 20 and rest % 10:
        parts.append(f"{_UNITS[rest % 10]} و{_TENS[rest // 10]}")
    elif rest:
        parts.append(_TENS[rest // 10] if rest >= 20 else _UNITS[rest])
    return " و".join(parts)


@settings(max_examples=300, deadline=None)
@given(st.integers(min_value=1, max_value=999_999).filter(lambda n: n // 1000 % 100 not in (1, 2) or n < 3000))
def test_words_spell_the_number(number: int) -> None:
    (quantity,) = find_numbers(Tokens(f"{_spelled(number)} شخصا"))
    assert (quantity.low, quantity.high) == (number, number)
