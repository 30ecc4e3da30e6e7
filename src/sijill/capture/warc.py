"""Archives of the web (WARC, WACZ): what a crawler was answered, with address, time and headers, record by record.

Every record can be read without those before it: in a compressed file each is a gzip member of its own. So a stretch of
a large file is read alone (`pages` from one offset to another), and a damaged record costs itself and no other.
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import IO, Any, Protocol

from sijill.capture.archives import Budget, Member, Readable, sha256_of
from sijill.capture.item import Failure, Item, LimitError, Limits
from sijill.errors import InputError

_READ = ("text/", "application/xhtml", "application/pdf", "application/xml")
_CHUNK = 1 << 20
_MAGIC = b"\x1f\x8b\x08"
_HEAD = re.compile(rb"WARC/\d+\.\d+\r?\n[A-Za-z-]+:")
_LENGTH = re.compile(rb"\r?\nContent-Length: *(\d+)", re.IGNORECASE)
_LONGEST_HEAD = 1 << 16
_BETWEEN = b"\r\n\r\n"


def web_archive(path: Path, limits: Limits) -> Iterator[Member]:
    """The pages of a WARC or WACZ file; a `Failure` in the place of each that is damaged. Raises `InputError`."""
    digest = sha256_of(path)
    budget = Budget(str(path), limits, path.stat().st_size)
    if path.name.lower().endswith(".wacz"):
        try:
            with zipfile.ZipFile(path) as archive:
                for info in archive.infolist():
                    if info.filename.startswith("archive/") and not info.is_dir():
                        with archive.open(info) as stream:
                            yield from _Pages(stream, f"{path}!{info.filename}", digest, budget).between(0, None)
        except zipfile.BadZipFile as error:
            raise InputError(f"{path}: not a WACZ file: {error}") from error
    else:
        with path.open("rb") as file:
            yield from _Pages(file, str(path), digest, budget).between(0, None)


def pages(path: Path, limits: Limits, start: int, stop: int | None) -> Iterator[Member]:
    """The pages of a WARC whose records begin at or after the offset `start` and before `stop` (None: the end).

    Stretches that meet give every page once, and each damaged record once, as the whole file does.
    """
    with path.open("rb") as file:
        budget = Budget(path.name, limits, path.stat().st_size)
        yield from _Pages(file, path.name, None, budget).between(start, stop)


def cuts(path: Path, size: int) -> list[int]:
    """Offsets at which a WARC may be cut into stretches of about `size` bytes: 0, and others in order.

    Of a compressed file any offset will do. In another a page may hold what looks like a record: it is walked through
    from record to record.
    """
    length = path.stat().st_size
    wanted = list(range(0, max(1, length), size))
    with path.open("rb") as file:
        form, found = _form(file, path.name), [0]
        if len(wanted) == 1 or isinstance(form, _Members):
            return wanted
        at = form.following(0)
        while at is not None and at < length:
            if at >= found[-1] + size:
                found.append(at)
            at = form.following(at + 1 if (end := form.end(at)) is None else end)
    return found


class _Form(Protocol):
    """How records lie in a file."""

    def begins(self, at: int) -> bool:
        """Whether a record begins at an offset."""

    def following(self, at: int) -> int | None:
        """The first offset from `at` on at which a record begins."""

    def end(self, at: int) -> int | None:
        """Where the record that begins at an offset ends; None where it is damaged."""


class _Members:
    """Each record a gzip member. What looks like the head of a member is one if it unpacks to that of a record."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def begins(self, at: int) -> bool:
        self._file.seek(at)
        packed = self._file.read(4096)
        if not packed.startswith(_MAGIC):
            return False
        try:
            return _HEAD.match(zlib.decompressobj(31).decompress(packed, 64)) is not None
        except zlib.error:
            return False

    def following(self, at: int) -> int | None:
        return _sought(self._file, _MAGIC, at, self.begins)

    def end(self, at: int) -> int | None:
        self._file.seek(at)
        member, read = zlib.decompressobj(31), 0
        try:
            while not member.eof and (packed := self._file.read(_CHUNK)):
                read += len(packed)
                member.decompress(packed)
        except zlib.error:
            return None
        return at + read - len(member.unused_data) if member.eof else None


