"""`sijill lint` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from sijill.cli.lint import lint


def test_faults_in_both_languages_and_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "things.csv").write_text("word,object\nمخبأ,bunker\n", encoding="utf-8")
    done = CliRunner().invoke(lint, ["--lexicon", str(tmp_path)])
    english, arabic = done.stdout.splitlines()
    assert done.exit_code == 1
    assert english.startswith('things.csv:2: "bunker" is no value of this column; write one of: building, vehicle')
    assert arabic.startswith("things.csv:2: قيمة غير مقبولة «bunker»؛ اكتب واحدة من:")
    assert done.stderr == "1 fault\n"


def test_json(tmp_path: Path) -> None:
    (tmp_path / "thing.csv").write_text("word\n", encoding="utf-8")
    done = CliRunner().invoke(lint, ["--lexicon", str(tmp_path), "--json", "--lang", "en"])
    fault = json.loads(done.stdout)
    assert (fault["file"], fault["line"], fault["code"]) == ("thing.csv", 1, "unknown-file")
    assert "ar" not in fault


def test_no_faults(tmp_path: Path) -> None:
    (tmp_path / "things.csv").write_text("word,object\nمخبأ,position\n", encoding="utf-8")
    done = CliRunner().invoke(lint, ["--lexicon", str(tmp_path)])
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "no faults\n")
