"""Archives: zip, tar and gzip files, read without ever being unpacked to the disk."""

from __future__ import annotations

import gzip
import hashlib
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from sijill.capture.item import Failure, Item, LimitError, Limits, over
from sijill.errors import InputError

_CHUNK = 1 << 20
_SMALL = 1 << 20
"""A file may expand by any factor to this size: short texts of one letter do no harm."""
Member = Item | Failure


def members(path: Path, limits: Limits) -> Iterator[Member]:
    """The files in a zip, tar or gzip file."""
    digest = sha256_of(path)
    with path.open("rb") as file:
        yield from _members(file, str(path), digest, limits)


def members_of(item: Item, limits: Limits) -> Iterator[Member]:
    """The files in an archive that is an item itself."""
    yield from _members(io.BytesIO(item.data), item.name, hashlib.sha256(item.data).hexdigest(), limits)


def _members(file: IO[bytes], name: str, digest: str, limits: Limits) -> Iterator[Member]:
    budget = Budget(name, limits, file.seek(0, io.SEEK_END))
    file.seek(0)
    try:
        if zipfile.is_zipfile(file):
            yield from _zip(file, name, digest, budget)
            return
        file.seek(0)
        try:
            with _opened(file) as archive:
                yield from _tar(archive, name, digest, budget)
        except tarfile.ReadError:
            file.seek(0)
            yield from _gzip(file, name, digest, budget)
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, gzip.BadGzipFile) as error:
        raise InputError(f"{name}: a damaged archive, or none: {error}") from error


def _opened(file: IO[bytes]) -> tarfile.TarFile:
    """A tar file, packed or not. Raises ReadError where it is none."""
    try:
        return tarfile.open(fileobj=file, mode="r|*")
    except TypeError as error:
        # Python asks for the code of a letter that is not there where the head of a gzip file is cut short.
        raise tarfile.ReadError("cut short") from error


class Readable(Protocol):
    """What bytes are read from."""

    def read(self, size: int = -1, /) -> bytes:
        """So many of them."""


class Budget:
    """What an archive of `packed` bytes may still cost."""

    def __init__(self, name: str, limits: Limits, packed: int) -> None:
        self.name, self.limits, self.packed = name, limits, packed
        self.bytes = self.files = 0

    def pass_over(self, size: int) -> None:
        """Count what is not read, but must be unpacked to come to what stands behind it."""
        self._spend(size)

    def read(self, member: Readable, name: str, packed: int | None) -> bytes:
        """A member whole, while it stays within what one report and the archive may cost."""
        self.files += 1
        if self.files > self.limits.rows:
            raise over(self.name, "rows", self.limits.rows)
        parts, size = [], 0
        while part := member.read(_CHUNK):
            size += len(part)
            self._spend(len(part))
            if size > self.limits.report_bytes:
                raise over(f"{self.name}: {name}", "report_bytes", self.limits.report_bytes)
            if packed is not None and size > _SMALL and size > packed * self.limits.archive_ratio:
                raise self._expands(f"{self.name}: {name}")
            parts.append(part)
        return b"".join(parts)

    def _spend(self, size: int) -> None:
        self.bytes += size
        if self.bytes > self.limits.archive_bytes:
            raise over(self.name, "archive_bytes", self.limits.archive_bytes)
        if self.bytes > _SMALL and self.bytes > self.packed * self.limits.archive_ratio:
            raise self._expands(self.name)

    def _expands(self, name: str) -> LimitError:
        return LimitError(f"{name}: expands more than {self.limits.archive_ratio} times (archive_ratio)")


def _zip(file: IO[bytes], name: str, digest: str, budget: Budget) -> Iterator[Member]:
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            if info.is_dir() or _hidden(info.filename):
                continue
            label = f"{name}!{info.filename}"
            if _climbs(info.filename):
                yield Failure(label, "a path that climbs out of its archive")
            elif info.flag_bits & 1:
                yield Failure(label, "locked with a password")
            else:
                with archive.open(info) as member:
                    data = budget.read(member, info.filename, info.compress_size)
                yield Item(data=data, name=label, how="archive", container=digest)


def _tar(archive: tarfile.TarFile, name: str, digest: str, budget: Budget) -> Iterator[Member]:
    for info in archive:
        label = f"{name}!{info.name}"
        if _hidden(info.name):
            budget.pass_over(info.size)
        elif info.issym() or info.islnk():
            yield Failure(label, "a link in an archive is not followed")
        elif _climbs(info.name):
            yield Failure(label, "a path that climbs out of its archive")
        elif info.isfile():
            member = archive.extractfile(info)
            assert member is not None
            yield Item(data=budget.read(member, info.name, None), name=label, how="archive", container=digest)


def _gzip(file: IO[bytes], name: str, digest: str, budget: Budget) -> Iterator[Member]:
    packed = file.seek(0, io.SEEK_END)
    file.seek(0)
    inner = PurePosixPath(name).name.removesuffix(".gz")
    with gzip.open(file) as member:
        data = budget.read(member, inner, packed)
    yield Item(data=data, name=f"{name}!{inner}", how="archive", container=digest)


def _climbs(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in path.parts[0][:2] if path.parts else False


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) and part != ".." for part in PurePosixPath(name).parts)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
