"""The figures: by hand on a small gold, and the same as the reference scorer's where that is to be had."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from sijill.errors import InputError
from sijill.scoring import load_gold, load_predictions, prediction, score

ROOT = Path(__file__).parent.parent
REFERENCE = Path(os.environ.get("SIJILL_REFERENCE_SCORER", ROOT.parent / "shared" / "score" / "score.py"))
TEXT = "قصفت القوات بلدة نوى يوم السبت فقتل ثلاثة مدنيين.\nوقال ناشطون إن مجهولين اغتالوا مدرسا في طفس.\n"
GOLD = """
report: one.txt
claims:
  - type: shelling
    trigger: قصفت القوات
    also: [فقتل ثلاثة مدنيين]
    initiators: [{quote: القوات, id: syria-government}]
    targets: [{quote: مدنيين, id: civilians}]
    places: [{quote: نوى, at: [32.89, 36.04]}]
    date: [2020-03-14, 2020-03-14]
    killed: [{n: 3, who: civilian, quote: ثلاثة مدنيين}]
    captured: [{n: null, quote: عدد}]
  - type: assassination
    trigger: مجهولين اغتالوا
    source: {kind: activist, name: ناشطون}
    initiators: [{quote: مجهولين, id: unknown-gunmen}]
    places: [{quote: طفس}]
