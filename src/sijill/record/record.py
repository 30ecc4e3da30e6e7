"""The record: opened, added to, looked up.

record = Record.open("record")          # a folder, or postgresql://...
record.add(inputs(["reports/"]))
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Engine, exists, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from sijill.capture.item import Failure, Item, Passed
from sijill.folders import PACKAGE
from sijill.model import Report
from sijill.record import blobs, engine, ledger, migrate
from sijill.record.adding import JOIN, Batch, Summary, report_of, write
from sijill.record.errors import RecordError
from sijill.record.prepare import READ, Prepared, leave_with_parent, prepare, prepare_all
from sijill.record.schema import HEAD, arrivals, captures, claims, decisions, meta, readings, withheld
from sijill.record.settings import Settings, parse

_BATCH = 256
_BATCH_BYTES = 64_000_000
_HANDFUL = 16
_HANDFUL_BYTES = 8_000_000
Progress = Callable[[Summary], None]


class Record:
    """A record that is open. Safe to use from threads; other programs may use the same record at once."""

    def __init__(self, where: str | Path) -> None:
        self.where = where
        self.folder = None if isinstance(where, str) and engine.is_url(where) else Path(where)
        self.engine: Engine = engine.open_engine(where)
        self.clock: Callable[[], str] = now

    # -- opening ------------------------------------------------------------------------------------------------

    @classmethod
    def init(cls, where: str | Path, settings: Settings | None = None) -> Record:
        """Make an empty record in a folder (made where missing) or in an empty PostgreSQL database."""
        record = cls(where)
        try:
            if record.folder is not None:
                record.folder.mkdir(parents=True, exist_ok=True)
            with record.writing() as connection:
                if migrate.version(connection) is not None:
                    raise RecordError(f"{record.name}: there is a record already")
                migrate.upgrade(connection)
                at, identity = record.clock(), str(uuid.uuid4())
                told = msgspec.json.encode(settings or Settings()).decode()
                rows = [{"key": "id", "value": identity}, {"key": "settings", "value": told}]
                connection.execute(insert(meta), rows)
                ledger.append(connection, at, [ledger.Entry("begin", 0, ledger.digest_of(identity))])
        except OSError as error:
            raise RecordError(f"{record.name}: cannot be made: {error.strerror}") from error
        return record

    @classmethod
    def open(cls, where: str | Path) -> Record:
        """Open a record. Raises `RecordError` when there is none, or one of a newer or older form."""
        record = cls(where)
        if record.folder is not None and not (record.folder / engine.DATABASE).is_file():
            raise RecordError(f"{record.name}: there is no record; make one with `sijill init`")
        try:
            with record.engine.connect() as connection:
                found = migrate.version(connection)
        except DBAPIError as error:
            raise engine.refusal(record.engine, error) from error
        if found is None:
            raise RecordError(f"{record.name}: there is no record; make one with `sijill init`")
        if found != HEAD and migrate.known(found):
            raise RecordError(
                f"{record.name}: of an older form ({found}); run `sijill migrate`, which makes a backup first"
            )
        if found != HEAD:
            raise RecordError(f"{record.name}: made by a newer Sijill ({found}, not {HEAD}); update Sijill")
        return record

    @property
    def name(self) -> str:
        """How messages call it: its folder, or its URL without the password."""
        return str(self.folder) if self.folder else self.engine.url.render_as_string(hide_password=True)

    def close(self) -> None:
        """Let go of its connections."""
        self.engine.dispose()

    def __enter__(self) -> Record:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction as the one writer."""
        return engine.writing(self.engine)

    def reading(self) -> AbstractContextManager[Connection]:
        """A consistent view."""
        return engine.reading(self.engine)

    @property
    def settings(self) -> Settings:
        """The settings kept in the record."""
        with self.reading() as connection:
            return parse(connection.execute(select(meta.c.value).where(meta.c.key == "settings")).scalar_one())

    def set_settings(self, settings: Settings) -> None:
        """Replace the settings."""
        with self.writing() as connection:
            told = msgspec.json.encode(settings).decode()
            connection.execute(update(meta).where(meta.c.key == "settings").values(value=told))

    # -- adding -------------------------------------------------------------------------------------------------

    def add(
        self,
        items: Iterable[Item | Failure],
        *,
        jobs: int = 1,
        progress: Progress | None = None,
        read: str = READ,
        join: str = JOIN,
        reader: str | None = None,
        lexicon: Path | None = None,
    ) -> Summary:
        """Keep and read items, and bring their claims into incidents.

        `progress` is called after each batch that is safely on the disk. With `jobs` above 1 reports are read in that
        many processes. `read` and `join` name the functions that read and join, `reader` the version that reads.
        `lexicon` is a folder of language data laid over the built-in.
        """
        summary = Summary(failures=[])
        reader = reader or reader_name(lexicon)
        with _readers(jobs, read, lexicon) as prepare:
            for work in handfuls(prepare(self._unread(items, reader, summary)), _BATCH, _pair_size, _BATCH_BYTES):
                with self.writing() as connection:
                    write(Batch(connection, self.folder, self.clock(), reader), work, summary, join)
                if progress:
                    progress(summary)
        return summary

    def _unread(self, items: Iterable[Item | Failure], reader: str, summary: Summary) -> Iterator[Item]:
        """Items that are not in the record yet, read by this reader and from this address."""
        for chunk in handfuls(items, _BATCH, _size, _BATCH_BYTES):
            digests = {n: hashlib.sha256(item.data).digest() for n, item in enumerate(chunk) if isinstance(item, Item)}
            done = self._done(set(digests.values()), reader)
            for n, item in enumerate(chunk):
                if isinstance(item, Passed):
                    summary.passed += 1
                elif isinstance(item, Failure):
                    summary.failures.append(item)
                elif (digests[n], item.address) in done:
                    summary.already += 1
                else:
                    yield item

    def _done(self, digests: set[bytes], reader: str) -> set[tuple[bytes, str]]:
        wanted = (
            select(captures.c.sha256, arrivals.c.address)
            .join(arrivals, arrivals.c.capture_id == captures.c.id)
            .where(captures.c.sha256.in_(digests))
            .where(exists().where(readings.c.capture_id == captures.c.id, readings.c.reader == reader))
            .where(~exists().where(withheld.c.capture_id == captures.c.id, withheld.c.removed))
        )
        with self.reading() as connection:
            return {(bytes(row[0]), row[1]) for row in connection.execute(wanted)}

    def reread(
        self,
        *,
        jobs: int = 1,
        progress: Progress | None = None,
        read: str = READ,
        join: str = JOIN,
        reader: str | None = None,
        lexicon: Path | None = None,
    ) -> Summary:
        """Read every capture again that this reader has not read; old readings stay beside the new."""
        reader = reader or reader_name(lexicon)
        return self.add(
            self._captured(reader), jobs=jobs, progress=progress, read=read, join=join, reader=reader, lexicon=lexicon
        )

    def _captured(self, reader: str) -> Iterator[Item]:
        last = 0
        while True:
            unread = ~exists().where(readings.c.capture_id == captures.c.id, readings.c.reader == reader)
            kept = ~exists().where(withheld.c.capture_id == captures.c.id)
            wanted = (
                select(captures.c.id).where(captures.c.id > last, unread, kept).order_by(captures.c.id).limit(_BATCH)
            )
            with self.reading() as connection:
                ids = list(connection.execute(wanted).scalars())
                found = [self.item(connection, capture) for capture in ids]
            if not ids:
                return
            last = ids[-1]
            yield from found

    # -- looking up ---------------------------------------------------------------------------------------------

    def item(self, connection: Connection, capture: int) -> Item:
        """A capture as it first came."""
        first = select(arrivals.c.detail).where(arrivals.c.capture_id == capture).order_by(arrivals.c.id).limit(1)
        told: dict[str, Any] = msgspec.json.decode(connection.execute(first).scalar_one())
        data = blobs.get(connection, self.folder, capture)
        return msgspec.convert({**told, "data": data}, Item)

    def report(self, connection: Connection, reading: int) -> Report:
        """A report as one reading gave it."""
        return report_of(connection.execute(select(readings.c.data).where(readings.c.id == reading)).scalar_one())

    def counts(self) -> dict[str, int]:
        """How many captures, readings, current claims and decisions there are."""
        with self.reading() as connection:
            found = {table.name: _count(connection, select(table.c.id)) for table in (captures, readings, decisions)}
            found["claims"] = _count(connection, select(claims.c.id).where(claims.c.current))
            return found


