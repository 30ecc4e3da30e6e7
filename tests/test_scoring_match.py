"""When fills agree and how claims are paired."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.scoring.claims import (
    CountValue,
    DateValue,
    Fill,
    PartyValue,
    PlaceValue,
    ScoredClaim,
    SourceValue,
    sentences,
)
from sijill.scoring.match import agree, distance_km, name_words, pair, same_name


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("تنظيم الدولة", "التنظيم", True),
        ("الإدارة", "إداره", True),
        ("لتنظيم الدولة", "تنظيم القاعدة", True),
        ("بغداد", "البغداديين", False),
        ("قوات النظام", "جيش الاحتلال", False),
        ("دير الزور", "بدير الزور", True),
        ("حلب", "و", False),
        ("", "حلب", False),
        ("مـديـنة", "مدينة", True),
        ("١٤ شخصا", "14", True),
    ],
)
def test_names(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same
    assert same_name(other, one) is same


def test_article_and_clitics_are_cut() -> None:
    assert name_words("والتحالف للتحالف بالتحالف التحالف") == {"تحالف"}


@pytest.mark.parametrize(
    ("gold", "predicted", "place_names", "agrees"),
    [
        (PlaceValue("حلب", (36.2, 37.16), False), PlaceValue("مدينة حلب", (36.25, 37.2), False), False, True),
        (PlaceValue("حلب", (36.2, 37.16), False), PlaceValue("مدينة حلب", (36.5, 37.16), False), False, False),
        (PlaceValue("حلب", (36.2, 37.16), True), PlaceValue("مدينة حلب", (36.5, 37.16), False), False, True),
        (PlaceValue("حلب", (36.2, 37.16), False), PlaceValue("حلب", None, False), False, False),
        (PlaceValue("حلب", (36.2, 37.16), False), PlaceValue("حلب", None, False), True, True),
        (PlaceValue("حلب", None, False), PlaceValue("حلب", (0.0, 0.0), False), False, True),
        (PlaceValue("حلب", None, False), PlaceValue("حماة", None, False), True, False),
        (PartyValue("التنظيم", "is"), PartyValue("داعش", "is"), False, True),
        (PartyValue("التنظيم", "is"), PartyValue("التنظيم", "pkk"), False, False),
        (PartyValue("التنظيم", None), PartyValue("التنظيم", "pkk"), False, True),
        (SourceValue("party", None), SourceValue("party", "قسد"), False, True),
        (SourceValue("party", "قسد"), SourceValue("party", None), False, False),
        (SourceValue("party", "قسد"), SourceValue("media", "قسد"), False, False),
        (CountValue(5, None), CountValue(5, None), False, True),
        (CountValue(5, None), CountValue(5, 5), False, False),
        (DateValue("2020-01-01", "2020-01-02"), DateValue("2020-01-01", "2020-01-02"), False, True),
        (DateValue("2020-01-01", "2020-01-02"), DateValue("2020-01-01", "2020-01-01"), False, False),
    ],
)
def test_fills(gold: object, predicted: object, place_names: bool, agrees: bool) -> None:
    slot = {
        PlaceValue: "places",
        PartyValue: "targets",
        SourceValue: "source",
        CountValue: "killed",
        DateValue: "date",
    }[type(gold)]
    assert agree(Fill(slot, gold), Fill(slot, predicted), place_names=place_names) is agrees  # type: ignore[arg-type]


def test_slots_never_agree_with_others() -> None:
    assert not agree(Fill("killed", CountValue(3, 3)), Fill("injured", CountValue(3, 3)), place_names=False)


def test_distance() -> None:
    assert distance_km((33.51, 36.29), (36.20, 37.16)) == pytest.approx(310, abs=5)
    assert distance_km((10.0, 20.0), (10.0, 20.0)) == 0
    assert distance_km((0.0, 0.0), (0.0, 180.0)) == pytest.approx(math.pi * 6371, rel=1e-3)


def _claim(type_: str, sentence: int, *fills: Fill) -> ScoredClaim:
    return ScoredClaim(type_, "", frozenset({sentence}), (Fill("type", type_), *fills))


def test_pairs_need_a_group_and_a_sentence() -> None:
    gold = [_claim("shelling", 0), _claim("arrest", 1)]
    assert not pair(gold, [_claim("arrest", 0), _claim("shelling", 1)], place_names=False)
    found = pair(gold, [_claim("abduction", 1), _claim("air-strike", 0)], place_names=False)
    assert {(p.gold, p.predicted) for p in found} == {(0, 1), (1, 0)}


def test_the_pair_that_agrees_most_comes_first() -> None:
    date = Fill("date", DateValue("2020-01-01", "2020-01-01"))
    gold = [_claim("shelling", 0), _claim("shelling", 0, date)]
    found = pair(gold, [_claim("shelling", 0, date)], place_names=False)
    assert [(p.gold, p.predicted, p.hits.total()) for p in found] == [(1, 0, 2)]


@given(st.text(alphabet='ابت .؟!\n"«»', max_size=80))
def test_sentences_are_in_order_and_leave_nothing_but_space_out(text: str) -> None:
    cut = sentences(text)
    assert all(a < b for a, b in cut)
    assert all(one[1] <= other[0] for one, other in pairwise(cut))
    inside = {i for a, b in cut for i in range(a, b)}
    assert all(text[i].isspace() or text[i] in ".!؟?" for i in range(len(text)) if i not in inside)


def test_sentences_without_a_space_after_the_full_stop() -> None:
    text = "قصفت القوات البلدة.وأصيب طفل.\nثم هدأت"
    assert [text[a:b] for a, b in sentences(text)] == ["قصفت القوات البلدة.", "وأصيب طفل.", "ثم هدأت"]
