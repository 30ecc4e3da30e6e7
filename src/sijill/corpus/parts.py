"""One part: its reports read, and written as Parquet. Runs in a worker, alone; the same part gives the same bytes."""

from __future__ import annotations

import hashlib
import importlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from sijill.capture import rows
from sijill.capture.item import Failure, Limits
from sijill.capture.warc import pages
from sijill.corpus.plan import CorpusError, Part
from sijill.errors import SijillError
from sijill.inputs import Item, find, record
from sijill.model import Claim, Report
from sijill.record.copies import signature, text_digest, text_words
from sijill.record.fact import encode, fact_of, iso_of

READ = "sijill.reader:read"
_LIMITS = Limits(rows=10**9, archive_bytes=10**15)
"""An archive of a corpus is as large as it is; a page of it, and what it unpacks to, is not."""
REPORTS, CLAIMS, BAD = "reports", "claims", "bad"
REPORT = pa.schema(
    [
        ("id", pa.string()), ("name", pa.string()), ("url", pa.string()), ("outlet", pa.string()),
        ("published", pa.string()), ("title", pa.string()), ("language", pa.string()), ("text", pa.string()),
        ("claims", pa.int32()), ("warnings", pa.list_(pa.string())), ("words_digest", pa.binary()),
        ("signature", pa.binary()),
    ]
)  # fmt: skip
CLAIM = pa.schema(
    [
        ("report", pa.string()), ("id", pa.string()), ("type", pa.string()), ("modality", pa.string()),
        ("first", pa.string()), ("last", pa.string()), ("place", pa.string()), ("place_id", pa.string()),
        ("lat", pa.float64()), ("lon", pa.float64()), ("precision", pa.string()), ("country", pa.string()),
        ("admin1", pa.string()), ("initiators", pa.list_(pa.string())), ("targets", pa.list_(pa.string())),
        ("killed_low", pa.int64()), ("killed_high", pa.int64()), ("injured_low", pa.int64()),
        ("injured_high", pa.int64()), ("source_kind", pa.string()), ("source", pa.string()), ("words", pa.string()),
        ("claim", pa.string()), ("fact", pa.binary()),
    ]
)  # fmt: skip


class Done(msgspec.Struct, frozen=True):
    """What a part gave."""

    number: int
    reports: int
    claims: int
    bad: int
    copies: int = 0
    """Reports left out for having the content of one before them in the part."""


def do_part(part: Part, work: str, read: str = READ) -> Done:
    """Read a part into the folder `work`, or tell what it gave where that was done before."""
    folder = Path(work)
    told = folder / f"{part.name}.json"
    if told.is_file():
        return done_of(part, folder)
    module, _, function = read.partition(":")
    reader = cast(Callable[..., Report], getattr(importlib.import_module(module), function))
    reports: list[dict[str, Any]] = []
    claims: list[dict[str, Any]] = []
    bad: list[dict[str, str]] = []
    seen: set[str] = set()
    copies = 0
    for item in items(part):
        found = _read(item, reader) if isinstance(item, Item) else item
        if isinstance(found, Failure):
            bad.append({"name": found.name, "reason": found.reason})
        elif found.id in seen:
            copies += 1
        else:
            seen.add(found.id)
            reports.append(_report(found))
            claims += [_claim(claim, found) for claim in found.claims]
    _put(folder / f"{part.name}.{REPORTS}.parquet", table_bytes(reports, REPORT))
    _put(folder / f"{part.name}.{CLAIMS}.parquet", table_bytes(claims, CLAIM))
    _put(folder / f"{part.name}.{BAD}.jsonl", b"".join(msgspec.json.encode(row) + b"\n" for row in bad))
    done = Done(part.number, len(reports), len(claims), len(bad), copies)
    _put(told, msgspec.json.encode(done))  # last: whoever sees it finds the others whole
    return done


def done_of(part: Part, folder: Path) -> Done:
    """What a part gave that is done."""
    return msgspec.json.decode((folder / f"{part.name}.json").read_bytes(), type=Done)


def items(part: Part) -> Iterator[Item | Failure]:
    """The reports of a part in order. A file that breaks off is a bad record after what came before."""
    try:
        yield from _items(part)
    except (SijillError, pa.ArrowException) as error:
        yield Failure(Path(part.file).name, " ".join(str(error).split()))


def _items(part: Part) -> Iterator[Item | Failure]:
    path = Path(part.file)
    name = path.name.lower()
    if name.endswith((".warc", ".warc.gz")):
        for page in pages(path, _LIMITS, part.start, part.stop):
            if isinstance(page, Failure):
                yield page
            else:
                yield Item(page.name, page.data, html="html" in (page.media_type or "html"), url=page.url)
    elif part.stop is None:
        yield from find([part.file], ignore_fields=True)
    elif name.endswith(".parquet"):
        for number, row in enumerate(_rows(path, part.start, part.stop), start=part.start + 1):
            yield record(row, f"{path.name}:{number}")
    else:
        yield from _lines(path, part.start, part.stop)


