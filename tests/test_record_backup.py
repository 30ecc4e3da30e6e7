"""Backups open like any record; migrations go forward only, after a backup."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from click.testing import CliRunner
from sqlalchemy import make_url, text

from claims_builder import READ, TOWNS, Maker, item
from sijill.capture.item import Item
from sijill.cli import record_add, record_keep
from sijill.record import Record, RecordError, migrate
from sijill.record.backup import backup, migrated
from sijill.record.engine import DATABASE
from sijill.record.schema import HEAD, metadata
from sijill.record.verify import verify
from sijill.search.find import find
from sijill.search.query import Near, Query

pytest_plugins = ("record_fixtures",)

RELEASED = sorted(
    path.name.split("_")[0][1:] for path in (Path(migrate.__file__).parent / "migrations/versions").glob("r*.py")
)


def test_a_backup_is_the_whole_record(record: Record, tmp_path: Path) -> None:
    record.add([item(Maker().claim("غارة على سراقب", killed=3).report())], read=READ)
    record.add([Item(data=random.Random(3).randbytes(300_000), name="big", how="file")], read=READ)
    to = backup(record, tmp_path / "saved")
    with Record.open(to) as saved:
        assert saved.counts() == record.counts()
        ours, theirs = verify(record), verify(saved)
        assert theirs.faults == () and theirs.head == ours.head
        with saved.reading() as connection:
            found = connection.execute(text("SELECT rowid FROM words WHERE words MATCH 'سراقب' ORDER BY 1")).scalars()
            assert found.all() == [2, 3]
            assert connection.execute(text("SELECT count(*) FROM boxes")).scalar() == 1


def test_a_backup_overwrites_nothing(record: Record, tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="exists"):
        backup(record, tmp_path)


@pytest.mark.parametrize("form", RELEASED)
def test_every_released_form_comes_to_the_newest(form: str, where: str) -> None:
    record = Record(where)
    if record.folder:
        record.folder.mkdir()
    with record.writing() as connection:
        migrate.upgrade(connection, form)
    with record.writing() as connection:
        migrate.upgrade(connection)
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, _: kind != "table" or name in metadata.tables}
        )
        foreign = {"claim_places_by_point", "claim_places_by_geography"}
        differences = [
            found for found in compare_metadata(context, metadata) if getattr(found[1], "name", "") not in foreign
        ]
        assert differences == []
        assert migrate.version(connection) == HEAD


@pytest.mark.parametrize("form", [form for form in RELEASED if form != HEAD])
def test_a_record_that_an_older_program_filled_is_whole_afterwards(form: str, tmp_path: Path) -> None:
    where = tmp_path / "record"
    where.mkdir()
    (where / DATABASE).write_bytes(gzip.decompress((Path(__file__).parent / "records" / f"{form}.db.gz").read_bytes()))
    with pytest.raises(RecordError, match="sijill migrate"):
        Record.open(where)
    found, saved = migrated(where)
    assert found == form and saved is not None
    with Record.open(where) as record:
        assert verify(record).faults == ()
        assert record.counts() == {"captures": 4, "readings": 4, "decisions": 2, "claims": 4}
        assert {hit.claim for hit in find(record, Query("غارة", near=Near(35.86, 36.8, 5))).hits} == {1, 2, 3}
        assert record.add([item(Maker().claim("غارة على منبج", places=("منبج",)).report())], read=READ).read == 1
    older = Record(saved)
    with older.reading() as connection:
        assert migrate.version(connection) == form


@pytest.mark.parametrize("where", ["postgresql"], indirect=True)
def test_words_of_an_older_record_of_postgresql_are_found_afterwards(record: Record) -> None:
    """Up to the form 0003 they were kept as PostgreSQL's own full text."""
    old = (
        "DROP TABLE words", "CREATE TABLE words (id bigint PRIMARY KEY, said tsvector NOT NULL)",
        "CREATE INDEX words_by_word ON words USING gin (said)", "DROP INDEX readings_by_outlet", "DELETE FROM meta "
        "WHERE key LIKE '%.dict'", "UPDATE alembic_version SET version_num = '0003'",
    )  # fmt: skip
    record.add([item(Maker().claim(f"غارة جوية على {town}", places=(town,)).report()) for town in TOWNS], read=READ)
    with record.writing() as connection:
        for statement in old:
            connection.execute(text(statement))
    assert migrated(record.where, backed_up=True) == ("0003", None)
    assert verify(record).faults == ()
    for n, town in enumerate(TOWNS, start=1):
        for words in (f"وبالغارة {town}", f'"غارة جوية على {town}"', f'"{town}"'):
            assert [hit.claim for hit in find(record, Query(words)).hits] == [n], words
    assert find(record, Query('"جوية غارة"')).hits == ()


def test_an_older_record_is_refused_until_it_is_migrated(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with record.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    monkeypatch.setattr(migrate, "known", lambda form: form == "0000")
    with pytest.raises(RecordError, match="sijill migrate"):
        Record.open(record.where)


def test_a_record_of_this_form_needs_no_migration(record: Record) -> None:
    assert migrated(record.where) == (HEAD, None)


def test_no_command_tells_the_password_of_a_record(postgres: str) -> None:
    url = make_url(postgres).set(password="secret-word").render_as_string(hide_password=False)
    for command in (record_add.init, record_keep.migrate, record_keep.verify):
        found = CliRunner().invoke(command, ["-r", url])
        assert "secret-word" not in found.output + str(found.exception)


def test_a_newer_record_is_not_migrated_back(record: Record) -> None:
    with record.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RecordError, match="newer"):
        migrated(record.where)
