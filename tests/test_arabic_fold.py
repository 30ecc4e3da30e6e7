"""Folding: one spelling for many, and where each letter stood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.arabic.fold import fold, fold_with_offsets


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("إدلب", "ادلب"),
        ("آلية", "اليه"),
        ("مستشفى", "مستشفي"),
        ("مسؤول", "مسوول"),
        ("قُتِلَ", "قتل"),
        ("قـــصف", "قصف"),
        ("\u202bقصف\u202c", "قصف"),
        ("کردستان", "كردستان"),
        ("ﻗﺼﻒ", "قصف"),
        ("٢٠١٨", "2018"),
        ("۱۲", "12"),
        ("Aleppo", "Aleppo"),
    ],
)
def test_spellings(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="قصفﻗﻼ\u064e\u0640\u200f إأ٣ a", max_size=40))
def test_each_folded_letter_came_from_its_offset(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    assert len(offsets) == len(folded) + 1
    assert offsets[-1] == len(text)
    assert offsets == sorted(offsets)
    assert all(letter in fold(text[at]) for letter, at in zip(folded, offsets, strict=False))
