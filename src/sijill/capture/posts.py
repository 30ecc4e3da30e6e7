"""Posts: a Telegram Desktop export (`result.json`), and tables of posts (CSV, TSV, JSON lines, Parquet).

Of a table the columns are known by their usual names; one that holds the text is needed, the others help.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from sijill.capture.item import Failure, Item, Limits, over
from sijill.errors import InputError

_COLUMNS = {
    "text": ("text", "content", "body", "message", "post", "post_text", "full_text", "النص"),
    "url": ("url", "link", "permalink", "address", "الرابط"),
    "published": ("published", "date", "created_at", "datetime", "timestamp", "time", "التاريخ"),
    "title": ("title", "headline", "العنوان"),
    "outlet": ("outlet", "source", "channel", "page", "author", "publisher", "المصدر"),
}
_LONGEST_CELL = 5_000_000


def is_telegram(path: Path) -> bool:
    """Whether a JSON file is what Telegram Desktop exports: one chat, or all of them."""
    with path.open("rb") as file:
        head = file.read(4096)
    return head.lstrip()[:1] == b"{" and (b'"messages"' in head or b'"chats"' in head) and b'"type"' in head


def telegram(path: Path, limits: Limits) -> Iterator[Item | Failure]:
    """The messages of an export that have words."""
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    try:
        export = msgspec.json.decode(data)
    except msgspec.DecodeError as error:
        raise InputError(f"{path}: not a Telegram export: {error}") from error
    del data
    chats = export.get("chats", {}).get("list", []) if "chats" in export else [export]
    count = 0
    for chat in chats:
        for message in chat.get("messages", []):
            if item := _message(path, chat.get("name"), chat.get("id"), message, digest):
                count += 1
                if count > limits.rows:
                    raise over(str(path), "rows", limits.rows)
                yield item


def _message(path: Path, chat: str | None, number: Any, message: Any, digest: str) -> Item | None:
    if not isinstance(message, dict) or message.get("type") != "message":
        return None
    told = message.get("text") or ""
    # Telegram cuts a text into plain strings and objects (links, bold words); together they are the text.
    text = (
        told
        if isinstance(told, str)
        else "".join(part if isinstance(part, str) else part.get("text", "") for part in told)
    )
    if not text.strip():
        return None
    published = message.get("date")
    if str(message.get("date_unixtime", "")).isdecimal():
        published = datetime.fromtimestamp(int(message["date_unixtime"]), UTC).isoformat()
    return Item(
        data=msgspec.json.encode(message),
        name=f"{path.name}#{number or chat}/{message.get('id')}",
        how="post",
        media_type="application/json",
        published=published,
        outlet=message.get("forwarded_from") or chat,
        container=digest,
        text=text,
    )


def table(path: Path, limits: Limits) -> Iterator[Item | Failure]:
    """The rows of a table of posts."""
    if path.stat().st_size > limits.table_bytes:
        raise over(str(path), "table_bytes", limits.table_bytes)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    rows = {".parquet": _parquet, ".csv": _csv, ".tsv": _csv}.get(path.suffix.lower(), _lines)(path)
    for number, row in enumerate(rows, start=1):
        if number > limits.rows:
            raise over(str(path), "rows", limits.rows)
        yield _row(path, number, row, digest)


def _row(path: Path, number: int, row: Mapping[str, Any] | Failure, digest: str) -> Item | Failure:
    if isinstance(row, Failure):
        return row
    known = {str(name).strip().lower(): value for name, value in row.items() if value not in (None, "")}
    told = {
        field: next((str(known[name]) for name in names if name in known), None) for field, names in _COLUMNS.items()
    }
    text = told.pop("text")
    if text is None:
        columns = ", ".join(_COLUMNS["text"])
        return Failure(f"{path}:{number}", f"no text; it is looked for in the columns {columns}")
    data = msgspec.json.encode(row, enc_hook=str)
    return Item(
        data=data,
        name=f"{path.name}#{number}",
        how="row",
        media_type="application/json",
        container=digest,
        text=text,
        url=told["url"],
        published=told["published"],
        title=told["title"],
        outlet=told["outlet"],
    )


def _csv(path: Path) -> Iterator[Mapping[str, Any] | Failure]:
    csv.field_size_limit(_LONGEST_CELL)
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file, delimiter=delimiter, restkey="_more", strict=True):
                row.pop("_more", None)
                yield row
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8: {error.reason} at byte {error.start}") from error
    except csv.Error as error:
        raise InputError(f"{path}: not a table: {error}") from error


def _lines(path: Path) -> Iterator[Mapping[str, Any] | Failure]:
    with path.open("rb") as file:
        for number, line in enumerate(_short(file, path), start=1):
            if not line.strip():
                continue
            try:
                yield msgspec.json.decode(line, type=dict[str, Any])
            except msgspec.DecodeError as error:
                yield Failure(f"{path}:{number}", f"not a JSON object: {error}")


def _short(file: Iterable[bytes], path: Path) -> Iterator[bytes]:
    for line in file:
        if len(line) > _LONGEST_CELL:
            raise InputError(f"{path}: a line of {len(line):,} bytes is no post")
        yield line


def _parquet(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        import pyarrow as arrow
        import pyarrow.parquet as parquet
    except ImportError as error:
        raise InputError(f"{path}: Parquet needs an extra: pip install 'sijill[parquet]'") from error
    try:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=1000):
                yield from batch.to_pylist()
    except arrow.ArrowException as error:
        raise InputError(f"{path}: not a Parquet file: {error}") from error
