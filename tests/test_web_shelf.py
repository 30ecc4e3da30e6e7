"""The file of columns: used where it fits the record and never where it does not; while it is missing, this is said."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from claims_builder import READ, item
from sijill.record import Record
from sijill.review.desk import Desk
from sijill.web import boarding, shelf
from sijill.web.boarding import Keeper, NotReadyError, _whole, keeper_of
from sijill.web.filters import Filters
from sijill.web.looking import Look, version
from synthetic_record import world
from test_web_board import EYES, _same
from web_house import app_of, client_of


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(boarding, "_WORTH_KEEPING", 1)
    with Record.init(tmp_path / "record") as record:
        reports = world(events=30, seed=6).reports
        record.add([item(report, url=f"http://{n}.example/") for n, report in enumerate(reports)], read=READ)
        keeper = Keeper(record)
        keeper.begin().join()
    assert (tmp_path / "record" / shelf.COLUMNS).stat().st_mode & 0o077 == 0
    return tmp_path / "record"


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Grows whenever a record is read from its first claim on."""
    counted: list[int] = []
    whole = boarding._whole

    def counting(connection: Any, count: Any = None) -> Any:
        counted.append(1)
        return whole(connection, count)

    monkeypatch.setattr(boarding, "_whole", counting)
    yield counted


def _is_right(record: Record, keeper: Keeper) -> None:
    board = keeper.board(version(record))
    with record.reading() as connection:
        _same(board, _whole(connection))


def test_a_start_uses_the_file_and_adds_what_came_since(folder: Path, reads: list[int]) -> None:
    with Record.open(folder) as record:
        Desk(record, "somebody").correct("c1", "type", "arrest")
        record.add([item(world(events=3, seed=8).reports[0], url="http://new.example/")], read=READ)
        _is_right(record, Keeper(record))
        assert reads == []


def test_what_is_removed_for_safety_stands_in_no_file(folder: Path, reads: list[int]) -> None:
    path = folder / shelf.COLUMNS
    data = path.read_bytes()
    with Record.open(folder) as record:
        keeper = Keeper(record)
        keeper.board(version(record))
        Desk(record, "somebody").withhold("r1", remove=True, why="a name")
        assert not path.exists()
        _is_right(record, keeper)
        keeper.end()
        assert not path.exists()
        path.write_bytes(data)  # as a backup would bring it back
        again = Keeper(record)
        _is_right(record, again)
        again.begin().join()
        assert reads == [1] and path.read_bytes() != data
        Look(record, EYES, record.clock()).incidents(Filters())


@pytest.mark.parametrize("fault", ["cut", "garbage", "empty", "settings", "other record", "set back"])
def test_a_file_that_does_not_fit_is_not_used(folder: Path, reads: list[int], fault: str, tmp_path: Path) -> None:
    path = folder / shelf.COLUMNS
    data = path.read_bytes()
    with Record.open(folder) as record:
        if fault == "settings":
            record.set_settings(msgspec.structs.replace(record.settings, second_person=("type",)))
        elif fault == "set back":
            with record.writing() as connection:
                # As a backup would: the chain is another from here on.
                connection.exec_driver_sql("DROP TRIGGER IF EXISTS ledger_no_update")
                connection.exec_driver_sql("UPDATE ledger SET hash = x'00' WHERE seq = (SELECT max(seq) FROM ledger)")
        elif fault != "other record":
            path.write_bytes({"cut": data[: len(data) // 2], "garbage": b"PK" + data[7:], "empty": b""}[fault])
        if fault == "other record":
            with Record.init(tmp_path / "other") as other:
                (tmp_path / "other" / shelf.COLUMNS).write_bytes(data)
                _is_right(other, Keeper(other))
        else:
            _is_right(record, Keeper(record))
        assert reads == [1]


def test_who_comes_while_the_record_is_read_is_told_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / shelf.COLUMNS).unlink()
    go_on = threading.Event()
    whole = boarding._whole

    def slow(connection: Any, count: Any = None) -> Any:
        go_on.wait(30)
        return whole(connection, count)

    monkeypatch.setattr(boarding, "_whole", slow)
    monkeypatch.setattr(boarding, "_PATIENCE", 0.05)
    with Record.open(folder) as record, client_of(app_of(record, None)) as client:
        with pytest.raises(NotReadyError):
            keeper_of(record).board(version(record))
        page = client.get("/")
        assert page.status_code == 503 and page.headers["retry-after"] == "2"
        assert "The record is being read" in page.text and "/static/loading.js" in page.text
        told = client.get("/api/v1/incidents")
        assert told.status_code == 503 and told.headers["content-type"] == "application/problem+json"
        assert client.get("/incidents/1").status_code == 200
        go_on.set()
        keeper_of(record).begin().join()
        assert client.get("/").status_code == 200


def test_a_fault_is_told_to_who_asks_and_the_next_try_is_new(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / shelf.COLUMNS).unlink()
    with Record.open(folder) as record:
        keeper = Keeper(record)
        with monkeypatch.context() as broken:
            broken.setattr(boarding, "_whole", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                keeper.board(version(record))
        _is_right(record, keeper)
