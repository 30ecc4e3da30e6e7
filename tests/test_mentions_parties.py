"""Parties: a table of phrasings with the parties each names, and in what they are named."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from sijill.mentions.parties import PartyMention
from sijill.reader import prepare

CORPUS = Path(__file__).parent / "corpus" / "parties.csv"


def _rows() -> list[tuple[str, list[str]]]:
    with CORPUS.open(encoding="utf-8", newline="") as file:
        return [(row["text"], _split(row["expected"])) for row in csv.DictReader(file, delimiter=";")]


def _split(expected: str) -> list[str]:
    """Actors and roles by spaces; a name in Arabic is one party however many words it has."""
    return [expected] if expected and not expected.isascii() else expected.split()


def _told(p: PartyMention) -> str:
    return (p.actor or p.name) + (f"/{p.role}" if p.role else "")


@pytest.mark.parametrize(("text", "expected"), _rows())
def test_parties_are_told_with_their_role(text: str, expected: list[str]) -> None:
    parties = prepare(f"خبر من سوريا\n\n2019-05-05\n\n{text}\n").scene.parties
    assert [_told(p) for p in parties if p.form != "thing"] == expected
