"""Who tells: a table of phrasings with the tellers that each names."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from sijill.reader import prepare

CORPUS = Path(__file__).parent / "corpus" / "tellers.csv"


def _rows() -> list[tuple[str, list[str]]]:
    with CORPUS.open(encoding="utf-8", newline="") as file:
        return [(r["text"], [n for n in r["expected"].split("|") if n]) for r in csv.DictReader(file, delimiter=";")]


def _names(text: str) -> list[str]:
    return [teller.name for teller in prepare(f"خبر\n\n{text}\n").scene.tellers]


@pytest.mark.parametrize(("text", "expected"), _rows())
def test_tellers_are_named(text: str, expected: list[str]) -> None:
    assert _names(text) == expected


def test_a_teller_is_known_by_his_surname_once_he_was_named() -> None:
    first = "قال وزير الدفاع سالم العامري إن القصف تجدد."
    assert _names(f"{first} وأكد العامري أن القوات تقدمت.")[1:] == ["العامري"]
    assert _names("وأكد العامري أن القوات تقدمت.") == []


def test_a_quoted_teller_speaks_for_himself() -> None:
    tellers = prepare("خبر\n\nنقلت الوكالة عن مصدر أمني قوله إن الجسر دمر.\n").scene.tellers
    assert [t.kind for t in tellers][-1] == "unnamed"
    assert tellers[-1].word == "عن"
