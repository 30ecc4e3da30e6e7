"""Posts: a Telegram Desktop export (`result.json`), and tables of posts (CSV, TSV, JSON lines, Parquet).

Of a table the columns are known by their usual names; one that holds the text is needed, the others help.
"""

from __future__ import annotations

import gzip
import hashlib
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast

import msgspec

from sijill.capture import rows
from sijill.capture.item import Failure, Item, Limits, over
from sijill.errors import InputError

TABLES = (".csv", ".tsv", ".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".parquet")
SEPARATED = (".csv", ".tsv")
_COLUMNS = {
    "text": ("text", "content", "body", "message", "post", "post_text", "full_text", "النص"),
    "html": ("html",),
    "url": ("url", "link", "permalink", "address", "الرابط"),
    "published": ("published", "date", "created_at", "datetime", "timestamp", "time", "التاريخ"),
    "title": ("title", "headline", "العنوان"),
    "outlet": ("outlet", "source", "channel", "page", "author", "publisher", "المصدر"),
}


class _Part(msgspec.Struct):
    text: str = ""


class _Message(msgspec.Struct):
    """A message, as far as it is read. Telegram cuts a text into plain strings and objects (links, bold words)."""

    id: int | None = None
    type: str = ""
    text: str | list[str | _Part] = ""
    date: str | None = None
    date_unixtime: str | int | None = None
    forwarded_from: str | None = None


class _Chat(msgspec.Struct):
    name: str | None = None
    id: int | None = None
    messages: list[msgspec.Raw] = []


class _Chats(msgspec.Struct):
    chats: list[_Chat] = msgspec.field(default=[], name="list")


class _Export(_Chat):
    chats: _Chats | None = None


def is_telegram(head: bytes) -> bool:
    """Whether a JSON file that begins so is what Telegram Desktop exports: one chat, or all of them."""
    return head.lstrip()[:1] == b"{" and (b'"messages"' in head or b'"chats"' in head) and b'"type"' in head


def telegram(data: bytes, name: str, limits: Limits) -> Iterator[Item | Failure]:
    """The messages of an export that have words, each as it stands in the export. Raises `InputError` for others."""
    digest = hashlib.sha256(data).hexdigest()
    try:
        export = msgspec.json.decode(data, type=_Export)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InputError(f"{name}: not a Telegram export: {error}") from error
    count = 0
    for chat in export.chats.chats if export.chats else [export]:
        for raw in chat.messages:
            count += 1
            if count > limits.rows:
                raise over(name, "rows", limits.rows)
            try:
                message = msgspec.json.decode(raw, type=_Message)
            except (msgspec.DecodeError, RecursionError) as error:
                yield Failure(f"{name}:{count}", f"not a message of Telegram: {error}")
                continue
            if item := _message(name, chat, message, bytes(raw), digest):
                yield item


def _message(name: str, chat: _Chat, message: _Message, raw: bytes, digest: str) -> Item | None:
    told = message.text
    text = told if isinstance(told, str) else "".join(p if isinstance(p, str) else p.text for p in told)
    if message.type != "message" or not text.strip():
        return None
    return Item(
        data=raw,
        name=f"{Path(name).name}#{chat.id or chat.name}/{message.id}",
        how="post",
        media_type="application/json",
        published=_time(message.date_unixtime) or message.date,
        outlet=message.forwarded_from or chat.name,
        container=digest,
        text=text,
    )


def _time(seconds: str | int | None) -> str | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC).isoformat() if seconds is not None else None
    except (ValueError, OverflowError, OSError):
        return None


def table(path: Path, limits: Limits) -> Iterator[Item | Failure]:
    """The rows of a table of posts."""
    if path.stat().st_size > limits.table_bytes:
        raise over(str(path), "table_bytes", limits.table_bytes)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        yield from _table(file, str(path), digest, limits)


def table_in(data: bytes, name: str, limits: Limits) -> Iterator[Item | Failure]:
    """The rows of a table that came out of an archive or an answer."""
    yield from _table(io.BytesIO(data), name, hashlib.sha256(data).hexdigest(), limits)


def _table(file: IO[bytes], name: str, digest: str, limits: Limits) -> Iterator[Item | Failure]:
    kind = name.lower()
    if kind.endswith(".gz"):
        file = cast(IO[bytes], gzip.GzipFile(fileobj=file))
    if kind.endswith(".parquet"):
        found = rows.parquet(file, name)
    elif kind.endswith(SEPARATED):
        found = _with_texts(rows.separated(file, name, "\t" if kind.endswith(".tsv") else ","), name)
    else:
        found = rows.json_lines(file, name, limits.table_bytes)
    try:
        for count, (number, row) in enumerate(found, start=1):
            if count > limits.rows:
                raise over(name, "rows", limits.rows)
            yield Failure(f"{name}:{number}", row) if isinstance(row, str) else _row(name, number, row, digest, limits)
    except rows.DAMAGED as error:
        raise InputError(f"{name}: cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _with_texts(found: rows.Numbered, name: str) -> rows.Numbered:
    """The rows of a table whose line of names tells a column of texts. Raises `InputError` for another."""
    for number, row in found:
        if number == 1 and not isinstance(row, str):
            names = {_plain(column) for column in row}
            if names.isdisjoint(_COLUMNS["text"] + _COLUMNS["html"]):
                known = ", ".join(_COLUMNS["text"] + _COLUMNS["html"])
                raise InputError(f"{name}: no column of texts; it is looked for under the names {known}")
        yield number, row


def _plain(column: object) -> str:
    return str(column).strip().lower()


def _row(name: str, number: int, row: Mapping[str, Any], digest: str, limits: Limits) -> Item | Failure:
    known = {_plain(column): value for column, value in row.items() if value not in (None, "")}
    told = {
        field: next((str(known[column]) for column in columns if column in known), None)
        for field, columns in _COLUMNS.items()
    }
    text, html = told.pop("text"), told.pop("html")
    said = text or html
    if said is None:
        columns = ", ".join(_COLUMNS["text"])
        return Failure(f"{name}:{number}", f"no text; it is looked for in the columns {columns}")
    if len(said) > limits.report_bytes:
        return Failure(f"{name}:{number}", str(over("its text", "report_bytes", limits.report_bytes)))
    return Item(
        data=msgspec.json.encode(row, enc_hook=str),
        name=f"{Path(name).name}#{number}",
        how="row",
        media_type="application/json" if text else "text/html",
        container=digest,
        text=said,
        url=told["url"],
        published=told["published"],
        title=told["title"],
        outlet=told["outlet"],
    )
