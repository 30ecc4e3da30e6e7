"""A record that is broken: the server stays up, shows what is whole, and says in words what is wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from litestar.testing import TestClient

from claims_builder import READ, Maker, item
from sijill.cli.serve import serve
from sijill.errors import OptionError
from sijill.record import Record
from sijill.record.errors import RecordError
from sijill.web.accounts import Accounts
from sijill.web.boarding import keeper_of
from sijill.web.kept import Kept
from web_house import app_of, client_of


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    with Record.init(tmp_path / "record") as made:
        items = [
            item(Maker("الراصد", day).claim("غارات على سراقب", date=day).report(), url=f"http://{day}.example/")
            for day in ("2018-03-05", "2018-04-05")
        ]
        made.add(items, read=READ)
        yield made


@pytest.fixture
def client(record: Record) -> Iterator[TestClient]:  # type: ignore[type-arg]
    with client_of(app_of(record, None)) as made:
        keeper_of(record).begin().join()
        yield made


def _without_triggers(record: Record) -> sqlite3.Connection:
    assert record.folder
    db = sqlite3.connect(record.folder / "record.db")
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
    return db


def test_lost_captures_leave_what_was_read_of_them(record: Record, client: TestClient) -> None:  # type: ignore[type-arg]
    with _without_triggers(record) as db:
        db.execute("DELETE FROM blobs")
    db.close()
    for path in ("/", "/incidents/1", "/reports/1", "/search?q=سراقب", "/overview", "/api/v1/claims"):
        assert client.get(path).status_code == 200, path
    lost = client.get("/reports/1/original")
    assert lost.status_code == 503 and "sijill verify" in lost.text


def test_a_file_damaged_while_it_is_served_is_told(record: Record, client: TestClient) -> None:  # type: ignore[type-arg]
    assert client.get("/").status_code == 200 and record.folder
    record.engine.dispose()
    path = record.folder / "record.db"
    for beside in ("-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)
    path.write_bytes(b"not a database" * 1_000)
    page = client.get("/incidents/1")
    assert page.status_code == 503 and "the file is damaged: run `sijill verify`" in page.text
    told = client.get("/api/v1/incidents/1")
    assert told.status_code == told.json()["status"] == 503 and str(path) not in told.text


@pytest.mark.parametrize("fault", ["cut", "newer"])
def test_a_record_that_cannot_be_served_is_refused_in_words(record: Record, fault: str) -> None:
    assert record.folder
    record.close()
    path = record.folder / "record.db"
    if fault == "cut":
        path.write_bytes(path.read_bytes()[:1_000])
    else:
        with sqlite3.connect(path) as db:
            db.execute("UPDATE alembic_version SET version_num = '0099'")
        db.close()
    done = CliRunner().invoke(serve, ["-r", str(record.folder), "--port", "0"])
    assert isinstance(done.exception, RecordError) and done.output == ""
    assert ("damaged" if fault == "cut" else "newer Sijill") in str(done.exception)


@pytest.mark.parametrize("file", ["site.db", "accounts.db"])
@pytest.mark.parametrize("broken", ["garbage", "a folder"])
def test_a_file_of_the_site_that_cannot_be_kept_is_named(tmp_path: Path, file: str, broken: str) -> None:
    keep = {"site.db": Kept, "accounts.db": Accounts}[file]
    if broken == "garbage":
        (tmp_path / file).write_bytes(b"no database at all, only words" * 50)
    else:
        (tmp_path / file).mkdir()
    with pytest.raises(OptionError, match=rf"{file}: .*let the folder be written"):
        keep(tmp_path)
