"""The commands `place` and `gazetteer`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sijill.cli.main import sijill
from sijill.errors import SijillError


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sijill.cli.gazetteer.user_folder", lambda: tmp_path / "user")
    monkeypatch.setattr("sijill.cli.gazetteer.imported_files", lambda: sorted((tmp_path / "user").glob("*.csv")))


def run(*args: str) -> Result:
    return CliRunner().invoke(sijill, args)


def test_place_shows_why_one_wins() -> None:
    result = run("place", "البحرة", "--near", "دير الزور")
    assert result.exit_code == 0
    first, coordinates, why = result.output.splitlines()[:3]
    assert first.startswith("*") and "Al-Bahra" in first
    assert "Deir-ez-Zor" in coordinates and "named-container" in why


@pytest.mark.parametrize(("language", "meaning"), [("en", "it lies in the place that"), ("ar", "يقع في المكان الذي")])
def test_place_explains_each_weight_in_both_languages(language: str, meaning: str) -> None:
    output = run("place", "البحرة", "--near", "دير الزور", "--explain", "--lang", language).output
    assert any(line.startswith("named-container    +4.0") and meaning in line for line in output.splitlines())


def test_place_as_json_and_in_a_governorate() -> None:
    found = [json.loads(line) for line in run("place", "صوران", "--in", "حماة", "--json").output.splitlines()]
    assert found[0]["admin1"] == "Hama" and found[0]["features"]["heading"] == 1
    # A capital of that name elsewhere does not win over a hamlet of the governorate that is known.
    hamlet = [json.loads(line) for line in run("place", "الرياض", "--in", "حمص", "--json").output.splitlines()]
    assert hamlet[0]["admin1"] == "Homs"


def test_an_unknown_name_is_refused_in_one_line() -> None:
    result = run("place", "فلفلانستان")
    assert isinstance(result.exception, SijillError) and "\n" not in str(result.exception)


def test_import_list_lint_and_undo(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("id,kind,name,country,lat,lon\nmine:1,village,خربة الياقوت,SY,35.5,36.6\n", encoding="utf-8")
    assert "1 places added" in run("gazetteer", "import", str(file)).output
    assert "imported\t0001-mine.csv\t1" in run("gazetteer", "list").output
    assert run("gazetteer", "lint", str(file)).output == "no faults\n"
    assert run("gazetteer", "undo").output == "taken back: 0001-mine.csv\n"
    assert isinstance(run("gazetteer", "undo").exception, SijillError)


def test_of_several_files_none_is_imported_if_one_is_faulty(tmp_path: Path) -> None:
    header = "id,kind,name,country,lat,lon\n"
    (tmp_path / "good.csv").write_text(header + "mine:1,village,خربة الياقوت,SY,35.5,36.6\n", encoding="utf-8")
    (tmp_path / "bad.csv").write_text(header + "mine:2,village,خربة الزمرد,SY,north,36.6\n", encoding="utf-8")
    result = run("gazetteer", "import", str(tmp_path / "good.csv"), str(tmp_path / "bad.csv"))
    assert isinstance(result.exception, SijillError) and str(result.exception).startswith("bad.csv:2: lat 'north'")
    assert not (tmp_path / "user").exists()


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("  ",), "needs letters"),
        (("صوران", "--near", "؟"), "needs letters"),
        (("صوران", "--near", "فلفلانستان"), "no place called"),
        (("صوران", "--in", "فلفلانستان"), "no governorate called"),
    ],
)
def test_what_place_cannot_look_up_is_refused_in_one_line(arguments: tuple[str, ...], fault: str) -> None:
    error = run("place", *arguments).exception
    assert isinstance(error, SijillError) and fault in str(error) and "\n" not in str(error)


def test_a_name_with_a_full_stop_within_is_one_name() -> None:
    assert "Tal Rifaat" in run("place", "تل. رفعت").output.splitlines()[0].replace("Rif'at", "Rifaat")


def test_lint_exits_with_1_where_there_are_faults(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("id,kind,name,country,lat,lon\nmine:1,hamlet,خربة,SY,35.5,36.6\n", encoding="utf-8")
    result = run("gazetteer", "lint", str(file))
    assert result.exit_code == 1 and "mine.csv:2: kind 'hamlet' is not known" in result.output
