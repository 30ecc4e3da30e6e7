"""The commands on a record, from an empty folder to a verdict."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from sijill.cli import record_add, record_keep, record_review, record_search, record_show
from sijill.errors import SijillError

Run = Callable[..., Result]
REPORTS = {
    "a.txt": "قصف الطيران الحربي مدينة سراقب يوم الأحد 4 آذار 2018 وقتل خمسة مدنيين في السوق الشعبي.",
    "b.txt": "قتل خمسة مدنيين بغارة جوية على مدينة سراقب يوم 4 آذار 2018 وأصيب آخرون بجروح.",
    "c.txt": "سيطرت قوات سوريا الديمقراطية على بلدة هجين يوم 14 كانون الأول 2018.",
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SIJILL_RECORD", str(tmp_path / "record"))
    monkeypatch.setenv("SIJILL_WHO", "سلمى")
    (tmp_path / "in").mkdir()
    for name, text in REPORTS.items():
        (tmp_path / "in" / name).write_text(text, encoding="utf-8")

    def call(command: click.Command, *words: str, code: int = 0) -> Result:
        found = CliRunner().invoke(command, list(words))
        assert found.exit_code == code, found.output + repr(found.exception)
        return found

    return call


@pytest.fixture
def filled(run: Run, tmp_path: Path) -> Run:
    run(record_add.init)
    run(record_add.add, str(tmp_path / "in"), "--jobs", "1")
    return run


def test_init_add_verify(run: Run, tmp_path: Path) -> None:
    assert "empty record" in run(record_add.init).output
    told = json.loads(run(record_add.add, str(tmp_path / "in"), "--json", "--jobs", "1").output)
    assert told["read"] == 3 and told["failures"] == [] and told["claims"] >= 3
    assert "3 there already" in run(record_add.add, str(tmp_path / "in"), "--jobs", "1").output
    verdict = json.loads(run(record_keep.verify, "--json").output)
    assert verdict["faults"] == [] and verdict["captures"] == 3


def test_add_tells_failures_and_goes_on(run: Run, tmp_path: Path) -> None:
    run(record_add.init)
    found = run(record_add.add, str(tmp_path / "no.txt"), str(tmp_path / "in"), "--jobs", "1", code=1)
    assert "no such file" in found.stderr and "3 read" in found.stdout


def test_verify_exits_with_1_and_names_the_fault(filled: Run, tmp_path: Path) -> None:
    import sqlite3

    with sqlite3.connect(tmp_path / "record" / "record.db") as connection:
        connection.execute("DELETE FROM blobs WHERE capture_id = 2")
    assert "capture 2" in filled(record_keep.verify, code=1).output


def test_incidents_show_search(filled: Run) -> None:
    lines = filled(record_show.incidents).output.splitlines()
    assert lines and lines[0].startswith("i")
    assert "claims of" in filled(record_show.show, "i1").output
    assert json.loads(filled(record_show.show, "i1", "--rule", "low", "--json").output)["rule"] == "low"
    assert "سراقب" in filled(record_show.show, "c1").output
    assert "sha256" in filled(record_show.show, "r1").output
    assert filled(record_search.search, "السوق").output.count("\n") >= 1
    assert "types:" in filled(record_search.search, "--facets").output
    assert filled(record_search.search, "بلدة", "--reports").output.startswith("r3")
    for words in (["--near", "1,2"], ["--box", "a,b,c,d"], ["--since", "أمس"], ["..."]):
        found = filled(record_search.search, *words, code=1)
        assert isinstance(found.exception, SijillError)


def test_as_of_tells_what_was_said_then(filled: Run) -> None:
    before = json.loads(filled(record_show.incidents, "--json", "--limit", "1").output.splitlines()[0])
    read = json.loads(filled(record_show.show, "c1", "--json").output)
    filled(record_review.decide, "correct", "c1", '[[7, 7, "civilian"]]', "--field", "killed")
    decided = json.loads(filled(record_show.show, "c1", "--json").output)
    moment = decided["history"][0]["at"]
    filled(record_review.decide, "reject", "c1")
    assert json.loads(filled(record_show.show, "c1", "--json").output)["now"] == {}
    then = json.loads(filled(record_show.show, "c1", "--json", "--as-of", moment).output)
    assert then["now"] == decided["now"] != read["now"]
    assert "i1\t" in filled(record_show.incidents, "--as-of", moment).output
    assert filled(record_show.incidents, "--as-of", "2001-01-01").output == ""
    now = json.loads(filled(record_show.incidents, "--json", "--limit", "1").output.splitlines()[0])
    assert set(before) - set(now) == set()
    assert isinstance(filled(record_show.show, "c1", "--as-of", "2001-01-01", code=1).exception, SijillError)


def test_a_withheld_capture_says_nothing(filled: Run) -> None:
    filled(record_review.decide, "withhold", "r1")
    assert "السوق" not in filled(record_show.show, "c1").output
    assert json.loads(filled(record_show.show, "c1", "--json").output)["claim"] is None


def test_numbers_that_no_database_keeps_are_refused(filled: Run) -> None:
    huge = "9" * 25
    for words in (["--killed", huge], ["--limit", huge]):
        filled(record_search.search, *words, code=2)
    for words in (["--near", "nan,1,2"], ["--box", "nan,0,1,1"], ["--box", "0,0,inf,1"]):
        assert isinstance(filled(record_search.search, *words, code=1).exception, SijillError)
    for name in (f"c{huge}", f"i{huge}", f"r{huge}"):
        assert isinstance(filled(record_show.show, name, code=1).exception, SijillError)
    filled(record_review.undo, huge, code=2)


def test_decisions(filled: Run, tmp_path: Path) -> None:
    filled(record_review.decide, "state", "i1", "reviewed")
    filled(record_review.decide, "correct", "c1", '[[7, 7, "civilian"]]', "--field", "killed", "--why", "قائمة")
    assert "قائمة" in filled(record_review.history, "c1").output
    filled(record_review.undo, "2")
    assert "(undone)" in filled(record_review.history, "c1").output
    (tmp_path / "d.csv").write_text("kind,target,field,value,why\naccept,c1,killed,,\n", encoding="utf-8")
    assert "1 decisions" in filled(record_review.import_, str(tmp_path / "d.csv")).output
    filled(record_review.agreement)
    assert filled(record_review.history).output == ""
    for wrong in (["split", "i1", "c1"], ["withhold", "r1", "7"], ["merge", "i1"], ["state", "i1", "done"]):
        assert isinstance(filled(record_review.decide, *wrong, code=1).exception, SijillError)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("accept", "no target"),
        ("accept,,,,", "no target"),
        ('correct,c1,killed,[[7,7,"civilian"]],list', "more values than columns"),
        ("praise,c1,,,", "no such decision"),
        ("correct,c1,killed,seven,", "the form is as in"),
        ("accept,c999,,,", "c999"),
    ],
)
def test_a_file_with_a_decision_that_cannot_stand_changes_nothing(
    line: str, says: str, filled: Run, tmp_path: Path
) -> None:
    file = tmp_path / "decisions.csv"
    file.write_text(f"kind,target,field,value,why\nstate,i1,,reviewed,\n{line}\n", encoding="utf-8")
    done = CliRunner().invoke(record_review.import_, [str(file)])
    assert isinstance(done.exception, SijillError) and f"{file}: line 3: " in str(done.exception)
    assert says in str(done.exception)
    assert "machine-read" in filled(record_show.show, "i1").output


def test_backup_reread_migrate(filled: Run, tmp_path: Path) -> None:
    assert "a copy of" in filled(record_keep.backup, str(tmp_path / "saved")).output
    assert "0 faults" in filled(record_keep.verify, "-r", str(tmp_path / "saved")).output
    assert "0 read" in filled(record_add.reread, "--jobs", "1").output
    assert "was of form" in filled(record_keep.migrate).output


def test_words_of_ones_own_are_read_by(run: Run, tmp_path: Path) -> None:
    words, faulty = tmp_path / "words", tmp_path / "faulty"
    words.mkdir()
    faulty.mkdir()
    (words / "actors.csv").write_text("actor,ar,en,kind\nsky-hawks,صقور السماء,Sky Hawks,militia\n", encoding="utf-8")
    (words / "actor_names.csv").write_text(
        "actor,form,name,country,from,to\nsky-hawks,name,صقور السماء,,,\n", encoding="utf-8"
    )
    (faulty / "actors.csv").write_text("actor,what\nx,y\n", encoding="utf-8")
    (tmp_path / "in" / "d.txt").write_text("هاجمت صقور السماء بلدة هجين يوم 14 كانون الأول 2018.", encoding="utf-8")
    run(record_add.init)
    for command, more in ((record_add.add, [str(tmp_path / "in")]), (record_add.reread, [])):
        for folder in (faulty, tmp_path / "none"):
            done = CliRunner().invoke(command, [*more, "--lexicon", str(folder)])
            assert isinstance(done.exception, SijillError)
    run(record_add.add, str(tmp_path / "in"), "--jobs", "1")
    assert run(record_search.search, "--party", "sky-hawks").output == ""
    assert "4 read" in run(record_add.reread, "--lexicon", str(words), "--jobs", "1").output
    assert "هجين" in run(record_search.search, "--party", "sky-hawks").output
    (tmp_path / "in" / "e.txt").write_text("هاجمت صقور السماء مدينة سراقب يوم 2 أيار 2019.", encoding="utf-8")
    assert "1 read" in run(record_add.add, str(tmp_path / "in"), "--lexicon", str(words), "--jobs", "2").output
    assert "سراقب" in run(record_search.search, "--party", "sky-hawks").output
    assert run(record_keep.verify).exit_code == 0


def test_standard_input_is_added(tmp_path: Path) -> None:
    script = "from sijill.cli import record_add as a; import sys; getattr(a, sys.argv.pop(1))()"
    environment = {**os.environ, "SIJILL_RECORD": str(tmp_path / "r")}
    subprocess.run([sys.executable, "-c", script, "init"], env=environment, check=True, capture_output=True)
    told = subprocess.run(
        [sys.executable, "-c", script, "add", "-", "--jobs", "1"],
        env=environment, check=True, capture_output=True, input=REPORTS["a.txt"].encode(),
    )  # fmt: skip
    assert b"1 read" in told.stdout
