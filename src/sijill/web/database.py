"""A small SQLite file of the site's own, beside the record and apart from the evidence."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

from sijill.errors import OptionError


class Database:
    """A file that only its owner may read, with its tables. Safe to use from threads and from several programs. Raises
    `OptionError` where it cannot be kept."""

    def __init__(self, path: Path, tables: str) -> None:
        self._lock = threading.Lock()
        try:
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
            path.chmod(0o600)
            self._db.execute("PRAGMA foreign_keys = ON")
            self._db.executescript(tables)
        except (sqlite3.Error, OSError) as error:
            raise OptionError(
                f"{path}: cannot be kept: {error}; let the folder be written, or bring back the file from a backup if "
                "it is broken"
            ) from error

    def _ask(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        with self._lock:
            return self._db.execute(statement, values).fetchall()