class _Plain:
    """Records as they are, each with its length in its head."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def begins(self, at: int) -> bool:
        self._file.seek(at)
        return _HEAD.match(self._file.read(64)) is not None

    def following(self, at: int) -> int | None:
        if self.begins(at):
            return at
        found = _sought(self._file, _BETWEEN, at, lambda between: self.begins(between + len(_BETWEEN)))
        return None if found is None else found + len(_BETWEEN)

    def end(self, at: int) -> int | None:
        self._file.seek(at)
        head, between, _ = self._file.read(_LONGEST_HEAD).partition(_BETWEEN)
        length = _LENGTH.search(head)
        if not between or length is None:
            return None
        return at + len(head) + len(between) + int(length[1]) + len(_BETWEEN)


def _form(file: IO[bytes], name: str) -> _Form:
    """By how a file begins; where that is damaged by its name."""
    begins = file.read(len(_MAGIC))
    packed = begins == _MAGIC or (name.lower().endswith(".gz") and not begins.startswith(b"WAR"))
    return _Members(file) if packed else _Plain(file)


def _sought(file: IO[bytes], what: bytes, at: int, holds: Callable[[int], bool]) -> int | None:
    """The first offset from `at` on where `what` stands and which holds."""
    while True:
        file.seek(at)
        data = file.read(_CHUNK)
        if len(data) < len(what):
            return None
        found = data.find(what)
        while found >= 0:
            if holds(at + found):
                return at + found
            found = data.find(what, found + 1)
        at += len(data) - len(what) + 1


class _Pages:
    """The pages of an open WARC."""

    def __init__(self, file: IO[bytes], name: str, digest: str | None, budget: Budget) -> None:
        self._file, self._name, self._digest, self._budget = file, name, digest, budget
        self._form = _form(file, name)

    def between(self, start: int, stop: int | None) -> Iterator[Member]:
        """The pages of the records that begin there."""
        at = self._form.following(start)
        if start == 0 and at != 0:
            yield Failure(self._name, "a damaged web archive: no record at its beginning")
        while at is not None and (stop is None or at < stop):
            at = yield from self._from(at, stop)

    def _from(self, at: int, stop: int | None) -> Generator[Member, None, int | None]:
        """Records one after the other, to the first that is damaged; gives where to go on, if anywhere."""
        try:
            from fastwarc.warc import ArchiveIterator, WarcRecordType
        except ImportError as error:
            raise InputError(f"{self._name}: web archives need an extra: pip install 'sijill[inputs]'") from error
        self._file.seek(at)
        last: int | None = None
        broken: int | None = None
        try:
            for record in ArchiveIterator(self._file, record_types=WarcRecordType.any_type, auto_decode="transfer"):
                if stop is not None and record.stream_pos >= stop and self._is_next(record.stream_pos):
                    return None
                broken = last = record.stream_pos
                if record.record_type == WarcRecordType.response:
                    yield from self._page(record)
                broken = None
            return None
        except (OSError, ValueError) as error:
            why = str(error)
        if broken is None:  # the one behind the last that could be read
            broken = at if last is None else self._form.end(last)
        if broken is None:
            broken = last or at
        # Whoever reads the record before a damaged one tells of it, unless it still looks like one to who comes next.
        if stop is not None and broken >= stop and self._form.begins(broken):
            return None
        yield Failure(f"{self._name}@{broken}", f"a damaged web archive: {why}")
        return self._form.following(broken + 1)

    def _is_next(self, at: int) -> bool:
        """Whether a record begins there. (Of several in one member no offset tells.) Reading goes on where it was."""
        reading = self._file.tell()
        begins = self._form.begins(at)
        self._file.seek(reading)
        return begins

    def _page(self, record: Any) -> Iterator[Member]:
        url = record.headers.get("WARC-Target-URI") or ""
        kind = record.http_content_type or ""
        answered = record.http_headers.status_code if record.http_headers else None
        if answered != 200 or not kind.startswith(_READ):
            return  # pictures, scripts, redirections: no reports
        length = record.content_length
        try:
            packed = self._budget.read(record.reader, url, None)
        except LimitError as error:
            if "report_bytes" not in str(error):
                raise
            yield Failure(url, str(error))
            return
        if len(packed) < length and not record.http_headers.get("Transfer-Encoding"):
            raise ValueError("it breaks off")
        try:
            data = _unpacked(packed, record.http_headers.get("Content-Encoding"), url, self._budget.limits)
        except (LimitError, OSError, ValueError, EOFError, zlib.error) as error:
            yield Failure(url, f"a page that cannot be unpacked: {error}")
            return
        headers = tuple((key, value) for key, value in record.http_headers)
        when = ("WARC-Date", record.headers.get("WARC-Date") or "")
        yield Item(
            data=data, name=url, how="web-archive", url=url, media_type=kind, headers=(when, *headers),
            container=self._digest,
        )  # fmt: skip


def _unpacked(data: bytes, encoding: str | None, url: str, limits: Limits) -> bytes:
    """The page that a server packed for the way. Many crawlers unpack it and leave the header as it was."""
    from fastwarc import stream_io

    name = (encoding or "").strip().lower()
    member: Readable
    if name in ("gzip", "x-gzip") and data.startswith(b"\x1f\x8b"):
        member = gzip.GzipFile(fileobj=io.BytesIO(data))  # which tells a page cut off, as fastwarc's does not
    elif name == "zstd" and data.startswith(b"\x28\xb5\x2f\xfd"):
        member = stream_io.ZstdReader(io.BytesIO(data))
    elif name == "br" and b"<" not in data[:200]:
        member = stream_io.BrotliReader(io.BytesIO(data))
    else:
        return data
    return Budget(url, limits, len(data)).read(member, "unpacked", len(data))
