"""The plan of a run: which part reads what. The same input gives the same plan, on any machine."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import msgspec
import pyarrow
import pyarrow.parquet as pq

from sijill.capture.warc import cuts
from sijill.errors import SijillError

_WARC = (".warc", ".warc.gz")
_LINES = (".jsonl", ".ndjson")
_WHOLE = (".jsonl.gz", ".ndjson.gz")
_PARQUET = ".parquet"
ROWS = 2_000
"""Reports of one part of a Parquet file."""
BYTES = 4_000_000
"""Size of one part of a file of JSON lines."""
WARC_BYTES = 16_000_000
"""Size of one part of a WARC, as it lies on the disk."""


class CorpusError(SijillError):
    """A corpus that cannot be run, or an output folder that holds something else."""


class Source(msgspec.Struct, frozen=True):
    """A file of the input, by its name within it."""

    name: str
    bytes: int
    sha256: str


class Part(msgspec.Struct, frozen=True):
    """A piece of one file: rows of a Parquet file, the lines or records that begin between two offsets, or, with
    `stop` None, all from `start` on."""

    number: int
    file: str
    start: int = 0
    stop: int | None = None

    @property
    def name(self) -> str:
        """How its files are called."""
        return f"part-{self.number:06d}"


class Plan(msgspec.Struct, frozen=True):
    """Everything that decides the output."""

    sources: tuple[Source, ...]
    parts: tuple[Part, ...]
    reader: str


def plan(source: Path, reader: str) -> Plan:
    """The parts of a file or folder. Raises `CorpusError` where there is nothing that can be read."""
    local(source)
    if not source.exists():
        raise CorpusError(f"{source}: there is no such file or folder")
    known = (_PARQUET, *_LINES, *_WHOLE, *_WARC)
    files = [source] if source.is_file() else sorted(path for path in source.rglob("*") if path.is_file())
    files = [path for path in files if path.name.lower().endswith(known) and not path.name.startswith(".")]
    if not files:
        raise CorpusError(f"{source}: no reports in it; a corpus is of {', '.join(known)} files")
    parts: list[Part] = []
    sources = []
    for path in files:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        sources.append(
            Source(path.name if source.is_file() else str(path.relative_to(source)), path.stat().st_size, digest)
        )
        for start, stop in _pieces(path):
            parts.append(Part(len(parts), str(path), start, stop))
    return Plan(tuple(sources), tuple(parts), reader)


def local(path: Path) -> None:
    """Raises `CorpusError` for an address (`s3://…`) in the place of a path."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:/", str(path)):
        raise CorpusError(
            f"{path}: an address, and no path: copy the files to a folder, or mount the storage as one, "
            "under the same path on all machines"
        )


def _pieces(path: Path) -> list[tuple[int, int | None]]:
    name = path.name.lower()
    if name.endswith(_WHOLE):
        return [(0, None)]
    if name.endswith(_WARC):
        starts = cuts(path, WARC_BYTES)
        return list(zip(starts, [*starts[1:], None], strict=True))
    if name.endswith(_LINES):
        size = path.stat().st_size
        return [(start, min(start + BYTES, size)) for start in range(0, size, BYTES)]
    try:
        rows = pq.ParquetFile(path).metadata.num_rows
    except (pyarrow.ArrowException, OSError) as error:
        raise CorpusError(f"{path}: not a Parquet file that can be read: {' '.join(str(error).split())}") from error
    return [(start, min(start + ROWS, rows)) for start in range(0, rows, ROWS)]
