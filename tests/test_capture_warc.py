"""A large WARC is read in stretches: every page once, every damaged record once, whatever the stretches."""

from __future__ import annotations

import gzip
import random
from itertools import pairwise
from pathlib import Path

import pytest

from sijill.capture.item import Failure, Item, Limits
from sijill.capture.warc import cuts, pages, web_archive

_LIMITS = Limits()


def record(number: int, body: str, kind: str = "response") -> bytes:
    """A record of a WARC: a page that was answered, or a request for it."""
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>{body}</p>".encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://news.example/{number}\r\n"
        f"WARC-Date: 2018-03-05T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


def records(chance: random.Random, count: int = 40) -> list[bytes]:
    """Pages of random length, every fourth with a request before it, one with what looks like a record in it."""
    made = []
    for number in range(count):
        if number % 4 == 0:
            made.append(record(1000 + number, "asked", "request"))
        words = " ".join(f"كلمة{chance.randrange(10**6)}" for _ in range(chance.randrange(2, 200)))
        inner = record(5000, "inner").decode() if number == 7 else ""
        made.append(record(number, f"{words}\r\n\r\n{inner}"))
    return made


def put(folder: Path, made: list[bytes], packed: bool) -> tuple[Path, list[int]]:
    """The file, and where each record begins."""
    parts = [gzip.compress(each) for each in made] if packed else made
    path = folder / ("a.warc.gz" if packed else "a.warc")
    path.write_bytes(b"".join(parts))
    return path, [sum(map(len, parts[:n])) for n in range(len(parts) + 1)]


def told(path: Path, starts: list[int]) -> list[str]:
    """What stretches give, one after the other: addresses, and failures by name."""
    found = [one for start, stop in pairwise([*starts, None]) for one in pages(path, _LIMITS, start or 0, stop)]
    return [one.url or "" if isinstance(one, Item) else f"{one.name}: {one.reason}" for one in found]


def pieces(path: Path, chance: random.Random) -> list[int]:
    """A way to cut a file: of a compressed one anywhere."""
    if path.suffix == ".warc":
        return cuts(path, chance.randrange(200, 20_000))
    return [0, *sorted(chance.sample(range(1, path.stat().st_size), chance.randrange(1, 12)))]


@pytest.mark.parametrize("packed", [True, False])
def test_every_page_comes_once_however_a_file_is_cut(tmp_path: Path, packed: bool) -> None:
    chance = random.Random(3)
    path, starts = put(tmp_path, records(chance), packed)
    whole = told(path, [0])
    assert whole == [f"https://news.example/{number}" for number in range(40)]
    assert [one.url for one in web_archive(path, _LIMITS) if isinstance(one, Item)] == whole
    for _ in range(40):
        assert told(path, pieces(path, chance)) == whole
    at = cuts(path, 10_000)
    assert at[0] == 0 and len(at) > 3
    assert packed or set(at) <= set(starts)


@pytest.mark.parametrize("packed", [True, False])
def test_damage_costs_the_records_it_touches_and_is_told_once(tmp_path: Path, packed: bool) -> None:
    chance = random.Random(5)
    for round_ in range(60):
        path, starts = put(tmp_path, records(chance), packed)
        data = bytearray(path.read_bytes())
        # Behind a hurt head nothing tells the page with a record in it from a record.
        hurt = sorted(chance.sample([n for n in range(len(starts) - 1) if n != 9], 2))
        for number in hurt:
            first, last = starts[number], starts[number + 1]
            # Of a plain record only the head tells that it was hurt.
            spot = chance.choice([first, first + 2, (first + last) // 2, last - 6]) if packed else first + 2
            data[spot : spot + 4] = bytes(byte ^ 0x5A for byte in data[spot : spot + 4])
        path.write_bytes(data)
        whole = told(path, [0])
        kept = [address for address in whole if address.startswith("https://news.example/")]
        # Every fourth page has a request before it, and a lost request costs no page.
        assert len(set(kept)) == len(kept) == 40 - sum(number % 5 != 0 for number in hurt), round_
        assert 1 <= sum("damaged web archive" in one for one in whole) <= 2
        for _ in range(10):
            assert told(path, pieces(path, chance)) == whole, round_


def test_what_stands_before_between_and_behind_records_is_told(tmp_path: Path) -> None:
    one, two = gzip.compress(record(1, "a")), gzip.compress(record(2, "b"))
    path = tmp_path / "a.warc.gz"
    for data, at in ((one + b"junk" + two, len(one)), (one + two + b"junk", len(one + two))):
        path.write_bytes(data)
        whole = told(path, [0])
        assert [told for told in whole if told.startswith("https")] == [
            "https://news.example/1",
            "https://news.example/2",
        ]
        assert [told.split(": ")[0] for told in whole if not told.startswith("https")] == [f"a.warc.gz@{at}"]
        for cut in (5, len(one), len(one) + 2, len(data) - 3):
            assert told(path, [0, cut]) == whole
    path.write_bytes(b"junk" + one)
    assert told(path, [0]) == [
        "a.warc.gz: a damaged web archive: no record at its beginning", "https://news.example/1"
    ]  # fmt: skip


def test_a_page_that_breaks_off_is_none(tmp_path: Path) -> None:
    made = [record(1, "a"), record(2, "b" * 500)]
    for packed in (True, False):
        path, _ = put(tmp_path, made, packed)
        path.write_bytes(path.read_bytes()[: -30 if packed else -100])
        first, second = pages(path, _LIMITS, 0, None)
        assert isinstance(first, Item) and isinstance(second, Failure) and "damaged" in second.reason


def test_many_records_in_one_member_are_read_whole_by_the_first_stretch(tmp_path: Path) -> None:
    made = records(random.Random(7), 400)
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip.compress(b"".join(made), 1))
    whole = told(path, [0])
    assert len(whole) == 400
    assert told(path, list(range(0, path.stat().st_size, 20_000))) == whole
