"""The indexes of words and of boxes, compared with what they were made from: readings, and the places of claims."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from sijill.arabic.words import Memo
from sijill.record import index
from sijill.record.documents import documents
from sijill.record.schema import claim_places

Faulty = tuple[str, str]
_MASK = (1 << 64) - 1
_ROUNDED = 1e-4
"""SQLite's tree keeps 32-bit numbers: a box may be so much wider than its point, in degrees, and no more."""
_WORLD = "box(point(-1000, -1000), point(1000, 1000))"


def words_of(connection: Connection) -> Iterator[Faulty]:
    """Compare the index of words with the readings, document by document."""
    try:
        yield from (_lite_words if connection.dialect.name == "sqlite" else _team_words)(connection)
    except DBAPIError as error:
        yield "index of words", f"is damaged: {str(error.orig).splitlines()[0]}"


def boxes_of(connection: Connection) -> Iterator[Faulty]:
    """Compare the index of boxes with the places of claims."""
    try:
        yield from (_lite_boxes if connection.dialect.name == "sqlite" else _team_boxes)(connection)
    except DBAPIError as error:
        yield "index of boxes", f"is damaged: {str(error.orig).splitlines()[0]}"


def _name(doc: int) -> str:
    return f"{'reading' if doc % 2 else 'claim'} {doc // 2}"


def _lite_words(connection: Connection) -> Iterator[Faulty]:
    """FTS5 keeps no document whole; its words with their places are summed up by document, and the sums compared."""
    run = connection.exec_driver_sql
    for name in ("words_seen", "words_told_seen", "words_told"):
        run(f"DROP TABLE IF EXISTS temp.{name}")
    run("CREATE VIRTUAL TABLE temp.words_seen USING fts5vocab(main, words, instance)")
    run("CREATE VIRTUAL TABLE temp.words_told USING fts5(said, content='', columnsize=0, tokenize='unicode61')")
    run("CREATE VIRTUAL TABLE temp.words_told_seen USING fts5vocab(temp, words_told, instance)")
    seen = _sums(run('SELECT term, doc, "offset" FROM temp.words_seen'))
    for page in documents(connection):
        run("INSERT INTO temp.words_told (words_told) VALUES ('delete-all')")
        if page:
            run("INSERT INTO temp.words_told (rowid, said) VALUES (?, ?)", page)
        told = _sums(run('SELECT term, doc, "offset" FROM temp.words_told_seen'))
        for doc, _ in page:
            if seen.pop(doc, 0) != told.get(doc, 0):
                yield _name(doc), "the index of words does not hold its words"
    for doc in sorted(seen):
        yield _name(doc), "stands in the index of words without a report that says it"
    for name in ("words_seen", "words_told_seen", "words_told"):
        run(f"DROP TABLE temp.{name}")


def _sums(instances: Iterable[tuple[str, int, int]]) -> dict[int, int]:
    """One number for all the words of a document and where they stand."""
    found: dict[int, int] = {}
    codes = Memo(lambda term: zlib.crc32(term.encode()) + 1)
    for term, doc, offset in instances:
        found[doc] = (found.get(doc, 0) + codes[term] * (2 * offset + 1)) & _MASK
    return found


def _team_words(connection: Connection) -> Iterator[Faulty]:
    known: set[int] = set()
    wrong = text(
        "SELECT told.id FROM unnest(CAST(:ids AS bigint[]), CAST(:said AS text[])) AS told (id, said) "
        "LEFT JOIN words ON words.id = told.id "
        "WHERE words.said IS DISTINCT FROM CAST(told.said AS int[]) ORDER BY 1"
    )
    for page in documents(connection):
        ids = [doc for doc, _ in page]
        known.update(ids)
        for doc in connection.execute(wrong, {"ids": ids, "said": [index.array(said) for _, said in page]}).scalars():
            yield _name(doc), "the index of words does not hold its words"
    for doc in connection.execute(text("SELECT id FROM words ORDER BY id")).scalars():
        if doc not in known:
            yield _name(doc), "stands in the index of words without a report that says it"
    if not _stands(connection, "words_by_word"):
        yield "index of words", "words_by_word is missing or not valid"


def _lite_boxes(connection: Connection) -> Iterator[Faulty]:
    said = connection.exec_driver_sql("SELECT rtreecheck('main', 'boxes')").scalar()
    if said != "ok":
        yield "index of boxes", f"is damaged: {str(said).splitlines()[0]}"
    wrong = (
        "SELECT p.claim_id, b.id IS NULL FROM claim_places p LEFT JOIN boxes b ON b.id = p.id WHERE p.lat IS NOT NULL "
        "AND (b.id IS NULL OR NOT (p.lat BETWEEN b.south AND b.north AND p.lon BETWEEN b.west AND b.east) "
        f"OR b.north - b.south > {_ROUNDED} OR b.east - b.west > {_ROUNDED})"
    )
    for claim, lost in connection.exec_driver_sql(wrong):
        yield f"claim {claim}", f"a place of it {'is missing in' if lost else 'lies elsewhere in'} the index of boxes"
    extra = "SELECT b.id FROM boxes b LEFT JOIN claim_places p ON p.id = b.id WHERE p.lat IS NULL"
    for (place,) in connection.exec_driver_sql(extra):
        yield "index of boxes", f"holds {place}, which is no place of a claim"


def _team_boxes(connection: Connection) -> Iterator[Faulty]:
    if not _stands(connection, "claim_places_by_point"):
        yield "index of boxes", "claim_places_by_point is missing or not valid"
        return
    placed = select(claim_places.c.id).where(claim_places.c.lat.is_not(None), claim_places.c.lon.is_not(None))
    table = set(connection.execute(placed).scalars())
    with connection.begin_nested() as asked:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        found = set(
            connection.execute(text(f"SELECT id FROM claim_places WHERE point(lon, lat) <@ {_WORLD}")).scalars()
        )
        asked.rollback()
    for place in sorted(table ^ found):
        yield "index of boxes", f"does not hold place {place} of a claim as it stands"


def _stands(connection: Connection, name: str) -> bool:
    wanted = text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)")
    return bool(connection.execute(wanted, {"name": name}).scalar())
