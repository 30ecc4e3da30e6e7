"""How linking does on very many claims: time, memory, pairs, and how well it finds the events of a made-up world.

    python bench/link.py --claims 1000000 --folder /tmp/bench-link

The world is that of `docs/incidents.md` over and over: some twenty towns for 45 days, in 21 regions, one after the
other, so that a million claims are no denser than twenty thousand. Every region has towns of its own, and every time
words of its own.
The run (the reports are made, not read) and the linking each have a process of their own, whose peak is told.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import pyarrow as pa
import pyarrow.parquet as pq

import synthetic_record
from claims_builder import AREAS, TOWNS
from claims_builder import READ as MADE
from cluster_measures import b_cubed
from sijill.corpus.link import link
from sijill.corpus.pace import Linking, Tell
from sijill.corpus.run import run

_EVENTS, _DAYS, _REGIONS = 220, 45, 21
_CLAIMS = 2.71
"""Claims of an event."""
_TOWNS, _AREAS = dict(TOWNS), dict(AREAS)
_FIRST = date(2012, 1, 1)
_WORDS = ("_SIGHTS", "_OPENINGS", "_CLOSINGS")
_SAID: dict[str, list[str]] = {name: list(getattr(synthetic_record, name)) for name in _WORDS}


def make(folder: Path, claims: int) -> Path:
    """Write the reports as JSON lines, a file a region, and beside them which claim tells which event."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "in").mkdir(parents=True)
    worlds = max(1, round(claims / (_EVENTS * _CLAIMS)))
    truth: dict[str, str] = {}
    for region in range(min(_REGIONS, worlds)):
        with (folder / "in" / f"{region:02}.jsonl").open("w", encoding="utf-8") as file:
            for number in range(region, worlds, _REGIONS):
                for row in _rows(region, number // _REGIONS, number, truth):
                    file.write(row + "\n")
    pq.write_table(pa.table({"claim": list(truth), "event": list(truth.values())}), folder / "truth.parquet")
    return folder / "in"


def _rows(region: int, when: int, number: int, truth: dict[str, str]) -> Iterator[str]:
    """One world: the tests' own, its towns and words renamed, its days later."""
    north, east = region // 7 * 5.0, region % 7 * 8.0
    TOWNS.clear()
    TOWNS.update({
        f"{name} {region}": (f"{key}-{region}", lat + north, lon + east, f"{area} {region}")
        for name, (key, lat, lon, area) in _TOWNS.items()
    })  # fmt: skip
    AREAS.clear()
    AREAS.update({f"{name} {region}": (lat + north, lon + east) for name, (lat, lon) in _AREAS.items()})
    for name, said in _SAID.items():
        getattr(synthetic_record, name)[:] = [f"{words} {when}" for words in said]
    synthetic_record._START = _FIRST + timedelta(days=when * _DAYS)
    made = synthetic_record.world(events=_EVENTS, days=_DAYS, seed=number)
    truth |= {claim: f"{number}-{event}" for claim, event in made.truth.items()}
    for n, report in enumerate(made.reports):
        yield json.dumps({"id": f"{number}-{n}", "text": report.to_json().decode()}, ensure_ascii=False)


def _run(folder: Path) -> dict[str, Any]:
    done = run(folder / "in", folder / "out", jobs=os.cpu_count() or 1, read=MADE)
    return {"reports": done.reports, "claims": done.claims}


def _tell() -> Tell:
    """A line whenever a step begins, and one every half minute."""
    start, told = time.perf_counter(), {"": 0.0}

    def tell(linking: Linking) -> None:
        now = time.perf_counter()
        if linking.step not in told or now - max(told.values()) > 30:
            told[linking.step] = now
            left = "?" if linking.seconds_left is None else f"{linking.seconds_left:.0f}"
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{now - start:.1f} s, {peak:.0f} MB: {linking.step}, {linking.done:.0%}, {left} s left", flush=True)

    return tell


def _link(folder: Path) -> dict[str, Any]:
    done = link(folder / "out", memory=os.environ.get("MEMORY"), tell=_tell())
    return {"claims": done.claims, "copied": done.copied, "incidents": done.incidents, "pairs": done.pairs}


def _score(folder: Path) -> dict[str, Any]:
    told = pq.read_table(folder / "truth.parquet")
    made = pq.read_table(folder / "out" / "incidents.parquet", columns=["claim", "incident"])
    truth = dict(zip(told["claim"].to_pylist(), told["event"].to_pylist(), strict=True))
    found = dict(zip(made["claim"].to_pylist(), made["incident"].to_pylist(), strict=True))
    score = b_cubed(truth, found)
    return {"precision": round(score.precision, 3), "recall": round(score.recall, 3), "f1": round(score.f1, 3)}


def _measured(name: str, folder: Path) -> None:
    """In a process of its own: what a step gave, its clock, work and peak."""
    start = time.perf_counter()
    told = {"run": _run, "link": _link, "score": _score}[name](folder)
    own, workers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    told |= {
        "seconds": round(time.perf_counter() - start, 1),
        "core_seconds": round(own.ru_utime + own.ru_stime + workers.ru_utime + workers.ru_stime, 1),
        "peak_mb": round(max(own.ru_maxrss, workers.ru_maxrss) / 1024),
    }
    print(f"\n{name}: {json.dumps(told)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--again", action="store_true", help="link once more what is there")
    asked = parser.parse_args()
    if not asked.again:
        make(asked.folder, asked.claims)
    for name in ("link", "score") if asked.again else ("run", "link", "score"):
        step = get_context("spawn").Process(target=_measured, args=(name, asked.folder))
        step.start()
        step.join()
        if step.exitcode:
            sys.exit(f"{name} failed")


if __name__ == "__main__":
    main()
