"""Names that only the noun before them makes names: in quotation marks, of persons, of days, of things."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.arabic.words import Tokens, sentences
from sijill.gazetteer import default_gazetteer
from sijill.mentions.places import find_places

_FATHERS = st.sampled_from(["عمر", "خالد", "سعيد", "مالك", "الوليد", "أبي وقاص", "أبي طالب"])
_NAMES = st.sampled_from(["أنس", "خالد", "سعد", "علي", "طارق", "جمعة", "ربيع"])


def quotes(text: str) -> list[str]:
    tokens = Tokens(text)
    found = find_places(tokens, sentences(tokens), [], default_gazetteer())
    return [text[mention.start : mention.end] for mention in found]


@given(_NAMES, _FATHERS, st.sampled_from(["مسجد", "مدرسة", "جامع"]))
def test_a_person_and_his_father_are_one_name(name: str, father: str, noun: str) -> None:
    assert f"{noun} {name} بن {father}" in quotes(f"أصابت القذيفة {noun} {name} بن {father} أمس")


@pytest.mark.parametrize("day", ["14 رمضان", "السابع من نيسان", "السابع عشر من تموز", "17 تموز"])
def test_squares_are_called_after_days(day: str) -> None:
    assert quotes(f"تجمع المحتجون في ساحة {day} أمس") == [f"ساحة {day}"]


@pytest.mark.parametrize("day", ["السابع من نيسان الماضي", "17 تموز الجاري"])
def test_a_day_that_is_dated_is_a_day(day: str) -> None:
    assert not any("نيسان" in quote or "تموز" in quote for quote in quotes(f"هوجم الحاجز {day}"))
    assert not any("نيسان" in quote or "تموز" in quote for quote in quotes(f"قصفوا كل حاجز {day}"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('استهدفوا حاجز "البرد" قرب عفرين', "البرد"),
        ("قصف منطقة الفيلات بمدينة حرستا", "الفيلات"),
        ("كمين في منطقة الكسارات جنوبي السويداء", "الكسارات"),
        ("وصل الجرحى إلى مستشفى الشهيد محمد الدرة", "مستشفى الشهيد محمد الدرة"),
    ],
)
def test_an_ordinary_word_is_a_name_where_the_text_makes_it_one(text: str, name: str) -> None:
    assert any(name in quote for quote in quotes(text))


@pytest.mark.parametrize(
    "text",
    [
        "وصلت الدورية إلى منطقة الانفجار بعد ساعة",
        "عادوا إلى منطقة الانفجار بالمدينة",
        'أقاموا حاجز "النظام" هناك',
        "قتل في مستشفى الشهيد متأثرا بجراحه",
    ],
)
def test_elsewhere_it_is_none(text: str) -> None:
    assert quotes(text) == []
