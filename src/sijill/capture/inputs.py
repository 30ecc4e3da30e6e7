"""Inputs: whatever a user names — files, folders, archives, exports, tables, addresses — as single items.

Nothing an input contains decides where anything is written: names out of archives are labels, never paths.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from sijill.capture import archives, documents, fetch, posts
from sijill.capture.item import Failure, Item, LimitError, Limits, over
from sijill.errors import InputError

_ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".gz")
_TABLES = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
_WEB_ARCHIVES = (".warc", ".warc.gz", ".wacz")
_IMAGES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp")
_MEDIA_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".txt": "text/plain",
    ".md": "text/plain",
}
_DEEPEST = 2
"""Archives within archives are opened so deep."""


def inputs(sources: Iterable[str], limits: Limits | None = None) -> Iterator[Item | Failure]:
    """Items of all sources in order. What cannot be taken gives a `Failure`, and the next one is taken.

    A source is a path, `-` for standard input, or an `http(s)://` address.
    """
    limits = limits or Limits()
    for source in sources:
        try:
            yield from _source(source, limits)
        except InputError as error:
            yield Failure(source, str(error))
        except OSError as error:
            yield Failure(source, f"{source}: cannot be read: {error.strerror or error}")


def _source(source: str, limits: Limits) -> Iterator[Item | Failure]:
    if source == "-":
        data = sys.stdin.buffer.read(limits.report_bytes + 1)
        yield _whole(Item(data=data, name="-", how="stdin"), limits)
    elif source.startswith(("http://", "https://")):
        yield from contained(fetch.fetch(source, limits), limits)
    elif Path(source).is_dir():
        for path in sorted(Path(source).rglob("*")):
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(source).parts):
                yield from inputs([str(path)], limits)
    elif Path(source).is_file():
        yield from _file(Path(source), limits)
    else:
        raise InputError(f"{source}: there is no such file, folder or address")


def _file(path: Path, limits: Limits) -> Iterator[Item | Failure]:
    name = path.name.lower()
    if name.endswith(_WEB_ARCHIVES):
        yield from archives.web_archive(path, limits)
    elif name.endswith(_TABLES):
        yield from posts.table(path, limits)
    elif name.endswith(_ARCHIVES):
        for member in archives.members(path, limits):
            yield from contained(member, limits) if isinstance(member, Item) else [member]
    elif name.endswith(".json") and path.stat().st_size <= limits.table_bytes and posts.is_telegram(path):
        yield from posts.telegram(path, limits)
    else:
        if path.stat().st_size > limits.report_bytes:
            raise over(str(path), "report_bytes", limits.report_bytes)
        yield from contained(Item(data=path.read_bytes(), name=str(path), how="file"), limits)


def contained(item: Item, limits: Limits, depth: int = 1) -> Iterator[Item | Failure]:
    """The item itself with its text drawn out where it is pages or pictures, or what an archive in it holds."""
    label = PurePosixPath(item.url or item.name).name.lower()
    try:
        if label.endswith(_ARCHIVES):
            if depth >= _DEEPEST:
                raise LimitError(f"{item.name}: an archive within an archive within an archive is not opened")
            for member in archives.members_of(item, limits):
                yield from contained(member, limits, depth + 1) if isinstance(member, Item) else [member]
        elif label.endswith(".pdf") or item.data[:5] == b"%PDF-":
            yield documents.pdf(_whole(item, limits), limits)
        elif label.endswith(_IMAGES):
            yield documents.image(_whole(item, limits))
        else:
            yield _typed(_whole(item, limits), label)
    except InputError as error:
        yield Failure(item.name, str(error))


def _whole(item: Item, limits: Limits) -> Item:
    if len(item.data) > limits.report_bytes:
        raise over(item.name, "report_bytes", limits.report_bytes)
    return item


def _typed(item: Item, label: str) -> Item:
    """With the media type that its name tells, where nothing else did."""
    if item.media_type is not None:
        return item
    found = _MEDIA_TYPES.get(PurePosixPath(label).suffix)
    return item if found is None else documents.with_values(item, media_type=found)
