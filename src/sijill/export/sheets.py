"""CSV and XLSX for people: the flat table, in a workbook once in Arabic, right to left, and once in English."""

from __future__ import annotations

import io
from datetime import datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from sijill.export import tables
from sijill.export.cells import Row, inert, table
from sijill.export.figures import columns, figures
from sijill.export.incident import Incident, LeftOut

_WIDTH = {"words": 60, "initiators": 28, "targets": 28, "places": 28, "outlets": 28}
_LONGEST = 32_000
"""A cell of a workbook holds no more characters than 32,767."""


def csv_file(incidents: list[Incident]) -> tuple[bytes, list[LeftOut]]:
    """The flat table as CSV in UTF-8 with a byte order mark, so that spreadsheets show its Arabic."""
    return table(columns(), map(figures, incidents)), []


def xlsx_file(incidents: list[Incident]) -> tuple[bytes, list[LeftOut]]:
    """A workbook of two sheets."""
    book = Workbook()
    book.properties.created = book.properties.modified = _newest(incidents)
    first = book.active
    assert isinstance(first, Worksheet)
    rows = [figures(incident) for incident in incidents]
    first.title = "الحوادث"
    _fill(first, "ar", rows)
    _fill(book.create_sheet("Incidents"), "en", rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), []


def _fill(sheet: Worksheet, language: str, rows: list[Row]) -> None:
    right = language == "ar"
    sheet.sheet_view.rightToLeft = right
    sheet.freeze_panes = "B2"
    sheet.append([row[language] for row in tables.rows("columns.csv")])
    for n, column in enumerate(columns(), 1):
        sheet.cell(1, n).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(n)].width = _WIDTH.get(column, 14)
    across = Alignment(horizontal="right" if right else "left", vertical="top", wrap_text=False)
    for line, row in enumerate(rows, 2):
        for n, column in enumerate(columns(), 1):
            value = inert(row[column])
            cell = sheet.cell(line, n)
            cell.alignment = across
            if isinstance(value, str):
                cell.value = value[:_LONGEST]
                cell.data_type = "s"  # text, whatever it begins with
            else:
                cell.value = value


def _newest(incidents: list[Incident]) -> datetime:
    newest = max((incident.changed for incident in incidents), default="2000-01-01T00:00:00Z")
    return datetime.fromisoformat(newest).replace(tzinfo=None, microsecond=0)
