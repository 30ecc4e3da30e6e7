"""How a corpus run scales: one Dask worker against two, then a long run with two; throughput, memory, cost.

    python bench/corpus.py --reports 1000000 --compare 60000 --folder /tmp/bench-corpus

Made-up reports of 1,200 characters, each its own but for some copies and some bad records, are written as Parquet.
*Compare*: a few of them are run with one worker and with two in turn, the best of each is taken. *Long run*: all of
them, with two. A worker is pinned to a core, its numerical libraries have one thread, and it has read a report before
the clock starts; scheduler and driver share the cores with the workers and are counted. A line a minute says how far
it is; Ctrl-C (or SIGTERM) ends it with the figures so far, `--resume` goes on. The figures are in FOLDER/figures.json
and, as a table, in FOLDER/figures.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

import corpus_made
from corpus_watch import Stopped, Watch, stop_on_signals
from distributed import LocalCluster

from sijill.corpus import plan as planning
from sijill.corpus.link import link
from sijill.corpus.run import Manifest, run

Figures = dict[str, Any]
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def ready() -> None:
    """Load the reader in a worker, so that no clock counts it."""
    import sijill

    sijill.read("قُتل ثلاثة مدنيين في غارة جوية على مدينة سراقب يوم 4 آذار 2018.")


def timed(source: Path, out: Path, workers: int, kills: int = 0, label: str = "") -> tuple[Manifest, Watch]:
    """A run with so many workers, watched. The clock starts when all workers have read a report."""
    start = time.perf_counter()
    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster:
        with cluster.get_client() as client:
            client.run(ready)
        with Watch(cluster, label, kills, startup=time.perf_counter() - start) as watch:
            return run(source, out, scheduler=cluster.scheduler_address, tell=watch.tell), watch


def digests(out: Path) -> dict[str, str]:
    """The files of a run with their hashes."""
    files = sorted(path for path in out.rglob("*") if path.is_file())
    return {str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def compare(folder: Path, reports: int, rounds: int, figures: Figures) -> None:
    """One worker against two, in turn, best of each."""
    source = corpus_made.make(folder / "in-compare", reports)
    found: Figures = figures.setdefault("compare", {"reports": reports, "1": [], "2": []})
    outputs: list[dict[str, str]] = []
    for number in range(rounds):
        for workers in (1, 2) if number % 2 == 0 else (2, 1):
            out = folder / f"out-{workers}"
            shutil.rmtree(out, ignore_errors=True)
            _, watch = timed(source, out, workers, label=f"round {number + 1}, {workers} worker(s): ")
            found[str(workers)].append(watch.figures(reports))
            outputs.append(digests(out))
            _efficiency(found)
            found["same_files"] = all(told == outputs[0] for told in outputs)
            write(folder, figures)


def _efficiency(found: Figures) -> None:
    if not (found["1"] and found["2"]):
        return
    for what in ("seconds", "reading_seconds"):
        one, two = (min(told[what] for told in found[key]) for key in ("1", "2"))
        found[f"efficiency_{what}"] = round(one / two / 2, 3)
    one, two = (min(told["core_seconds"] for told in found[key]) for key in ("1", "2"))
    found["efficiency_work"] = round(one / two, 3)


def long_run(folder: Path, reports: int, kills: int, resume: bool, figures: Figures) -> None:
    """All reports with two workers, watched all the while."""
    source = corpus_made.make(folder / "in-long", reports)
    out = folder / "out-long"
    if not resume:
        shutil.rmtree(out, ignore_errors=True)
    found: Figures = figures.setdefault("long", {})
    watch: Watch | None = None

    def keep(latest: Watch) -> None:
        found.update(latest.figures(reports))
        write(folder, figures)

    Watch.each_minute = keep
    try:
        done, watch = timed(source, out, 2, kills, "long run: ")
    finally:
        Watch.each_minute = None
    found.update(watch.figures(reports))
    found |= {"reports": done.reports, "claims": done.claims, "duplicates": done.duplicates, "bad": done.bad}
    found["as_made"] = (done.reports, done.duplicates, done.bad) == corpus_made.counts(reports)
    write(folder, figures)


def link_compared(folder: Path, figures: Figures) -> None:
    """Linking what the compare runs gave."""
    start = time.perf_counter()
    done = link(folder / "out-2", database=str(folder / "link.db"))
    (folder / "link.db").unlink()
    seconds = round(time.perf_counter() - start, 1)
    figures["link"] = {
        "claims": done.claims, "pairs": done.pairs, "incidents": done.incidents, "seconds": seconds,
    }  # fmt: skip
    write(folder, figures)


def write(folder: Path, figures: Figures) -> None:
    """The figures so far, as JSON and as a table."""
    (folder / "figures.json").write_text(json.dumps(figures, indent=1))
    (folder / "figures.md").write_text("\n".join(table(figures)) + "\n")


def table(figures: Figures) -> list[str]:
    """The figures as they stand in docs/scale.md."""
    lines = [
        "| run | workers | clock | reading alone | reports/s | core-hours a million | peak memory of a worker |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    found = figures.get("compare", {})
    runs = [(f"{found['reports']:,} compared", key, told) for key in ("1", "2") for told in found.get(key, [])]
    told = figures.get("long", {})
    if told:
        runs.append((f"{told['read']:,} long{'' if 'claims' in told else ' (cut short)'}", "2", told))
    for name, workers, each in runs:
        lines.append(
            f"| {name} | {workers} | {each['seconds']:.0f} s | {each['reading_seconds']:.0f} s |"
            f" {each['per_second']:.0f} | {each['core_hours_per_million']:.2f} | {each['peak_mb']:.0f} MB |"
        )
    names = ("efficiency_seconds", "efficiency_reading_seconds", "efficiency_work", "same_files")
    lines += ["", *(f"- {name}: {found[name]}" for name in names if name in found)]
    names = ("memory_slope_mb_per_100k", "driver_peak_mb", "per_second_by_tenth", "kills", "reports", "claims")
    lines += [f"- {name}: {told[name]}" for name in (*names, "duplicates", "bad", "as_made") if name in told]
    if "link" in figures:
        lines.append(f"- link: {figures['link']}")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=1_000_000, help="of the long run; 0: none")
    parser.add_argument("--compare", type=int, default=60_000, help="reports of the runs that are compared; 0: none")
    parser.add_argument("--rounds", type=int, default=2, help="of the comparison")
    parser.add_argument("--part", type=int, default=planning.ROWS, help="reports of one part")
    parser.add_argument("--kill", type=int, default=0, help="workers killed during the long run")
    parser.add_argument("--link", action="store_true", help="link what was compared, at the end")
    parser.add_argument("--resume", action="store_true", help="go on with a long run that was cut short")
    parser.add_argument("--folder", type=Path, required=True)
    asked = parser.parse_args()
    planning.ROWS = asked.part
    os.environ |= dict.fromkeys(_THREADS, "1")  # for the workers, which start later
    asked.folder.mkdir(parents=True, exist_ok=True)
    stop_on_signals()
    figures: Figures = {"part": asked.part, "cores": os.cpu_count()}
    if asked.resume and (asked.folder / "figures.json").is_file():
        figures |= json.loads((asked.folder / "figures.json").read_text())
    try:
        if asked.compare and not asked.resume:
            compare(asked.folder, asked.compare, asked.rounds, figures)
        if asked.reports:
            long_run(asked.folder, asked.reports, asked.kill, asked.resume, figures)
        if asked.link and asked.compare:
            link_compared(asked.folder, figures)
    except Stopped:
        print("stopped: the figures are those so far", flush=True)
    write(asked.folder, figures)
    print("\n".join(table(figures)))


if __name__ == "__main__":
    main()
