"""Killed, out of disk, read-only, two at once: nothing acknowledged is lost, nothing half-written is seen."""

from __future__ import annotations

import os
import resource
import signal
import tempfile
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import event

from claims_builder import READ
from killing import in_child, made, rounds
from sijill.capture.item import Item
from sijill.record import Record, RecordError
from sijill.record.blobs import FOLDER
from sijill.record.verify import verify

pytest_plugins = ("record_fixtures",)


def test_killed_at_any_moment_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    assert rounds(tmp_path / "record", 30) >= 25
    with Record.open(tmp_path / "record") as record:
        assert record.counts()["captures"] > 30  # many kills came in the middle of the work, not before it


def test_a_full_disk_is_told_and_harms_nothing(tmp_path: Path) -> None:
    record = Record.init(tmp_path / "record")
    record.add(made(0, 20), read=READ)
    with record.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    record.engine.dispose()

    @event.listens_for(record.engine, "connect")
    def full(connection: object, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages + 2}")  # type: ignore[attr-defined]

    with pytest.raises(RecordError, match="the disk is full"):
        record.add(made(20, 200), read=READ)
    event.remove(record.engine, "connect", full)
    record.engine.dispose()
    assert verify(record).faults == ()
    assert record.add(made(0, 60), read=READ).read == 40


def test_writes_that_fail_in_the_middle_harm_nothing(tmp_path: Path) -> None:
    record = Record.init(tmp_path / "record")
    record.add(made(0, 8), read=READ)
    record.close()

    def add() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (900_000, 900_000))
        with Record.open(tmp_path / "record") as other:
            try:
                other.add(made(8, 3000), read=READ)
            except RecordError:
                os._exit(7)

    _, status = os.waitpid(in_child(add), 0)
    assert os.WEXITSTATUS(status) == 7
    assert verify(record).faults == ()
    assert record.add(made(8, 20), read=READ).failures == []


def test_a_read_only_folder_is_told() -> None:
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    record = Record.init(folder / "record")
    record.add(made(0, 4), read=READ)
    record.close()
    (folder / "record").chmod(0o555)
    for path in (folder / "record").iterdir():
        path.chmod(0o444)

    def add() -> None:
        if os.geteuid() == 0:
            os.setuid(65534)
        with Record.open(folder / "record") as other:
            assert other.counts()["captures"] == 4
            try:
                other.add(made(4, 4), read=READ)
            except RecordError as error:
                os._exit(7 if "read-only" in str(error) else 8)

    _, status = os.waitpid(in_child(add), 0)
    assert os.WEXITSTATUS(status) == 7
    (folder / "record").chmod(0o755)
    assert verify(record).faults == ()


def test_a_file_left_over_from_a_cut_add_does_no_harm(tmp_path: Path) -> None:
    import random

    record = Record.init(tmp_path / "record")
    noise = random.Random(4).randbytes(300_000)
    record.add([Item(data=noise, name="a", how="file")], read=READ)
    kept = next((tmp_path / "record" / FOLDER).rglob("*.z"))
    (kept.parent / "half.123.part").write_bytes(b"half")
    record.add([Item(data=noise, name="b", how="file")], read=READ)
    assert verify(record).faults == ()


def test_two_programs_may_add_at_once(where: str) -> None:
    Record.init(where).close()

    def adder(first: int) -> None:
        with Record.open(where) as record:
            for start in range(first, first + 60, 10):
                record.add(made(start, 10), read=READ)

    children = [in_child(partial(adder, first)) for first in (0, 30)]
    for child in children:
        _, status = os.waitpid(child, 0)
        assert status == 0
    with Record.open(where) as record:
        assert record.counts()["captures"] == 90
        assert verify(record).faults == ()
