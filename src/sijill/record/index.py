"""The indexes of each store's own kind: words (FTS5 or tsvector) and boxes (R*Tree or a GiST over points)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text


def claim_doc(claim: int) -> int:
    """The number under which a claim's words are indexed."""
    return 2 * claim


def report_doc(reading: int) -> int:
    """The number under which a report's words are indexed."""
    return 2 * reading + 1


def take(connection: Connection, words: Sequence[tuple[int, str]], boxes: Sequence[int]) -> None:
    """Take documents, given with the words they were indexed by, and points out of the indexes."""
    lite = connection.dialect.name == "sqlite"
    if words:
        statement = (
            "INSERT INTO words (words, rowid, said) VALUES ('delete', :id, :said)"
            if lite
            else "DELETE FROM words WHERE id = :id"
        )
        connection.execute(text(statement), [{"id": doc, "said": said} for doc, said in words])
    if boxes and lite:
        connection.execute(text("DELETE FROM boxes WHERE id = :id"), [{"id": box} for box in boxes])


def put(connection: Connection, words: Sequence[tuple[int, str]], boxes: Sequence[dict[str, Any]]) -> None:
    """Index words by document number, and points (`id`, `lat`, `lon`)."""
    lite = connection.dialect.name == "sqlite"
    if words:
        statement = (
            "INSERT INTO words (rowid, said) VALUES (:id, :said)"
            if lite
            else "INSERT INTO words (id, said) VALUES (:id, to_tsvector('simple', :said))"
        )
        connection.execute(text(statement), [{"id": doc, "said": said} for doc, said in words])
    if boxes and lite:
        statement = "INSERT INTO boxes (id, south, north, west, east) VALUES (:id, :lat, :lat, :lon, :lon)"
        connection.execute(text(statement), list(boxes))
