"""Running a plan: parts to workers, then every report kept once, and a manifest.

`OUT/work` holds what each part gave; whoever starts again goes on from there. When all parts are done, the output is
made from them in order: of reports with the same content the first counts. The output depends on the plan alone.
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sijill.corpus.parts import BAD, CLAIMS, READ, REPORTS, Done, do_part, done_of, parquet_bytes, put
from sijill.corpus.plan import CorpusError, Part, Plan, local, plan
from sijill.record.prepare import leave_with_parent
from sijill.record.record import reader_name

MANIFEST, PLAN, WORK = "manifest.json", "plan.json", "work"
_TRIES = 3
"""So often a part may end its worker before the run gives up on it."""


class Progress(msgspec.Struct, frozen=True):
    """How far a run is: parts read and written in the end, reports read in this start, and seconds that are left of
    reading, then of writing, by its pace (None: unknown)."""

    parts: int
    of: int
    reports: int
    per_second: float
    seconds_left: float | None
    written: int = 0


class Manifest(msgspec.Struct, frozen=True):
    """What a run gave. It holds no times, so that the same input gives the same manifest."""

    program: str
    plan: Plan
    reports: int
    claims: int
    duplicates: int
    bad: int
    files: dict[str, str]
    """SHA-256 by file."""
    languages: dict[str, int] = {}
    """Reports by the language of their text (ISO 639-1; "und": too little text to tell)."""

    @property
    def not_arabic(self) -> int:
        """Reports whose text is in another language: their pages are kept, and hardly give claims."""
        return sum(count for language, count in self.languages.items() if language not in ("ar", "und"))


Tell = Callable[[Progress], None]


def run(
    source: Path, out: Path, *, jobs: int = 1, scheduler: str | None = None, read: str = READ, tell: Tell | None = None
) -> Manifest:
    """Read a corpus into `out`. With `scheduler`, the address of a Dask scheduler whose workers see both folders.

    Raises `CorpusError` for an input without reports, and for an `out` that holds another run.
    """
    local(out)
    made = plan(source, reader_name())
    work = out / WORK
    _claim_folder(out, made)
    if (out / MANIFEST).is_file():
        shutil.rmtree(work)  # empty, or left by a driver killed after its last word
        return msgspec.json.decode((out / MANIFEST).read_bytes(), type=Manifest)
    started, fresh, parts = time.monotonic(), 0, 0
    for done, new in _all(made, work, jobs, scheduler, read):
        parts, fresh = parts + 1, fresh + (done.reports + done.bad if new else 0)
        if tell:
            rate = fresh / max(0.001, time.monotonic() - started)
            mean = fresh / parts
            left = (len(made.parts) - parts) * mean / rate if rate else None
            tell(Progress(parts, len(made.parts), fresh, rate, left))
    last = Progress(parts, len(made.parts), fresh, fresh / max(0.001, time.monotonic() - started), None)
    manifest = _finish(made, work, out, last, tell)
    put(out / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=1))
    shutil.rmtree(work)
    return manifest


def _claim_folder(out: Path, made: Plan) -> None:
    told = out / PLAN
    data = msgspec.json.encode(made)
    if told.is_file():
        if told.read_bytes() != data:
            raise CorpusError(f"{out}: holds a run of another input or reader; name another folder")
    elif out.is_dir() and any(path.name != WORK for path in out.iterdir()):
        raise CorpusError(f"{out}: is not empty; name a new folder")
    (out / WORK).mkdir(parents=True, exist_ok=True)
    put(told, data)


def _all(made: Plan, work: Path, jobs: int, scheduler: str | None, read: str) -> Iterator[tuple[Done, bool]]:
    """What every part gave, as they finish, and whether it was read now."""
    left = []
    for part in made.parts:
        if (work / f"{part.name}.json").is_file():
            yield do_part(part, str(work), read), False
        else:
            left.append(part)
    if scheduler is not None:
        yield from ((done, True) for done in _on_cluster(left, str(work), scheduler, read))
    elif jobs <= 1:
        yield from ((do_part(part, str(work), read), True) for part in left)
    else:
        yield from ((done, True) for done in _on_cores(left, str(work), jobs, read))


def _on_cores(parts: list[Part], work: str, jobs: int, read: str) -> Iterator[Done]:
    """Parts in processes. A process that dies takes no part with it: what it had in hand is tried again."""
    left, tries = {part.number: part for part in parts}, 0
    while left:
        try:
            with ProcessPoolExecutor(jobs, mp_context=get_context("forkserver"), initializer=leave_with_parent) as pool:
                waiting: set[Future[Done]] = set()
                queue = iter(list(left.values()))
                while True:
                    while len(waiting) < 2 * jobs and (part := next(queue, None)) is not None:
                        waiting.add(pool.submit(do_part, part, work, read))
                    if not waiting:
                        break
                    finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    for future in finished:
                        done = future.result()
                        del left[done.number]
                        tries = 0
                        yield done
        except BrokenProcessPool as error:
            tries += 1
            if tries == _TRIES:
                names = ", ".join(part.name for part in list(left.values())[: 2 * jobs])
                raise CorpusError(f"{work}: workers died again and again, with one of {names} in hand") from error


def _on_cluster(parts: list[Part], work: str, scheduler: str, read: str) -> Iterator[Done]:
    try:
        from distributed import Client, as_completed
    except ImportError as error:
        raise CorpusError("a cluster needs an extra: pip install 'sijill[cluster]'") from error
    try:
        client = Client(scheduler, timeout=30)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise CorpusError(f"{scheduler}: no Dask scheduler answers there; write it as tcp://host:8786") from error
    with client:
        # Keys carry the folder, so that two runs on one cluster do not take each other's parts.
        futures = [
            client.submit(do_part, part, work, read, key=f"{work}/{part.name}", retries=_TRIES, pure=False)
            for part in parts
        ]
        for future in as_completed(futures):  # type: ignore[no-untyped-call]
            yield future.result()
            future.release()


def _finish(made: Plan, work: Path, out: Path, last: Progress, tell: Tell | None) -> Manifest:
    """The output from what the parts gave: in order, each report once."""
    started = time.monotonic()
    first = _first_of_each(made, work)
    for name in (REPORTS, CLAIMS, BAD):
        (out / name).mkdir(exist_ok=True)
    files: dict[str, str] = {}
    counts = {REPORTS: 0, CLAIMS: 0, BAD: 0}
    languages: Counter[str] = Counter()
    at = copies = 0
    for number, part in enumerate(made.parts, start=1):
        copies += done_of(part, work).copies
        reports = _table(work, part, REPORTS)
        keep = pa.array(first[at : at + reports.num_rows])
        at += reports.num_rows
        kept = reports.filter(keep)
        languages.update(kept["language"].to_pylist())
        dropped = reports.filter(pc.invert(keep)).column("id")
        claims = _table(work, part, CLAIMS)
        claims = claims.filter(pc.invert(pc.is_in(claims.column("report"), value_set=dropped.combine_chunks())))
        for name, table in ((REPORTS, kept), (CLAIMS, claims)):
            counts[name] += table.num_rows
            path = f"{name}/{part.name}.parquet"
            files[path] = put(out / path, parquet_bytes(table))
        bad = (work / f"{part.name}.{BAD}.jsonl").read_bytes()
        if bad:
            counts[BAD] += bad.count(b"\n")
            path = f"{BAD}/{part.name}.jsonl"
            files[path] = put(out / path, bad)
        if tell:
            left = (len(made.parts) - number) * (time.monotonic() - started) / number
            tell(msgspec.structs.replace(last, written=number, seconds_left=left))
    return Manifest(
        program=f"sijill {version('sijill')}",
        plan=made,
        reports=counts[REPORTS],
        claims=counts[CLAIMS],
        duplicates=copies + at - counts[REPORTS],
        bad=counts[BAD],
        files=files,
        languages=dict(sorted(languages.items())),
    )


def _first_of_each(made: Plan, work: Path) -> Any:
    """For every report in order whether no report before it has the same content: by 128 bits of its SHA-256."""
    keys = [_digests(_table(work, part, REPORTS, ["id"])) for part in made.parts]
    every = np.concatenate(keys) if keys else np.array([], "S16")
    first = np.zeros(len(every), dtype=bool)
    first[np.unique(every, return_index=True)[1]] = True
    return first


def _digests(table: pa.Table) -> Any:
    told = "".join(digest[:32] for digest in table["id"].to_pylist())
    return np.frombuffer(bytes.fromhex(told), "S16")


def _table(work: Path, part: Part, name: str, columns: list[str] | None = None) -> pa.Table:
    return pq.read_table(work / f"{part.name}.{name}.parquet", columns=columns)
