"""Work done once: for all who ask together, again after a fault, and no longer than there is room."""

from __future__ import annotations

import gzip
import threading
import time

import pytest

from sijill.web.once import Once, packed


def test_many_who_ask_at_once_are_answered_by_one_making() -> None:
    once: Once[int] = Once(4)
    made: list[int] = []
    answers: list[int] = []

    def make() -> int:
        made.append(1)
        time.sleep(0.05)
        return 7

    threads = [threading.Thread(target=lambda: answers.append(once.get("key", make))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [7] * 20 and len(made) == 1


def test_a_fault_is_told_and_not_kept() -> None:
    once: Once[int] = Once(4)
    with pytest.raises(ZeroDivisionError):
        once.get("key", lambda: 1 // 0)
    assert once.get("key", lambda: 2) == 2


def test_the_oldest_is_let_go() -> None:
    once: Once[int] = Once(2)
    for n in range(3):
        once.get(n, lambda n=n: n)  # type: ignore[misc]
    assert once.get(0, lambda: 9) == 9 and once.get(2, lambda: 9) == 2


def test_answers_are_packed_for_those_who_can_read_it() -> None:
    data = b"words " * 1_000
    assert gzip.decompress(packed("gzip, br", data, "text/plain").content) == data
    assert packed("", data, "text/plain").content == data
    assert packed("gzip", b"short", "text/plain").content == b"short"
