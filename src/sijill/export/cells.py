"""Cells: what a table's row holds, and how it is written so that no spreadsheet takes it for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

Cell = str | int | float | None
Row = dict[str, Cell]
BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def inert(cell: Cell) -> Cell:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it; control characters go."""
    if not isinstance(cell, str):
        return cell
    plain = "".join(char for char in cell if char >= " " or char in "\t\n\r")
    return f"'{plain}" if plain.startswith(_FORMULA) else plain


def table(columns: Sequence[str], rows: Iterable[Row], *, bom: bool = True, second: Sequence[str] = ()) -> bytes:
    """Rows as CSV in UTF-8. `second` is a row below the header, written as it is."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    if second:
        writer.writerow(second)
    for row in rows:
        writer.writerow([inert(row[column]) for column in columns])
    return ((BOM if bom else "") + out.getvalue()).encode()