def _count(connection: Connection, wanted: Any) -> int:
    return int(connection.execute(select(func.count()).select_from(wanted.subquery())).scalar_one())


def now() -> str:
    """The time as the record writes it: UTC, microseconds, comparable as text."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@cache  # the words a program reads by do not change while it runs, and hashing them takes as long as a small add
def reader_name(lexicon: Path | None = None) -> str:
    """Who reads: the program's version and a digest of the words and places it reads by."""
    digest = hashlib.sha256()
    for root in (PACKAGE / "lexicon", PACKAGE / "gazetteer", *([lexicon] if lexicon else [])):
        for path in sorted(root.rglob("*")):
            if path.is_file() and path.suffix in {".csv", ".yaml", ".tsv", ".json"}:
                digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return f"sijill {version('sijill')} {digest.hexdigest()[:12]}"


Thing = TypeVar("Thing")


def handfuls(
    things: Iterable[Thing], most: int, size: Callable[[Thing], int], most_bytes: int
) -> Iterator[list[Thing]]:
    """Things a handful at a time: no more than `most`, and no more bytes than `most_bytes` before the last of them."""
    handful: list[Thing] = []
    held = 0
    for thing in things:
        handful.append(thing)
        held += size(thing)
        if len(handful) == most or held > most_bytes:
            yield handful
            handful, held = [], 0
    if handful:
        yield handful


