"""A record of very many claims, for measuring the site: one made-up world, repeated over the years.

    .venv/bin/python bench/serve_record.py FOLDER [--claims 1000000]

The world is read and joined as any record is; its rows are then repeated with other numbers, days and places moved
by some kilometres. The ledger's chain is not that of a record that grew by itself: only for measuring.
"""

from __future__ import annotations

import argparse
import random
import secrets
import sqlite3
import sys
from pathlib import Path

import msgspec

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from claims_builder import READ, item  # noqa: E402
from sijill.record import Record, index  # noqa: E402
from sijill.record.fact import decode, encode  # noqa: E402
from synthetic_record import world  # noqa: E402

_STEP_DAYS = 9
_COPIED = ("captures", "arrivals", "readings", "claims", "claim_places", "claim_parties", "incidents", "members",
           "member_log", "ledger", "blobs")  # fmt: skip
_IDS = {
    "id", "capture_id", "reading_id", "claim_id", "incident_id", "thread", "origin", "copy_of", "merged_into", "seq",
    "ref",
}  # fmt: skip


def main() -> None:
    """Make the seed, repeat it."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("folder", type=Path)
    told.add_argument("--claims", type=int, default=1_000_000)
    told.add_argument("--events", type=int, default=1_500, help="of the seed")
    asked = told.parse_args()
    with Record.init(asked.folder) as record:
        made = world(events=asked.events)
        items = [item(report, url=f"http://{n}.example/") for n, report in enumerate(made.reports)]
        words: list[tuple[int, str]] = []
        put = index.put
        # The store keeps no words that could be read back.
        index.put = lambda connection, said, boxes: (words.extend(said), put(connection, said, boxes))[1]
        seed = record.add(items, read=READ).claims
    repeat(asked.folder / "record.db", words, -(-asked.claims // seed) - 1)


def repeat(path: Path, words: list[tuple[int, str]], times: int) -> None:
    """Repeat every row so many times."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA synchronous = OFF")
    db.execute("BEGIN")
    tables = {name: _rows(db, name) for name in _COPIED}
    boxes = db.execute("SELECT * FROM boxes").fetchall()
    stride = 1 + max(max(row[n] or 0 for row in rows) for names, rows in tables.values()
                     for n, name in enumerate(names) if name in _IDS and rows)  # fmt: skip
    chance = random.Random(5)
    for k in range(1, times + 1):
        north, east = chance.uniform(-0.6, 0.6), chance.uniform(-0.9, 0.9)
        for name, (names, rows) in tables.items():
            marks = ", ".join("?" * len(names))
            db.executemany(
                f"INSERT INTO {name} VALUES ({marks})",
                (_moved(dict(zip(names, row, strict=True)), k, k * stride, north, east) for row in rows),
            )
        db.executemany("INSERT INTO words (rowid, said) VALUES (?, ?)", ((n + 2 * k * stride, w) for n, w in words))
        db.executemany(
            f"INSERT INTO boxes VALUES ({', '.join('?' * len(boxes[0]))})",
            (
                (n + k * stride, south + north, up + north, west + east, right + east)
                for n, south, up, west, right in boxes
            ),
        )
        if k % 20 == 0:
            print(f"{k} of {times}", flush=True)
    db.execute("COMMIT")
    db.execute("ANALYZE")


def _rows(db: sqlite3.Connection, name: str) -> tuple[list[str], list[tuple[object, ...]]]:
    asked = db.execute(f"SELECT * FROM {name}")
    return [column[0] for column in asked.description], asked.fetchall()


def _moved(row: dict[str, object], k: int, stride: int, north: float, east: float) -> tuple[object, ...]:
    days = k * _STEP_DAYS
    for name, value in row.items():
        if value is None:
            continue
        if name in _IDS:
            row[name] = int(str(value)) + stride
        elif name in ("first", "last") and isinstance(value, int):
            row[name] = value + days
        elif name in ("sha256", "text_digest") and isinstance(value, bytes):
            row[name] = secrets.token_bytes(len(value))
        elif name == "place_id":
            row[name] = f"{value}-{k}"
        elif name == "name" and "precision" in row:
            row[name] = f"{value} {k}"
        elif name == "lat":
            row[name] = float(str(value)) + north
        elif name == "lon":
            row[name] = float(str(value)) + east
        elif name == "fact" and isinstance(value, bytes):
            row[name] = _fact(value, stride, days, (k, north, east))
    return tuple(row.values())


def _fact(data: bytes, stride: int, days: int, moved: tuple[int, float, float]) -> bytes:
    fact = decode(data)
    k, north, east = moved
    spots = tuple(
        msgspec.structs.replace(
            spot,
            name=f"{spot.name} {k}",
            place_id=spot.place_id and f"{spot.place_id}-{k}",
            lat=spot.lat and spot.lat + north,
            lon=spot.lon and spot.lon + east,
        )
        for spot in fact.spots
    )
    return encode(
        msgspec.structs.replace(
            fact,
            spots=spots,
            claim=fact.claim + stride,
            reading=fact.reading + stride,
            origin=fact.origin + stride,
            published=None if fact.published is None else fact.published + days,
            first=None if fact.first is None else fact.first + days,
            last=None if fact.last is None else fact.last + days,
        )
    )


if __name__ == "__main__":
    main()
