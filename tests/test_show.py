"""Reports shown in a terminal and in a notebook."""

from __future__ import annotations

import csv
import re
from html.parser import HTMLParser
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.lexicon.lint import BUILT_IN
from sijill.model import (
    Casualties,
    Claim,
    Damage,
    Date,
    Group,
    Means,
    Party,
    Place,
    Report,
    Source,
    SourceFile,
    Span,
    Warning,
)
from sijill.show.notebook import report_html
from sijill.show.terminal import Terminal
from sijill.show.words import Words, _table

TEXT = "قالت قسد إن الطيران قصف <هجين>\nأمس & قتل 5 مدنيين"
TYPES = {"air-strike": ("غارة جوية", "Air strike")}


def span(quote: str) -> Span:
    start = TEXT.index(quote)
    return Span(start, start + len(quote), quote)


CLAIM = Claim(
    id="c1",
    type="air-strike",
    modality="denied",
    trigger=span("قصف"),
    mentions=(),
    evidence=(span(TEXT),),
    source=Source("party", "قسد", "sdf", span("قسد")),
    initiators=(Party("الطيران", span("الطيران")),),
    targets=(Party("مدنيون", span("مدنيين"), "civilians"),),
    places=(Place("هجين", span("<هجين>"), lat=34.69, lon=40.83, precision="town", relation="near", inherited=True),),
    date=Date("2018-11-05", "2018-11-06", "days", "inherited", span("أمس")),
    casualties=(Casualties("killed", 5, span("5 مدنيين"), None, "civilian", (Group("children", 2),)),),
    damage=(Damage("building", span("هجين"), 3),),
    means=(Means("جوا", span("الطيران")),),
    count=2,
    warnings=(Warning("weekday-disagrees", "the weekday disagrees", span("أمس")),),
)
REPORT = Report("0" * 64, SourceFile("a.txt", "text/plain", 3), TEXT, span("قالت قسد"), None, (CLAIM,), ())


class Mark(NamedTuple):
    start: int
    end: int
    label: str
    rule: str
    score: float | None = None


class Text(HTMLParser):
    """The text of HTML, and whether every tag is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def plain(words: str) -> str:
    return re.sub("[\u2068\u2069]", "", words)


def test_a_claim_in_english() -> None:
    lines = [plain(line) for line in Terminal(Words("en", TYPES), width=60).report(REPORT)]
    assert lines == [
        "قالت قسد",
        "undated · a.txt",
        "",
        "1. Air strike · denied  قصف",
        "   by         الطيران",
        "   against    مدنيين (civilians)",
        "   where      near <هجين> (34.690, 40.830; town) [from the context]",
        "   when       2018-11-05 – 2018-11-06 أمس [from the context]",
        "   times      2",
        "   with       الطيران",
        "   harm       at least 5 killed (civilian, children 2)",
        "   damage     3 × building",
        "   source     قسد (party)",
        "   words      قالت قسد إن الطيران قصف <هجين> أمس & قتل 5",
        "              مدنيين",
        "   ! warning [weekday-disagrees] the weekday disagrees أمس",
    ]


def test_a_claim_in_arabic() -> None:
    lines = [plain(line) for line in Terminal(Words("ar", TYPES)).report(REPORT)]
    assert lines[3] == "1. غارة جوية · منفي  قصف"
    assert "   الضحايا    على الأقل 5 قتيل (مدني, أطفال 2)" in lines


def test_colours_only_where_asked() -> None:
    assert "\x1b" not in "".join(Terminal(Words("en", TYPES)).report(REPORT))
    assert "\x1b" in "".join(Terminal(Words("en", TYPES), colour=True).report(REPORT))


def test_no_claims_no_title() -> None:
    empty = msgspec.structs.replace(REPORT, claims=(), title=None, outlet="جريدة", published="2020-01-02")
    lines = [plain(line) for line in Terminal(Words("en", TYPES)).report(empty)]
    assert lines == ["untitled", "جريدة · 2020-01-02 · a.txt", "no claims in this report"]


def test_explanation_nests_marks() -> None:
    marks = [
        Mark(5, 8, "initiator", "listed name"),
        Mark(0, 8, "source", "verb of saying", 1.5),
        Mark(8, 9, "air-strike", "rule"),
    ]
    lines = list(Terminal(Words("en", TYPES)).explanation(REPORT, marks))
    assert lines[0].startswith("⟦قالت ⟦قسد⟧²⟧¹⟦ ⟧³إن")
    assert plain(lines[-3]) == "   1 source       قالت قسد — verb of saying  +1.50"
    assert plain(lines[-2]) == "   2 by           قسد — listed name"
    assert plain(lines[-1]).startswith("   3 Air strike")


spans = st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).map(sorted).filter(lambda s: s[0] < s[1])


@given(st.lists(spans, max_size=8))
def test_explanation_keeps_the_text(found: list[list[int]]) -> None:
    marks = [Mark(start, end, "party", "rule") for start, end in found]
    terminal = Terminal(Words("en", TYPES))
    text = "\n".join(list(terminal.explanation(REPORT, marks))[: TEXT.count("\n") + 1])
    assert re.sub("[⟦⟧⁰¹²³⁴⁵⁶⁷⁸⁹]", "", text) == TEXT
    depth = 0
    for letter in text:
        depth += (letter == "⟦") - (letter == "⟧")
        assert depth >= 0
    assert depth == 0


@pytest.mark.parametrize("language", ["ar", "en"])
def test_html_holds_the_text_once_and_escapes_it(language: str) -> None:
    html = report_html(REPORT, language)  # type: ignore[arg-type]
    parser = Text()
    parser.feed(html)
    assert parser.open == []
    assert TEXT in parser.text
    assert "<هجين>" not in html
    assert html.count("<tr>") == 1
    assert 'title="1:' in html


def test_html_without_claims() -> None:
    assert "no claims in this report" in report_html(msgspec.structs.replace(REPORT, claims=(), title=None))


def test_every_word_is_there_in_both_languages() -> None:
    tables = _table()
    assert tables["ar"].keys() == tables["en"].keys()
    assert all(words.strip() for table in tables.values() for words in table.values())


def test_every_group_of_people_has_words() -> None:
    with (BUILT_IN / "people.csv").open(encoding="utf-8") as file:
        groups = {row["group"] for row in csv.DictReader(file) if row["group"]}
    assert groups <= _table()["ar"].keys()
