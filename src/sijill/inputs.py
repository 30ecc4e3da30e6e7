"""Finding the reports in what a user names: a file, a folder, standard input, JSON Lines, Parquet, or a table.

`find` yields one `Item` for each report, in order and without holding a corpus in memory, and a `Failure` in the place
of each report that cannot be taken. What makes the whole input unusable raises InputError.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, cast

import msgspec

from sijill.capture import posts, rows
from sijill.capture.item import Failure, Limits
from sijill.errors import InputError

HTML_SUFFIXES = frozenset((".html", ".htm", ".xhtml"))
SUFFIXES = HTML_SUFFIXES | {".txt"}
FIELDS = ("text", "html", "id", "title", "published", "outlet", "url")
STANDARD_INPUT = "-"


class Item(msgspec.Struct, frozen=True):
    """One report before it is read, of which nothing is kept. `html` None: to be told from the content."""

    name: str
    content: str | bytes
    html: bool | None = None
    url: str | None = None
    published: str | None = None
    outlet: str | None = None
    title: str | None = None


def find(paths: Iterable[str], *, ignore_fields: bool = False) -> Iterator[Item | Failure]:
    """The reports in files, folders, corpora and `-` (standard input), in the order given; folders in order of names.

    `ignore_fields`: pass over fields of a corpus that Sijill does not know, instead of refusing it.
    Raises InputError at once where a path does not exist, and when reached where a corpus has an unknown form.
    """
    named = [_checked(path) for path in paths]
    return (item for path in named for item in _reports(path, ignore_fields))


def is_one(paths: Iterable[str]) -> bool:
    """Whether the paths name a single report, so that its failure is the failure of the whole."""
    named = list(paths)
    return len(named) == 1 and (
        named[0] == STANDARD_INPUT or (not Path(named[0]).is_dir() and not _is_corpus(Path(named[0])))
    )


def _checked(path: str) -> str:
    if path != STANDARD_INPUT and not Path(path).exists():
        raise InputError(f"{path}: no such file or folder; give a file, a folder, or - for standard input")
    return path


def _reports(path: str, ignore_fields: bool) -> Iterator[Item | Failure]:
    if path == STANDARD_INPUT:
        yield Item(STANDARD_INPUT, sys.stdin.buffer.read())
        return
    file = Path(path)
    if not file.is_dir():
        yield from _in_file(file, ignore_fields)
        return
    found = sorted(child for child in file.rglob("*") if _is_report(child, file))
    if not found:
        raise InputError(f"{path}: no reports in it; they end in .txt, .html, .jsonl, .parquet, .csv or .tsv")
    for child in found:
        try:
            yield from _in_file(child, ignore_fields)
        except InputError as error:
            yield Failure(_name(child), str(error).removeprefix(f"{child}: "))


def _is_report(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return not hidden and file.is_file() and (file.suffix.lower() in SUFFIXES or _is_corpus(file))


def _is_corpus(file: Path) -> bool:
    return file.name.lower().endswith((".jsonl", ".jsonl.gz", ".parquet", *posts.SEPARATED))


def _in_file(file: Path, ignore_fields: bool) -> Iterator[Item | Failure]:
    try:
        if file.suffix.lower() in posts.SEPARATED:
            yield from _posts(file)
        elif file.suffix.lower() == ".parquet":
            yield from _records(file, rows.parquet(file, _name(file)), ignore_fields)
        elif _is_corpus(file):
            yield from _records(file, _json_lines(file), ignore_fields)
        else:
            yield Item(_name(file), file.read_bytes(), html=True if file.suffix.lower() in HTML_SUFFIXES else None)
    except rows.DAMAGED as error:
        yield Failure(_name(file), getattr(error, "strerror", None) or str(error))


def _posts(file: Path) -> Iterator[Item | Failure]:
    """The rows of a table, by the columns that `sijill add` knows."""
    for found in posts.table(file, Limits()):
        if isinstance(found, Failure):
            yield found
        elif found.published and not is_time(found.published):
            yield Failure(found.name, f"its day or time is no ISO 8601 time: {found.published!r}")
        else:
            yield Item(
                found.name, found.text or "", found.media_type == "text/html", found.url, found.published, found.outlet,
                found.title,
            )  # fmt: skip


def _name(file: Path) -> str:
    """The path as a report's name: always valid Unicode, though file names need not be."""
    return str(file).encode("utf-8", "replace").decode("utf-8")


def _json_lines(file: Path) -> rows.Numbered:
    with cast(IO[bytes], gzip.open(file, "rb")) if file.suffix.lower() == ".gz" else file.open("rb") as lines:
        yield from rows.json_lines(lines, _name(file))


def _records(file: Path, found: rows.Numbered, ignore_fields: bool) -> Iterator[Item | Failure]:
    """Turn rows into items. Fields unknown in the first record refuse the file; in a later one, that record alone."""
    first = True
    name = _name(file)
    for number, row in found:
        if isinstance(row, str):
            yield Failure(f"{name}:{number}", row)
            continue
        unknown = [] if ignore_fields else [field for field in row if field not in FIELDS]
        why = f"unknown field {', '.join(map(repr, unknown))}; known are {', '.join(FIELDS)}" if unknown else ""
        if unknown and first:
            raise InputError(f"{name}:{number}: {why}; rename it, or give --ignore-fields")
        first = False
        yield Failure(f"{name}:{number}", why) if why else record(row, f"{name}:{number}")


def record(row: dict[str, Any], place: str) -> Item | Failure:
    """The report in a row with the fields of a corpus, or why there is none. `place`: where the row stands."""
    values: dict[str, str] = {}
    for field in FIELDS:
        value = row.get(field)
        if value is None or value == "":
            continue
        if field == "id" and isinstance(value, int):
            value = str(value)
        if field == "published" and isinstance(value, date):  # a Parquet time stamp; datetime is a date too
            value = value.isoformat()
        if not isinstance(value, str):
            return Failure(place, f"field {field!r} is no text but {type(value).__name__}")
        values[field] = value
    if "text" not in values and "html" not in values:
        return Failure(place, "it has neither `text` nor `html`")
    if "published" in values and not is_time(values["published"]):
        return Failure(place, f"`published` is no ISO 8601 time: {values['published']!r}")
    html = "text" not in values
    return Item(
        name=values.get("id") or values.get("url") or place,
        content=values["html"] if html else values["text"],
        html=html,
        url=values.get("url"),
        published=values.get("published"),
        outlet=values.get("outlet"),
        title=values.get("title"),
    )


def is_time(words: str) -> bool:
    """Whether words are an ISO 8601 day or time (`2018-11-07`, `2018-11-07T13:31+02:00`)."""
    try:
        datetime.fromisoformat(words)
    except ValueError:
        return False
    return True