def _rows(path: Path, start: int, stop: int) -> Iterator[dict[str, Any]]:
    """Rows of a Parquet file, by way of the row groups that hold them."""
    file = pq.ParquetFile(path)
    before = 0
    for group in range(file.metadata.num_row_groups):
        size = file.metadata.row_group(group).num_rows
        if before < stop and before + size > start:
            at = before
            for batch in file.iter_batches(batch_size=256, row_groups=[group]):
                low, high = max(start - at, 0), min(stop - at, batch.num_rows)
                if low < high:
                    yield from batch.slice(low, high - low).to_pylist()
                at += batch.num_rows
        before += size


def _lines(path: Path, start: int, stop: int) -> Iterator[Item | Failure]:
    """The lines that begin between two offsets of a file."""
    with path.open("rb") as file:
        if start:
            file.seek(start - 1)
            file.readline()
        while (at := file.tell()) < stop and (line := file.readline()):
            place, row = f"{path.name}@{at}", rows.json_row(line)
            if row is not None:
                yield Failure(place, row) if isinstance(row, str) else record(row, place)


def _read(item: Item, reader: Callable[..., Report]) -> Report | Failure:
    try:
        return reader(
            item.content, name=item.name, url=item.url, published=item.published, outlet=item.outlet, title=item.title,
            html=item.html,
        )  # fmt: skip
    except SijillError as error:
        return Failure(item.name, str(error))
    except Exception as error:  # the reader promises not to raise; if it does, one report must not stop a corpus
        return Failure(item.name, f"the reader failed: {type(error).__name__}: {error}".split("\n")[0])


def _report(report: Report) -> dict[str, Any]:
    text = _plain(report.text)
    words = text_words(text)
    return {
        "id": report.id,
        "name": report.source.name,
        "url": report.source.url,
        "outlet": report.outlet,
        "published": report.published,
        "title": report.title.quote if report.title else None,
        "language": report.language,
        "text": text,
        "claims": len(report.claims),
        "warnings": [warning.code for warning in report.warnings],
        "words_digest": text_digest(words),
        "signature": signature(words),
    }


def _claim(claim: Claim, report: Report) -> dict[str, Any]:
    fact = fact_of(claim, report)
    place = claim.places[0] if claim.places else None
    values: dict[str, Any] = {
        "report": report.id,
        "id": claim.id,
        "type": claim.type,
        "modality": claim.modality,
        "first": iso_of(fact.first),
        "last": iso_of(fact.last),
        "initiators": [side.key for side in fact.initiators],
        "targets": [side.key for side in fact.targets],
        "source_kind": claim.source.kind,
        "source": claim.source.name,
        "words": _plain(claim.evidence[0].quote),
        "claim": _plain(msgspec.json.encode(claim).decode()),
        "fact": encode(fact),
    }
    if place:
        names = ("place_id", "lat", "lon", "precision", "country", "admin1")
        values |= {"place": place.name, **{name: getattr(place, name) for name in names}}
    for outcome in ("killed", "injured"):
        told = [harm for harm in claim.casualties if harm.outcome == outcome and harm.min is not None]
        if told:
            most = [harm.max for harm in told]
            values[f"{outcome}_low"] = sum(harm.min or 0 for harm in told)
            values[f"{outcome}_high"] = None if None in most else sum(top or 0 for top in most)
    return values


def _plain(text: str) -> str:
    """Text that UTF-8 can hold: half a surrogate pair becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def table_bytes(rows: list[dict[str, Any]], schema: pa.Schema) -> bytes:
    """Rows as the bytes of a Parquet file."""
    return parquet_bytes(pa.Table.from_pylist(rows, schema=schema))


def parquet_bytes(table: pa.Table) -> bytes:
    """A table as the bytes of a Parquet file; the same table gives the same bytes."""
    out = pa.BufferOutputStream()
    pq.write_table(table, out, compression="zstd")
    return cast(bytes, out.getvalue().to_pybytes())


def _put(path: Path, data: bytes) -> None:
    """Write a file aside, make it durable, then name it: a killed worker leaves no half file under a good name."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise CorpusError(f"{path}: cannot be written: {error.strerror}; run again when it can") from error


def put(path: Path, data: bytes) -> str:
    """`_put`, and the SHA-256 of the bytes in hex."""
    _put(path, data)
    return hashlib.sha256(data).hexdigest()
