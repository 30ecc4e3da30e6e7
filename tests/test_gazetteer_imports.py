"""Importing places, taking them back, and checking files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sijill.errors import GazetteerError
from sijill.gazetteer import PlaceKind, imported_files, load_gazetteer, read_places
from sijill.gazetteer.check import check_files
from sijill.gazetteer.formats import read_table
from sijill.gazetteer.imports import import_places, undo_import
from sijill.gazetteer.outlines import Outlines
from sijill.gazetteer.place import GazetteerPlace, write_places

KNOWN = [
    GazetteerPlace("sy:gov", PlaceKind.GOVERNORATE, "إدلب", "SY", 35.8, 36.65, english="Idleb", source="sijill"),
    GazetteerPlace("sy:one", PlaceKind.TOWN, "سراقب", "SY", 35.864, 36.806, geonames="1", source="sijill"),
]
WOF = "id\tgeonames\tkind\tname_en\tnames_ar\tlat\tlon\tcountry\tregion\tcounty\tpopulation\tsource\n"
GEONAMES = "\t".join(
    [
        "77",
        "Saraqib",
        "Saraqib",
        "Saraqeb,سراقب,صراقب",
        "35.86",
        "36.80",
        "P",
        "PPL",
        "SY",
        *[""] * 5,
        "9000",
        *[""] * 4,
    ]
)
OCHA = (
    "admin0Pcode,admin1Name_en,admin1Name_ar,admin1Pcode,admin4Name_en,admin4Name_ar,admin4Pcode,latitude,longitude\n"
    "SY,Idleb,إدلب,SY07,Marsha,مرشا,C4001,35.9,36.7\n"
)


@pytest.fixture
def known(tmp_path: Path) -> Path:
    file = tmp_path / "known.csv"
    write_places(file, KNOWN)
    return file


def table(tmp_path: Path, text: str, name: str = "table.tsv") -> Path:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_geonames_dump_gives_a_known_town_a_second_name(tmp_path: Path, known: Path) -> None:
    report = import_places(table(tmp_path, GEONAMES, "SY.txt"), [known], tmp_path / "user")
    assert (report.form, report.added, report.merged) == ("GeoNames dump", 0, ("سراقب (sy:one): صراقب",))
    gazetteer = load_gazetteer([known, *imported_files(tmp_path / "user")], tmp_path / "cache")
    assert [entry.id for entry in gazetteer.search("صراقب")] == ["sy:one"]
    assert len(gazetteer) == 2


def test_a_whos_on_first_table_brings_new_places_in_their_governorate(tmp_path: Path, known: Path) -> None:
    row = "9\t5\tlocality\tNew\tتل الورق\t35.9\t36.7\tSY\t\t\t\tgeonames\n"
    report = import_places(table(tmp_path, WOF + row), [known], tmp_path / "user")
    assert (report.added, report.merged, report.known) == (1, (), 0)
    assert report.file is not None
    place = read_places(report.file)[0]
    assert (place.id, place.governorate, place.source) == ("geonames:5", "إدلب", "geonames")


def test_an_ocha_table_keeps_its_pcodes(tmp_path: Path, known: Path) -> None:
    report = import_places(table(tmp_path, OCHA, "cod.csv"), [known], tmp_path / "user")
    assert report.file is not None
    place = read_places(report.file)[0]
    assert (report.form, place.pcode, place.kind, place.name) == ("OCHA table", "C4001", PlaceKind.VILLAGE, "مرشا")


def test_a_place_of_ones_own_in_a_csv_row(tmp_path: Path, known: Path) -> None:
    text = "id,kind,name,country,lat,lon,other_names\nmine:1,village,خربة الياقوت,SY,35.5,36.6,الياقوتة\n"
    import_places(table(tmp_path, text, "mine.csv"), [known], tmp_path / "user")
    gazetteer = load_gazetteer([known, *imported_files(tmp_path / "user")], tmp_path / "cache")
    assert [entry.id for entry in gazetteer.search("الياقوتة")] == ["mine:1"]


def test_namesakes_of_one_district_clash_in_the_open(tmp_path: Path, known: Path) -> None:
    first = [*KNOWN, GazetteerPlace("sy:two", PlaceKind.TOWN, "تل الحصى", "SY", 35.86, 36.8, district="Idleb")]
    write_places(known, first)
    text = "id,kind,name,country,lat,lon,district\nmine:1,village,تل الحصى,SY,35.95,36.8,Idleb\n"
    report = import_places(table(tmp_path, text, "mine.csv"), [known], tmp_path / "user")
    assert report.added == 1
    assert len(report.clashes) == 1 and "10 km from تل الحصى (sy:two)" in report.clashes[0]


def test_an_ocha_table_of_the_newer_form_with_its_row_of_tags(tmp_path: Path, known: Path) -> None:
    text = (
        "adm0_name,adm0_name1,adm0_pcode,adm3_name,adm3_name1,adm3_pcode,center_lat,center_lon\n"
        "#country+name,#country+name+ar,#country+code,#adm3+name,#adm3+name+ar,#adm3+code,#geo+lat,#geo+lon\n"
        "Syria,سوريا,SY,Marsha,مرشا,SY070109,35.9,36.7\n"
    )
    report = import_places(table(tmp_path, text, "adm3.csv"), [known], tmp_path / "user")
    assert report.file is not None
    place = read_places(report.file)[0]
    assert (place.kind, place.name, place.english, place.lat) == (PlaceKind.SUBDISTRICT, "مرشا", "Marsha", 35.9)


def test_an_ocha_table_of_villages_tells_the_country_by_its_wider_units(tmp_path: Path, known: Path) -> None:
    text = "admin1Pcode,admin4Pcode,admin4Name_ar,Latitude_y,Longitude_x\nSY07,C4001,مرشا,35.9,36.7\n"
    report = import_places(table(tmp_path, text, "villages.csv"), [known], tmp_path / "user")
    assert report.file is not None
    assert read_places(report.file)[0].country == "SY"


def test_an_ocha_table_without_coordinates_gives_known_units_their_codes(tmp_path: Path, known: Path) -> None:
    text = "admin0Pcode,admin1Name_en,admin1Name_ar,admin1Pcode\nSY,Idleb,ادلب,SY07\nSY,Atlantis,أتلانتس,SY99\n"
    file = table(tmp_path, text, "adm1.csv")
    report = import_places(file, [known], tmp_path / "user")
    assert (report.added, report.merged) == (0, ("إدلب (sy:gov): P-code SY07",))
    assert report.unplaced == ("أتلانتس (SY99)",)
    again = import_places(file, [known, *imported_files(tmp_path / "user")], tmp_path / "user")
    assert (again.added, again.merged, again.file) == (0, (), None)


def test_two_villages_of_one_name_on_either_side_of_a_governorates_border_stay_two(tmp_path: Path) -> None:
    known = tmp_path / "known.csv"
    write_places(
        known, [GazetteerPlace("sy:one", PlaceKind.VILLAGE, "تل الحصى", "SY", 35.39, 36.60, governorate="حماة")]
    )
    border = Outlines.load()
    assert border.containing("SY", 35.39, 36.60)[0] == "حماة" and border.containing("SY", 35.42, 36.60)[0] == "إدلب"
    text = "id,kind,name,country,lat,lon\nmine:1,village,تل الحصى,SY,35.42,36.60\n"
    assert import_places(table(tmp_path, text, "mine.csv"), [known], tmp_path / "user").added == 1


@pytest.mark.parametrize("text", [GEONAMES, OCHA, OCHA.replace("35.9", "35.864").replace("مرشا", "سراقب")])
def test_each_form_imported_twice_adds_nothing(tmp_path: Path, known: Path, text: str) -> None:
    file = table(tmp_path, text, "t.csv")
    import_places(file, [known], tmp_path / "user")
    again = import_places(file, [known, *imported_files(tmp_path / "user")], tmp_path / "user")
    assert (again.added, again.merged, again.file) == (0, (), None)


ROWS = st.lists(
    st.tuples(
        st.integers(1, 40),
        st.sampled_from(["تل الحصى", "كفر الريح", "كفرالريح", "الريحانة", "عين الديب"]),
        st.floats(35.5, 36.2),
        st.floats(36.4, 37.0),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda row: row[0],
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_importing_twice_adds_nothing(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, str, float, float]]
) -> None:
    folder = tmp_path_factory.mktemp("import")
    text = WOF + "".join(f"{n}\t\tlocality\tX\t{name}\t{lat}\t{lon}\tSY\t\t\t\t\n" for n, name, lat, lon in rows)
    file = table(folder, text)
    import_places(file, [], folder / "user")
    again = import_places(file, imported_files(folder / "user"), folder / "user")
    assert (again.added, again.merged, again.file) == (0, (), None)
    assert len(imported_files(folder / "user")) == 1


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            WOF + "1\t\tlocality\tX\tاسم\t35\t36\tSY\t\t\t\t\n2\t\tlocality\tX\tاسم\tno\t36\tSY\t\t\t\t\n",
            "t.tsv:3: lat",
        ),
        (WOF + "1\t\tlocality\tX\tاسم\t35\n", "t.tsv:2: another number of cells"),
        (WOF + "1\t\tplanet\tX\tاسم\t35\t36\tSY\t\t\t\t\n", "t.tsv:2: kind 'planet'"),
        (GEONAMES + "\n1\t2\t3", "t.tsv:2: 3 cells where a GeoNames dump has 19"),
        (OCHA.replace("35.9", "135.9"), "t.tsv:2: latitude 135.9"),
        ("a,b\n1,2\n", "t.tsv:1: not a table of places"),
        ('{"type": "FeatureCollection", "features": [', "t.tsv: is not whole JSON"),
        ('{"type": "FeatureCollection", "features": [1]}', "t.tsv: is not GeoJSON of places"),
        ('{"name": "no map"}', "t.tsv: is not GeoJSON of places"),
        ("id,kind,name,country,lat,lon\nm:1,village,تل,SY,35,36\nm:2,village,تل,SY,91,36\n", "t.tsv:3: lat 91"),
        ("id,kind,name,country,lat,lon\nm:1,village,تل,SY,35,36\nm:1,village,كفر,SY,35,36\n", "t.tsv:3: id m:1"),
    ],
)
def test_a_faulty_table_is_refused_whole(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(GazetteerError) as error:
        import_places(table(tmp_path, text, "t.tsv"), [], tmp_path / "user")
    assert str(error.value).startswith(fault)
    assert not (tmp_path / "user").exists()


def test_a_missing_file_and_a_spreadsheet_are_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(GazetteerError, match="cannot be read"):
        read_table(tmp_path / "none.csv")
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(GazetteerError, match="save the sheet as CSV"):
        read_table(tmp_path / "book.xlsx")


def test_undo_takes_back_the_last_or_the_named_import(tmp_path: Path, known: Path) -> None:
    user = tmp_path / "user"
    row = "id,kind,name,country,lat,lon\n{},village,{},SY,35.5,36.6\n"
    import_places(table(tmp_path, row.format("m:1", "خربة الياقوت"), "one.csv"), [known], user)
    import_places(table(tmp_path, row.format("m:2", "خربة الزمرد"), "two.csv"), [known], user)
    assert undo_import(user, "one").name == "0001-one.csv"
    assert undo_import(user).name == "0002-two.csv"
    with pytest.raises(GazetteerError, match="nothing to take back"):
        undo_import(user)


def test_checking_names_file_line_fault_and_repair(tmp_path: Path) -> None:
    file = tmp_path / "XX.csv"
    write_places(
        file,
        [
            KNOWN[0],
            GazetteerPlace("a", PlaceKind.VILLAGE, "كفر", "SY", 35.8, 36.6, governorate="إدلب"),
            GazetteerPlace("b", PlaceKind.VILLAGE, "تل", "SY", 33.5, 36.3, governorate="إدلب"),
            GazetteerPlace("c", PlaceKind.VILLAGE, "عین", "SY", 35.8, 36.6, governorate="ادلب"),
            GazetteerPlace("d", PlaceKind.VILLAGE, "بيت", "SY", 35.8, 36.6, governorate="أتلانتس"),
            GazetteerPlace("e", PlaceKind.VILLAGE, "كفر", "SY", 35.8, 36.6, governorate="إدلب"),
        ],
    )
    told = [str(fault) for fault in check_files([file])]
    assert [line.split(";")[0] for line in told] == [
        "XX.csv:4: تل lies 212 km outside إدلب",
        "XX.csv:5: 'عین' has letters that are not Arabic",
        "XX.csv:6: governorate 'أتلانتس' is no governorate of SY",
        "XX.csv:7: كفر stands in line 3 too",
    ]


def test_outlines_tell_governorate_and_district() -> None:
    outlines = Outlines.load()
    assert outlines.containing("SY", 36.2, 37.15)[0] == "حلب"
    assert outlines.containing("SY", 36.37, 37.51) == ("حلب", "الباب")
    assert outlines.containing("SY", 0, 0) == ("", "")
    collection = outlines.geojson("SY")
    assert collection["type"] == "FeatureCollection"
