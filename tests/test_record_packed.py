"""Readings come out of the record as they went in, also those of programs without a dictionary."""

from __future__ import annotations

import zlib
from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from claims_builder import READ, Maker, item
from sijill.record import Record
from sijill.record.packed import KEY, pack, unpack
from sijill.record.schema import meta, readings

pytest_plugins = ("record_fixtures",)


@given(st.one_of(st.binary(), st.text().map(str.encode)))
def test_what_was_packed_is_unpacked(data: bytes) -> None:
    assert unpack(pack(data)) == data
    assert unpack(zlib.compress(data)) == data


@given(st.binary(max_size=40), st.integers(0, 60))
def test_what_is_cut_short_or_goes_on_is_damaged(data: bytes, cut: int) -> None:
    packed = pack(data)
    for wrong in (packed[: min(cut, len(packed) - 1)], packed + b"x"):
        with pytest.raises(zlib.error):
            unpack(wrong)


def test_a_reading_takes_less_room_than_without() -> None:
    report = Maker().claim("غارة على سراقب قتلت خمسة مدنيين", killed=5).report().to_json()
    assert len(pack(report)) < 0.6 * len(zlib.compress(report, 6))


def test_whoever_has_the_record_alone_can_read_it(record: Record) -> None:
    report = Maker().claim("غارة على سراقب", killed=5).report()
    record.add([item(report, name="made")], read=READ)
    with record.reading() as connection:
        told = connection.execute(select(meta.c.value).where(meta.c.key == KEY)).scalar_one()
        kept = connection.execute(select(readings.c.data)).scalar_one()
    assert report.text.encode() in zlib.decompressobj(zdict=b64decode(told)).decompress(kept)