def _size(item: Item | Failure) -> int:
    return 0 if isinstance(item, Failure) else len(item.data) + len(item.text or "")


def _pair_size(pair: tuple[Item, Prepared]) -> int:
    return len(pair[0].data)


Prepare = Callable[[Iterable[Item]], Iterator[tuple[Item, Prepared]]]


@contextmanager
def _readers(jobs: int, read: str, lexicon: Path | None) -> Iterator[Prepare]:
    """Something that prepares items in order, in this process or in `jobs` others."""
    if jobs <= 1:
        yield lambda items: ((item, prepare(item, read, lexicon)) for item in items)
        return
    # Not forked: a fork would carry the database's open connection into the workers.
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("forkserver"), initializer=leave_with_parent)
    with pool:
        yield lambda items: _spread(pool, items, partial(prepare_all, read=read, lexicon=lexicon), 3 * jobs)


def _spread(
    pool: ProcessPoolExecutor, items: Iterable[Item], prepare: Callable[[list[Item]], list[Prepared]], ahead: int
) -> Iterator[tuple[Item, Prepared]]:
    """Prepare handfuls in the pool, never more than `ahead` of them waiting, and give them back in order."""
    stream = handfuls(items, _HANDFUL, _size, _HANDFUL_BYTES)
    waiting: list[tuple[list[Item], Future[list[Prepared]]]] = []
    while True:
        while len(waiting) < ahead and (handful := next(stream, None)):
            waiting.append((handful, pool.submit(prepare, handful)))
        if not waiting:
            return
        handful, done = waiting.pop(0)
        try:
            prepared = done.result()
        except BrokenProcessPool as error:
            raise RecordError(
                "a process that read reports was killed (out of memory?); what was acknowledged is kept: "
                "add again, with fewer --jobs"
            ) from error
        yield from zip(handful, prepared, strict=True)
