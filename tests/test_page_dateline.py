"""Datelines: a value and its phrasings at a fixed day, and lines with a date that are no dateline."""

from __future__ import annotations

import pytest

from sijill.errors import OptionError
from sijill.page.dateline import normalise_published, read_dateline
from sijill.page.words import built_in

DAY = "2018-11-07"
PHRASINGS = {
    DAY: """
        2018-11-07
        2018/11/07
        2018.11.7
        07/11/2018
        7-11-2018
        7.11.2018
        07.11.18
        ٢٠١٨/١١/٠٧
        ٧/١١/٢٠١٨
        ۷/۱۱/۲۰۱۸
        7 تشرين الثاني 2018
        7 تشرين ثاني 2018
        7 نوفمبر 2018
        7 نونبر 2018
        ٧ تشرين الثاني/نوفمبر ٢٠١٨
        7 تشرين الثاني (نوفمبر) 2018
        الأربعاء 7 نوفمبر 2018
        الأربعاء، ٧ نوفمبر ٢٠١٨ م
        يوم الأربعاء الموافق 7 نوفمبر 2018
        نوفمبر 7, 2018
        November 7, 2018
        Wed, Nov 7, 2018
        7 Nov 2018
        2018 نوفمبر 7
        نشر في 7 نوفمبر 2018
        نُشر بتاريخ: 07/11/2018
        تاريخ النشر: 2018-11-07
        Published on November 7, 2018
        دمشق - 7 تشرين الثاني 2018
        الأربعاء 29 صفر 1440هـ - 7 نوفمبر 2018م
        29 صفر 1440 هـ
        1440/02/29
        2018-11-07 | 41 زيارة
        وكالات - 7 نوفمبر 2018
        كتب: سالم الجبلي 7-11-2018
        آخر تحديث: 7 نوفمبر 2018
        تم النشر في 7/11/2018 - آخر تحديث 9/11/2018
        آخر تحديث 9/11/2018 تاريخ النشر 7/11/2018
    """,
    f"{DAY}T13:31": """
        2018-11-07 13:31
        2018-11-07T13:31:00
        13:31 2018/11/07
        7/11/2018 الساعة 1:31 م
        07/11/2018 01:31 مساءً
        ٧ نوفمبر ٢٠١٨ ١٣:٣١
        الأربعاء 7 نوفمبر 2018 - 13:31
        November 7, 2018, 1:31 pm
        1:31 PM · Nov 7, 2018
        07/11/2018 -13:31
        سالم الجبلي - 7 نوفمبر 2018 - 13:31
        نشر في 7/11/2018 13:31 | آخر تحديث 8/11/2018 10:00
        7 نوفمبر 2018 13:31 بالتوقيت المحلي
        قناة الوادي, [07.11.18 13:31]
    """,
    f"{DAY}T13:31+02:00": """
        2018.11.07 | 13:31 دمشق
        دمشق - 2018.11.07 - 13:31
        7 تشرين الثاني 2018 13:31 بتوقيت دمشق
        إدلب 7/11/2018 13:31
        7 نوفمبر 2018 13:31 بتوقيت القدس
        Wed, 07 Nov 2018 13:31:00 +0200
    """,
    f"{DAY}T13:31+03:00": """
        7 نوفمبر 2018 13:31 (GMT+3)
        7 نوفمبر 2018 13:31 +3 GMT
        2018-11-07T13:31:00+03:00
        صنعاء 7 نوفمبر 2018 13:31
        7 نوفمبر 2018 - 13:31 بتوقيت مكة المكرمة
        7/11/2018 13:31 بتوقيت مكة - 10:31 بتوقيت غرينتش
        الأربعاء 29 صفر 1440هـ - 7 نوفمبر 2018م KSA 13:31 - GMT 10:31
    """,
    f"{DAY}T13:31+00:00": """
        2018-11-07T13:31:00Z
        7 نوفمبر 2018 13:31 GMT
        دمشق - 7 تشرين الثاني 2018 - 13:31 غرينتش
        7 نوفمبر 2018 - 13:31 ت.غ
    """,
}
ROWS = [(value, line.strip()) for value, lines in PHRASINGS.items() for line in lines.strip().splitlines()]

