"""The examples, read by the real reader and scored against the gold beside them."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest

import sijill
from sijill.codebook import TYPES
from sijill.model import Report
from sijill.scoring import Scored, load_gold, prediction, score
from sijill.scoring.gold import quotes

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
REPORTS = sorted(path.name for path in EXAMPLES.iterdir() if path.suffix in (".txt", ".html"))
FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text(encoding="utf-8"))["examples"]


@cache
def read(name: str) -> Report:
    return sijill.read((EXAMPLES / name).read_bytes(), name=name, html=True if name.endswith(".html") else None)


@cache
def scored() -> Scored:
    read_all = [prediction(read(name).to_dict()) for name in REPORTS]
    return score(load_gold(EXAMPLES), {read.name: read for read in read_all}, place_names=True)


def test_there_are_examples_of_every_kind() -> None:
    gold = load_gold(EXAMPLES)
    assert len(gold) == len(REPORTS) >= 12
    assert sum(not report.claims for report in gold) >= 3
    assert len({claim.type for report in gold for claim in report.claims}) >= 0.7 * len(TYPES)


def test_each_report_is_described_in_the_readme() -> None:
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert [name for name in REPORTS if f"`{name}`" not in readme] == []


@pytest.mark.parametrize("name", REPORTS)
def test_page_is_understood(name: str) -> None:
    gold = next(report for report in load_gold(EXAMPLES) if report.report == name)
    report = read(name)
    if gold.title:
        assert report.title is not None
        assert report.title.quote == gold.title
    assert (report.published or "")[:10] == (gold.published or "")[:10]
    if gold.outlet:
        assert report.outlet == gold.outlet
    assert [quote for claim in gold.claims for quote in quotes(claim) if quote not in report.text] == []


@pytest.mark.parametrize("name", [r.report for r in load_gold(EXAMPLES) if not r.claims])
def test_no_claims_where_there_are_none(name: str) -> None:
    assert [claim.trigger.quote for claim in read(name).claims] == []


def test_other_languages_get_a_warning() -> None:
    report = read("18-other-language.txt")
    assert report.language == "en"
    assert report.warnings


@pytest.mark.parametrize("figure", sorted(FLOORS))
def test_scores_do_not_fall(figure: str) -> None:
    assert scored().figures()[figure] >= FLOORS[figure]


def test_html_furniture_is_no_part_of_the_text() -> None:
    text = read("07-page.html").text
    assert "جميع الحقوق محفوظة" not in text
    assert "افتتاح موسم قطاف الزيتون" not in text
