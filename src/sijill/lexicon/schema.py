"""What each file of the language data must hold, read from `schema.yaml`."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import msgspec
import yaml


class Column(msgspec.Struct, frozen=True):
    """What the cells of a column hold; `kind` is one of those that `schema.yaml` lists."""

    name: str
    kind: str
    values: tuple[str, ...] = ()
    """The values of one_of; of ref and refs, the file whose ids they are, then what else may stand there."""
    may_be_empty: bool = False


class FileRule(msgspec.Struct, frozen=True):
    """One CSV file: its columns in order, which of them tell rows apart, and what it holds in two languages."""

    name: str
    ar: str
    en: str
    columns: tuple[Column, ...]
    unique: tuple[str, ...]
    pairs: str | None = None
    """The column that holds a pair (perfect and imperfect) where the column `form` is "verb"."""

    def header(self) -> str:
        """The first line of the file."""
        return ",".join(column.name for column in self.columns)


@cache
def file_rules() -> dict[str, FileRule]:
    """The rules by file name, relative to the folder of the language data."""
    text = (resources.files("sijill.lexicon") / "schema.yaml").read_text(encoding="utf-8")
    raw: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return {name: _rule(name, rule) for name, rule in raw.items()}


def _rule(name: str, raw: dict[str, Any]) -> FileRule:
    optional = raw.get("optional", ())
    columns = tuple(_column(column, value, column in optional) for column, value in raw["columns"].items())
    return FileRule(name, raw["ar"], raw["en"], columns, tuple(raw["unique"]), raw.get("pairs"))


def _column(name: str, raw: Any, may_be_empty: bool) -> Column:
    if isinstance(raw, dict):
        ((kind, value),) = raw.items()
        return Column(name, kind, tuple(value) if isinstance(value, list) else (value,), may_be_empty)
    return Column(name, "yes" if raw is True else raw, (), may_be_empty)  # YAML takes a bare yes for a truth value
