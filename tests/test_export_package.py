"""Exports can be made again, say what changed since the last, and withhold what may harm."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from claims_builder import READ, Maker, item
from export_record import made, needs_font, number_of
from sijill.cli.export import export as command
from sijill.export import FORMATS, Choice, ExportError, export
from sijill.export.frame import frame
from sijill.model import Place, Source, Span
from sijill.record import Record
from sijill.review.desk import Desk
from sijill.search.query import Query


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    with made(tmp_path) as record:
        yield record


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def strike_claim(record: Record) -> str:
    from sijill.export import collect

    strike = number_of(record, "air-strike")
    return next(f"c{one.tellings[0].thread}" for one in collect(record, Choice()) if one.id == strike)


def test_nothing_changed_gives_the_same_bytes_and_version(record: Record, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(record, "csv", out)
    first = files(out)
    assert export(record, "csv", out).version == 1
    assert files(out) == first
    for line in first["SHA256SUMS"].decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(first[name]).hexdigest() == digest


def test_corrections_and_merges_are_told_as_changes(record: Record, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(record, "acled", out)
    before = files(out)
    at = json.loads(before["datapackage.json"])["created"]
    desk = Desk(record, "تالا")
    desk.correct(strike_claim(record), "killed", [[4, 4, "civilian"]], why="أسماء الضحايا")
    strike, clash = number_of(record, "air-strike"), number_of(record, "armed-clash")
    desk.merge(strike, clash, why="حادث واحد")
    assert export(record, "acled", out).version == 2
    told = table(out / "changes.csv")
    assert {(row["id"], row["field"], row["before"], row["after"]) for row in told} >= {
        (strike, "killed_low", "5", "3")
    }
    assert [row["reason"] for row in told if row["change"] == "deleted"] == [f"merged into {strike}"]
    again = tmp_path / "again"
    export(record, "acled", again, Choice(as_of=at))
    assert (again / "acled.csv").read_bytes() == before["acled.csv"]


def test_a_folder_of_something_else_is_refused(record: Record, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "letter.txt").write_text("x")
    with pytest.raises(ExportError, match="no export"):
        export(record, "csv", other)
    export(record, "csv", tmp_path / "out")
    (tmp_path / "second").mkdir()
    with made(tmp_path / "second") as second, pytest.raises(ExportError, match="another record"):
        export(second, "csv", tmp_path / "out")


def test_withholding_leaves_no_words_addresses_or_names(record: Record, tmp_path: Path) -> None:
    for to in ("csv", "parquet", "geojson", "ftm", "ucdp", "hxl"):
        out = tmp_path / to
        export(record, to, out, Choice(withhold=True))
        everything = b"".join(files(out).values()).decode("utf-8", "replace")
        assert "تقتل خمسة" not in everything and "news.example" not in everything and "غارات على" not in everything


NAMES = ("سليم الحموي", "خالد الناشط", "مزرعة الشيخ سعيد", "تالا المراجعة", "ابنه عمار", "35.864171", "36.806132")
"""What may not be found: a victim, a teller, a private site, a reviewer, a victim in a reason, where exactly."""


def with_names(folder: Path) -> Record:
    """A record with these in every place that a record has for them."""
    site = Place("مزرعة الشيخ سعيد", Span(0, 0, ""), None, 35.864171, 36.806132, "site", country="SY", admin1="إدلب")
    told = Maker("الراصد", title="مقتل سليم الحموي").claim(
        "قتل سليم الحموي في مزرعة الشيخ سعيد بغارة", places=(site,), targets=("سليم الحموي",), killed=1,
        initiators=(("الطيران الروسي", "russia"),), source=Source("activist", "خالد الناشط"),
    )  # fmt: skip
    other = Maker("المرصد").claim(
        "قتل ثلاثة في مزرعة الشيخ سعيد بغارة", places=(site,), initiators=("خالد الناشط",), killed=3
    )
    record = Record.init(folder / "names")
    record.add(
        (item(maker.report(url=f"https://news.example/سليم الحموي/{n}"), name=f"{n}.json")
         for n, maker in enumerate((told, other))),
        read=READ,
    )  # fmt: skip
    desk = Desk(record, "تالا المراجعة")
    desk.correct("c1", "killed", [[2, 2, "civilian"]], why="سليم الحموي وابنه عمار")
    return record


def everything(folder: Path) -> str:
    """All that the files of an export hold, in every form that a reader of the format may see."""
    found = []
    for path in sorted(folder.iterdir()):
        found.append(path.read_bytes().decode("utf-8", "replace"))
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                found += [book.read(name).decode("utf-8", "replace") for name in book.namelist()]
        elif path.suffix == ".parquet":
            found.append(str(pq.read_table(path).to_pylist()))
        elif path.suffix == ".pdf":
            pages = PdfReader(path).pages
            found += [unicodedata.normalize("NFKC", " ".join(page.extract_text().split())) for page in pages]
    return "\n".join(found)


@pytest.mark.parametrize("to", FORMATS)
def test_withholding_leaves_no_name_in_any_format(tmp_path: Path, to: str) -> None:
    if to == "pdf":
        needs_font()
    with with_names(tmp_path) as record:
        export(record, to, tmp_path / "open")
        shown = everything(tmp_path / "open")
        assert "سليم" in shown or "ميلس" in shown  # what is looked for below can be found
        query = Query(text="سليم", party="خالد الناشط", place="مزرعة الشيخ سعيد")
        export(record, to, tmp_path / "query", Choice(query, withhold=True))
        export(record, to, tmp_path / "out", Choice(withhold=True))
        for folder in ("out", "query"):
            told = everything(tmp_path / folder)
            for words in NAMES:
                for name in words.split() if to == "pdf" else [words]:
                    assert name not in told and name[::-1] not in told, (folder, name)
        with pytest.raises(ExportError, match="without --withhold; name another folder"):
            export(record, to, tmp_path / "open", Choice(withhold=True))


def test_words_withheld_since_are_not_repeated_by_the_list_of_changes(record: Record, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(record, "csv", out)
    Desk(record, "تالا").withhold("r1", why="سلامة الشهود")
    export(record, "csv", out)
    told = [row for row in table(out / "changes.csv") if row["field"] == "words"]
    assert told and {(row["before"], row["after"]) for row in told} == {("", "")}
    assert "تقتل خمسة" not in everything(out)


def test_names_of_a_report_removed_since_are_not_repeated_by_the_list_of_changes(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with with_names(tmp_path) as record:
        export(record, "csv", out)
        desk = Desk(record, "تالا")
        desk.correct(
            "c2",
            "places",
            [{"name": "سراقب", "lat": 35.86, "lon": 36.8, "precision": "town", "country": "SY"}],
            why="المكان في سراقب",
        )
        export(record, "csv", out)
        assert "مزرعة الشيخ سعيد" in (out / "changes.csv").read_text("utf-8")
        desk.withhold("r1", "خطر على الشاهد", remove=True)
        export(record, "csv", out)
        assert "سليم الحموي" not in everything(out)
        assert "مزرعة الشيخ سعيد" not in (out / "changes.csv").read_text("utf-8")
        numbers = [row for row in table(out / "changes.csv") if row["field"] == "killed_low"]
        assert numbers and all(row["before"] for row in numbers)


def test_a_withheld_capture_shows_no_words_in_any_export(record: Record, tmp_path: Path) -> None:
    Desk(record, "تالا").withhold("r1", why="سلامة الشهود")
    export(record, "geojson", tmp_path / "out")
    told = json.loads((tmp_path / "out" / "incidents.geojson").read_text())
    words = [one["properties"]["words"] or "" for one in told["features"]]
    assert not any("تقتل خمسة" in said for said in words) and any("عشرات" in said for said in words)


def test_filters_narrow_to_whole_incidents(record: Record, tmp_path: Path) -> None:
    done = export(record, "csv", tmp_path / "out", Choice(Query(party="russia", killed=10)))
    rows = table(tmp_path / "out" / "incidents.csv")
    assert done.incidents == 1 and rows[0]["claims"] == "2"


def test_frames_hold_incidents_and_claims(record: Record) -> None:
    incidents, claims = frame(record), frame(record, "claims")
    assert incidents.height == 5 and claims.height == 6
    assert set(claims["incident"]) == set(incidents["id"])
    pytest.importorskip("pandas")
    assert len(frame(record, library="pandas")) == 5 and len(frame(record, "claims", library="pandas")) == 6


def test_the_command_exports(record: Record, tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    told = CliRunner().invoke(command, ["-r", str(record.where), "--to", "csv", "--since", "2018-03-01", out])
    assert told.exit_code == 0 and "version 1, 5 incidents" in told.output
    assert CliRunner().invoke(command, ["-r", str(record.where), "--to", "stata", out]).exit_code == 2
