"""The indexes of each store's own kind: words (FTS5, or a GIN over arrays of codes) and boxes (R*Tree or a GiST).

PostgreSQL's own full text would keep every word twice, in the document and in the index, with its places; that took a
third of the record. Words are stems already, so the codes of them in their order say the same in a third of the room.
Two words share a code once in four billion pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from sijill.record.words import CODES


def claim_doc(claim: int) -> int:
    """The number under which a claim's words are indexed."""
    return 2 * claim


def report_doc(reading: int) -> int:
    """The number under which a report's words are indexed."""
    return 2 * reading + 1


def codes(said: str) -> list[int]:
    """The words of a document, in order, as PostgreSQL keeps them: in 32 bits with a sign."""
    return [code - (1 << 32) if code >> 31 else code for code in map(CODES.__getitem__, said.split())]


def array(said: str) -> str:
    """The same as PostgreSQL writes an array."""
    return "{" + ",".join(map(str, codes(said))) + "}"


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
            else "INSERT INTO words (id, said) VALUES (:id, CAST(:said AS int[]))"
        )
        connection.execute(text(statement), [{"id": doc, "said": said if lite else array(said)} for doc, said in words])
    if boxes and lite:
        statement = "INSERT INTO boxes (id, south, north, west, east) VALUES (:id, :lat, :lat, :lon, :lon)"
        connection.execute(text(statement), list(boxes))
