"""What the watcher remembers between rounds, in one SQLite file: a kill loses at most the page in hand."""

from __future__ import annotations

import sqlite3
import threading
import zlib
from pathlib import Path

import msgspec

from sijill.watch.feeds import WatchError

_TABLES = """
CREATE TABLE IF NOT EXISTS pages (url TEXT PRIMARY KEY, feed TEXT NOT NULL, etag TEXT, modified TEXT,
    digest BLOB, text BLOB, captured REAL, looks INTEGER NOT NULL, next REAL, gone INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS feeds (name TEXT PRIMARY KEY, etag TEXT, modified TEXT, next REAL NOT NULL,
    failures INTEGER NOT NULL, succeeded REAL, reason TEXT) STRICT;
CREATE TABLE IF NOT EXISTS changes (id INTEGER PRIMARY KEY, at TEXT NOT NULL, url TEXT NOT NULL,
    kind TEXT NOT NULL, diff TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS pages_due ON pages (feed, next);
"""


class Seen(msgspec.Struct):
    """A page as last seen. `next` is when to look again (None: never), in seconds since 1970."""

    url: str
    feed: str
    etag: str | None = None
    modified: str | None = None
    digest: bytes | None = None
    text: str = ""
    captured: float | None = None
    looks: int = 0
    next: float | None = None
    gone: bool = False


class Health(msgspec.Struct, array_like=True):
    """How a feed does."""

    name: str
    etag: str | None = None
    modified: str | None = None
    next: float = 0.0
    failures: int = 0
    succeeded: float | None = None
    reason: str | None = None


class Change(msgspec.Struct, frozen=True, array_like=True):
    """A page that changed or went after it was captured; `diff` is of its text, line by line."""

    at: str
    url: str
    kind: str
    diff: str


FILE = "watch.db"
"""Its name in a record's folder."""


def forget(folder: Path, urls: set[str], whole: bool) -> None:
    """Take the words of pages out of the state in a record's folder, where there is one: see `State.forget`."""
    if (folder / FILE).is_file():
        state = State(folder / FILE)
        try:
            state.forget(urls, whole=whole)
        finally:
            state.close()


class State:
    """The file. Used from several threads, one at a time."""

    def __init__(self, path: Path) -> None:
        self._lock, self._path = threading.Lock(), path
        try:
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.executescript(_TABLES)
        except sqlite3.Error as error:
            raise WatchError(f"{path}: cannot keep the state of the watch: {error}") from error

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def page(self, url: str) -> Seen | None:
        """A page, where it was seen."""
        found = self._ask("SELECT * FROM pages WHERE url = ?", url)
        return _seen(found[0]) if found else None

    def due(self, feed: str, now: float) -> list[Seen]:
        """Pages of a feed to look at again, the longest due first."""
        return [
            _seen(row) for row in self._ask("SELECT * FROM pages WHERE feed = ? AND next <= ? ORDER BY next", feed, now)
        ]

    def put(self, page: Seen) -> None:
        """Remember a page."""
        text = zlib.compress(page.text.encode("utf-8", "replace"))
        self._ask(
            "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            page.url, page.feed, page.etag, page.modified, page.digest, text, page.captured, page.looks, page.next,
            int(page.gone),
        )  # fmt: skip

    def health(self, name: str) -> Health:
        """How a feed does; a feed not looked at yet is due at once."""
        found = self._ask("SELECT * FROM feeds WHERE name = ?", name)
        return msgspec.convert(found[0], Health) if found else Health(name)

    def put_health(self, health: Health) -> None:
        """Remember how a feed does."""
        self._ask("INSERT OR REPLACE INTO feeds VALUES (?, ?, ?, ?, ?, ?, ?)", *msgspec.structs.astuple(health))

    def tell(self, change: Change) -> None:
        """Remember a change."""
        self._ask("INSERT INTO changes (at, url, kind, diff) VALUES (?, ?, ?, ?)", *msgspec.structs.astuple(change))

    def changes(self) -> list[Change]:
        """All changes, oldest first."""
        return [
            msgspec.convert(row, Change) for row in self._ask("SELECT at, url, kind, diff FROM changes ORDER BY id")
        ]

    def forget(self, urls: set[str], *, whole: bool = False) -> None:
        """Take the words of pages, and of their changes, out of the file; with `whole` also that they were seen."""
        done = False
        for url in urls:
            if whole:
                done |= bool(self._ask("DELETE FROM pages WHERE url = ? RETURNING 1", url))
                done |= bool(self._ask("DELETE FROM changes WHERE url = ? RETURNING 1", url))
            else:
                done |= bool(self._ask("UPDATE pages SET text = NULL WHERE url = ? AND text NOT NULL RETURNING 1", url))
                done |= bool(self._ask("UPDATE changes SET diff = '' WHERE url = ? AND diff <> '' RETURNING 1", url))
        if done:  # what was deleted is not left in free parts of the file
            self._ask("VACUUM")
            self._ask("PRAGMA wal_checkpoint(TRUNCATE)")

    def _ask(self, said: str, *values: object) -> list[tuple[object, ...]]:
        with self._lock:
            try:
                return self._db.execute(said, values).fetchall()
            except sqlite3.Error as error:
                raise WatchError(f"{self._path}: cannot keep the state of the watch: {error}") from error


def _seen(row: tuple[object, ...]) -> Seen:
    url, feed, etag, modified, digest, text, captured, looks, due, gone = row
    told = zlib.decompress(text).decode() if isinstance(text, bytes) else ""
    return Seen(url, feed, etag, modified, digest, told, captured, looks, due, bool(gone))  # type: ignore[arg-type]
