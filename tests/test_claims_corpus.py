"""Short sentences and the one claim each tells, and names of parties with the actors they mean on a day."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import sijill

CORPUS = Path(__file__).parent / "corpus"


def rows(name: str) -> list[dict[str, str]]:
    with (CORPUS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def wrong(row: dict[str, str]) -> list[str]:
    """The values of a row that the reader does not give."""
    claims = sijill.read(row["text"], published="2018-11-07").claims
    if not row["type"]:
        return ["type"] if claims else []
    claim = next((c for c in claims if c.type == row["type"]), None)
    if claim is None:
        return ["type"]
    told = {
        "initiators": "+".join(sorted(p.actor or p.name for p in claim.initiators)),
        "targets": "+".join(sorted(p.actor or p.name for p in claim.targets)),
        "killed": "+".join(str(c.min) for c in claim.casualties if c.outcome == "killed"),
        "injured": "+".join(str(c.min) for c in claim.casualties if c.outcome == "injured"),
        "source": claim.source.kind,
    }
    return [name for name, value in told.items() if row[name] and "+".join(sorted(row[name].split("+"))) != value]


# Of all the rows, how many may tell another type, and how many values may differ: what the reader does not manage yet.
MOST_TYPES_WRONG, MOST_VALUES_WRONG = 0.05, 0.12


def test_plain_sentences_are_read() -> None:
    mistakes = {row["text"]: wrong(row) for row in rows("claims.csv")}
    typed = [text for text, names in mistakes.items() if names == ["type"]]
    assert len(typed) <= MOST_TYPES_WRONG * len(mistakes), typed
    values = {text: names for text, names in mistakes.items() if names and names != ["type"]}
    told = sum(bool(row[name]) for row in rows("claims.csv") for name in row if name not in ("text", "type"))
    assert sum(map(len, values.values())) <= MOST_VALUES_WRONG * told, values


@pytest.mark.parametrize("row", rows("names.csv"), ids=lambda row: f"{row['text']} {row['published']}")
def test_names_mean_actors(row: dict[str, str]) -> None:
    from sijill.reader import prepare

    scene = prepare(row["text"], published=row["published"]).scene
    assert [p.actor for p in scene.parties if p.actor] == row["actors"].split()
