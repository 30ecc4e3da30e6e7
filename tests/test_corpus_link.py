"""Linking a corpus compares claims as the record does."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import synthetic_record
from claims_builder import Maker
from cluster_measures import b_cubed
from sijill.cli.link import link as command
from sijill.corpus.link import link
from sijill.corpus.plan import CorpusError
from sijill.corpus.run import run
from sijill.model import Report

pytest.importorskip("splink")


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


def test_the_command_needs_a_finished_run(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no finished run"):
        link(tmp_path)
    out = corpus(tmp_path, [Maker("أ").claim("غارة على سراقب").report()])
    told = CliRunner().invoke(command, [str(out)])
    assert told.exit_code == 0 and "1 claims in 1 incidents" in told.output
