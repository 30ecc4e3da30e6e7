"""Backups: a whole record, as it stands, in one place; and back."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Table, delete, insert, select

from sijill.record import engine, index, migrate, postgres
from sijill.record.blobs import FOLDER
from sijill.record.documents import documents
from sijill.record.errors import RecordError
from sijill.record.record import Record
from sijill.record.schema import HEAD, claim_places, meta, metadata


def backup(record: Record, to: Path) -> Path:
    """Copy a record into the new folder `to`, where it can be opened like any other.

    A record in a folder is copied as it stands while others go on working; one in PostgreSQL is copied row by row.
    Returns the folder. Raises `RecordError` when it exists already or cannot be written.
    """
    if to.exists():
        raise RecordError(f"{to}: exists already; a backup is made in a new folder")
    part = to.with_name(to.name + ".part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        if record.folder is None:
            _rows(record, part)
        else:
            _folder(record.folder, part)
        part.rename(to)
    except (OSError, sqlite3.Error) as error:
        shutil.rmtree(part, ignore_errors=True)  # half a copy is none, and takes room
        raise RecordError(f"{to}: the backup failed: {error}") from error
    return to


def _folder(folder: Path, to: Path) -> None:
    source = sqlite3.connect(folder / engine.DATABASE)
    target = sqlite3.connect(to / engine.DATABASE)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
    if (folder / FOLDER).is_dir():
        # The files after the rows: a file is in place before a row speaks of it, and never changes.
        shutil.copytree(folder / FOLDER, to / FOLDER, ignore=shutil.ignore_patterns("*.part"))


def _rows(record: Record, to: Path) -> None:
    with record.reading() as source, engine.writing(engine.open_engine(to)) as target:
        migrate.upgrade(target)
        target.execute(delete(meta))  # what a new record has there comes with the rows
        for table in metadata.sorted_tables:
            _copy(source, target, table)
        _index(source, target)


def _copy(source: Connection, target: Connection, table: Table) -> None:
    stream = source.execution_options(stream_results=True, yield_per=1000).execute(select(table))
    for rows in stream.mappings().partitions():
        target.execute(insert(table), [dict(row) for row in rows])


def _index(source: Connection, target: Connection) -> None:
    """Words and boxes are of each store's own kind: they are made anew from the readings."""
    for page in documents(source):
        index.put(target, page, [])
    spots = select(claim_places.c.id, claim_places.c.lat, claim_places.c.lon).where(claim_places.c.lat.is_not(None))
    for points in source.execute(spots).mappings().partitions(1000):
        index.put(target, [], [dict(point) for point in points])


def migrated(where: str | Path, backup_to: Path | None = None, backed_up: bool = False) -> tuple[str, Path | None]:
    """Bring an older record to this program's form, after a backup; returns the form it had and the backup's folder.

    A record in PostgreSQL is saved with the server's own `pg_dump`; `backed_up` says that this was done.
    Raises `RecordError` for a newer record.
    """
    record = Record(where)
    with record.reading() as connection:
        found = migrate.version(connection)
    if found is None:
        raise RecordError(f"{record.name}: there is no record; make one with `sijill init`")
    if found == HEAD:
        with record.writing() as connection:
            postgres.prepare(connection)  # PostGIS may have been installed since
        return found, None
    if not migrate.known(found):
        raise RecordError(f"{record.name}: made by a newer Sijill ({found}, not {HEAD}); update Sijill")
    saved = None
    if record.folder is not None:
        saved = backup(record, backup_to or record.folder.with_name(f"{record.folder.name}-before-{HEAD}"))
    elif not backed_up:
        raise RecordError(f"{record.name}: save it with `pg_dump` first, then say --backed-up")
    with record.writing() as connection:
        migrate.upgrade(connection)
    return found, saved
