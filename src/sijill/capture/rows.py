"""Rows: JSON lines, tables of separated values and Parquet, a row at a time and never held whole.

Each row comes with its number; one that cannot be taken comes as the reason, in one line, in its place.
"""

from __future__ import annotations

import csv
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import msgspec

from sijill.capture.item import over
from sijill.errors import InputError

LONGEST = 64_000_000
"""No line or cell of a table of reports is longer, in bytes."""
_BATCH = 64
_MARK = b"\xef\xbb\xbf"
Row = dict[str, Any] | str
Numbered = Iterator[tuple[int, Row]]


def json_row(line: bytes) -> Row | None:
    """The object on a line, why there is none, or None for an empty line."""
    bare = line.removeprefix(_MARK).strip()
    if not bare:
        return None
    try:
        return msgspec.json.decode(bare, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return f"not a JSON object: {error}"


def json_lines(file: IO[bytes], name: str, most: int | None = None) -> Numbered:
    """The objects of a file of JSON lines. Raises `InputError` past `most` bytes (unpacked) and for an endless line."""
    number = size = 0
    while line := file.readline(LONGEST + 1):
        number, size = number + 1, size + len(line)
        if len(line) > LONGEST:
            raise InputError(f"{name}:{number}: a line of more than {LONGEST:,} bytes is no report")
        if most is not None and size > most:
            raise over(name, "table_bytes", most)
        row = json_row(line)
        if row is not None:
            yield number, row


def separated(file: IO[bytes], name: str, delimiter: str) -> Numbered:
    """The rows of a table in UTF-8 with a line of names. Raises `InputError` for what is none."""
    csv.field_size_limit(LONGEST)
    try:
        rows = csv.DictReader(_texts(file, name), delimiter=delimiter, restkey="_more", strict=True)
        for number, row in enumerate(rows, start=1):
            row.pop("_more", None)
            yield number, row
    except csv.Error as error:
        raise InputError(f"{name}: not a table: {error}") from error


def _texts(file: IO[bytes], name: str) -> Iterator[str]:
    """Lines as text; a file without any line's end is told before it is held whole."""
    number = 0
    while line := file.readline(LONGEST + 1):
        number += 1
        if len(line) > LONGEST:
            raise InputError(f"{name}:{number}: a line of more than {LONGEST:,} bytes is no report")
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"{name}:{number}: not UTF-8: {error.reason} at byte {error.start}") from error


def parquet(source: Path | IO[bytes], name: str) -> Numbered:
    """The rows of a Parquet file. Raises `InputError` for what is none, and without the extra."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise InputError(f"{name}: reading Parquet needs pyarrow; install sijill[parquet]") from error
    try:
        with pyarrow.parquet.ParquetFile(source) as file:
            texts = [field.name for field in file.schema_arrow if _is_text(field.type)]
        # Texts stay in their dictionary, so that a few large ones named in every row are not laid out at once.
        with pyarrow.parquet.ParquetFile(source, read_dictionary=texts) as file:
            yield from enumerate(_rows(file.iter_batches(batch_size=_BATCH)), start=1)
    except (pyarrow.ArrowException, OSError) as error:
        raise InputError(f"{name}: not a Parquet file that can be read: {' '.join(str(error).split())}") from error


def _is_text(kind: Any) -> bool:
    import pyarrow.types as types

    return bool(types.is_string(kind) or types.is_large_string(kind))


def _rows(batches: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for batch in batches:
        columns = list(zip(batch.schema.names, batch.columns, strict=True))
        for at in range(batch.num_rows):
            yield {name: column[at].as_py() for name, column in columns}


DAMAGED = (OSError, EOFError, zlib.error)
"""What a file raises that cannot be read, or a packed one that was cut off or damaged."""
