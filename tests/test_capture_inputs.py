"""Inputs of every kind become items; hostile ones become failures that say why."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import matplotlib
import pytest
from fastwarc import stream_io
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from sijill.capture import documents, rows
from sijill.capture.inputs import inputs
from sijill.capture.item import Failure, Item, Limits, Passed

TEXT = "قصف الطيران مدينة سراقب"


def items(*sources: Path | str, **limits: Any) -> list[Item]:
    found = list(inputs([str(source) for source in sources], Limits(**limits)))
    assert all(isinstance(item, Item) for item in found), found
    return found  # type: ignore[return-value]


def reasons(*sources: Path | str, **limits: Any) -> str:
    found = inputs([str(source) for source in sources], Limits(**limits))
    return " | ".join(f"{item.name} {item.reason}" for item in found if isinstance(item, Failure))


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.html").write_text(f"<p>{TEXT}</p>", encoding="utf-8")
    (tmp_path / "two.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / ".hidden").write_text("no")
    found = items(tmp_path)
    assert [(Path(item.name).name, item.media_type) for item in found] == [
        ("one.html", "text/html"),
        ("two.txt", "text/plain"),
    ]
    assert found[1].data == TEXT.encode()


def test_of_a_folder_only_what_may_hold_reports_is_taken(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("secret")
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("style.css", "gold.json", "film.mp4", "README.md", "page", "a.txt"):
        (folder / name).write_text(TEXT, encoding="utf-8")
    (folder / "link.txt").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    found = list(inputs([str(folder)]))
    assert sorted(Path(item.name).name for item in found if isinstance(item, Item)) == ["a.txt", "page"]
    assert sorted(Path(item.name).name for item in found if isinstance(item, Passed)) == [
        "README.md",
        "film.mp4",
        "gold.json",
        "style.css",
    ]
    assert len(found) == 6
    assert items(folder / "gold.json")[0].data == TEXT.encode()  # named by itself it is taken for a report


def test_what_is_not_there_is_a_failure_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("x")
    found = list(inputs([str(tmp_path / "no"), str(tmp_path / "x.txt")]))
    assert isinstance(found[0], Failure) and "no such file" in found[0].reason
    assert isinstance(found[1], Item)


def test_archives(tmp_path: Path) -> None:
    zipped(tmp_path / "z.zip", {"a/one.txt": b"1", "two.txt": b"2"})
    with tarfile.open(tmp_path / "t.tar.gz", "w:gz") as archive:
        info = tarfile.TarInfo("in/three.txt")
        info.size = 1
        archive.addfile(info, io.BytesIO(b"3"))
    (tmp_path / "four.txt.gz").write_bytes(gzip.compress(b"4"))
    found = items(tmp_path / "z.zip", tmp_path / "t.tar.gz", tmp_path / "four.txt.gz")
    assert [item.data for item in found] == [b"1", b"2", b"3", b"4"]
    assert all(item.container and len(item.container) == 64 for item in found)


def test_archives_hold_all_that_folders_hold(tmp_path: Path) -> None:
    export = {"name": "ق", "type": "public_channel", "id": 7, "messages": [{"id": 1, "type": "message", "text": TEXT}]}
    members = {
        "x/result.json": json.dumps(export).encode(),
        "x/style.css": b"p {}",
        "posts.csv": f"text,date\n{TEXT},2018-03-04\n".encode(),
        "lines.jsonl.gz": gzip.compress(json.dumps({"html": f"<p>{TEXT}</p>"}).encode()),
    }
    found = list(inputs([str(zipped(tmp_path / "z.zip", members))]))
    assert [(item.text, item.how) for item in found if isinstance(item, Item)] == [
        (TEXT, "post"),
        (TEXT, "row"),
        (f"<p>{TEXT}</p>", "row"),
    ]
    assert [item.name for item in found if isinstance(item, Passed)] == [f"{tmp_path}/z.zip!x/style.css"]
    for mode, name in (("w:xz", "t.tar.xz"), ("w:bz2", "t.tar.bz2")):
        with tarfile.open(tmp_path / name, mode) as archive:  # type: ignore[call-overload]
            info = tarfile.TarInfo("in/three.txt")
            info.size = 1
            archive.addfile(info, io.BytesIO(b"3"))
        assert [item.data for item in items(tmp_path / name)] == [b"3"]


def test_an_archive_in_an_archive_is_opened_once(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"x.txt": b"x"}).read_bytes()
    middle = zipped(tmp_path / "middle.zip", {"inner.zip": inner}).read_bytes()
    outer = zipped(tmp_path / "outer.zip", {"middle.zip": middle})
    assert [item.data for item in items(tmp_path / "middle.zip")] == [b"x"]
    assert "archive within" in reasons(outer)


def test_paths_that_climb_out_are_refused(tmp_path: Path) -> None:
    told = reasons(zipped(tmp_path / "evil.zip", {"../evil.txt": b"x", "/etc/passwd": b"x"}))
    assert told.count("climbs out") == 2
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert "not followed" in reasons(tmp_path / "evil.tar")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["evil.tar", "evil.zip"]


def test_archives_that_expand_are_stopped(tmp_path: Path) -> None:
    bomb = zipped(tmp_path / "bomb.zip", {"b.txt": b"0" * 30_000_000})
    assert "archive_ratio" in reasons(bomb, report_bytes=100_000_000)
    assert "report_bytes" in reasons(bomb, archive_ratio=100_000)
    assert "archive_bytes" in reasons(bomb, archive_bytes=1_000_000, report_bytes=100_000_000, archive_ratio=100_000)
    for name in (".hidden.txt", "seen.txt"):
        with tarfile.open(tmp_path / "bomb.tar.gz", "w:gz") as archive:
            info = tarfile.TarInfo(name)
            info.size = 30_000_000
            archive.addfile(info, io.BytesIO(bytes(info.size)))
        assert "archive_ratio" in reasons(tmp_path / "bomb.tar.gz", report_bytes=100_000_000), name
        told = reasons(tmp_path / "bomb.tar.gz", archive_ratio=10**6, archive_bytes=10**6, report_bytes=10**8)
        assert "archive_bytes" in told, name
    lines = (json.dumps({"text": "x" * 1000}) + "\n").encode() * 5000
    (tmp_path / "bomb.jsonl.gz").write_bytes(gzip.compress(lines))
    assert "table_bytes" in reasons(tmp_path / "bomb.jsonl.gz", table_bytes=1_000_000)
    many = zipped(tmp_path / "many.zip", {f"{n}.txt": b"x" for n in range(50)})
    assert "rows" in reasons(many, rows=10)


def test_files_larger_than_a_report_are_refused(tmp_path: Path) -> None:
    (tmp_path / "big.txt").write_bytes(b"x" * 101)
    assert "more than 100 (report_bytes)" in reasons(tmp_path / "big.txt", report_bytes=100)


NAMES = [
    "a.zip",
    "a.tar.gz",
    "a.gz",
    "a.warc.gz",
    "a.wacz",
    "a.csv",
    "a.jsonl",
    "a.parquet",
    "a.pdf",
    "result.json",
    "a.png",
]


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(NAMES))
def test_garbage_is_never_more_than_a_failure(tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str) -> None:
    path = tmp_path_factory.mktemp("g") / name
    path.write_bytes(data)
    assert all(isinstance(item, (Item, Failure)) for item in inputs([str(path)]))


@pytest.mark.parametrize("length", range(3, 12))
def test_a_gzip_file_cut_in_its_head_is_a_failure(tmp_path: Path, length: int) -> None:
    path = tmp_path / "a.tar.gz"
    path.write_bytes(b"\x1f\x8b\x08\x0c\x00\x00\x00\x00\x00\x03\x05\x00"[:length])
    (failure,) = inputs([str(path)])
    assert isinstance(failure, Failure)


def test_a_telegram_export(tmp_path: Path) -> None:
    export = {
        "name": "شبكة الأخبار",
        "type": "public_channel",
        "id": 77,
        "messages": [
            {"id": 1, "type": "service", "date": "2018-03-04T10:00:00", "text": "pinned"},
            {"id": 2, "type": "message", "date": "2018-03-04T12:00:00", "date_unixtime": "1520157600", "text": TEXT},
            {
                "id": 3,
                "type": "message",
                "date": "2018-03-04T11:00:00",
                "text": [{"type": "bold", "text": "عاجل"}, " ", TEXT],
            },
            {"id": 4, "type": "message", "date": "2018-03-04T11:00:00", "text": "", "photo": "x.jpg"},
        ],
    }
    (tmp_path / "result.json").write_text(json.dumps(export, ensure_ascii=False), encoding="utf-8")
    found = items(tmp_path / "result.json")
    assert [item.text for item in found] == [TEXT, f"عاجل {TEXT}"]
    assert found[0].published == "2018-03-04T10:00:00+00:00" and found[0].outlet == "شبكة الأخبار"
    assert found[0].name == "result.json#77/2" and json.loads(found[0].data)["id"] == 2


ODD_EXPORTS = [
    '{"type": 1, "chats": [1, 2], "messages": 3}',
    '{"type": "c", "messages": 3}',
    '{"type": "c", "chats": {"list": [1]}, "messages": []}',
    '{"type": "c", "messages": ' + "[" * 100_000 + "]" * 100_000 + "}",
]


@pytest.mark.parametrize("export", ODD_EXPORTS, ids=range(len(ODD_EXPORTS)))
def test_what_only_looks_like_an_export_is_refused(tmp_path: Path, export: str) -> None:
    (tmp_path / "result.json").write_text(export)
    assert "not a Telegram export" in reasons(tmp_path / "result.json")


def test_odd_messages_cost_no_other(tmp_path: Path) -> None:
    odd: list[Any] = [1, None, {"type": "message", "text": [3]}, {"type": "message", "text": {"a": 1}}]
    good = {"type": "message", "id": 9, "text": TEXT, "date_unixtime": "9" * 30, "date": "2018-03-04T10:00:00"}
    (tmp_path / "result.json").write_text(json.dumps({"type": "c", "messages": [*odd, good]}))
    found = list(inputs([str(tmp_path / "result.json")]))
    assert [type(item) for item in found] == [Failure] * 4 + [Item]
    assert isinstance(found[4], Item) and found[4].published == "2018-03-04T10:00:00"


def test_tables_of_posts(tmp_path: Path) -> None:
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    rows = [{"text": TEXT, "url": "http://x/1", "date": "2018-03-04", "page": "شبكة"}]
    (tmp_path / "p.csv").write_text(f"﻿text,url,date,page\n{TEXT},http://x/1,2018-03-04,شبكة\n", encoding="utf-8")
    (tmp_path / "p.jsonl").write_text(json.dumps(rows[0]) + "\n\n", encoding="utf-8")
    parquet.write_table(arrow.Table.from_pylist(rows), tmp_path / "p.parquet")
    for name in ("p.csv", "p.jsonl", "p.parquet"):
        item = items(tmp_path / name)[0]
        assert (item.text, item.url, item.published, item.outlet) == (TEXT, "http://x/1", "2018-03-04", "شبكة"), name


def test_rows_without_a_text_and_tables_without_end(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("colour\nred\n")
    assert "under the names text, content" in reasons(tmp_path / "a.csv")
    (tmp_path / "b.jsonl").write_text('{"text": "a"}\nnot json\n{"text": "c"}\n')
    assert "b.jsonl:2 not a JSON object" in reasons(tmp_path / "b.jsonl")
    (tmp_path / "c.csv").write_text("text\n" + "x\n" * 50)
    assert "(rows)" in reasons(tmp_path / "c.csv", rows=10)
    (tmp_path / "d.csv").write_bytes(b"text\n\xff\xfe\n")
    assert "d.csv:2: not UTF-8" in reasons(tmp_path / "d.csv")
    (tmp_path / "e.jsonl").write_text(json.dumps({"text": "x" * 101}) + "\n" + json.dumps({"text": "y"}))
    assert "(report_bytes)" in reasons(tmp_path / "e.jsonl", report_bytes=100)
    (tmp_path / "f.jsonl").write_text("[" * 100_000)
    assert "not a JSON object" in reasons(tmp_path / "f.jsonl")


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.jsonl.gz"])
def test_a_line_without_end_is_not_held_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(rows, "LONGEST", 1000)
    data = b"text\n" + b"x" * 2000
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    assert "is no report" in reasons(tmp_path / name)


def _warc(url: str, body: str, status: str = "200 OK", kind: str = "text/html; charset=utf-8") -> bytes:
    answer = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n{body}".encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2018-03-05T06:00:00Z\r\n"
        f"WARC-Target-URI: {url}\r\nContent-Type: application/http\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


def test_web_archives(tmp_path: Path) -> None:
    page = f"<p>{TEXT}</p>"
    records = _warc("http://a.example/1", page) + _warc("http://a.example/x.png", "x", kind="image/png")
    records += _warc("http://a.example/gone", "gone", status="404 Not Found")
    (tmp_path / "w.warc").write_bytes(records)
    (tmp_path / "w2.warc.gz").write_bytes(gzip.compress(records))
    with zipfile.ZipFile(tmp_path / "w.wacz", "w") as archive:
        archive.writestr("archive/data.warc.gz", gzip.compress(records))
        archive.writestr("pages/pages.jsonl", "{}")
    for name in ("w.warc", "w2.warc.gz", "w.wacz"):
        item = items(tmp_path / name)[0]
        assert (item.url, item.data.decode(), item.how) == ("http://a.example/1", page, "web-archive"), name
        assert ("WARC-Date", "2018-03-05T06:00:00Z") in item.headers
        assert len(items(tmp_path / name)) == 1


def _packed(url: str, body: bytes, encoding: str) -> bytes:
    told = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
    answer = f"{told}Content-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    return (
        _warc(url, "").split(b"Content-Length")[0]
        + f"Content-Length: {len(answer)}\r\n\r\n".encode()
        + answer
        + b"\r\n\r\n"
    )


def test_pages_of_a_web_archive_are_unpacked_and_a_broken_one_costs_no_other(tmp_path: Path) -> None:
    page = f"<p>{TEXT}</p>".encode()
    bomb, broken = gzip.compress(b"<p>" + b"x" * 50_000_000), gzip.compress(page)[:-20]
    packed = io.BytesIO()
    with stream_io.BrotliWriter(packed) as writer:
        writer.write(page)
    records = b"".join(
        _packed(f"http://a.example/{number}", body, encoding)
        for number, (body, encoding) in enumerate(
            [(gzip.compress(page), "gzip"), (broken, "gzip"), (page, "gzip"), (bomb, "gzip"), (packed.getvalue(), "br")]
        )
    )
    (tmp_path / "w.warc").write_bytes(records)
    found = list(inputs([str(tmp_path / "w.warc")]))
    kept = {item.url: item.data for item in found if isinstance(item, Item)}
    assert kept == {f"http://a.example/{number}": page for number in (0, 2, 4)}
    assert {item.name for item in found if isinstance(item, Failure)} == {"http://a.example/1", "http://a.example/3"}


def _pdf(text: str) -> bytes:
    """A PDF of one page with a text layer in Latin letters, by hand."""
    stream = f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] "
        b"/Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"xref\n0 6\n0000000000 65535 f \n%strailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
    return out + end % (table, len(out))


def test_a_pdf_with_a_text_layer(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(_pdf("Airstrikes hit the town of Saraqib on Sunday"))
    item = items(tmp_path / "a.pdf")[0]
    assert item.text == "Airstrikes hit the town of Saraqib on Sunday" and item.data.startswith(b"%PDF")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4 broken")
    assert "PDF" in reasons(tmp_path / "b.pdf")
    assert "(pages)" in reasons(tmp_path / "a.pdf", pages=0)


def test_pictures_are_read_where_tesseract_is_and_refused_clearly_where_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    monkeypatch.setattr(documents, "has_tesseract", lambda: False)
    assert "tesseract-ocr-ara" in reasons(tmp_path / "a.png")
    monkeypatch.setattr(documents, "has_tesseract", lambda: True)
    said = subprocess.CompletedProcess([], 0, TEXT.encode(), b"")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: said)
    assert items(tmp_path / "a.png")[0].text == TEXT


def _pictured(words: str) -> Image.Image:
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    picture = Image.new("L", (1500, 200), 255)
    font = ImageFont.truetype(str(fonts / "DejaVuSans.ttf"), 44)
    ImageDraw.Draw(picture).text((1450, 60), words, font=font, fill=0, anchor="ra", direction="rtl", language="ar")
    return picture


def test_pictures_and_scans_are_read_by_the_tesseract_of_this_machine(tmp_path: Path) -> None:
    picture = _pictured("وقتل خمسة مدنيين في السوق الشعبي")
    picture.save(tmp_path / "a.png")
    second = _pictured("قصف الطيران الحربي أطراف المدينة").convert("RGB")
    picture.convert("RGB").save(tmp_path / "a.pdf", resolution=200, save_all=True, append_images=[second])
    before = sorted(Path.cwd().iterdir())
    for name, needed in (("a.png", ["tesseract"]), ("a.pdf", ["tesseract", "pdftoppm"])):
        if documents.has_tesseract() and all(map(shutil.which, needed)):
            text = items(tmp_path / name)[0].text or ""
            assert "السوق الشعبي" in text and ("الطيران الحربي" in text) == (name == "a.pdf")
        else:
            assert "install" in reasons(tmp_path / name) and "tesseract-ocr-ara" in reasons(tmp_path / name)
    assert sorted(Path.cwd().iterdir()) == before
