"""Promises of `read` as a whole: what it leaves behind it."""

from __future__ import annotations

import gc

import pytest

import sijill
from sijill.errors import InputError

LONG = "قتل ثلاثة مدنيين بقصف على بلدة كفرنبل جنوب إدلب أمس الجمعة، بحسب الدفاع المدني.\n" * 800


@pytest.fixture
def collector() -> None:
    gc.enable()


@pytest.mark.usefixtures("collector")
def test_a_long_reading_makes_no_garbage_and_leaves_the_collector_as_it_was() -> None:
    sijill.read(LONG)
    assert gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        assert sijill.read(LONG).claims
        assert gc.collect() < len(LONG) // 1000
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.usefixtures("collector")
def test_a_long_source_that_fails_leaves_the_collector_on() -> None:
    with pytest.raises(InputError):
        sijill.read(b"\x00\xff\x01" * 40_000)
    assert gc.isenabled()
