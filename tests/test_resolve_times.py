"""Times resolved: an expression and all its phrasings at a fixed publication time, and what holds for any text."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sijill.arabic.numbers import find_numbers
from sijill.arabic.words import Tokens, sentences
from sijill.mentions.time_values import Ago, Stretch, Vague
from sijill.mentions.times import TimeMention, find_times
from sijill.resolve.times import ResolvedTime, resolve_main, resolve_time

CORPUS = Path(__file__).parent / "corpus" / "times.csv"


def _rows() -> list[tuple[str, str, str, str]]:
    with CORPUS.open(encoding="utf-8", newline="") as lines:
        return [
            (row["phrase"], row["published"], row["anchor"], row["expected"])
            for row in csv.DictReader(lines, delimiter=";")
        ]


def _mentions(text: str) -> list[TimeMention]:
    tokens = Tokens(text)
    return find_times(tokens, sentences(tokens), find_numbers(tokens))


def _clock(published: str) -> date | datetime | None:
    if not published:
        return None
    return datetime.fromisoformat(published) if "T" in published else date.fromisoformat(published)


def _interval(text: str) -> tuple[date, date] | None:
    if not text:
        return None
    start, _, end = text.partition("..")
    return date.fromisoformat(start), date.fromisoformat(end or start)


def _shown(resolved: ResolvedTime | None) -> str:
    """2019-03-13, 2019-03-10..2019-03-13, with "!" for a warning; "-" for a time that tells no day."""
    if resolved is None:
        return "-"
    mark = "!" if resolved.warning is not None else ""
    if resolved.start == resolved.end:
        return f"{resolved.start}{mark}"
    return f"{resolved.start}..{resolved.end}{mark}"


@pytest.mark.parametrize(("phrase", "published", "anchor", "expected"), _rows())
def test_phrase_says_days(phrase: str, published: str, anchor: str, expected: str) -> None:
    resolved = [resolve_time(m, _clock(published), anchor=_interval(anchor)) for m in _mentions(phrase)]
    assert " | ".join(map(_shown, resolved)) == expected


def test_corpus_is_large_and_has_counter_examples() -> None:
    rows = _rows()
    assert len(rows) >= 260
    assert len(set(rows)) == len(rows)
    assert sum(not expected for *_, expected in rows) >= 30
    assert sum(expected == "-" for *_, expected in rows) >= 20


@pytest.mark.parametrize(
    ("phrase", "precision"),
    [
        ("الساعة 3 من فجر اليوم", "hour"),
        ("فجر اليوم", "part-of-day"),
        ("الأحد الماضي", "day"),
        ("خلال ثلاثة أيام", "days"),
        ("أواخر شباط", "days"),
        ("الأسبوع الماضي", "week"),
        ("في شباط", "month"),
        ("صيف 2012", "season"),
        ("عام 2012", "year"),
    ],
)
def test_precision_is_that_of_the_words(phrase: str, precision: str) -> None:
    (mention,) = _mentions(phrase)
    resolved = resolve_time(mention, date(2019, 3, 13))
    assert resolved is not None
    assert resolved.precision == precision
    assert resolved.rule


def test_disagreeing_weekday_is_warned_of_with_both_days() -> None:
    (mention,) = _mentions("اليوم الثلاثاء")
    resolved = resolve_time(mention, datetime(2019, 3, 13, 9, 0))
    assert resolved is not None and resolved.warning is not None
    code, message = resolved.warning
    assert code == "weekday-disagrees"
    assert "Tuesday" in message and "Wednesday 2019-03-13" in message and "2019-03-12" in message
    assert "\n" not in message


def test_offset_counts_both_ways() -> None:
    (mention,) = _mentions("بعد يومين من الهجوم")
    attack = resolve_time(mention, None, anchor=(date(2019, 3, 12), date(2019, 3, 12)))
    assert attack is not None and attack.start == date(2019, 3, 10)
    later = resolve_main(mention, (attack.start, attack.end))
    assert later is not None and later.start == date(2019, 3, 12)
    (yesterday,) = _mentions("أمس")
    assert resolve_main(yesterday, (date(2019, 3, 12), date(2019, 3, 12))) is None


def test_publication_counts_in_its_own_zone() -> None:
    (mention,) = _mentions("اليوم")
    resolved = resolve_time(mention, datetime.fromisoformat("2019-03-13T00:30+03:00"))
    assert resolved is not None and resolved.start == date(2019, 3, 13)


def test_nothing_falls_back_to_publication() -> None:
    assert resolve_time(TimeMention(0, 0, "vague", Vague("recently")), date(2019, 3, 13)) is None
    assert resolve_time(TimeMention(0, 0, "stretch", Stretch(None, "day")), date(2019, 3, 13)) is None


@pytest.mark.parametrize("n", [10**8, 10**12, 10**20])
def test_times_beyond_the_calendar_resolve_to_nothing(n: int) -> None:
    for unit in ("hour", "day", "week", "month", "year"):
        assert resolve_time(TimeMention(0, 0, "ago", Ago(n * 1000, unit)), date(2019, 3, 13)) is None


_DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2060, 12, 31))
_NAMES = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")


@settings(max_examples=200, deadline=None)
@given(_DAYS, st.integers(min_value=0, max_value=6))
def test_weekdays_lie_within_the_week_before(published: date, weekday: int) -> None:
    for phrase, low, high in ((_NAMES[weekday], -6, 0), (f"{_NAMES[weekday]} الماضي", -7, -1)):
        (mention,) = _mentions(phrase)
        resolved = resolve_time(mention, published)
        assert resolved is not None
        assert resolved.start.weekday() == weekday
        assert low <= (resolved.start - published).days <= high


_MONTHS = (
    "كانون الثاني",
    "شباط",
    "آذار",
    "نيسان",
    "أيار",
    "حزيران",
    "تموز",
    "آب",
    "أيلول",
    "تشرين الأول",
    "تشرين الثاني",
    "كانون الأول",
)


@settings(max_examples=200, deadline=None)
@given(_DAYS, _DAYS)
def test_written_dates_come_back(day: date, published: date) -> None:
    name = _MONTHS[day.month - 1]
    for phrase in (f"{day.day} {name} {day.year}", f"{day.day}/{day.month}/{day.year}", day.isoformat()):
        (mention,) = _mentions(phrase)
        resolved = resolve_time(mention, published)
        assert resolved is not None and (resolved.start, resolved.end) == (day, day)
    (mention,) = _mentions(f"{day.day} {name}")
    resolved = resolve_time(mention, published)
    assert resolved is not None
    assert resolved.start <= published + timedelta(days=1)
    assert (resolved.start.day, resolved.start.month) == (day.day, day.month)


_PIECES = sorted({word for phrase, *_ in _rows() for word in phrase.split()} | {"،", ".", "\n", "(", ")", "-"})
_ANY_TEXT = st.lists(st.sampled_from(_PIECES), max_size=20).map(" ".join) | st.text(max_size=60)


@settings(max_examples=400, deadline=None)
@given(_ANY_TEXT, st.none() | st.dates() | st.datetimes(), st.booleans())
def test_any_text_resolves_to_intervals_or_nothing(text: str, published: date | None, anchored: bool) -> None:
    anchor = (date(2019, 2, 1), date(2019, 2, 3)) if anchored else None
    for mention in _mentions(text):
        resolved = resolve_time(mention, published, anchor=anchor)
        assert resolved is None or resolved.start <= resolved.end
        assert resolved == resolve_time(mention, published, anchor=anchor)
