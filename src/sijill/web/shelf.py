"""The board's columns in a file beside the record, so that a site that starts need not read every claim again.

The file tells up to which line of the ledger it goes, with that line's hash: the ledger is a chain, and so what is
kept for a line stands for all before it. Lines that came later are added to it; a file of another record, of another
program, or of a record that was set back is not used. It can be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import tempfile
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import platformdirs
from sqlalchemy import Connection, select

from sijill.codebook import SOURCE_KINDS, TYPES
from sijill.incidents.outline import DISPUTES
from sijill.record import Record
from sijill.record.fact import Spot
from sijill.record.removal import COLUMNS
from sijill.record.schema import ledger, meta
from sijill.review.desk import STATES
from sijill.web.board import Board
from sijill.web.columns import Columns, Register, Registers, Spots

_FORM = 1
"""Grows whenever what the columns hold, or how it is told from claims, is changed."""
_log = logging.getLogger("sijill.web")
_spots = msgspec.msgpack.Decoder(list[Spot])
_sides = msgspec.msgpack.Decoder(list[tuple[str | None, str]])
_names = msgspec.msgpack.Decoder(list[str])


def removed_since(connection: Connection, seq: int) -> bool:
    """Whether people removed a report, for somebody's safety, after this line of the ledger."""
    wanted = select(ledger.c.seq).where(ledger.c.kind == "removal", ledger.c.seq > seq).limit(1)
    return connection.execute(wanted).first() is not None


class Shelf:
    """Where the board of one record is kept."""

    def __init__(self, record: Record) -> None:
        self.record = record

    def load(self, connection: Connection) -> tuple[Board, int] | None:
        """The board that was kept, and the line of the ledger up to which it goes; None where there is none to use."""
        path = self._path(connection)
        try:
            with np.load(path, allow_pickle=False) as kept:
                head = bytes(kept["head"])
                seq = int(kept["seq"])
                if head != self._head(connection, seq):
                    return None
                if removed_since(connection, seq):
                    path.unlink(missing_ok=True)
                    return None
                registers = Registers(
                    Spots(_spots.decode(kept["places"])),
                    Register(_sides.decode(kept["parties"])),
                    Register(_names.decode(kept["sources"])),
                    Register(_names.decode(kept["doers"])),
                )
                columns = Columns(**{name: kept[f"c_{name}"] for name in Columns.__struct_fields__})
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, msgspec.DecodeError) as error:
            _log.warning("%s: cannot be used (%s); every claim is read again", path, error)
            return None
        return Board(columns, registers), seq

    def forget(self, connection: Connection) -> None:
        """Keep nothing any more."""
        with contextlib.suppress(OSError):
            self._path(connection).unlink(missing_ok=True)

    def save(self, connection: Connection, board: Board, seq: int) -> None:
        """Keep a board that goes up to this line of the ledger. A folder that cannot be written to keeps none, and
        what people removed since is not kept."""
        if removed_since(connection, seq):
            return
        path = self._path(connection)
        told: dict[str, Any] = {f"c_{name}": getattr(board.c, name) for name in Columns.__struct_fields__}
        known = board.known
        for name in Registers.__struct_fields__:
            data = msgspec.msgpack.encode(list(getattr(known, name).values))
            told[name] = np.frombuffer(data, np.uint8)
        told["head"] = np.frombuffer(self._head(connection, seq), np.uint8)
        told["seq"] = np.int64(seq)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Readable by the owner alone, as temporary files are: it holds names of tellers.
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{COLUMNS}-")
            try:
                with os.fdopen(handle, "wb") as file:
                    np.savez(file, **told)
                Path(name).replace(path)
            except BaseException:
                with contextlib.suppress(OSError):
                    Path(name).unlink()
                raise
        except OSError as error:
            _log.info("%s: cannot be kept (%s); the next start reads every claim", path, error.strerror)

    def _path(self, connection: Connection) -> Path:
        if self.record.folder is not None:
            return self.record.folder / COLUMNS
        identity = str(connection.execute(select(meta.c.value).where(meta.c.key == "id")).scalar_one())
        return Path(platformdirs.user_cache_dir("sijill")) / f"{identity}-{COLUMNS}"

    def _head(self, connection: Connection, seq: int) -> bytes:
        """Stands for all that the columns were told from: the record up to a line, its settings, and the program."""
        told = {row.key: row.value for row in connection.execute(select(meta.c.key, meta.c.value))}
        line = connection.execute(select(ledger.c.hash).where(ledger.c.seq == seq)).scalar()
        parts = [_FORM, version("sijill"), told.get("id"), told.get("settings"), TYPES, SOURCE_KINDS, STATES, DISPUTES]
        digest = hashlib.sha256(msgspec.json.encode([*parts, Columns.__struct_fields__]))
        digest.update(b"" if line is None else bytes(line))
        return digest.digest()
