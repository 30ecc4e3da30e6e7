"""Imports run one way, along the path of a report: a step knows those before it, and never one after it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "sijill"
# The steps of the path in their order; what stands before the first line break is known to all.
PATH = [
    "folders",
    "compiled",
    "errors",
    "model",
    "codebook",
    "arabic",
    "lexicon",
    "gazetteer",
    "page",
    "mentions",
    "resolve",
    "claims",
    "reader",
    "scoring",
    "show",
    "capture",
    "inputs",
    "record",
    "incidents",
    "review",
    "search",
    "watch",
    "export",
    "corpus",
    "web",
    "client",
    "cli",
]


def imported(file: Path) -> Iterator[tuple[int, str]]:
    """The parts of the program that a file imports as it is loaded, with their lines."""
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"sijill.{a.name}" for a in node.names] if node.module == "sijill" else [node.module]
        for name in names:
            root, _, rest = name.partition(".")
            if root == "sijill" and rest:
                yield node.lineno, rest.split(".")[0]


def test_the_path_names_every_part() -> None:
    parts = {path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert parts - {"__init__", "__main__"} == set(PATH)


@pytest.mark.parametrize("part", PATH)
def test_no_part_imports_a_later_one(part: str) -> None:
    folder = SOURCE / part
    files = sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]
    assert files
    later = set(PATH[PATH.index(part) + 1 :])
    back = [
        f"{file.relative_to(SOURCE)}:{line} {name}" for file in files for line, name in imported(file) if name in later
    ]
    assert back == []
