"""Times found in text: which words a time has, what it says before any clock, and what holds for any text."""

from __future__ import annotations

import csv
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sijill.arabic.fold import fold
from sijill.arabic.numbers import find_numbers
from sijill.arabic.words import Tokens, sentences
from sijill.mentions.time_values import CalendarDate, Day, Duration, Month, Offset, Since, Vague, Year
from sijill.mentions.time_words import lexicon, portions, seasons, time_word
from sijill.mentions.times import TimeMention, find_times

CORPUS = Path(__file__).parent / "corpus" / "times.csv"


def _found(text: str) -> list[tuple[str, TimeMention]]:
    tokens = Tokens(text)
    mentions = find_times(tokens, sentences(tokens), find_numbers(tokens))
    return [(tokens.quote(mention.first, mention.last), mention) for mention in mentions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("وصلت القافلة اليوم الأربعاء إلى المعبر", ["اليوم الأربعاء"]),
        ("وصلت أمس، الثلاثاء، إلى المعبر", ["أمس، الثلاثاء"]),
        ("أغلق المعبر مساء أمس (الثلاثاء) ثم فتح", ["مساء أمس (الثلاثاء)"]),
        ("في 24 حزيران/ يونيو الماضي، أغلق", ["24 حزيران/ يونيو الماضي"]),
        ("يوم السبت 3 آب (أغسطس) 2015 أغلق", ["يوم السبت 3 آب (أغسطس) 2015"]),
        ("بين 3 و5 آب أغلق", ["بين 3 و5 آب"]),
        ("يومي الجمعة والسبت أغلق", ["يومي الجمعة والسبت"]),
        ("أغلق من الأحد إلى الثلاثاء", ["من الأحد إلى الثلاثاء"]),
        ("أغلق في وقت متأخر من مساء الجمعة بعدما", ["في وقت متأخر من مساء الجمعة"]),
        ("أغلق منذ بدء الإضراب في 5 شباط المعبر", ["منذ بدء الإضراب في 5 شباط"]),
        ("أغلق المعبر. السبت فتح", ["السبت"]),
        ("أغلق الأحد وفتح الاثنين", ["الأحد", "الاثنين"]),
        ("أغلق قبل يومين من العيد", ["قبل يومين من"]),
        ("أغلق خلال الأيام الثلاثة الماضية", ["خلال الأيام الثلاثة الماضية"]),
        ("أغلق في صيف 2012 ومنذ ذلك الحين", ["صيف 2012", "ومنذ ذلك الحين"]),
        ("أغلق الساعة 3:30 من فجر اليوم", ["الساعة 3:30 من فجر اليوم"]),
        ("قتل 2015 شخصا", []),
    ],
)
def test_span_covers_the_words_of_the_time(text: str, expected: list[str]) -> None:
    assert [quote for quote, _ in _found(text)] == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("اليوم الثلاثاء", Day(shift=0, weekday=1)),
        ("فجر الجمعة الماضية", Day(weekday=4, direction="last", part="dawn")),
        ("الساعة 3 عصر أمس", Day(shift=-1, part="afternoon", hour=15)),
        ("5 آب الماضي", Day(date=CalendarDate(5, 8, direction="last"))),
        ("بين 3 و5 آب", Day(date=CalendarDate(3, 8, day_to=5))),
        ("5 من الشهر الماضي", Day(date=CalendarDate(5, month_shift=-1))),
        ("10 رمضان 1436", Day(date=CalendarDate(10, 9, "hijri", Year(1436, calendar="hijri")))),
        ("أواخر شباط 2015", Month(2, year=Year(2015), portion="late")),
        ("منذ عام 2011", Since(Year(2011))),
        ("بعد يومين من", Offset(2, "day", 1, True)),
        ("بعد يومين", Offset(2, "day", 1, False)),
        ("غداة مقتله", Offset(1, "day", 1, True)),
        ("لمدة ثلاثة أيام", Duration(3, "day")),
    ],
)
def test_value_is_what_the_words_say(text: str, value: object) -> None:
    ((_, mention),) = _found(text)
    assert mention.value == value
    assert mention.kind == type(value).__name__.lower()


def test_vague_times_are_found_so_that_no_caller_takes_them_for_counts() -> None:
    for text in ("منذ نحو شهرين", "قبل بضعة أيام", "خلال السنوات الأخيرة", "حتى يوم الأحد", "مؤخرا"):
        ((_, mention),) = _found(text)
        assert isinstance(mention.value, Vague), text


def test_no_time_crosses_a_sentence() -> None:
    assert [quote for quote, _ in _found("أغلق السبت\nوالأحد فتح")] == ["السبت", "والأحد"]
    assert [quote for quote, _ in _found("منذ\n5 شباط 2015")] == ["5 شباط 2015"]


def test_every_word_of_the_data_is_found_by_its_folded_form() -> None:
    data = lexicon()
    for word, roles in data.words.items():
        assert word == fold(word)
        found = time_word(word)
        assert found is not None and found.roles is roles and found.lead == ""


def test_months_are_complete_in_both_calendars() -> None:
    months = lexicon().months.values()
    for calendar in ("gregorian", "hijri"):
        assert {name.month for name in months if name.calendar == calendar} == set(range(1, 13))


def test_portions_and_seasons_lie_in_month_and_year() -> None:
    for portion in portions().values():
        assert 1 <= portion.first_day <= portion.last_day <= 31
        assert 1 <= portion.first_month <= portion.last_month <= 12
    named = {phrase.value for found in lexicon().phrases.values() for phrase in found if phrase.role == "portion"}
    named |= {roles["portion"] for roles in lexicon().words.values() if "portion" in roles}
    assert named == set(portions())
    assert sorted(first for first, _ in seasons().values()) == [3, 6, 9, 12]


def _pieces() -> list[str]:
    with CORPUS.open(encoding="utf-8", newline="") as lines:
        phrases = [row["phrase"] for row in csv.DictReader(lines, delimiter=";")]
    return sorted({word for phrase in phrases for word in phrase.split()} | {"،", ".", "\n", "(", ")", "-", "/", "و"})


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(_pieces()), max_size=25).map(" ".join) | st.text(max_size=80))
def test_any_text_gives_ordered_times_that_do_not_overlap(text: str) -> None:
    tokens = Tokens(text)
    ranges = sentences(tokens)
    numbers = find_numbers(tokens)
    past = -1
    for mention in find_times(tokens, ranges, numbers):
        assert past < mention.first <= mention.last < len(tokens)
        assert any(first <= mention.first and mention.last < end for first, end in ranges)
        past = mention.last
    assert find_times(tokens, ranges, numbers) == find_times(tokens, ranges, numbers)


@pytest.mark.parametrize(
    "piece", ["منذ ", "يوم ", "1-", "1/", "و3 ", "السبت و", "في وقت متأخر من ", "خلال ساعات ", "( "]
)
def test_repetition_is_read_in_linear_time_and_bounded_depth(piece: str) -> None:
    def seconds(times: int) -> float:
        text = piece * times
        began = process_time()
        _found(text)
        return process_time() - began

    seconds(100)
    # Ten times the text; quadratic time would be a hundred times, and a busy machine may double either side.
    assert min(seconds(8000) for _ in range(3)) < 40 * max(min(seconds(800) for _ in range(3)), 0.001)


def test_endless_digits_are_no_time() -> None:
    digits = "1" * 5000
    for text in (f"الساعة {digits}", f"يوم {digits}/3", f"بتاريخ 3/{digits}", f"5٫{digits} مليون", f"{digits} أيام"):
        assert all(mention.kind != "day" for _, mention in _found(text))
