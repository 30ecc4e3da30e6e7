"""An authority outside says when the record stood, and what it said is checked; against an authority made here."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from authority import Authority, serving
from claims_builder import READ, Maker, item
from sijill.capture.item import Limits
from sijill.cli import record_add, record_keep
from sijill.record import Record, RecordError
from sijill.record.settings import Settings, Timestamps
from sijill.record.stamps import set_authority, stamp
from sijill.record.verify import verify

pytest_plugins = ("record_fixtures",)


@pytest.fixture(scope="module")
def made() -> Authority:
    return Authority()


@pytest.fixture
def authority(made: Authority) -> Iterator[Authority]:
    made.spoil = made.refuse = False
    yield made


@pytest.fixture
def stamped(record: Record, authority: Authority) -> Iterator[Record]:
    """A record that may ask an authority on this machine."""
    with serving(authority) as url:
        told = Timestamps(url, authority.roots)
        record.set_settings(Settings(limits=Limits(private_addresses=True), timestamps=told))
        record.add([item(Maker().claim("غارة على سراقب", killed=3).report())], read=READ)
        yield record


def test_the_newest_line_is_stamped_once_and_stands(stamped: Record) -> None:
    head = verify(stamped)
    done = stamp(stamped)
    assert done is not None
    assert (done.line, done.hash, done.time) == (head.lines, head.head, "2026-03-01T12:00:00+00:00")
    assert stamp(stamped) is None
    stamped.add([item(Maker().claim("قصف على دوما", places=("دوما",)).report())], read=READ)
    again = stamp(stamped)
    assert again is not None and again.line > done.line
    verdict = verify(stamped)
    assert verdict.faults == () and verdict.lines == again.line + 1


def test_an_answer_that_does_not_hold_is_not_kept(stamped: Record, authority: Authority) -> None:
    before = verify(stamped).head
    authority.spoil = True
    with pytest.raises(RecordError, match="no timestamp from"):
        stamp(stamped)
    authority.spoil, authority.refuse = False, True
    with pytest.raises(RecordError, match="no timestamp from"):
        stamp(stamped)
    authority.refuse = False
    told = stamped.settings.timestamps
    assert told is not None
    set_authority(stamped, msgspec.structs.replace(told, roots=Authority("Another").roots))
    with pytest.raises(RecordError, match="no timestamp from"):
        stamp(stamped)
    assert verify(stamped).head == before


def test_an_authority_inside_the_network_or_dead_is_told(stamped: Record) -> None:
    told = stamped.settings.timestamps
    stamped.set_settings(Settings(timestamps=told))
    with pytest.raises(RecordError, match="inside the network"):
        stamp(stamped)
    stamped.set_settings(Settings())
    with pytest.raises(RecordError, match="no authority is set"):
        stamp(stamped)
    with pytest.raises(RecordError, match="no certificates in PEM"):
        set_authority(stamped, Timestamps("http://x/", "nothing"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE stamps SET line = line + 1", "does not hold"),
        ("UPDATE stamps SET answer = x'3000'", "does not hold"),
        ("UPDATE stamps SET roots = 'none'", "does not hold"),
        ("UPDATE stamps SET at = '2001'", "was changed"),
        ("DELETE FROM stamps", "lost"),
    ],
)
def test_tampering_with_a_stamp_is_found(tmp_path: Path, authority: Authority, change: str, said: str) -> None:
    record = Record.init(tmp_path / "record", Settings(limits=Limits(private_addresses=True)))
    with serving(authority) as url:
        set_authority(record, Timestamps(url, authority.roots))
        stamp(record)
    with sqlite3.connect(tmp_path / "record" / "record.db") as connection:
        for act in ("update", "delete"):
            connection.execute(f"DROP TRIGGER stamps_no_{act}")
        connection.execute(change)
    faults = verify(record).faults
    assert any(fault.where == "stamp 1" and said in fault.what for fault in faults), faults


def test_the_commands(tmp_path: Path, authority: Authority) -> None:
    run = CliRunner().invoke
    where = ["-r", str(tmp_path / "record")]
    (tmp_path / "s.json").write_text('{"limits": {"private_addresses": true}}')
    (tmp_path / "roots.pem").write_text(authority.roots)
    (tmp_path / "a.txt").write_text("قصف الطيران مدينة سراقب")
    run(record_add.init, [*where, "--settings", str(tmp_path / "s.json")])
    with serving(authority) as url:
        done = run(record_keep.stamp, [*where, "--authority", url, "--roots", str(tmp_path / "roots.pem")])
        assert "line 1 of the ledger" in done.output
        assert "nothing is new" in run(record_keep.stamp, where).output
        assert run(record_add.add, [*where, str(tmp_path / "a.txt"), "--jobs", "1"]).exit_code == 0
        assert "nothing is new" in run(record_keep.stamp, where).output
    (tmp_path / "b.txt").write_text("قصف الطيران مدينة إدلب")
    told = run(record_add.add, [*where, str(tmp_path / "b.txt"), "--jobs", "1"])  # the authority is gone
    assert told.exit_code == 1 and "1 read" in told.output and "no timestamp from" in told.stderr
    assert "0 faults" in run(record_keep.verify, where).output
    assert run(record_keep.stamp, [*where, "--authority", "http://x/"]).exit_code == 1
