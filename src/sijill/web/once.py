"""Work done once for however many ask for it at the same time, and kept for those who ask soon after."""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from functools import lru_cache
from typing import Generic, TypeVar

from litestar import Response

V = TypeVar("V")
_LEVEL = 5
_LEAST = 1_000
"""Shorter answers are not worth packing."""


class Once(Generic[V]):
    """Values by key, made at first asking; who asks while one is being made waits for it. Keeps the newest `size`."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._made: OrderedDict[Hashable, Future[V]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value of a key. What `make` raises is raised to all who waited, and nothing is kept."""
        with self._lock:
            found = self._made.get(key)
            mine = found is None
            if found is None:
                found = self._made[key] = Future()
                if len(self._made) > self._size:
                    self._made.popitem(last=False)
            else:
                self._made.move_to_end(key)
        if mine:
            try:
                found.set_result(make())
            except BaseException as error:
                with self._lock:
                    self._made.pop(key, None)
                found.set_exception(error)
        return found.result()


def packed(
    accepts: str, data: bytes, media_type: str, headers: dict[str, str] | None = None, status: int = 200
) -> Response[bytes]:
    """An answer, compressed where the asker can read that; what was compressed lately is not compressed again."""
    headers = headers or {}
    if "gzip" in accepts and len(data) >= _LEAST:
        data = _packed(data)
        headers = {**headers, "content-encoding": "gzip"}
    return Response(data, media_type=media_type, headers=headers, status_code=status)


@lru_cache(maxsize=128)
def _packed(data: bytes) -> bytes:
    return gzip.compress(data, _LEVEL, mtime=0)