NO_DATELINE = """
    قصف على أطراف البلدة - 7 تشرين الثاني 2018
    آثار الدمار في الحي الغربي في تشرين الثاني 2018
    حصيلة يوم الأربعاء 7-11-2018
    حصيلة يوم الأربعاء 7-11-2018 الساعة 18:00 مساء
    قتل خمسة مدنيين في 7 نوفمبر 2018
    وقع الانفجار يوم 2018-11-07 قرب السوق
    10 قتلى في 2018
    31/02/2018
    45/11/2018
    12-10 و 13-10
    +963 11 555 66 77
    الطريق M4
    سقوط 3 جرحى
    الفصل 1.2.3
"""
UNRESOLVED = """
    السبت 27 نيسان
    7 نوفمبر 1018
    الأربعاء 7 نوفبر 2018
    منذ ساعتين
    منذ 3 أيام
    قبل 5 دقائق
    13:31
    الساعة 13:31 بتوقيت دمشق
"""


def rows(table: str) -> list[str]:
    return [line.strip() for line in table.strip().splitlines()]


def test_there_are_enough_rows() -> None:
    assert len(ROWS) + len(rows(NO_DATELINE)) + len(rows(UNRESOLVED)) >= 60


@pytest.mark.parametrize(("value", "line"), ROWS)
def test_phrasing(value: str, line: str) -> None:
    read = read_dateline(line, built_in())
    assert read is not None
    assert read.published == value
    assert not read.weekday_disagrees


@pytest.mark.parametrize("line", rows(NO_DATELINE))
def test_line_with_numbers_is_no_dateline(line: str) -> None:
    assert read_dateline(line, built_in()) is None


@pytest.mark.parametrize("line", rows(UNRESOLVED))
def test_date_that_cannot_be_resolved_gives_no_value(line: str) -> None:
    read = read_dateline(line, built_in())
    assert read is not None
    assert read.published is None


def test_summer_time_follows_the_zone_database() -> None:
    read = read_dateline("2018.07.07 | 13:31 دمشق", built_in())
    assert read is not None
    assert read.published == "2018-07-07T13:31+03:00"


def test_a_name_of_two_zones_tells_none() -> None:
    read = read_dateline("طرابلس - 2018-11-07 13:31", built_in())
    assert read is not None
    assert read.published == "2018-11-07T13:31"


def test_weekday_decides_between_orders_and_disagreement_is_seen() -> None:
    american = read_dateline("الأحد 11/4/2018", built_in())  # 11 April was a Wednesday, 4 November a Sunday.
    assert american is not None
    assert american.published == "2018-11-04"
    wrong = read_dateline("الثلاثاء 7 نوفمبر 2018", built_in())
    assert wrong is not None
    assert wrong.weekday_disagrees


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("2018-11-07", "2018-11-07"),
        ("2018-11-07 13:31", "2018-11-07T13:31"),
        ("2018-11-07T13:31:22+02:00", "2018-11-07T13:31:22+02:00"),
        ("2018-11-07T13:31Z", "2018-11-07T13:31+00:00"),
    ],
)
def test_published_given_by_the_user_is_normalised(given: str, value: str) -> None:
    assert normalise_published(given) == value


@pytest.mark.parametrize("given", ["yesterday", "7/11/2018", "2018-13-01", ""])
def test_published_that_is_no_date_is_refused_with_a_hint(given: str) -> None:
    with pytest.raises(OptionError, match="2018-11-07T13:31"):
        normalise_published(given)


@pytest.mark.parametrize("line", ["سالم 13:31 2018-11-07 الجبلي", "سالم - 2018-11-07 13:31 - الجبلي"])
def test_unknown_words_on_both_sides_of_a_date_make_no_dateline(line: str) -> None:
    assert read_dateline(line, built_in()) is None
