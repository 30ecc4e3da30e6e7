"""Compiled modules stand for their sources: they are made from them, give way to a change, and read the same."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

from sijill.compiled import FOLDER, Finder, digests
from sijill.folders import PACKAGE

EXAMPLES = Path(__file__).parent.parent / "examples"
WHERE = "import sijill.reader, sijill.arabic.fold as fold; print(fold.__spec__.origin); print(getattr(fold, 'NEW', 0))"
compiled = pytest.mark.skipif(not FOLDER.exists(), reason="not compiled: no C compiler, or `make compiled` not run")


def run(*arguments: str, package: Path = PACKAGE, **environment: str) -> str:
    """What a Python of its own prints, with the package where it is said to be."""
    free = {name: value for name, value in os.environ.items() if name != "SIJILL_COMPILED"}
    variables = free | {"PYTHONPATH": str(package.parent)} | environment
    done = subprocess.run([sys.executable, *arguments], env=variables, capture_output=True, check=True)
    return done.stdout.decode("utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package elsewhere: its own sources and compiled modules, the data linked."""
    there = tmp_path / "sijill"

    def made(source: str, target: str) -> None:
        if source.endswith((".py", ".json", ".so", ".pyd")):
            shutil.copy(source, target)
        else:
            Path(target).symlink_to(source)

    shutil.copytree(PACKAGE, there, copy_function=made, ignore=shutil.ignore_patterns("__pycache__", "vendor"))
    return there


@compiled
def test_what_is_compiled_is_what_the_sources_say() -> None:
    assert json.loads((FOLDER / "manifest.json").read_bytes())["sources"] == digests()


@compiled
def test_a_changed_source_runs_as_it_stands(copy: Path) -> None:
    origin, _ = run("-c", WHERE, package=copy).split()
    assert copy / "_compiled" in Path(origin).parents
    source = copy / "arabic/fold.py"
    source.write_text(source.read_text(encoding="utf-8") + "\nNEW = 1\n", encoding="utf-8")
    origin, new = run("-c", WHERE, package=copy).split()
    assert (Path(origin), new) == (source, "1")


@compiled
def test_a_change_anywhere_in_the_reader_turns_all_of_it_off(copy: Path) -> None:
    other = copy / "codebook.py"
    other.write_text(other.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    origin, _ = run("-c", WHERE, package=copy).split()
    assert Path(origin) == copy / "arabic/fold.py"


@compiled
def test_a_setting_turns_it_off() -> None:
    origin, _ = run("-c", WHERE, SIJILL_COMPILED="0").split()
    assert Path(origin) == PACKAGE / "arabic/fold.py"


@compiled
@pytest.mark.parametrize("form", ["--json", "--explain"])
def test_compiled_and_not_read_the_same(form: str) -> None:
    command = ("-m", "sijill.cli.main", "read", form, str(EXAMPLES))
    assert run(*command) == run(*command, SIJILL_COMPILED="0")


@compiled
def test_a_build_that_fails_stops_no_user_and_fails_where_it_must_not(tmp_path: Path) -> None:
    root = PACKAGE.parent.parent
    shutil.copy(root / "hatch_build.py", tmp_path)
    there = tmp_path / "src/sijill"

    def left(folder: str, names: list[str]) -> list[str]:
        return [
            name for name in names if name == "_compiled" or not (name.endswith(".py") or Path(folder, name).is_dir())
        ]

    shutil.copytree(PACKAGE, there, ignore=left)
    (there / "arabic/fold.py").write_text("def broken(:\n", encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "SIJILL_COMPILED"}
    for options, code in (((), 0), (("--must",), 1)):
        command = [sys.executable, "hatch_build.py", *options]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert (done.returncode, done.stderr.count("Compiling failed")) == (code, 1)
        assert not (there / "_compiled").exists()


def test_modules_of_another_python_are_not_loaded() -> None:
    modules, sources = {"sijill.arabic.fold": "fold.so"}, digests()
    assert (
        Finder({"suffix": ".other.so", "modules": modules, "sources": sources}).find_spec("sijill.arabic.fold") is None
    )
    finder = Finder({"suffix": EXTENSION_SUFFIXES[0], "modules": modules, "sources": sources})
    spec = finder.find_spec("sijill.arabic.fold")
    assert spec is not None and spec.origin == str(FOLDER / "fold.so")
    assert finder.find_spec("sijill.arabic.words") is None
