"""People harmed: a table of phrasings with the numbers that each tells, and what holds of any text."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.mentions.harm import HarmMention
from sijill.reader import prepare

CORPUS = Path(__file__).parent / "corpus" / "harm.csv"


def _rows() -> list[tuple[str, list[str]]]:
    with CORPUS.open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["expected"].split()) for row in csv.DictReader(file, delimiter=";")]


def _told(h: HarmMention) -> str:
    low, high = h.people.low, h.people.high
    if low is None and high is None:
        return f"{h.outcome}=?"
    return f"{h.outcome}={low}" + ("" if high == low else f"-{'' if high is None else high}")


@pytest.mark.parametrize(("text", "expected"), _rows())
def test_harm_is_told_with_its_number(text: str, expected: list[str]) -> None:
    assert sorted(_told(h) for h in prepare(text).scene.harm) == sorted(expected)


@given(st.lists(st.sampled_from([text for text, _ in _rows()]), min_size=1, max_size=4))
def test_nobody_is_harmed_twice_by_one_word(texts: list[str]) -> None:
    scene = prepare(" ".join(texts)).scene
    told = [(h.word, h.outcome, h.people.first) for h in scene.harm]
    assert len(told) == len(set(told))
    for h in scene.harm:
        assert h.people.low is None or h.people.high is None or h.people.low <= h.people.high
        assert 0 <= h.people.first <= h.people.last < len(scene.tokens)