"""


def span(text: str, quote: str) -> dict[str, Any]:
    start = text.index(quote)
    return {"start": start, "end": start + len(quote), "quote": quote}


def claim(text: str, type_: str, trigger: str, **fields: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {
        "mentions": [],
        "initiators": [],
        "targets": [],
        "places": [],
        "date": None,
        "casualties": [],
        "source": {"kind": "outlet"},
    }
    return empty | {"type": type_, "trigger": span(text, trigger)} | fields


def report(name: str, text: str, *claims: dict[str, Any]) -> dict[str, Any]:
    return {"source": {"name": name}, "text": text, "claims": list(claims)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "one.yaml").write_text(GOLD, encoding="utf-8")
    return tmp_path


def perfect() -> list[dict[str, Any]]:
    return [
        claim(
            TEXT, "shelling", "قصفت",
            initiators=[{"name": "x", "actor": "syria-government", "span": span(TEXT, "القوات")}],
            targets=[{"name": "مدنيون", "actor": "civilians", "span": span(TEXT, "مدنيين")}],
            places=[{"name": "نوى", "lat": 32.9, "lon": 36.0, "span": span(TEXT, "نوى")}],
            date={"start": "2020-03-14", "end": "2020-03-14"},
            casualties=[{"outcome": "killed", "min": 3, "max": 3, "span": span(TEXT, "ثلاثة مدنيين")}],
        ),
        claim(
            TEXT, "assassination", "اغتالوا",
            source={"kind": "activist", "span": span(TEXT, "ناشطون")},
            initiators=[{"name": "مجهولون", "actor": None, "span": span(TEXT, "مجهولين")}],
            places=[{"name": "طفس", "span": span(TEXT, "طفس")}],
        ),
    ]  # fmt: skip


def test_all_right(folder: Path) -> None:
    scored = score(load_gold(folder), {"one.txt": prediction(report("a/b/one.txt", TEXT, *perfect()))})
    figures = scored.figures()
    shares = [figures[name] for name in ("claim F1", "slot F1", "exact claims", "grounding", "date F1", "source F1")]
    assert shares == [1.0] * 6
    assert figures["gold claims"] == figures["predicted claims"] == 2
    assert scored.intervals(resamples=20)["slot F1"] == (1.0, 1.0)


def test_by_hand(folder: Path) -> None:
    first, second = perfect()
    first["type"] = "air-strike"  # of the same group: paired, but its type is wrong
    first["date"] = None
    second["trigger"]["start"] += 1
    extra = claim(TEXT, "arrest", "بلدة")
    scored = score(load_gold(folder), {"one.txt": prediction(report("one.txt", TEXT, first, second, extra))})
    figures = scored.figures()
    assert figures["claim P"] == pytest.approx(2 / 3)
    assert figures["claim R"] == 1.0
    # Gold: 6 + 4 fills. Predicted: 5 + 4 + 1. Right: 4 + 4.
    assert figures["slot P"] == pytest.approx(8 / 10)
    assert figures["slot R"] == pytest.approx(8 / 10)
    assert figures["exact claims"] == 0.5
    assert figures["grounding"] < 1.0
    assert figures["date F1"] == 0.0
    rows = {row.type: (row.gold, row.predicted, row.found, row.same) for row in scored.by_type()}
    assert rows == {
        "assassination": (1, 1, 1, 1),
        "shelling": (1, 0, 1, 0),
        "air-strike": (0, 1, 0, 0),
        "arrest": (0, 1, 0, 0),
    }


def test_missing_and_changed_reports_are_counted(folder: Path) -> None:
    missing = score(load_gold(folder), {}).figures()
    assert (missing["reports missing"], missing["claim R"], missing["slot F1"]) == (1, 0.0, 0.0)
    changed = score(load_gold(folder), {"one.txt": prediction(report("one.txt", TEXT + " ", *perfect()))}).figures()
    assert (changed["texts changed"], changed["predicted claims"], changed["claim F1"]) == (1, 0, 0.0)


def test_intervals_are_repeatable_and_hold_the_figure(folder: Path) -> None:
    for number in range(8):
        name = f"r{number}"
        (folder / f"{name}.txt").write_text(TEXT, encoding="utf-8")
        (folder / f"{name}.yaml").write_text(GOLD.replace("one.txt", f"{name}.txt"), encoding="utf-8")
    reports = [report(f"r{number}.txt", TEXT, *perfect()[: number % 3]) for number in range(8)]
    scored = score(load_gold(folder), {r["source"]["name"]: prediction(r) for r in reports})
    intervals = scored.intervals(resamples=200, seed=7)
    assert intervals == scored.intervals(resamples=200, seed=7)
    least, most = intervals["slot F1"]
    assert least < scored.figures()["slot F1"] < most


@pytest.mark.parametrize(
    ("gold", "says"),
    [
        ("report: one.txt\nclaims: [{type: shelling, trigger: نص غائب}]", "does not stand in the text"),
        ("report: one.txt\nclaims: [{type: parade, trigger: قصفت}]", "unknown type"),
        ("report: one.txt\nclaims: [{type: shelling}]", "trigger"),
        ("report: one.txt\nclaims: [{type: shelling, trigger: قصفت, plcaes: []}]", "plcaes"),
        ("report: one.txt\nclaims: [{type: shelling, trigger: قصفت, source: {kind: rumour}}]", "kind of source"),
        ("report: one.txt\nclaims: [{type: shelling, trigger: قصفت, date: [soon, later]}]", "claim 1"),
        ("report: none.txt\nclaims: []", "none.txt"),
        ("claims: []", "report"),
        ("report: [", "two.yaml"),
    ],
)
def test_faulty_gold_is_refused_in_one_line(folder: Path, gold: str, says: str) -> None:
    (folder / "two.yaml").write_text(gold, encoding="utf-8")
    with pytest.raises(InputError, match=says) as raised:
        load_gold(folder)
    assert "\n" not in str(raised.value)


def test_no_gold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no gold files"):
        load_gold(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        load_gold(tmp_path / "none")


@pytest.mark.parametrize("line", ["{", "[]", '{"source": {"name": "x"}, "text": "t"}', '{"text": 3}'])
def test_faulty_predictions_are_refused_with_their_line(line: str) -> None:
    good = json.dumps(report("one.txt", TEXT))
    with pytest.raises(InputError, match=r"p\.jsonl, line 3") as raised:
        load_predictions([good, "", line], "p.jsonl")
    assert "\n" not in str(raised.value)


def perturbed(gold: Path, seed: int) -> str:
    """Predictions made of the gold with faults of every kind, one JSON object a line."""
    draw = random.Random(seed)

    def kept(items: Any, share: float) -> list[Any]:
        return [item for item in items or [] if draw.random() < share]

    lines = []
    for file in sorted(gold.glob("*.yaml")):
        raw = yaml.safe_load(file.read_text(encoding="utf-8"))
        path = gold / raw["report"]
        if path.suffix != ".txt" or draw.random() < 0.03:
            continue
        text = path.read_text(encoding="utf-8")
        claims = []
        for item in kept(raw.get("claims"), 0.85):
            told = item.get("source") or {"kind": "outlet"}
            source = {"kind": told["kind"] if draw.random() < 0.8 else "media"}
            if told.get("name") and draw.random() < 0.9:
                source["span"] = span(text, told["name"])
            counts = [
                {"outcome": outcome, "min": least, "max": most}
                for outcome in ("injured", "killed", "captured")
                for entry in kept(item.get(outcome), 0.9)
                for least, most in [entry["n"] if isinstance(entry.get("n"), list) else [entry.get("n")] * 2]
            ]
            made = claim(
                text, item["type"] if draw.random() < 0.8 else draw.choice(["shelling", "attack"]), item["trigger"],
                mentions=[span(text, quote) for quote in kept(item.get("also"), 0.7)],
                initiators=[
                    {"name": "", "actor": party.get("id"), "span": span(text, party["quote"])}
                    for party in kept(item.get("initiators"), 0.8)
                ],
                targets=[
                    {"name": "", "actor": None, "span": span(text, party["quote"])}
                    for party in kept((item.get("targets") or []) + (item.get("initiators") or []), 0.6)
                ],
                places=[
                    {"name": "", "lat": at[0] + draw.random() / 4, "lon": at[1], "span": span(text, place["quote"])}
                    for place in kept(item.get("places"), 0.8)
                    for at in [place.get("at") or [0, 0]]
                ],
                casualties=counts,
                source=source,
            )  # fmt: skip
            if item.get("date") and draw.random() < 0.8:
                made["date"] = {"start": str(item["date"][0]), "end": str(item["date"][1])}
            made["trigger"]["end"] += draw.random() < 0.05
            claims += [made] * draw.choice([1, 1, 1, 2])
        changed = " " if draw.random() < 0.03 else ""
        lines.append(json.dumps(report(raw["report"], text + changed, *claims), ensure_ascii=False))
    return "\n".join(lines)


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference scorer is not here")
@pytest.mark.parametrize("place_names", [False, True])
def test_same_figures_as_the_reference(tmp_path: Path, place_names: bool) -> None:
    reference_gold = REFERENCE.parent.parent / "gold" / "dev"
    for seed in range(3):
        predictions = tmp_path / f"{seed}.jsonl"
        predictions.write_text(perturbed(reference_gold, seed), encoding="utf-8")
        command = [sys.executable, str(REFERENCE), str(reference_gold), str(predictions), "--json"]
        done = subprocess.run(command + ["--place-names"] * place_names, capture_output=True, check=True)
        read = load_predictions(predictions.read_text(encoding="utf-8").splitlines(), "p")
        figures = score(load_gold(reference_gold), read, place_names=place_names).figures()
        assert figures == json.loads(done.stdout)
        assert 0.2 < figures["slot F1"] < 0.95
