"""Linking a corpus compares claims as the record does."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import synthetic_record
from claims_builder import Maker
from cluster_measures import b_cubed
from sijill.cli.link import link as command
from sijill.corpus.compare import LEVELS, SCHEMA, compared
from sijill.corpus.link import link
from sijill.corpus.plan import CorpusError
from sijill.corpus.run import run
from sijill.incidents.pair import features
from sijill.model import Report
from sijill.record.fact import encode, fact_of

pytest.importorskip("splink")
duckdb = pytest.importorskip("duckdb")


def corpus(tmp_path: Path, reports: list[Report]) -> Path:
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


def test_a_made_up_world_is_brought_together(tmp_path: Path) -> None:
    world = synthetic_record.world(events=60, days=30, seed=3)
    out = corpus(tmp_path, world.reports)
    link(out)
    found = {row["claim"]: row["incident"] for row in pq.read_table(out / "incidents.parquet").to_pylist()}
    exact = synthetic_record.exact_keys(world.reports)
    linked = b_cubed(world.truth, found).f1
    assert linked > b_cubed(world.truth, exact).f1


@pytest.mark.skipif(
    not (os.environ.get("JAVA_HOME") or shutil.which("java")),
    reason="Spark needs Java 17 or later",
)
def test_spark_gives_the_same_file_as_duckdb(tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    world = synthetic_record.world(events=12, days=10, seed=3)
    out = corpus(tmp_path, world.reports)
    one = link(out)
    bytes_of_one = (out / "incidents.parquet").read_bytes()
    (out / "incidents.parquet").unlink()
    other = link(out, engine="spark", master="local[2]", conf={"spark.sql.shuffle.partitions": "1"})
    assert one == other and 1 < one.incidents < one.claims
    assert (out / "incidents.parquet").read_bytes() == bytes_of_one
    assert not (out / "linking").exists()


def test_without_java_spark_is_refused_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark")
    reports = [Maker("أ").claim(words).report() for words in ("غارة على سراقب", "قصف على هجين")]
    out = corpus(tmp_path, reports)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CorpusError, match="needs Java 17"):
        link(out, engine="spark")


@pytest.mark.parametrize(
    "wrong", [["--master", "local"], ["--engine", "spark", "--database", "a.db"], ["--engine", "spark", "--conf", "a"]]
)
def test_options_of_the_other_engine_are_refused(tmp_path: Path, wrong: list[str]) -> None:
    told = CliRunner().invoke(command, [str(tmp_path), *wrong])
    assert told.exit_code == 2 and "Error: --" in told.output


_SQL = {
    "string": "VARCHAR",
    "bool": "BOOLEAN",
    "int64": "BIGINT",
    "double": "DOUBLE",
    "list<element: string>": "VARCHAR[]",
}


def level_of(name: str, one: dict[str, object], other: dict[str, object]) -> tuple[str, float]:
    """The level of a comparison that a pair of rows meets, as DuckDB has it."""
    kinds = {field.name: _SQL[str(field.type).replace("item", "element")] for field in SCHEMA}
    sides = ", ".join(f"?::{kinds[key]} AS {key}_{side}" for side in "lr" for key in one)
    values = [*one.values(), *other.values()]
    for level in LEVELS[name]:
        if level.holds == "ELSE":
            return level.feature, level.times
        if duckdb.execute(f"SELECT {level.holds} FROM (SELECT {sides})", values).fetchall()[0][0]:
            return level.feature, level.times
    raise AssertionError(name)


def test_levels_say_what_the_record_says(tmp_path: Path) -> None:
    world = synthetic_record.world(events=8, days=6, seed=5)
    facts = [fact_of(claim, report) for report in world.reports for claim in report.claims][:14]
    ids = [str(number) for number in range(len(facts))]
    table = pa.table({"id": ids, "report": ids, "fact": [encode(fact) for fact in facts]})
    rows = compared(table).to_pylist()
    seen = set()
    for a, one in enumerate(facts):
        for b, other in enumerate(facts[:a]):
            said = {feature.name for feature in features(one, other)}
            for name in ("day", "type", "doers", "others", "means", "damage", "planned"):
                feature, _ = level_of(name, rows[a], rows[b])
                if feature:
                    seen.add(feature)
                    assert feature in said, (name, feature, said)
    assert {"day-same", "type-same", "doer-same"} <= seen


def test_the_command_needs_a_finished_run(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no finished run"):
        link(tmp_path)
    out = corpus(tmp_path, [Maker("أ").claim("غارة على سراقب").report()])
    told = CliRunner().invoke(command, [str(out)])
    assert told.exit_code == 0 and "1 claims in 1 incidents" in told.output
