"""The compiled gazetteer: look-up, loading, and what the built-in one holds."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from sijill.errors import GazetteerError
from sijill.gazetteer import (
    GazetteerPlace,
    PlaceKind,
    built_in_files,
    default_gazetteer,
    load_gazetteer,
    make_gazetteer,
    read_places,
)
from sijill.gazetteer.place import parse_places, write_places

HEAD = "id,kind,name,other_names,english,country,governorate,lat,lon\n"
PLACES = [
    GazetteerPlace("a", PlaceKind.GOVERNORATE, "المحافظة الأولى", "SY", 35.0, 36.0, english="First"),
    GazetteerPlace("b", PlaceKind.VILLAGE, "كفر النهر", "SY", 35.1, 36.1, ("النهرية",), "Kafr", "المحافظة الأولى"),
    GazetteerPlace("c", PlaceKind.VILLAGE, "كفر النهر", "IQ", 33.1, 44.1, english="Kafr"),
]


def test_a_place_is_found_under_every_name() -> None:
    gazetteer = make_gazetteer(PLACES)
    for name in ("كفر النهر", "كفرالنهر", "كفر نهر", "kafr"):
        assert {entry.id for entry in gazetteer.search(name)} == {"b", "c"}
    assert [entry.id for entry in gazetteer.search("نهرية")] == ["b"]
    assert gazetteer.search("لا أحد") == []


def test_a_place_knows_its_governorate_in_english() -> None:
    entry = make_gazetteer(PLACES).by_id("b")
    assert entry is not None
    assert (entry.admin1, entry.country, entry.kind) == ("First", "SY", PlaceKind.VILLAGE)
    assert make_gazetteer(PLACES).by_id("nobody") is None


def test_the_cache_gives_what_was_compiled_and_follows_the_files(tmp_path: Path) -> None:
    file = tmp_path / "XX.csv"
    write_places(file, PLACES)
    fresh = load_gazetteer([file], tmp_path / "cache")
    again = load_gazetteer([file], tmp_path / "cache")
    assert [e.id for e in again] == [e.id for e in fresh] == ["a", "b", "c"]
    write_places(file, PLACES[:2])
    assert len(load_gazetteer([file], tmp_path / "cache")) == 2


def test_without_a_writable_cache_it_is_held_in_memory(tmp_path: Path) -> None:
    file = tmp_path / "XX.csv"
    write_places(file, PLACES)
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert len(load_gazetteer([file], tmp_path / "cache")) == 3


def test_loading_costs_little() -> None:
    default_gazetteer()
    default_gazetteer.cache_clear()
    start = time.process_time()  # The clock would tell how busy the machine is.
    default_gazetteer()
    assert time.process_time() - start < 0.08


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("x,village,اسم,,,SY,,95,36", "x.csv:2: lat 95 is not between -90 and 90"),
        ("x,village,اسم,,,SY,,north,36", "x.csv:2: lat 'north' is not a number"),
        ("x,hamlet,اسم,,,SY,,35,36", "x.csv:2: kind 'hamlet' is not known"),
        ("x,village,,,,SY,,35,36", "x.csv:2: name is empty"),
        ("x,village,اسم,,,Syria,,35,36", "x.csv:2: country 'Syria' is not a two-letter code"),
        ("x,village,اسم,,,SY,,35,36,7,8", "x.csv:2: more cells than the header"),
        ("x,village,اسم,,,SY,,35,36\nx,village,اسم,,,SY,,35,36", "x.csv:3: id x stands in line 2 too"),
    ],
)
def test_a_malformed_row_is_refused_with_file_line_and_reason(row: str, fault: str) -> None:
    with pytest.raises(GazetteerError, match="^" + fault.replace("(", r"\(")):
        parse_places((HEAD + row).splitlines(keepends=True), "x.csv")


def test_a_header_without_needed_columns_is_refused() -> None:
    with pytest.raises(GazetteerError, match=r"x\.csv:1: the header lacks kind"):
        parse_places(["id,name,country,lat,lon\n"], "x.csv")


def test_the_built_in_gazetteer_is_wide_and_whole() -> None:
    places = {file.stem: read_places(file) for file in built_in_files()}
    assert len(places["SY"]) >= 2_500
    assert sum(map(len, places.values())) >= 5_000
    ids = [place.id for found in places.values() for place in found]
    assert len(ids) == len(set(ids))
    assert all(place.source for found in places.values() for place in found)


@pytest.mark.parametrize(
    ("name", "near"),
    [("الشعفة", (34.57, 40.95)), ("الباغوز", (34.45, 40.95)), ("كوباني", (36.89, 38.35)), ("البحرة", (34.7, 40.8)),
     ("حقل العمر", (35.08, 40.57)), ("معبر باب الهوى", (36.24, 36.68)), ("مخيم جباليا", (31.54, 34.5))],
)  # fmt: skip
def test_what_reports_name_is_there(name: str, near: tuple[float, float]) -> None:
    assert any(
        abs(entry.lat - near[0]) < 0.1 and abs(entry.lon - near[1]) < 0.1 for entry in default_gazetteer().search(name)
    )
