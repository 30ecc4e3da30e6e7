"""Promises that hold for any input: nothing crashes, spans slice back, blocks cover the text, reading is linear."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sijill.arabic.fold import fold
from sijill.errors import InputError
from sijill.page import Page, read_page
from sijill.page.words import built_in, plain

FRAGMENTS = st.sampled_from(
    [
        "قصف مدفعي على بلدة الكروم",
        "قتل ثلاثة مدنيين وأصيب آخرون في قصف مدفعي استهدف بلدة الكروم بالريف الشمالي.",
        "2018.11.07 | 13:31 دمشق",
        "نشر في 7/11/2018",
        "اقرأ أيضاً",
        "مواضيع ذات صلة",
        "+A",
        "icon",
        "فيسبوك تويتر",
        "تلفزيون سوريا - متابعات",
        "دمار في البلدة (رويترز)",
        "@alwadi",
        "ريف حلب:",
        "- اسم",
        "",
        "   ",
        "\u200f",
        "29 صفر 1440",
        "الأربعاء 99 نوفمبر 0000",
        "خبراء: الموسم مهدد بسبب...",
    ]
)
LINES = st.lists(FRAGMENTS | st.text(max_size=40), max_size=30).map("\n".join)
TAG = st.sampled_from(
    [
        "<html>",
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<h1>",
        "</h1>",
        "<script>",
        "</script>",
        "<time>",
        "<figcaption>",
        "</figcaption>",
        "<!--",
        "-->",
        "<table><tr><td>",
        "&amp;",
        "&#0;",
        "&#xd800;",
        "<meta",
        "charset=x>",
        "<a",
        "href='",
        "<br>",
        "<title>",
        "<table>",
        "</table>",
        "<![CDATA[",
        "<?x",
    ]
)
TAGS = st.lists(TAG | FRAGMENTS, max_size=40).map(lambda parts: "<html>" + "".join(parts))


def check(page: Page) -> None:
    at = 0
    for block in page.blocks:
        assert block.start >= at
        assert not page.text[at : block.start].strip()
        assert block.end > block.start
        at = block.end
    assert not page.text[at:].strip()
    for span in (page.title, page.section, page.dateline):
        assert span is None or page.text[span.start : span.end] == span.quote
    page.text.encode()


@given(LINES)
@settings(max_examples=300, deadline=None)
def test_any_text(text: str) -> None:
    page = read_page(text, name="x", media_type="text/plain")
    check(page)
    assert page == read_page(text, name="x", media_type="text/plain")


@given(LINES)
@settings(max_examples=100, deadline=None)
def test_the_text_stays_what_it_was(text: str) -> None:
    data = text.removeprefix("\ufeff").encode()
    try:
        assert read_page(data, name="x", media_type="text/plain").text.encode() == data
    except InputError:
        assert b"\x00" in data


@given(TAGS)
@settings(max_examples=100, deadline=None)
def test_any_html(html: str) -> None:
    check(read_page(html, name="x.html"))


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes(data: bytes) -> None:
    try:
        check(read_page(data, name="x"))
    except InputError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    "unit",
    ["قصف مدفعي\n", "قصف ", "2018-11-07 13:31\n", "- - – — | / ", "((", "قوات تقصف ريف حلب الشمالي\n", "...", "<div "],
)
def test_reading_is_linear(unit: str) -> None:
    read_page("x", name="x")

    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        best = 9.0
        for _ in range(2):
            started = time.perf_counter()
            read_page(text, name="x", media_type="text/plain")
            best = min(best, time.perf_counter() - started)
        return best

    # Eight times the text in at most some eight times the time; the sum keeps tiny readings from deciding.
    assert seconds(400_000) < 30 * seconds(50_000) + 0.05


def test_words_are_in_one_list_each_and_folded() -> None:
    words = built_in()
    assert not words.buttons & words.glue
    assert not words.openers & words.opener_nouns
    assert all(key and key == key.strip() for key in (*words.outlets, *words.dateline))


@given(st.text(alphabet=st.characters() | st.sampled_from(" \t\u00a0\u200fـًﷲﻻأىABΣ.،-«"), max_size=60))
def test_a_plain_line_is_its_folded_words_and_nothing_else(line: str) -> None:
    edges = r"[\W_]*"
    whole = re.sub(r"\s+", " ", fold(line).lower())
    assert re.sub(rf"^{edges}|{edges}$", "", plain(line)) == re.sub(rf"^{edges}|{edges}$", "", whole)
