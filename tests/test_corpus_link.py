"""Linking a corpus compares claims as the record does."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import synthetic_record
from claims_builder import Maker
from cluster_measures import b_cubed
from sijill.cli.link import link as command
from sijill.corpus import duck
from sijill.corpus import link as linking
from sijill.corpus.compare import compared
from sijill.corpus.duck import DuckDB
from sijill.corpus.levels import LEVELS, Level
from sijill.corpus.link import link
from sijill.corpus.pace import SHARES, Linking
from sijill.corpus.plan import CorpusError
from sijill.corpus.run import run
from sijill.incidents.pair import features, score, weights
from sijill.model import Report, Source
from sijill.record.fact import Fact, encode, fact_of, numbered
from test_incidents_pair import PAIRS, facts

pytest.importorskip("splink")
duckdb = pytest.importorskip("duckdb")


def corpus(tmp_path: Path, reports: list[Report]) -> Path:
    tmp_path.mkdir(exist_ok=True)
    rows = [json.dumps({"text": report.to_json().decode()}, ensure_ascii=False) for report in reports]
    (tmp_path / "in.jsonl").write_text("\n".join(rows), encoding="utf-8")
    run(tmp_path / "in.jsonl", tmp_path / "out", read="claims_builder:read")
    return tmp_path / "out"


def test_claims_of_one_event_meet_and_others_do_not(tmp_path: Path) -> None:
    one = Maker("أ").claim("غارة على سراقب تقتل خمسة", killed=5).report()
    same = Maker("ب").claim("خمسة قتلى بقصف جوي في سراقب", killed=5).report()
    later = Maker("ج").claim("غارة جديدة على سراقب تقتل ستة", killed=6, date="2018-03-09").report()
    elsewhere = Maker("د").claim("غارة على هجين تقتل خمسة", killed=5, places=("هجين",)).report()
    out = corpus(tmp_path, [one, same, later, elsewhere])
    done = link(out)
    found = {row["claim"]: row["incident"] for row in pq.read_table(out / "incidents.parquet").to_pylist()}
    assert (done.claims, done.incidents) == (4, 3)
    assert found[one.claims[0].id] == found[same.claims[0].id] != found[later.claims[0].id]
    assert link(out) == done


def test_chunks_change_nothing_and_how_far_it_is_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = corpus(tmp_path, synthetic_record.world(events=20, days=4, seed=3).reports)
    whole, bytes_of_whole = link(out), (out / "incidents.parquet").read_bytes()
    monkeypatch.setattr(duck, "CHUNK", 10)
    monkeypatch.setattr(linking, "CHUNK", 10)
    monkeypatch.setattr(linking, "ROWS", 7)
    monkeypatch.setattr(duck, "ROWS", 7)
    told: list[Linking] = []
    done = link(out, tell=told.append)
    assert (done.claims, done.incidents, done.pairs) == (whole.claims, whole.incidents, whole.pairs)
    assert list(dict.fromkeys(each.step for each in told)) == list(SHARES)
    assert len([each for each in told if each.step == "pairs"]) == 1 + whole.claims // 10
    shares = [each.done for each in told]
    assert shares == sorted(shares) and shares[-1] == pytest.approx(1.0)
    assert told[0].per_second == 0 and told[-1].per_second > 1
    assert told[-1].seconds_left == pytest.approx(0.0, abs=0.1) and told[3].seconds_left is not None
    monkeypatch.undo()
    link(out)
    assert (out / "incidents.parquet").read_bytes() == bytes_of_whole and not (out / "linking").exists()


def test_memory_can_be_bounded(tmp_path: Path) -> None:
    out = corpus(tmp_path, [Maker("أ").claim("غارة على سراقب").report()])
    assert link(out, memory="200MB").claims == 1
    with pytest.raises(CorpusError, match="much: no size of memory; write it as 4GB"):
        link(out, memory="much")
    many = corpus(tmp_path / "many", synthetic_record.world(events=60, days=6, seed=3).reports)
    with pytest.raises(CorpusError, match=r"^DuckDB: .*; give it more by --memory$"):
        link(many, memory="4MB")
    assert not (many / "linking").exists()


def test_two_at_a_time_are_refused_and_what_a_killed_run_left_goes(tmp_path: Path) -> None:
    out = corpus(tmp_path, [Maker("أ").claim("غارة على سراقب").report()])
    (out / "linking" / "signed").mkdir(parents=True)
    (out / "linking" / "link.duckdb").write_bytes(b"half")

    def second(linking: Linking) -> None:
        with pytest.raises(CorpusError, match="is being linked by another program"):
            link(out)
        assert [path.name for path in (out / "linking").iterdir()] == ["lock"]

    assert link(out, tell=second).claims == 1
    assert not (out / "linking").exists()


def test_a_made_up_world_is_brought_together(tmp_path: Path) -> None:
    world = synthetic_record.world(events=60, days=30, seed=3)
    out = corpus(tmp_path, world.reports)
    link(out)
    found = {row["claim"]: row["incident"] for row in pq.read_table(out / "incidents.parquet").to_pylist()}
    exact = synthetic_record.exact_keys(world.reports)
    assert b_cubed(world.truth, found).f1 > b_cubed(world.truth, exact).f1 + 0.05


LONG = "أفاد ناشطون أن قصفا مدفعيا عنيفا طال أحياء مدينة سراقب منذ ساعات الصباح الأولى وأوقع خمسة قتلى وعشرات الجرحى"


def test_copies_are_one_voice_and_counted_apart(tmp_path: Path) -> None:
    first = Maker("أ").claim(LONG, type="shelling", killed=5).report()
    copy = Maker("ب").claim(f"{LONG} حسب المصدر", type="shelling", killed=5).report()
    quoting = (
        Maker("ج")
        .claim("خمسة قتلى بقصف سراقب نقلا عن أ", type="shelling", killed=5, source=Source("outlet", "أ"))
        .report()
    )
    own = Maker("د").claim("مقتل خمسة مدنيين في سراقب بقذائف", type="shelling", killed=5).report()
    out = corpus(tmp_path, [first, copy, quoting, own])
    done = link(out)
    rows = {row["report"]: row for row in pq.read_table(out / "incidents.parquet").to_pylist()}
    assert (done.incidents, done.copied) == (1, 1)
    assert rows[first.id]["origin"] == rows[copy.id]["origin"] != rows[own.id]["origin"] == own.id
    assert rows[first.id]["voice"] == rows[copy.id]["voice"] != rows[own.id]["voice"]


def test_a_wave_over_towns_meets_a_report_of_its_last(tmp_path: Path) -> None:
    wave = Maker("أ").claim("غارات على هجين والشعفة وسراقب", places=("هجين", "الشعفة", "سراقب"), killed=9).report()
    one = Maker("ب").claim("تسعة قتلى بغارة على سراقب", killed=9).report()
    assert link(corpus(tmp_path, [wave, one])).incidents == 1


def test_a_chain_of_near_misses_is_no_incident(tmp_path: Path) -> None:
    days = ("2018-03-04", "2018-03-05", "2018-03-06", "2018-03-07")
    reports = [
        Maker(f"صحيفة {n}", day).claim(f"غارة على سراقب {n}", date=day, killed=17).report()
        for n, day in enumerate(days)
    ]
    done = link(corpus(tmp_path, reports))
    assert done.incidents > 1


def test_a_run_without_signatures_is_refused(tmp_path: Path) -> None:
    out = corpus(tmp_path, [Maker("أ").claim("غارة على سراقب").report()])
    (path,) = (out / "reports").glob("*.parquet")
    pq.write_table(pq.read_table(path).drop_columns(["signature"]), path)
    with pytest.raises(CorpusError, match="earlier Sijill"):
        link(out)


@pytest.mark.parametrize(
    "wrong",
    [
        ["--master", "local"],
        ["--engine", "spark", "--database", "a.db"],
        ["--engine", "spark", "--memory", "4GB"],
        ["--engine", "spark", "--conf", "a"],
        ["--database", "some.parquet"],
    ],
)
def test_options_of_the_other_engine_are_refused(tmp_path: Path, wrong: list[str]) -> None:
    told = CliRunner().invoke(command, [str(tmp_path), *wrong])
    assert told.exit_code == 2 and "Error: --" in told.output


def told_by_levels(pairs: list[tuple[Fact, Fact]], origins: list[tuple[str, str]]) -> list[dict[str, Level]]:
    """The level of every comparison that each pair of claims meets, as DuckDB has it. The origins are of the pair's
    reports, which are one report where their readings are."""
    facts = [fact for pair in pairs for fact in pair]
    told = {
        "id": [str(n) for n in range(len(facts))],
        "report": [f"{n // 2} {fact.reading}" for n, fact in enumerate(facts)],
        "fact": [encode(fact) for fact in facts],
    }
    rows = compared(pa.table(told)).append_column("origin", pa.array([one for pair in origins for one in pair]))
    rows = rows.append_column("n", pa.array(range(len(facts))))
    connection = duckdb.connect()
    engine = DuckDB(connection)
    engine.take("claims", rows, first=True)
    sides = ", ".join(f"{side}.{name} AS {name}_{side}" for side in "lr" for name in rows.column_names)
    cases = ", ".join(
        "CASE "
        + " ".join(
            f"ELSE {n}" if level.holds == "ELSE" else f"WHEN {level.holds} THEN {n}" for n, level in enumerate(levels)
        )
        + f" END AS {name}"
        for name, levels in LEVELS.items()
    )
    met = "claims l JOIN claims r ON l.n + 1 = r.n AND l.n % 2 = 0"
    found = connection.sql(f"SELECT {cases} FROM (SELECT {sides} FROM {met}) ORDER BY n_l").fetchall()
    return [{name: LEVELS[name][n] for name, n in zip(LEVELS, row, strict=True)} for row in found]


def agrees(one: Fact, other: Fact, met: dict[str, Level]) -> None:
    """The levels are the record's features of a pair, in times that differ by no more than a step, and so the sum."""
    said: dict[str, float] = {}
    for level in met.values():
        if level.feature:
            said[level.feature] = said.get(level.feature, 0.0) + level.times
    expected = {feature.name: feature.times for feature in features(one, other) if feature.times}
    said = {name: times for name, times in said.items() if name in expected or name != "words"}
    expected = {name: times for name, times in expected.items() if name in said or name != "words"}
    assert said.keys() == expected.keys()
    for name, times in expected.items():
        assert said[name] == pytest.approx(times, abs={"words": 0.031, "spot-some": 0.2}.get(name, 0.15)), name
    points = weights()["start"] + sum(weights()[name] * times for name, times in said.items())
    assert points == pytest.approx(score(one, other), abs=0.3)


def test_levels_say_what_the_record_says() -> None:
    world = synthetic_record.world(events=30, days=6, seed=5)
    every = [
        numbered(fact_of(claim, report), n, n, n % 7)
        for n, report in enumerate(world.reports)
        for claim in report.claims
    ]
    by_hand = [facts(pair) for pair in PAIRS]
    pairs = by_hand + [(one, other) for a, one in enumerate(every) for other in every[:a]][::3]
    assert len(by_hand) >= 60 and len(pairs) >= 500
    found = told_by_levels(pairs, [(str(one.origin), str(other.origin)) for one, other in pairs])
    for (one, other), met in zip(pairs, found, strict=True):
        agrees(one, other, met)
    seen = {level.feature for met in found for level in met.values()}
    assert set(weights()) - seen <= {"start", "told-beside", "target-other", "spot-close"}


def test_the_command_needs_a_finished_run(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no finished run"):
        link(tmp_path)
    out = corpus(tmp_path, [Maker("أ").claim("غارة على سراقب").report()])
    told = CliRunner().invoke(command, [str(out)])
    assert told.exit_code == 0 and "1 claim in 1 incident;" in told.output
