"""Inputs: whatever a user names — files, folders, archives, exports, tables, addresses — as single items.

Nothing an input contains decides where anything is written: names out of archives are labels, never paths.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from sijill.capture import archives, documents, fetch, posts, warc
from sijill.capture.item import Failure, Item, LimitError, Limits, Passed, failure, over
from sijill.errors import InputError

_ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2")
_WEB_ARCHIVES = (".warc", ".warc.gz", ".wacz")
_IMAGES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp")
_MEDIA_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".txt": "text/plain",
    ".md": "text/plain",
}
_PAGES = (".html", ".htm", ".xhtml", ".txt", ".pdf")
_KNOWN = (*_ARCHIVES, *_WEB_ARCHIVES, *posts.TABLES, *_IMAGES, *_PAGES)
_DEEPEST = 2
"""Archives within archives are opened so deep."""
_HEAD = 4096


def inputs(sources: Iterable[str], limits: Limits | None = None) -> Iterator[Item | Failure]:
    """Items of all sources in order. What cannot be taken gives a `Failure`, and the next one is taken.

    A source is a path, `-` for standard input, or an `http(s)://` address. A file that is named is taken for a report
    whatever its name; of those in a folder or an archive only the kinds that may hold reports are (others: `Passed`).
    """
    limits = limits or Limits()
    for source in sources:
        try:
            yield from _source(source, limits)
        except InputError as error:
            yield failure(source, error)
        except OSError as error:
            yield Failure(source, f"cannot be read: {error.strerror or error}")


def _source(source: str, limits: Limits) -> Iterator[Item | Failure]:
    if source == "-":
        data = sys.stdin.buffer.read(limits.report_bytes + 1)
        yield _whole(Item(data=data, name="-", how="stdin"), limits)
    elif source.startswith(("http://", "https://")):
        yield from contained(fetch.fetch(source, limits), limits)
    elif Path(source).is_dir():
        for path in files(Path(source)):
            yield from inputs([str(path)], limits) if is_known(path) else [_passed(str(path))]
    elif Path(source).is_file():
        yield from _file(Path(source), limits)
    elif Path(source).exists():
        raise InputError(f"{source}: neither a file nor a folder; give - and the reports on standard input")
    else:
        raise InputError(f"{source}: there is no such file, folder or address")


def files(folder: Path) -> Iterator[Path]:
    """The files of a folder in order, without hidden ones and links that lead out of it."""
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and path.is_file() and (not path.is_symlink() or path.resolve().is_relative_to(root)):
            yield path


def is_known(path: Path) -> bool:
    """Whether a file in a folder is of a kind that may hold reports."""
    if path.suffix.lower() == ".json":
        return posts.is_telegram(_head(path))
    return _may_hold_reports(path.name)


def _may_hold_reports(name: str) -> bool:
    """By its name; one without a suffix may be a page that somebody saved."""
    return name.lower().endswith(_KNOWN) or not PurePosixPath(name).suffix


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _passed(name: str) -> Passed:
    return Passed(name, "of no kind that holds reports")


def _file(path: Path, limits: Limits) -> Iterator[Item | Failure]:
    name = path.name.lower()
    if name.endswith(_WEB_ARCHIVES):
        yield from warc.web_archive(path, limits)
    elif name.endswith(posts.TABLES):
        yield from posts.table(path, limits)
    elif name.endswith(_ARCHIVES):
        for member in archives.members(path, limits):
            yield from _member(member, limits, 1)
    elif name.endswith(".json") and posts.is_telegram(_head(path)):
        if path.stat().st_size > limits.table_bytes:
            raise over(str(path), "table_bytes", limits.table_bytes)
        yield from posts.telegram(path.read_bytes(), str(path), limits)
    else:
        if path.stat().st_size > limits.report_bytes:
            raise over(str(path), "report_bytes", limits.report_bytes)
        yield from contained(Item(data=path.read_bytes(), name=str(path), how="file"), limits)


def _member(member: Item | Failure, limits: Limits, depth: int) -> Iterator[Item | Failure]:
    """What a file of an archive holds."""
    if isinstance(member, Failure):
        yield member
        return
    label = member.name.lower()
    if label.endswith(".json") and posts.is_telegram(member.data[:_HEAD]):
        yield from posts.telegram(member.data, member.name, limits)
    elif _may_hold_reports(label):
        yield from contained(member, limits, depth)
    else:
        yield _passed(member.name)


def contained(item: Item, limits: Limits, depth: int = 1) -> Iterator[Item | Failure]:
    """The item itself with its text drawn out where it is pages or pictures, or what a table or archive in it holds."""
    label = PurePosixPath(item.url or item.name).name.lower()
    try:
        if label.endswith(posts.TABLES):
            yield from posts.table_in(item.data, item.name, limits)
        elif label.endswith(_ARCHIVES):
            if depth >= _DEEPEST:
                raise LimitError(f"{item.name}: an archive within an archive within an archive is not opened")
            for member in archives.members_of(item, limits):
                yield from _member(member, limits, depth + 1)
        elif label.endswith(".pdf") or item.data[:5] == b"%PDF-":
            yield documents.pdf(_whole(item, limits), limits)
        elif label.endswith(_IMAGES):
            yield documents.image(_whole(item, limits))
        else:
            yield _typed(_whole(item, limits), label)
    except InputError as error:
        yield failure(item.name, error)


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
