"""`sijill score` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sijill.cli.score import score
from sijill.errors import InputError

TEXT = "قصفت القوات بلدة نوى."
GOLD = "report: one.txt\nclaims: [{type: shelling, trigger: قصفت, places: [{quote: نوى}]}]\n"
SPAN = {"start": 0, "end": 4, "quote": "قصفت"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "one.yaml").write_text(GOLD, encoding="utf-8")
    claims = [
        {"type": "air-strike", "trigger": SPAN, "source": {"kind": "media"}},
        {"type": "arrest", "trigger": SPAN, "source": {"kind": "outlet"}},
    ]
    report = {"source": {"name": "one.txt"}, "text": TEXT, "claims": claims}
    (tmp_path / "p.jsonl").write_text(json.dumps(report), encoding="utf-8")
    return tmp_path


def run(*arguments: object, given: str | None = None) -> str:
    done = CliRunner().invoke(score, [str(argument) for argument in arguments], input=given, catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_figures_intervals_and_types(folder: Path) -> None:
    lines = run(folder, folder / "p.jsonl", "--resamples", 10).splitlines()
    assert "claim F1              0.667  [0.667, 0.667]" in lines
    assert any(line.split() == ["shelling", "1", "0", "1", "0", "0.000", "0.000", "0.000"] for line in lines)


def test_json_from_standard_input(folder: Path) -> None:
    figures = json.loads(run(folder, "-", "--json", "--resamples", 5, given=(folder / "p.jsonl").read_text()))
    assert figures["claim R"] == 1.0
    assert figures["intervals"]["claim R"] == [1.0, 1.0]
    assert {row["type"] for row in figures["types"]} == {"shelling", "air-strike", "arrest"}


def test_errors_are_listed(folder: Path) -> None:
    output = run(folder, folder / "p.jsonl", "--errors", "--resamples", 0)
    for line in (
        "spurious  arrest: قصفت",
        "slot -    قصفت | places: نوى, -, False",
        "slot +    قصفت | source: media, -",
    ):
        assert line in output


def test_missing_and_changed_reports_are_listed(folder: Path) -> None:
    (folder / "two.txt").write_text(TEXT, encoding="utf-8")
    (folder / "two.yaml").write_text(GOLD.replace("one", "two"), encoding="utf-8")
    (folder / "one.txt").write_text(TEXT + "\n", encoding="utf-8")
    output = run(folder, folder / "p.jsonl", "--errors", "--resamples", 0)
    assert "one.txt: the text of the prediction is not that of the report" in output
    assert "two.txt: not among the predictions" in output


def test_texts_elsewhere(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    gold = tmp_path_factory.mktemp("gold")
    (gold / "one.yaml").write_text(GOLD, encoding="utf-8")
    assert "reports                   1" in run(gold, folder / "p.jsonl", "--texts", folder, "--resamples", 0)


def test_faulty_predictions_are_refused(folder: Path) -> None:
    (folder / "p.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"p\.jsonl, line 1"):
        run(folder, folder / "p.jsonl")
