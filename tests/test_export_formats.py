"""Every format is what its own ecosystem reads, and says what the record says."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from export_record import HOSTILE, made, needs_font, number_of
from sijill.capture.item import Item
from sijill.export import FORMATS, Choice, export
from sijill.export import acled as acled_format
from sijill.export.cells import inert
from sijill.export.ucdp import priogrid
from sijill.export.ucdp import rows as ucdp_rows
from sijill.record import Record
from sijill.review.desk import Desk
from sijill.search.query import Query


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    with made(tmp_path_factory.mktemp("export")) as record:
        yield record


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def out(record: Record, to: str, folder: Path, **chosen: Any) -> Path:
    done = export(record, to, folder, Choice(**chosen))
    return Path(done.files[0])


def test_acled_columns_codes_and_conservative_figures(record: Record, tmp_path: Path) -> None:
    rows = table(out(record, "acled", tmp_path))
    assert tuple(rows[0]) == acled_format.COLUMNS and len(rows[0]) == 31
    strike = next(row for row in rows if row["sub_event_type"] == "Air/drone strike")
    told = {name: strike[name] for name in ("event_type", "inter1", "inter2", "actor1", "civilian_targeting", "iso")}
    assert told == {
        "event_type": "Explosions/Remote violence",
        "inter1": "External/Other forces",
        "inter2": "Civilians",
        "actor1": "Russia",
        "civilian_targeting": "Civilian targeting",
        "iso": "760",
    }
    assert strike["fatalities"] == "5" and strike["time_precision"] == "1" and strike["geo_precision"] == "1"
    assert strike["event_date"] == "2018-03-04" and "4 March 2018" in strike["notes"]
    assert all("not ACLED" in row["tags"] for row in rows)
    clash = next(row for row in rows if row["event_type"] == "Battles")
    assert clash["interaction"] == "Rebel group-Rebel group"
    reasons = {row["reason"] for row in table(tmp_path / "left-out.csv")}
    assert reasons == {"only told as planned", "no place on the map narrower than a country is told"}


def test_acled_has_the_crowd_as_the_first_side_in_the_street(tmp_path: Path) -> None:
    from claims_builder import READ, Maker, item

    with Record.init(tmp_path / "street") as record:
        march = Maker("أ").claim("مظاهرة لنقابة المعلمين في سراقب", type="protest", initiators=("نقابة المعلمين",))
        riot = Maker("ب").claim(
            "شغب في عندان ضد قوات النظام أوقف فيه ستة", type="riot", places=("عندان",),
            targets=(("قوات النظام", "syria-government"),), captured=6,
        )  # fmt: skip
        record.add([item(march.report()), item(riot.report())], read=READ)
        march_row, riot_row = sorted(table(out(record, "acled", tmp_path / "out")), key=lambda row: row["event_type"])
    names = ("actor1", "assoc_actor_1", "inter1", "actor2", "inter2", "interaction", "disorder_type")
    assert [march_row[name] for name in names] == [
        "Protesters", "نقابة المعلمين", "Protesters", "", "", "Protesters only", "Demonstrations",
    ]  # fmt: skip
    assert [riot_row[name] for name in names] == [
        "Rioters", "", "Rioters", "Government of Syria (until 2024-12-08)", "State forces", "Rioters-State forces",
        "Demonstrations",
    ]  # fmt: skip
    assert "6 captured." in riot_row["notes"] and riot_row["fatalities"] == "0"
    figures = next(row for row in table(tmp_path / "out" / "figures.csv") if row["type"] == "riot")
    assert (figures["captured_low"], figures["captured_high"], figures["killed_low"]) == ("6", "6", "")


def test_acled_counts_vague_words_its_own_way(tmp_path: Path) -> None:
    from claims_builder import READ, Maker, item

    with Record.init(tmp_path / "vague") as record:
        tens = Maker("أ").claim("غارة تقتل عشرات في سراقب", killed=(24, None))
        exact = Maker("ب").claim("غارة تقتل أكثر من ثلاثين في عندان", places=("عندان",), killed=(31, None))
        record.add([item(tens.report()), item(exact.report())], read=READ)
        rows = table(out(record, "acled", tmp_path / "out"))
    assert sorted(int(row["fatalities"]) for row in rows) == [10, 31]


def test_ucdp_deaths_add_up_to_the_best_number(record: Record, tmp_path: Path) -> None:
    rows = table(out(record, "ucdp", tmp_path, rule="best"))
    assert len(rows[0]) == 49
    kinds = {row["side_a"]: row for row in rows}
    assert kinds["Russia"]["type_of_violence"] == "3" and kinds["Russia"]["side_b"] == "Civilians"
    assert kinds["Russia"]["gwnoa"] == "365" and kinds["Russia"]["country_id"] == "652"
    clash = next(row for row in rows if row["type_of_violence"] == "2")
    assert {clash["side_a"], clash["side_b"]} == {"Syrian Democratic Forces", "Islamic State"}
    for row in rows:
        sides = sum(int(row[name]) for name in ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"))
        assert int(row["low"]) <= int(row["best"]) == sides <= int(row["high"])
    assert kinds["Russia"]["low"] == "5" and kinds["Russia"]["high"] == "24"


def test_priogrid_cells_are_counted_from_the_south_west() -> None:
    assert priogrid(-90, -180) == 1 and priogrid(-90, -179.5) == 2 and priogrid(-89.5, -180) == 721
    assert priogrid(33.5, 36.5) == 247 * 720 + 433 + 1


def test_ucdp_needs_a_death_and_a_side(record: Record) -> None:
    from sijill.export import collect

    found, left = ucdp_rows(list(collect(record, Choice())))
    assert len(found) == 2
    assert {one.reason for one in left} >= {"no death is told with a number"}


def test_hxl_passes_its_own_validation(record: Record, tmp_path: Path) -> None:
    hxl = pytest.importorskip("hxl")
    path = out(record, "hxl", tmp_path)
    source = hxl.data(str(path), hxl.InputOptions(allow_local=True))
    assert "#adm1+code" in source.display_tags and source.validate()
    rows = list(hxl.data(str(path), hxl.InputOptions(allow_local=True)))
    assert any("الديمقراطية وتنظيم الدولة" in (row.get("#description") or "") for row in rows)  # told over two lines
    strike = next(row for row in rows if row.get("#event+type+sub") == "air-strike")
    assert (strike.get("#affected+killed"), strike.get("#adm1+code")) == ("5", "SY07")
    assert {row.get("#country+code") for row in rows if row.get("#geo+lat")} == {"SYR"}
    assert (strike.get("#date+occurred"), strike.get("#affected+killed+children")) == ("2018-03-04", None)


def test_hxl_tells_children_and_women_where_a_claim_counts_them(tmp_path: Path) -> None:
    hxl = pytest.importorskip("hxl")
    text = "قُتل خمسة مدنيين بينهم طفلان وثلاث نساء في غارة جوية على مدينة سراقب يوم 4 آذار 2018، بحسب الدفاع المدني."
    with Record.init(tmp_path / "groups") as record:
        record.add([Item(data=text.encode(), name="a.txt", how="file")])
        path = out(record, "hxl", tmp_path / "out")
        (row,) = hxl.data(str(path), hxl.InputOptions(allow_local=True))
        assert [row.get(f"#affected+killed{more}") for more in ("", "+children", "+f", "+m")] == ["5", "2", "3", None]
        Desk(record, "تالا").correct("c1", "killed", [[4, 4, "civilian"]], why="أسماء الضحايا")
        path = out(record, "hxl", tmp_path / "out")
        (row,) = hxl.data(str(path), hxl.InputOptions(allow_local=True))
        assert [row.get(f"#affected+killed{more}") for more in ("", "+children")] == ["4", None]


def test_geojson_is_read_as_points_in_wgs84(record: Record, tmp_path: Path) -> None:
    path = out(record, "geojson", tmp_path)
    raw = json.loads(path.read_text())
    strike = next(one for one in raw["features"] if one["properties"]["type"] == "air-strike")
    assert strike["geometry"] == {"type": "Point", "coordinates": [36.806, 35.864]}
    assert any(one["geometry"] is None for one in raw["features"]) and "crs" not in raw
    pyogrio = pytest.importorskip("pyogrio")
    told = pyogrio.read_info(path)
    assert told["features"] == len(raw["features"]) and told["crs"] == "EPSG:4326"


def test_parquet_keeps_types_and_claims(record: Record, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    rows = pq.read_table(out(record, "parquet", tmp_path)).to_pylist()
    strike = next(row for row in rows if row["type"] == "air-strike")
    assert strike["first"].isoformat() == "2018-03-04" and strike["killed_low"] == 5 and strike["killed_high"] is None
    assert [claim["outlet"] for claim in strike["claim_list"]] == ["الراصد", "المرصد الشمالي"]
    assert all(len(claim["sha256"]) == 64 and claim["words"] for claim in strike["claim_list"])
    assert strike["claim_list"][1]["harm"][0] == {"outcome": "killed", "who": "civilian", "low": 24, "high": None}


def test_xlsx_is_right_to_left_and_holds_no_formula(record: Record, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    book = load_workbook(out(record, "xlsx", tmp_path))
    arabic, english = book.worksheets
    assert arabic.sheet_view.rightToLeft and not english.sheet_view.rightToLeft
    assert arabic.max_row == english.max_row == 1 + 5
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert sum(cell.value == f"'{HOSTILE}" for cell in cells) >= 2
    killed = [row[18].value for row in arabic.iter_rows(min_row=2)]
    assert 5 in killed


def test_csv_has_a_mark_and_inert_cells(record: Record, tmp_path: Path) -> None:
    path = out(record, "csv", tmp_path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = table(path)
    assert any(row["outlets"] == f"'{HOSTILE}" for row in rows)
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "\x00=1"])
def test_cells_that_begin_a_formula_are_made_inert(cell: str) -> None:
    assert str(inert(cell)).startswith("'")


def test_numbers_and_words_stay_as_they_are() -> None:
    assert inert(-5) == -5 and inert("سراقب") == "سراقب" and inert(None) is None


def test_followthemoney_reads_its_statements_back(record: Record, tmp_path: Path) -> None:
    statement = pytest.importorskip("followthemoney.statement")
    with out(record, "ftm", tmp_path).open("rb") as file:
        found = list(statement.read_statements(file, statement.CSV))
    assert {one.schema for one in found} >= {"Event", "Article", "Organization", "Address"}
    event = f"sijill-{number_of(record, 'air-strike')}"
    assert f"'{HOSTILE}" in {one.value for one in found} and not any(one.value.startswith("=") for one in found)
    told = {(one.prop, one.value) for one in found if one.entity_id == event}
    assert ("startDate", "2018-03-04") in told and ("country", "sy") in told
    parties = {one.value for one in found if one.prop == "involved" and one.entity_id == event}
    assert {one.value for one in found if one.entity_id in parties and one.prop == "name"} >= {"Russia"}


def test_a_dossier_tells_evidence_and_hashes(record: Record, tmp_path: Path) -> None:
    from pypdf import PdfReader

    needs_font()
    name = number_of(record, "air-strike")
    path = out(record, "pdf", tmp_path, query=Query(incident=int(name[1:])))
    assert path.name == f"{name}.pdf"
    said = "\n".join(page.extract_text() for page in PdfReader(path).pages)
    assert said.count("SHA-256") == 2 and "killed, all: 5 or more" in said and "ledger" in said
    assert "news.example" in said and "(withheld)" not in said
    hidden = out(record, "pdf", tmp_path / "hidden", query=Query(incident=int(name[1:])), withhold=True)
    said = "\n".join(page.extract_text() for page in PdfReader(hidden).pages)
    assert said.count("(withheld)") == 2 and "news.example" not in said


def test_every_format_comes_with_its_package(record: Record, tmp_path: Path) -> None:
    from frictionless import Package

    for to in FORMATS:
        if to == "pdf":
            continue
        folder = tmp_path / to
        export(record, to, folder)
        told = Package(str(folder / "datapackage.json"))
        assert told.version == "1" and told.licenses and told.custom["sijill"]["measuredError"]
        report = told.validate()
        assert report.valid, (to, report.flatten(["message"]))
        table = next(one for one in told.resources if one.path == FORMATS[to][0])
        if to in ("acled", "ucdp"):
            assert told.title and f"not {to.upper()}" in told.title
            types = {field.name: field.type for field in table.schema.fields}
            assert types["latitude"] == "number" and "integer" in types.values() and "date" in types.values()
