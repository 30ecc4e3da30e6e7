"""Many reports, one after another or over several cores; their order is kept."""

from __future__ import annotations

import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

import click
import msgspec

from sijill.capture.item import Failure
from sijill.errors import InputError, SijillError
from sijill.inputs import Item

if TYPE_CHECKING:
    from concurrent.futures import Future

_ALONE = 32
"""Reports read before other cores are called in: starting them costs more than a few reports do."""
_CHUNK = 16
_CHUNKS_AHEAD = 4
_QUIET_SECONDS = 2.0
_REFRESH_SECONDS = 0.5


class Done(msgspec.Struct, frozen=True):
    """A report read, as what is to be printed, or None and why not."""

    name: str
    output: bytes | None
    why: str = ""


Read = Callable[[Item], bytes]


def read_all(items: Iterable[Item | Failure], read: Read, jobs: int) -> Iterator[Done]:
    """Read items in order with up to `jobs` processes (0: one for each core).

    `read` must be picklable. A report that cannot be read gives a Done with a reason; SijillErrors other than
    InputError concern the whole run and are raised.
    """
    jobs = jobs or os.cpu_count() or 1
    waiting = iter(items)
    for item in islice(waiting, None if jobs == 1 else _ALONE):
        yield _read_one(item, read)
    following = next(waiting, None)
    if following is not None:
        yield from _read_over_cores(chain([following], waiting), read, jobs)


def _read_over_cores(items: Iterator[Item | Failure], read: Read, jobs: int) -> Iterator[Done]:
    """Chunks go out a few ahead of what is printed, so that a corpus is never held in memory."""
    import multiprocessing  # costs as much as reading a report does: only when there are many
    from concurrent.futures import ProcessPoolExecutor

    # Forked workers share the language data that this process has already loaded.
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    out: deque[Future[list[Done]]] = deque()
    with ProcessPoolExecutor(jobs, multiprocessing.get_context(method)) as pool:
        try:
            while chunk := list(islice(items, _CHUNK)):
                out.append(pool.submit(_read_chunk, chunk, read))
                if len(out) >= jobs * _CHUNKS_AHEAD:
                    yield from out.popleft().result()
            while out:
                yield from out.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _read_chunk(chunk: list[Item | Failure], read: Read) -> list[Done]:
    return [_read_one(item, read) for item in chunk]


def _read_one(item: Item | Failure, read: Read) -> Done:
    if isinstance(item, Failure):
        return Done(item.name, None, item.reason)
    try:
        return Done(item.name, read(item))
    except InputError as error:
        return Done(item.name, None, str(error))
    except SijillError:
        raise
    except Exception as error:
        # A fault of Sijill's own. It must not cost the user the other reports; the run's exit code tells of it.
        what = " ".join(str(error).split())
        return Done(item.name, None, f"a fault in Sijill, please tell its makers: {type(error).__name__}: {what}")


class Progress:
    """How far a run is, on one line of stderr: only in a terminal, and only when it takes long."""

    def __init__(self) -> None:
        self._began = self._shown = time.monotonic()
        self._on = sys.stderr.isatty()
        self._visible = False

    def show(self, read: int, failed: int) -> None:
        """Show that `read` reports are done, `failed` among them, if it is time to."""
        now = time.monotonic()
        if not self._on or now - self._began < _QUIET_SECONDS or now - self._shown < _REFRESH_SECONDS:
            return
        self._shown, self._visible = now, True
        faults = f", {failed} failed" if failed else ""
        click.echo(f"\r\033[K{read:,} reports{faults}, {read / (now - self._began):,.0f} a second", err=True, nl=False)

    def clear(self) -> None:
        """Take the line away before something else is printed."""
        if self._visible:
            click.echo("\r\033[K", err=True, nl=False)
            self._visible = False
