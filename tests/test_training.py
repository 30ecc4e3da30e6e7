"""What the reader learns from: every report of `training/` is gold that can be read, and carries no one's words."""

from __future__ import annotations

import json
from pathlib import Path

from sijill.scoring.gold import load_gold

TRAINING = Path(__file__).parent.parent / "training"


def test_the_invented_reports_are_gold() -> None:
    """Loading refuses a field unknown, a type that is none, and a quote that the text has not."""
    reports = load_gold(TRAINING / "reports")
    assert len(reports) == len(list((TRAINING / "reports").glob("*.txt"))) > 200


def test_the_gold_of_others_reports_has_places_and_no_words() -> None:
    lines = (TRAINING / "standoff.jsonl").read_text(encoding="utf-8").splitlines()
    ids = [json.loads(line)["id"] for line in lines]
    assert len(ids) == len(set(ids)) > 1000
    assert all(line.isascii() for line in lines)
