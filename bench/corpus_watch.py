"""Watching a run on a Dask cluster of this machine: cores, memory over time, pace, and workers killed on the way."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any, ClassVar, Self

import numpy as np
import psutil

from sijill.corpus.run import Progress

_EVERY = 2.0
_MINUTE = 60.0


class Stopped(BaseException):
    """Somebody wants the run to end."""


class _Asked:
    stop = False


def stop_on_signals() -> None:
    """Let Ctrl-C and SIGTERM end a run after the part that is being written."""

    def ask(_number: int, _frame: Any) -> None:
        _Asked.stop = True

    signal.signal(signal.SIGINT, ask)
    signal.signal(signal.SIGTERM, ask)


class Watch:
    """Samples a cluster every two seconds in a thread of its own, pins its workers, and tells a line a minute."""

    each_minute: ClassVar[Callable[[Watch], None] | None] = None

    def __init__(self, cluster: Any, label: str, kills: int, startup: float) -> None:
        self._cluster, self._label, self._kills_left, self._startup = cluster, label, kills, startup
        self._me = psutil.Process()
        self._began, self._base = time.perf_counter(), sum(self._me.cpu_times()[:2])
        self._ended: float | None = None
        self._used: dict[int, tuple[float, float]] = {}
        self._memory: list[tuple[float, int, float]] = []
        """Seconds, reports read, MB of the largest worker."""
        self._parts: list[tuple[float, int]] = [(0.0, 0)]
        self._driver_peak, self._last, self.killed = 0.0, 0.0, 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Self:
        self._look()
        self._thread.start()
        return self

    def __exit__(self, *_told: object) -> None:
        self._ended = time.perf_counter()
        self._over.set()
        self._thread.join()
        self._look()

    def tell(self, progress: Progress) -> None:
        """What a run calls after each part."""
        if _Asked.stop:
            if Watch.each_minute:
                Watch.each_minute(self)
            raise Stopped
        if progress.written:
            return
        now = time.perf_counter() - self._began
        self._parts.append((now, progress.reports))
        if self._kills_left and progress.parts >= progress.of * (self.killed + 1) // (
            self.killed + 1 + self._kills_left
        ):
            self._kill()
        if now - self._last >= _MINUTE:
            self._last = now
            left = "?" if progress.seconds_left is None else f"{progress.seconds_left / 60:.0f}"
            print(
                f"{self._label}{now / 60:.0f} min, {progress.reports:,} reports, {progress.parts}/{progress.of} parts,"
                f" {progress.per_second:.0f}/s, worker {self._memory[-1][2]:.0f} MB, {left} min left",
                flush=True,
            )
            if Watch.each_minute:
                Watch.each_minute(self)

    def figures(self, reports: int) -> dict[str, Any]:
        """What was seen; reports a second and core-hours are of what has been read."""
        seconds = (self._ended or time.perf_counter()) - self._began
        reading, read = self._parts[-1]
        workers = sum(now - first for first, now in self._used.values())
        driver = sum(self._me.cpu_times()[:2]) - self._base
        each = max(1, len(self._memory) // 100)
        return {
            "asked": reports,
            "read": read,
            "startup_seconds": round(self._startup, 2),
            "seconds": round(seconds, 2),
            "reading_seconds": round(reading, 2),
            "per_second": round(read / seconds, 1),
            "worker_core_seconds": round(workers, 1),
            "driver_core_seconds": round(driver, 1),
            "core_seconds": round(workers + driver, 1),
            "core_hours_per_million": round((workers + driver) / 3600 / max(1, read) * 1e6, 3),
            "peak_mb": round(max(mb for _, _, mb in self._memory), 1),
            "driver_peak_mb": round(self._driver_peak, 1),
            "memory_slope_mb_per_100k": self._slope(),
            "memory_mb": [(round(at), n, round(mb, 1)) for at, n, mb in self._memory[::each]],
            "per_second_by_tenth": self._tenths(),
            "kills": self.killed,
        }

    def _slope(self) -> float | None:
        """MB that the largest worker grows while 100,000 reports are read, after the first fifth."""
        told = [(n, mb) for _, n, mb in self._memory if n > 0.2 * self._parts[-1][1]]
        if len({n for n, _ in told}) < 3:
            return None
        return round(float(np.polyfit([n for n, _ in told], [mb for _, mb in told], 1)[0]) * 1e5, 2)

    def _tenths(self) -> list[float]:
        seconds, read = [at for at, _ in self._parts], [n for _, n in self._parts]
        edges = np.interp(np.linspace(0, read[-1], 11), read, seconds)
        return [round(read[-1] / 10 / max(1e-9, float(gap)), 1) for gap in np.diff(edges)]

    def _sample(self) -> None:
        while not self._over.wait(_EVERY):
            self._look()

    def _look(self) -> None:
        largest = 0.0
        for number, nanny in enumerate(list(self._cluster.workers.values())):
            try:
                process = psutil.Process(nanny.pid)
                if process.pid not in self._used:
                    process.cpu_affinity([number % (os.cpu_count() or 1)])
                used = sum(process.cpu_times()[:2])
                # What workers used before the clock started does not count; all does of one that came later.
                first, _ = self._used.get(process.pid, (0.0 if self._memory else used, used))
                self._used[process.pid] = (first, used)
                largest = max(largest, process.memory_info().rss / 1e6)
            except (psutil.Error, TypeError, ValueError):
                continue  # killed, and not yet there again
        self._driver_peak = max(self._driver_peak, self._me.memory_info().rss / 1e6)
        if largest:
            self._memory.append((time.perf_counter() - self._began, self._parts[-1][1], largest))

    def _kill(self) -> None:
        pid = next(iter(self._cluster.workers.values())).pid
        if pid:
            os.kill(pid, signal.SIGKILL)  # the cluster's own worker; its nanny starts another
            self._kills_left, self.killed = self._kills_left - 1, self.killed + 1
            print(f"{self._label}killed worker {pid}", flush=True)
