"""Parquet: incidents with typed columns, their claims and their harm nested in each row."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sijill.export import tables
from sijill.export.figures import figures
from sijill.export.incident import Incident, LeftOut, Telling
from sijill.record.fact import iso_of

_TYPES = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "date": pa.date32()}
_HARM = pa.struct(
    [("outcome", pa.string()), ("who", pa.string()), ("low", pa.int64()), ("high", pa.int64())],
)
_CLAIM = pa.struct(
    [
        ("id", pa.string()), ("type", pa.string()), ("modality", pa.string()), ("first", pa.date32()),
        ("last", pa.date32()), ("source_kind", pa.string()), ("teller", pa.string()), ("outlet", pa.string()),
        ("published", pa.string()), ("url", pa.string()), ("words", pa.string()), ("sha256", pa.string()),
        ("reader", pa.string()), ("harm", pa.list_(_HARM)),
    ]
)  # fmt: skip


def schema() -> pa.Schema:
    """The columns: those of the flat table, and `claim_list`."""
    fields = [pa.field(row["column"], _TYPES[row["type"]]) for row in tables.rows("columns.csv")]
    return pa.schema([*fields, pa.field("claim_list", pa.list_(_CLAIM))])


def arrow(incidents: list[Incident]) -> pa.Table:
    """Incidents as an Arrow table."""
    return pa.Table.from_pylist([_row(incident) for incident in incidents], schema=schema())


def file(incidents: list[Incident]) -> tuple[bytes, list[LeftOut]]:
    """The table as one Parquet file, compressed by zstd."""
    out = io.BytesIO()
    pq.write_table(arrow(incidents), out, compression="zstd")
    return out.getvalue(), []


def _row(incident: Incident) -> dict[str, Any]:
    values: dict[str, Any] = {**figures(incident)}
    for name in ("first", "last"):
        values[name] = _day(values[name])
    return {**values, "claim_list": [_claim(telling) for telling in incident.tellings]}


def _claim(telling: Telling) -> dict[str, Any]:
    fact = telling.fact
    return {
        "id": f"c{telling.thread}",
        "type": fact.type,
        "modality": fact.modality,
        "first": _day(iso_of(fact.first)),
        "last": _day(iso_of(fact.last)),
        "source_kind": fact.source_kind,
        "teller": telling.teller,
        "outlet": telling.outlet,
        "published": telling.published,
        "url": telling.url,
        "words": telling.words,
        "sha256": telling.sha256,
        "reader": telling.reader,
        "harm": [{"outcome": h.outcome, "who": h.who, "low": h.low, "high": h.high} for h in fact.harm],
    }


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None
