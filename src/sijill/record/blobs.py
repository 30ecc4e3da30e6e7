"""The bytes of captures: small ones in the database, large ones in `captures/`, named by their SHA-256.

Whatever is written stands on the disk before the transaction that speaks of it ends; a file without a row is left over
from an add that was cut short, harms nothing, and is used again by the next add of the same bytes.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from pathlib import Path

from sqlalchemy import Connection, Row, select

from sijill.record.errors import RecordError
from sijill.record.schema import blobs, captures

_INLINE = 256 * 1024
FOLDER = "captures"


ROW, FILE = "zlib", "zlib-file"
"""How the bytes of a capture are kept: squeezed, in a row or in a file."""
_ADVICE = "run `sijill verify`, restore the last backup"


def squeeze(data: bytes) -> bytes:
    """The bytes as kept."""
    return zlib.compress(data, 6)


def codec(folder: Path | None, squeezed: bytes) -> str:
    """How bytes are to be kept: in a file when they are large and there is a folder, else in a row."""
    return FILE if folder is not None and len(squeezed) > _INLINE else ROW


def path_of(folder: Path, digest: bytes) -> Path:
    """Where the file of a large capture stands."""
    name = digest.hex()
    return folder / FOLDER / name[:2] / f"{name}.z"


def get(connection: Connection, folder: Path | None, capture: int) -> bytes:
    """The bytes of a capture as they came.

    Raises `RecordError` when they were removed, are missing, or are no longer the bytes that were kept.
    """
    row = connection.execute(select(captures).where(captures.c.id == capture)).one()
    kept = _kept(connection, folder, row)
    if kept is None:
        raise RecordError(f"capture {bytes(row.sha256).hex()}: its bytes are not in the record; {_ADVICE}")
    try:
        data = zlib.decompress(kept)
    except zlib.error as error:
        raise RecordError(f"capture {bytes(row.sha256).hex()}: its bytes are damaged; {_ADVICE}") from error
    if hashlib.sha256(data).digest() != bytes(row.sha256):
        raise RecordError(f"capture {bytes(row.sha256).hex()}: its bytes were changed; {_ADVICE}")
    return data


def _kept(connection: Connection, folder: Path | None, row: Row[tuple[object, ...]]) -> bytes | None:
    if row.codec == FILE and folder is not None:
        path = path_of(folder, bytes(row.sha256))
        return path.read_bytes() if path.is_file() else None
    found = connection.execute(select(blobs.c.data).where(blobs.c.capture_id == row.id)).scalar()
    return None if found is None else bytes(found)


def write(folder: Path, digest: bytes, data: bytes) -> None:
    """Put the file of a capture in place whole: written aside, made durable, then named."""
    path = path_of(folder, digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and path.stat().st_size == len(data):
        return
    aside = path.with_suffix(f".{os.getpid()}.part")
    try:
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.rename(path)
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise RecordError(f"{path.parent}: cannot be written: {error.strerror}") from error
