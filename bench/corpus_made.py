"""Made-up reports of 1,200 characters as Parquet: each its own, but for one copy and one bad record in so many."""

from __future__ import annotations

import random
import shutil
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

CHARACTERS = 1_200
FILE_ROWS = 50_000
COPY_EVERY, BAD_EVERY = 1_000, 5_000
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


def _bad(number: int) -> bool:
    return number % BAD_EVERY == BAD_EVERY - 1


def _copy(number: int) -> bool:
    return number % COPY_EVERY == COPY_EVERY // 2


def counts(reports: int) -> tuple[int, int, int]:
    """What a run over so many must give: reports, duplicates, bad records."""
    bad, copies = sum(map(_bad, range(reports))), sum(map(_copy, range(reports)))
    return reports - bad - copies, copies, bad


def make(folder: Path, reports: int) -> Path:
    """Write the corpus, or take the one that is there. A copy repeats the one before it; a bad record has no text."""
    told = folder / "made"
    if told.is_file() and told.read_text() == str(reports):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    start = time.perf_counter()
    chance, last = random.Random(7), ""
    for first in range(0, reports, FILE_ROWS):
        numbers = range(first, min(reports, first + FILE_ROWS))
        texts: list[str | None] = []
        for number in numbers:
            last = last if _copy(number) else text(chance, number)
            texts.append(None if _bad(number) else last)
        rows = {"id": [str(number) for number in numbers], "text": texts}
        pq.write_table(pa.table(rows), folder / f"{first:09d}.parquet", row_group_size=1_000)
    told.write_text(str(reports))
    print(f"{reports:,} reports made in {time.perf_counter() - start:.0f} s", flush=True)
    return folder
