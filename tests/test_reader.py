"""Promises of `read` as a whole: what it leaves behind it."""

from __future__ import annotations

import gc

import pytest

import sijill
from sijill.errors import InputError

SHORT = "قتل ثلاثة مدنيين بقصف على بلدة كفرنبل جنوب إدلب أمس الجمعة، بحسب الدفاع المدني.\n"
LONG = SHORT * 800


@pytest.fixture
def collector() -> None:
    gc.enable()


@pytest.mark.usefixtures("collector")
@pytest.mark.parametrize("text", [SHORT, LONG], ids=["short", "long"])
def test_a_reading_makes_no_garbage_and_leaves_the_collector_as_it_was(text: str) -> None:
    sijill.read(text)
    assert gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        assert sijill.read(text).claims
        assert gc.collect() <= len(text) // 1000
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.usefixtures("collector")
def test_what_was_found_is_gone_when_garbage_is_looked_for_again() -> None:
    """Else each reading would pay for a look at all that it holds, just before that goes."""
    text = "زار الوزير سوق الخضار في مدينة حلب صباح الجمعة.\n" * 300
    gc.collect()
    for _ in range(2):  # the first fills the interpreter's own store of small things
        sijill.read(text)
    seen: list[str] = []
    gc.callbacks.append(lambda phase, _: seen.append(phase))
    try:
        assert not sijill.read(text).claims
    finally:
        gc.callbacks.pop()
    assert not seen


@pytest.mark.usefixtures("collector")
def test_a_source_that_fails_leaves_the_collector_on() -> None:
    with pytest.raises(InputError):
        sijill.read(b"\x00\xff\x01" * 40_000)
    assert gc.isenabled()
