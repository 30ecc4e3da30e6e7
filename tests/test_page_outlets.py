"""Outlets that no list names: beside a city, beside a date, and in the title of a monitor's own report."""

from __future__ import annotations

import pytest

from sijill.page import Page, read_page
from sijill.page.dateline import read_dateline
from sijill.page.outlets import monitor_of
from sijill.page.words import built_in

TITLE = "مقتل جنديين في كمين على الطريق الجبلي"
BODY = "قتل جنديان وأصيب ثالث، اليوم الأربعاء، في كمين نصبه مسلحون على الطريق الجبلي جنوبي البلدة.\n"
DAY = "2018-11-07"
DATES = ["الأربعاء 7 تشرين الثاني 2018", "2018-11-07", "٧ تشرين الثاني/نوفمبر ٢٠١٨", "7/11/2018"]
BYLINES = {
    "صحيفة الوادي": """
        صحيفة الوادي - بيروت
        صحيفة الوادي – عدن
        صحيفة الوادي/ القاهرة
        صحيفة الوادي، جازان
        صحيفة الوادي - رام الله
        صحيفة الوادي - سالم الجبلي
        صحيفة الوادي - صنعاء (سالم الجبلي)
        صحيفة الوادي - متابعات
        عدن - صحيفة الوادي
        رام الله / صحيفة الوادي
        كركوك (العراق) - صحيفة الوادي
        جازان - صحيفة الوادي
        صحيفة الوادي
    """,
    "وكالة البيادر للأنباء": """
        وكالة البيادر للأنباء - عمّان
        طرابلس ـ وكالة البيادر للأنباء
        الرياض - وكالة البيادر للأنباء
    """,
    "المرصد الجنوبي لحقوق الإنسان": "المرصد الجنوبي لحقوق الإنسان - درعا",
    "مركز الوادي الإعلامي": "مركز الوادي الإعلامي - حلب",
    "إذاعة البيادر": "إذاعة البيادر - مأرب",
    "الوادي نيوز": "الوادي نيوز - أربيل",
    "سانا": """
        دمشق - سانا
        سانا - حلب
    """,
    "alwadi-news.com": "alwadi-news.com",
}
CASES = [(outlet, line.strip()) for outlet, lines in BYLINES.items() for line in lines.strip().splitlines()]


def said(page: Page) -> tuple[str | None, str | None, str | None]:
    return page.title.quote if page.title else None, page.outlet, page.published


def body(page: Page) -> list[str]:
    return [page.text[block.start : block.end] for block in page.blocks if block.kind == "body"]


@pytest.mark.parametrize(("outlet", "line"), CASES)
@pytest.mark.parametrize("date", DATES)
def test_outlet_and_city_above_or_below_the_date(outlet: str, line: str, date: str) -> None:
    for header in (f"{line}\n{date}", f"{date}\n{line}"):
        page = read_page(f"{TITLE}\n\n{header}\n\n{BODY}", name="test.txt")
        assert said(page) == (TITLE, outlet, DAY)
        assert body(page) == [BODY.strip()]


@pytest.mark.parametrize(("outlet", "line"), CASES[:-1])
def test_outlet_and_city_on_top(outlet: str, line: str) -> None:
    assert said(read_page(f"{line}\n\n{TITLE}\n\n{DAY}\n\n{BODY}", name="test.txt")) == (TITLE, outlet, DAY)


@pytest.mark.parametrize(
    ("line", "outlet", "published"),
    [
        ("كركوك (العراق) - وكالة البيادر للأنباء - 7 تشرين الثاني/نوفمبر 2018", "وكالة البيادر للأنباء", DAY),
        ("بيروت/ وكالة البيادر/ 7 تشرين الثاني 2018", "وكالة البيادر", DAY),
        ("بيروت/وكالة البيادر/7 تشرين الثاني 2018", "وكالة البيادر", DAY),
        ("جازان - وكالة البيادر - 7/11/2018", "وكالة البيادر", DAY),
        ("جازان (السعودية)، وكالة البيادر، 2018-11-07", "وكالة البيادر", DAY),
        ("الأربعاء 7 نوفمبر 2018 - صحيفة الوادي - جازان", "صحيفة الوادي", DAY),
        ("صحيفة الوادي | 7 نوفمبر 2018", "صحيفة الوادي", DAY),
        ("دمشق - سانا - 7 تشرين الثاني 2018", "سانا", DAY),
        ("بيروت - الأناضول - 7 نوفمبر 2018 13:31", "الأناضول", f"{DAY}T13:31+02:00"),
        ("صحيفة الوادي - عدن - 7 نوفمبر 2018 - 13:31", "صحيفة الوادي", f"{DAY}T13:31+03:00"),
        ("عدن - وكالات - 7 نوفمبر 2018", None, DAY),
        ("الرياض - 7 نوفمبر 2018", None, DAY),
        ("كتب: سالم الجبلي - صحيفة الوادي - 7 نوفمبر 2018", "صحيفة الوادي", DAY),
    ],
)
def test_outlet_city_and_date_on_one_line(line: str, outlet: str | None, published: str) -> None:
    assert said(read_page(f"{TITLE}\n\n{line}\n\n{BODY}", name="test.txt")) == (TITLE, outlet, published)


