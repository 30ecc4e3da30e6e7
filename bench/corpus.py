"""How a corpus run scales: one Dask worker against two, throughput, memory, cost, and linking.

    python bench/corpus.py --reports 1000000 --folder /tmp/bench-corpus

Made-up reports of 1,200 characters are written as Parquet and run with one worker process and with two. Prints
reports a second, efficiency (speed-up over two), the peak memory of a worker early and late, core-hours for a million
reports, and whether both runs gave the same files.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
import time
from pathlib import Path

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
from distributed import LocalCluster

from sijill.corpus import plan as planning
from sijill.corpus.link import link
from sijill.corpus.run import Progress, run

CHARACTERS = 1_200
FILE_ROWS = 50_000
_TOWNS = ["سراقب", "معرة النعمان", "هجين", "الباب", "دوما", "الرستن", "تعز", "خان يونس", "بنغازي", "نيالا"]
_MONTHS = ["كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول", "تشرين الأول"]
_ACTS = [
    "قُتل {n} مدنيين وأصيب {m} آخرون، {day}، جراء غارة جوية على مدينة {town}، بحسب الدفاع المدني.",
    "اندلعت اشتباكات عنيفة {day} بين قوات النظام وفصائل المعارضة في محيط {town}، أسفرت عن مقتل {n} عناصر.",
    "قصفت المدفعية الأحياء السكنية في {town} {day}، ما أدى إلى إصابة {m} أشخاص.",
]
_REST = [
    "وقال سكان إن الكهرباء انقطعت عن أحياء واسعة منذ الصباح.",
    "ولم يصدر تعليق من الجهات الرسمية حتى ساعة إعداد هذا الخبر.",
    "وتشهد المنطقة حركة نزوح منذ أيام في ظل نقص في الغذاء والدواء.",
]


def text(chance: random.Random, number: int) -> str:
    """A report of about 1,200 characters, its own."""
    found = f"النشرة {number}: "
    while len(found) < CHARACTERS:
        act = chance.choice(_ACTS) if chance.random() < 0.35 else chance.choice(_REST)
        # Days of ten years: a corpus of any size is no denser than news are.
        day = f"{chance.randint(1, 28)} {chance.choice(_MONTHS)} {chance.randint(2012, 2021)}"
        n, m = chance.randint(3, 9), chance.randint(3, 9)
        found += act.format(town=chance.choice(_TOWNS), n=n, m=m, day=day) + " "
    return found[:CHARACTERS]


def make(folder: Path, reports: int) -> None:
    """Write the corpus."""
    chance = random.Random(7)
    folder.mkdir(parents=True)
    for start in range(0, reports, FILE_ROWS):
        numbers = range(start, min(reports, start + FILE_ROWS))
        rows = {"id": [str(n) for n in numbers], "text": [text(chance, n) for n in numbers]}
        pq.write_table(pa.table(rows), folder / f"{start:09d}.parquet", row_group_size=5_000)


def timed(source: Path, out: Path, workers: int) -> tuple[float, float, list[int]]:
    """Seconds of a run with so many workers, their processor seconds, and the memory of the largest after each part."""
    memory: list[int] = []
    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster:
        pids = [worker.pid for worker in cluster.workers.values()]

        def tell(_: Progress) -> None:
            memory.append(max(psutil.Process(pid).memory_info().rss for pid in pids))

        start = time.perf_counter()
        run(source, out, scheduler=cluster.scheduler_address, tell=tell)
        taken = time.perf_counter() - start
        used = sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in pids)
        return taken, used, memory


def digests(out: Path) -> dict[str, str]:
    """The files of a run with their hashes."""
    files = sorted(path for path in out.rglob("*") if path.is_file())
    return {str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=1_000_000)
    parser.add_argument("--part", type=int, default=planning.ROWS, help="reports of one part")
    parser.add_argument("--folder", type=Path, required=True)
    asked = parser.parse_args()
    planning.ROWS = asked.part
    shutil.rmtree(asked.folder, ignore_errors=True)
    make(asked.folder / "in", asked.reports)
    seconds, work = {}, {}
    for workers in (1, 2):
        seconds[workers], work[workers], memory = timed(asked.folder / "in", asked.folder / f"out-{workers}", workers)
        rate = asked.reports / seconds[workers]
        early, late = memory[len(memory) // 4] / 1e6, memory[-1] / 1e6
        print(f"{workers} workers: {seconds[workers]:.1f} s, {rate:.1f} reports/s, {early:.0f} to {late:.0f} MB")
        hours = work[workers] / 3600 / asked.reports * 1e6
        print(f"  {work[workers]:.1f} processor seconds: {hours:.1f} core-hours for a million reports")
    print(
        f"efficiency of two: {seconds[1] / seconds[2] / 2:.2f} by the clock, {work[1] / work[2]:.2f} by the work done"
    )
    print(f"same files: {digests(asked.folder / 'out-1') == digests(asked.folder / 'out-2')}")
    start = time.perf_counter()
    done = link(asked.folder / "out-1")
    print(f"linking: {done.claims:,} claims, {done.pairs:,} pairs, {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
