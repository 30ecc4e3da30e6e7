"""Decisions from a CSV file: the columns `kind,target,field,value,why`, one decision a line, all of them or none."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import msgspec

from sijill.errors import InputError
from sijill.record import Record
from sijill.review.desk import KINDS, Desk
from sijill.review.errors import ReviewError

_COLUMNS = ["kind", "target", "field", "value", "why"]


def import_decisions(record: Record, path: Path, who: str) -> list[int]:
    """Make the decisions of a file; returns their numbers. Raises an error that names the line that cannot stand.

    `value` is JSON; a word that is not JSON is taken as itself.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if reader.fieldnames is None or set(reader.fieldnames) != set(_COLUMNS):
                raise InputError(f"{path}: line 1: the columns must be {','.join(_COLUMNS)}")
            told = [(reader.line_num, _decision(path, reader.line_num, row)) for row in reader]
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8") from error
    made: list[int] = []
    desk = Desk(record, who)
    with record.writing() as connection:
        for line, decision in told:
            try:
                made.append(desk.decide(connection, *decision))
            except ReviewError as error:
                raise ReviewError(f"{path}: line {line}: {error}; nothing was imported") from error
    return made


def _decision(path: Path, line: int, row: dict[str, str]) -> tuple[str, str, str | None, Any, str]:
    if len(row) > len(_COLUMNS):
        raise InputError(f'{path}: line {line}: more values than columns; put a value that has commas in "quotes"')
    if not row["target"]:
        raise InputError(f"{path}: line {line}: no target; name a claim (c12), an incident (i7) or a capture (r3)")
    if row["kind"] not in KINDS:
        raise InputError(f"{path}: line {line}: {row['kind']}: no such decision; one of {', '.join(KINDS)}")
    value: Any = row["value"] or None
    if value is not None:
        try:
            value = msgspec.json.decode(value)
        except msgspec.DecodeError:
            value = row["value"]
    return row["kind"], row["target"], row["field"] or None, value, row["why"] or ""
