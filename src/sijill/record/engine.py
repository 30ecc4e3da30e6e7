"""Connections: SQLite in a folder or PostgreSQL by URL, with one writer at a time in both."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, func, select, text
from sqlalchemy.exc import DBAPIError

from sijill.record.errors import RecordError

DATABASE = "record.db"
_WRITER_LOCK = 7_423_901_155
"""Any fixed number: the key of the advisory lock that PostgreSQL's writers queue at."""
_BUSY_SECONDS = 120
WIPE = "sijill_wipe"
"""Set in a connection's `info`: when its transaction is through, what it deleted must not be left in any file."""
_WORDED = (
    "arrivals", "readings", "blobs", "bands", "claims", "claim_places", "claim_parties", "decisions", "incidents",
    "words",
)  # fmt: skip
"""The tables that hold words of reports."""
_CACHE_KIB = 65_536
_LOG_PAGES = 16_384
"""Pages of 4 KiB that SQLite's log holds before it is folded back into the database."""


def is_url(where: str) -> bool:
    """Whether `where` names a PostgreSQL record, and not a folder."""
    return where.startswith(("postgresql://", "postgres://", "postgresql+psycopg://"))


def open_engine(where: str | Path) -> Engine:
    """An engine on the record at `where`, a folder or a `postgresql://` URL. Nothing is created."""
    if isinstance(where, str) and is_url(where):
        return create_engine("postgresql+psycopg://" + where.split("://", 1)[1], pool_pre_ping=True)
    return _sqlite(Path(where))


def _sqlite(folder: Path) -> Engine:
    path = folder / DATABASE
    url = URL.create("sqlite", database=str(path))
    if path.is_file() and not os.access(folder, os.W_OK) and not path.with_name(f"{DATABASE}-wal").exists():
        # SQLite wants to write beside a database even to read it; nobody can change this one meanwhile.
        url = URL.create("sqlite", database=f"file:{quote(str(path))}", query={"immutable": "1", "uri": "true"})
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS, "isolation_level": None})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        assert isinstance(connection, sqlite3.Connection)
        # WAL with FULL: a commit that returned is on the disk, and readers never wait for the writer.
        # A longer log is folded back less often: pages that many adds touch are then written once.
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"cache_size=-{_CACHE_KIB}",
            f"wal_autocheckpoint={_LOG_PAGES}",
        ):
            try:
                connection.execute(f"PRAGMA {pragma}")
            except sqlite3.OperationalError:
                if not pragma.startswith("journal_mode"):
                    raise  # a read-only folder cannot switch its journal, and need not

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("sijill_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction as the only writer: all of it is kept, durably, when the block ends, or nothing."""
    removed = False
    try:
        with engine.connect().execution_options(sijill_write=True) as connection:
            connection.info.pop(WIPE, None)
            with connection.begin():
                if engine.dialect.name == "postgresql":
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})"))
                yield connection
            removed = connection.info.pop(WIPE, False)
    except DBAPIError as error:
        raise refusal(engine, error) from error
    if removed:
        wipe(engine)


def wipe(engine: Engine) -> None:
    """Write the database's files anew, so that nothing that was deleted is left in them. Takes as long as copying."""
    raw = engine.raw_connection()
    driver: Any = raw.driver_connection
    try:
        if engine.dialect.name == "sqlite":
            for statement in ("INSERT INTO words (words) VALUES ('optimize')", "VACUUM"):
                driver.execute(statement)
            if driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                raise sqlite3.OperationalError("another program is reading the record")
        else:
            driver.autocommit = True
            for table in _WORDED:
                driver.execute(f"VACUUM FULL {table}")
            driver.autocommit = False
    except (sqlite3.Error, engine.dialect.loaded_dbapi.Error) as error:
        said = str(error).strip().split("\n")[0]
        raise RecordError(
            f"the report is removed, but its bytes may still lie in free parts of the files ({said}): "
            "mend that, and decide the same again"
        ) from error
    finally:
        raw.close()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view of the record."""
    try:
        with engine.connect() as connection, connection.begin():
            yield connection
    except DBAPIError as error:
        raise refusal(engine, error) from error


def refusal(engine: Engine, error: DBAPIError) -> RecordError:
    """The database's fault as one line that says what to do."""
    said = str(error.orig).strip().split("\n")[0]
    where = (
        str(engine.url.database).removeprefix("file:")
        if engine.dialect.name == "sqlite"
        else engine.url.render_as_string(hide_password=True)
    )
    for words, advice in (
        ("disk is full", "the disk is full: make room and add again; what was acknowledged is kept"),
        ("disk I/O", "the disk failed or is full: what was acknowledged is kept"),
        ("readonly", "the folder is read-only"),
        ("locked", "another program is writing to it: try again"),
        ("unable to open", "it cannot be opened: check that the folder exists and may be written"),
        ("malformed", "the file is damaged: run `sijill verify`, restore the last backup"),
        ("not a database", "the file is damaged: run `sijill verify`, restore the last backup"),
        ("append-only", "evidence in a record is never altered or deleted"),
        ("No space left", "the disk is full: make room and add again; what was acknowledged is kept"),
    ):
        if words in said:
            return RecordError(f"{where}: {advice}")
    return RecordError(f"{where}: {said}")


def next_id(connection: Connection, table: Table) -> int:
    """The first free id of a table. Only the one writer may ask."""
    column = next(iter(table.primary_key.columns))
    highest: int | None = connection.execute(select(func.max(column))).scalar()
    return (highest or 0) + 1