@pytest.mark.parametrize(
    "line",
    [
        "صورة أرشيفية - قناة الوادي - 7 نوفمبر 2018",
        "دمار في الحي الغربي من البلدة - قناة الوادي - 7 نوفمبر 2018",
        "حصيلة يوم الأربعاء 7-11-2018 - مرصد الوادي",
        "قالت وكالة البيادر، في 7 نوفمبر 2018، إن الطريق أغلق",
    ],
)
def test_captions_titles_and_sentences_with_outlet_and_date_are_no_datelines(line: str) -> None:
    assert read_dateline(line, built_in()) is None


@pytest.mark.parametrize(
    "line",
    [
        "دمار في الحي الغربي - قناة الوادي",
        "دمار في الحي الغربي (قناة الوادي)",
        "موقع القصف في الحي الغربي (أرشيف - قناة الوادي)",
    ],
)
def test_a_caption_names_no_outlet(line: str) -> None:
    page = read_page(f"{TITLE}\n\n{DAY}\n\n{line}\n\n{BODY}", name="test.txt")
    assert said(page) == (TITLE, None, DAY)
    assert body(page) == [BODY.strip()]


@pytest.mark.parametrize(
    ("title", "outlet"),
    [
        ("مرصد الوادي لحقوق الإنسان: مقتل تسعة مدنيين خلال تشرين الأول", "مرصد الوادي لحقوق الإنسان"),
        ("الشبكة الجنوبية لحقوق الإنسان: حصيلة الشهر 40 اعتقالاً", "الشبكة الجنوبية لحقوق الإنسان"),
        ("مركز البيادر لتوثيق الانتهاكات: سبع غارات على البلدة", "مركز البيادر لتوثيق الانتهاكات"),
        ("المرصد السوري: مقتل تسعة مدنيين خلال تشرين الأول", None),
        ("صحيفة الوادي اليومية: الحكومة تبحث الموازنة الجديدة", None),
        ("منظمة الصحة العالمية: نقص حاد في الأدوية", None),
        ("مركز المدينة التجاري: افتتاح قريب بعد الترميم", None),
        ("مرصد الوادي لحقوق الإنسان يوثق مقتل تسعة مدنيين", None),
    ],
)
def test_a_monitor_on_its_own_site(title: str, outlet: str | None) -> None:
    assert monitor_of(title, built_in()) == outlet
    assert said(read_page(f"{title}\n\n{DAY}\n\n{BODY}", name="test.txt")) == (title, outlet, DAY)


@pytest.mark.parametrize("line", ["الوادي برس", "عدن - صحيفة الوادي"])
def test_a_monitor_quoted_by_another_outlet(line: str) -> None:
    title = "مرصد الوادي لحقوق الإنسان: مقتل تسعة مدنيين خلال تشرين الأول"
    outlet = line.rpartition(" - ")[2]
    assert said(read_page(f"{title}\n\n{DAY}\n{line}\n\n{BODY}", name="test.txt")) == (title, outlet, DAY)
    assert read_page(f"{title}\n\n{BODY}", name="test.txt").outlet is None


def test_an_outlet_without_dateline() -> None:
    page = read_page(f"{TITLE}\n\nصحيفة الوادي - جازان\n\n{BODY}", name="test.txt")
    assert said(page) == (TITLE, "صحيفة الوادي", None)
    assert body(page) == [BODY.strip()]
