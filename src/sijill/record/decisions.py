"""Decisions as rows: written once, with their line in the ledger."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert

from sijill.record.engine import next_id
from sijill.record.ledger import Entry, digest_of
from sijill.record.schema import decisions

_COLUMNS = ("id", "at", "who", "kind", "target", "field", "value", "why", "replaces", "anchor")


def decision_digest(row: Any) -> bytes:
    """What the ledger holds of a decision."""
    return digest_of(*[getattr(row, name) for name in _COLUMNS])


def put_decision(
    connection: Connection,
    at: str,
    who: str,
    kind: str,
    target: str,
    *,
    field: str | None = None,
    value: str | None = None,
    why: str = "",
    replaces: int | None = None,
    anchor: str | None = None,
) -> tuple[int, Entry]:
    """Write a decision; returns its number and its line for the ledger. `value` is JSON."""
    number = next_id(connection, decisions)
    row = (number, at, who, kind, target, field, value, why, replaces, anchor)
    connection.execute(insert(decisions).values(dict(zip(_COLUMNS, row, strict=True))))
    return number, Entry("decision", number, digest_of(*row))
