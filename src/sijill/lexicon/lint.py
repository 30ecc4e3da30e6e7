"""Checking the language data: what no test of the reader would show, an analyst's slip of the hand above all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from sijill.arabic.fold import fold
from sijill.codebook import TYPES
from sijill.errors import LexiconError
from sijill.lexicon.faults import Fault
from sijill.lexicon.letters import letters_of, spaces_of
from sijill.lexicon.lint_events import EVENTS, event_words, is_pair, lint_events
from sijill.lexicon.schema import Column, FileRule, file_rules

BUILT_IN = Path(__file__).parent / "data"


class Row(NamedTuple):
    """One row of a CSV file: the line it ends in, and its cells by column."""

    line: int
    cells: dict[str, str]


def lint(overlay: Path | None = None) -> list[Fault]:
    """The faults of the built-in language data, or of a folder laid over it, in order of file and line.

    An overlay may use the ids of the built-in data and its own. Raises LexiconError where the folder does not exist.
    """
    folder = overlay or BUILT_IN
    if not folder.is_dir():
        raise LexiconError(f"{folder}: no such folder; --lexicon takes a folder of CSV and YAML files")
    folders = [BUILT_IN, overlay] if overlay else [BUILT_IN]
    ids = _ids(folders)
    faults: list[Fault] = []
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or path.name.startswith(".") or path.suffix == ".md":
            continue
        name = path.relative_to(folder).as_posix()
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError:
            faults.append(Fault(name, 1, "not-utf8"))
            continue
        if name == EVENTS:
            faults += lint_events(text, event_words(BUILT_IN) if overlay else {}, folders)
        elif name in file_rules():
            faults += _lint_file(name, text, file_rules()[name], ids)
        else:
            nearest = get_close_matches(name, [EVENTS, *file_rules()], n=3, cutoff=0.0)
            faults.append(Fault(name, 1, "unknown-file", name, ", ".join(nearest)))
    return sorted(faults)


def _ids(folders: list[Path]) -> dict[str, set[str]]:
    """The ids that other files may refer to: the first column of the files that are referred to."""
    ids: dict[str, set[str]] = {}
    for rule in file_rules().values():
        for column in rule.columns:
            if column.kind not in ("ref", "refs") or column.values[0] in ids:
                continue
            file = column.values[0]
            first = file_rules()[file].columns[0].name
            ids[file] = set()
            for path in (folder / file for folder in folders):
                if path.is_file():
                    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig", errors="replace")))
                    ids[file].update(row[first] for row in rows if row.get(first))
    return ids


def _lint_file(name: str, text: str, rule: FileRule, ids: dict[str, set[str]]) -> Iterator[Fault]:
    reader = csv.reader(io.StringIO(text))
    header = next(reader, [])
    missing = [column.name for column in rule.columns if column.name not in header and column.kind != "note"]
    unknown = [column for column in header if column not in {known.name for known in rule.columns}]
    yield from (Fault(name, 1, "missing-column", column, rule.header()) for column in missing)
    yield from (Fault(name, 1, "unknown-column", column, rule.header()) for column in unknown)
    if missing or unknown:
        return
    rows = []
    for cells in reader:
        if len(cells) == len(header):
            rows.append(Row(reader.line_num, dict(zip(header, cells, strict=True))))
        elif cells:
            yield Fault(name, reader.line_num, "wrong-width", str(len(cells)), str(len(header)))
    for row in rows:
        for column in rule.columns:
            yield from _lint_cell(name, row, column, rule, ids)
    yield from _duplicates(name, rows, rule)


def _lint_cell(name: str, row: Row, column: Column, rule: FileRule, ids: dict[str, set[str]]) -> Iterator[Fault]:
    value = row.cells.get(column.name, "")
    if not value.strip():
        if not column.may_be_empty:
            yield Fault(name, row.line, "empty", column.name)
        return
    spaces = spaces_of(value)
    if spaces:
        yield Fault(name, row.line, "spaces", value, spaces.mended)
        value = spaces.mended
    if column.kind in ("arabic", "pair"):
        letters = letters_of(value)
        if letters:
            yield Fault(name, row.line, letters.fault, value, letters.mended)
    verb = column.name == rule.pairs and row.cells["form"] == "verb"
    if (verb or column.kind == "pair") and not is_pair(value):
        yield Fault(name, row.line, "not-a-pair", value)
    yield from _bad_value(name, row.line, column, value, ids)


def _bad_value(name: str, line: int, column: Column, value: str, ids: dict[str, set[str]]) -> Iterator[Fault]:
    match column.kind:
        case "one_of" if value not in column.values:
            yield Fault(name, line, "bad-value", value, ", ".join(column.values))
        case "yes" if value != "yes":
            yield Fault(name, line, "bad-value", value, "yes")
        case "number" if not value.isascii() or not value.isdigit():
            yield Fault(name, line, "bad-value", value, "0, 1, 2 ...")
        case "day" if not _is_day(value):
            yield Fault(name, line, "bad-value", value, "2024-12-08")
        case "types" if value not in TYPES:
            yield Fault(name, line, "unknown-type", value, ", ".join(TYPES))
        case "ref" | "refs":
            file, *others = column.values
            named = [value] if column.kind == "ref" else value.split()
            known = ids[file].union(others)
            yield from (Fault(name, line, "unknown-id", id_, file) for id_ in named if id_ not in known)


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _duplicates(name: str, rows: list[Row], rule: FileRule) -> Iterator[Fault]:
    """Rows for the same words, written alike or saying different things; spellings that say the same may stand."""
    seen: dict[tuple[str, ...], list[Row]] = {}
    says = [column.name for column in rule.columns if column.kind != "note" and column.name not in rule.unique]
    for row in rows:
        key = tuple(" ".join(fold(row.cells[column]).split()) for column in rule.unique)
        for other in seen.setdefault(key, []):
            alike = all(row.cells[column] == other.cells[column] for column in rule.unique)
            if alike or any(row.cells[column] != other.cells[column] for column in says):
                value = " ".join(row.cells[column] for column in rule.unique if row.cells[column])
                yield Fault(name, row.line, "duplicate", value, str(other.line))
                break
        seen[key].append(row)
