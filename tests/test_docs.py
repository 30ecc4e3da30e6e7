"""The documentation is whole: every option, type, id and file it should name, and no link into the void."""

from __future__ import annotations

import csv
import importlib
import re
from pathlib import Path

import click
import pytest

from sijill.cli import main
from sijill.codebook import GROUPS, OBJECTS, SOURCE_KINDS, TYPES
from sijill.lexicon.lint import BUILT_IN

ROOT = Path(__file__).parent.parent
CODEBOOK = (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


ELSEWHERE = ("place", "gazetteer", "serve")
"""Commands that a page of their own tells of."""


@pytest.mark.parametrize("name", [name for name in main.COMMANDS if name not in ELSEWHERE])
def test_every_option_is_documented(name: str) -> None:
    module, attribute = main.COMMANDS[name]
    command: click.Command = getattr(importlib.import_module(module), attribute)
    section = re.split(r"\n#+ ", re.split(rf"## `sijill {name}\b", COMMANDS)[1])[0]
    options = [option for parameter in command.params for option in parameter.opts if option.startswith("--")]
    assert options
    assert [option for option in options if f"`{option}" not in section] == []
    documented = set(re.findall(r"`(--[a-z-]+)", section))
    assert documented == set(options)


def test_the_codebook_names_every_id() -> None:
    with (BUILT_IN / "actors.csv").open(encoding="utf-8") as file:
        actors = [row["actor"] for row in csv.DictReader(file)]
    assert [id_ for id_ in [*TYPES, *SOURCE_KINDS, *actors] if f"`{id_}`" not in CODEBOOK] == []
    assert [name for name in [*GROUPS] if f"*{name}*" not in CODEBOOK] == []
    assert [name for name in OBJECTS if name not in CODEBOOK] == []


def test_the_lexicon_tells_events_of_every_type() -> None:
    events = (BUILT_IN / "events.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"^([a-z-]+):", events, re.MULTILINE)) == set(TYPES)


@pytest.mark.parametrize("page", [*sorted(ROOT.glob("docs/**/*.md")), ROOT / "README.md"], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert [link for link in links if link and not (page.parent / link).exists()] == []
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors


def test_commands_of_the_tutorial_are_there() -> None:
    tutorial = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    for example in re.findall(r"examples/[\w.-]+", tutorial + (ROOT / "README.md").read_text(encoding="utf-8")):
        assert (ROOT / example.rstrip(".")).exists(), example
