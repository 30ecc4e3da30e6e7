"""Programs that add to a record and are killed at it: what was acknowledged must be there, and the next add goes on."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from claims_builder import READ, TOWNS, Maker, item
from sijill.capture.item import Item
from sijill.record import Record
from sijill.record import record as record_module
from sijill.record.verify import verify

_BATCH = 4


def made(first: int, count: int) -> Iterator[Item]:
    """Reports that all differ."""
    towns = list(TOWNS)
    for n in range(first, first + count):
        maker = Maker(f"جهة {n % 7}", f"2018-03-{1 + n % 28:02}")
        said = f"غارة رقم {n} على {towns[n % len(towns)]} قتلت {n % 9} وأصابت {n % 13} في الحي رقم {n * 31 % 97}"
        maker.claim(said, places=(towns[n % len(towns)],), killed=n % 9, date=f"2018-03-{1 + n % 28:02}")
        yield item(maker.report(), name=f"{n}.json")


def in_child(work: Callable[[], None]) -> int:
    """Run something in a forked process; gives its id. The child never returns."""
    child = os.fork()
    if child:
        return child
    try:
        work()
        os._exit(0)
    except BaseException:
        os._exit(9)


def rounds(folder: Path, count: int, seed: int = 1, longest: float = 0.25) -> int:
    """Kill an add at `count` random moments; returns how many of the kills cut an add short.

    After each kill the record must hold all that was acknowledged, in whole batches.
    """
    chance = random.Random(seed)
    Record.init(folder).close()
    cut = added = 0
    for n in range(count):
        acknowledged = folder / "acknowledged"
        acknowledged.write_text(str(added))
        opened = folder / "opened"
        opened.unlink(missing_ok=True)
        child = in_child(partial(_add, folder, added, acknowledged, opened))
        if n % 4:  # every fourth may be killed before it begins; on a loaded machine all would be
            until = time.monotonic() + 30
            while not opened.exists() and time.monotonic() < until:
                time.sleep(0.002)
        time.sleep(chance.uniform(0.0, longest))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        cut += os.WIFSIGNALED(status)
        with Record.open(folder) as record:
            kept = record.counts()["captures"]
            promised = int(acknowledged.read_text() or 0)
            assert kept >= promised, f"round {n}: {promised} acknowledged, {kept} kept"
            assert kept % _BATCH == 0, f"round {n}: half a batch, {kept}"
            added = kept
            if n % max(10, count // 10) == 9 or n == count - 1:
                assert verify(record).faults == (), f"round {n}"
    return cut


def _add(folder: Path, first: int, acknowledged: Path, opened: Path) -> None:
    record_module._BATCH = _BATCH
    aside = acknowledged.with_suffix(".part")
    with Record.open(folder) as record:
        opened.touch()
        start = first

        def note(summary: object) -> None:
            nonlocal start
            start += _BATCH
            aside.write_text(str(start))
            aside.rename(acknowledged)  # the note itself is whole or absent

        record.add(made(first, 400), read=READ, progress=note)
