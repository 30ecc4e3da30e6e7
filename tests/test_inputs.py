"""Finding the reports in what a user names."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sijill.capture.item import Failure
from sijill.errors import InputError
from sijill.inputs import Item, find, is_one, is_time


def write(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return path


def test_a_file_keeps_its_bytes_and_its_name(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"\xde\xe3")
    assert list(find([str(file)])) == [Item(str(file), b"\xde\xe3")]
    page = tmp_path / "b.HTML"
    page.write_bytes(b"<p>")
    assert list(find([str(page)])) == [Item(str(page), b"<p>", html=True)]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("نص".encode()), encoding="ascii"))
    assert list(find(["-"])) == [Item("-", "نص".encode())]


def test_a_folder_in_order_without_hidden_and_foreign_files(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("b.txt", "a.html", "sub/c.txt", "notes.md", "gold.yaml", ".hidden.txt", ".git/d.txt"):
        (tmp_path / name).write_text(name)
    assert [Path(item.name).name for item in find([str(tmp_path)])] == ["a.html", "b.txt", "c.txt"]


def test_an_empty_folder_and_a_missing_path_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no reports in it"):
        list(find([str(tmp_path)]))
    with pytest.raises(InputError, match="no such file or folder"):
        find([str(tmp_path / "none.txt")])  # at once, before anything is read


def test_json_lines(tmp_path: Path) -> None:
    file = write(
        tmp_path / "c.jsonl",
        {"id": "r1", "text": "نص", "published": "2020-01-02T03:04+02:00", "outlet": "o", "url": "u", "title": "t"},
        {"id": None, "html": "<p>نص</p>", "url": "http://x"},
        {"text": "نص", "html": ""},
        {"id": 7, "text": "نص"},
    )
    assert list(find([str(file)])) == [
        Item("r1", "نص", False, "u", "2020-01-02T03:04+02:00", "o", "t"),
        Item("http://x", "<p>نص</p>", True, "http://x"),
        Item(f"{file}:3", "نص", False),
        Item("7", "نص", False),
    ]
    packed = tmp_path / "c.jsonl.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    assert [item.name for item in find([str(packed)])] == ["r1", "http://x", f"{packed}:3", "7"]


def test_bad_records_stand_in_their_place(tmp_path: Path) -> None:
    file = tmp_path / "c.jsonl"
    records = ['{"text": "ا"}', "{", "[1]", '{"id": "x"}', '{"text": 3}', '{"text": "ا", "published": "soon"}']
    records += ['{"text": "ا", "body": "ب"}', "", '{"text": "ب"}', "\udcff"]
    file.write_bytes("\n".join(records).encode("utf-8", "surrogateescape"))
    found = list(find([str(file)]))
    assert [isinstance(item, Failure) for item in found] == [False, True, True, True, True, True, True, False, True]
    assert found[6] == Failure(
        f"{file}:7", "unknown field 'body'; known are text, html, id, title, published, outlet, url"
    )
    assert all("\n" not in item.reason for item in found if isinstance(item, Failure))


def test_a_corpus_with_an_unknown_field_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "c.jsonl", {"body": "نص"}, {"text": "نص"})
    with pytest.raises(InputError, match=r":1: unknown field 'body'.*--ignore-fields"):
        list(find([str(file)]))
    assert [type(item) for item in find([str(file)], ignore_fields=True)] == [Failure, Item]


def test_a_damaged_corpus_in_a_folder_does_not_stop_the_others(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", {"body": "نص"})
    (tmp_path / "b.parquet").write_bytes(b"no parquet")
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(b'{"text": "x"}' * 1000)[:-20])
    (tmp_path / "d.txt").write_text("نص")
    found = list(find([str(tmp_path)]))
    assert [Path(item.name).name.split(":")[0] for item in found] == ["a.jsonl", "b.parquet", "c.jsonl.gz", "d.txt"]
    assert [type(item) for item in found] == [Failure, Failure, Failure, Item]


def test_a_table_of_posts_is_a_report_a_row(tmp_path: Path) -> None:
    table = 'Message,Link,Date,Channel,likes\n"نص\nمن سطرين",http://x/1,2020-01-02,شبكة,5\nنص,,,,\n,http://x/3,,,\nنص,,أمس,,\n'
    file = tmp_path / "c.CSV"
    file.write_text("\ufeff" + table, encoding="utf-8")
    found = list(find([str(file)]))
    assert found[:2] == [
        Item("c.CSV#1", "نص\nمن سطرين", False, "http://x/1", "2020-01-02", "شبكة"),
        Item("c.CSV#2", "نص", False),
    ]
    assert [type(item) for item in found[2:]] == [Failure, Failure]
    assert "no ISO 8601 time: 'أمس'" in getattr(found[3], "reason", "")
    (tmp_path / "d.tsv").write_text("text\ttitle\nنص, نص\tعنوان\n", encoding="utf-8")
    assert list(find([str(tmp_path / "d.tsv")])) == [Item("d.tsv#1", "نص, نص", False, title="عنوان")]
    assert len(list(find([str(tmp_path)]))) == 5 and not is_one([str(file)])


def test_a_table_without_a_column_of_texts_is_refused_in_a_line(tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text("town,dead\nسراقب,3\nأريحا,4\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"c\.csv: no column of texts; it is looked for under the names text, content"):
        list(find([str(file)]))
    (tmp_path / "d.txt").write_text("نص")
    assert [type(item) for item in find([str(tmp_path)])] == [Failure, Item]


def test_parquet(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    file = tmp_path / "c.parquet"
    stamp = datetime(2020, 1, 2, 3, 4, tzinfo=UTC)
    table = {"id": ["r1", None], "text": ["نص", None], "html": [None, "<p>نص</p>"], "published": [stamp, None]}
    parquet.write_table(pyarrow.table(table), file)
    assert list(find([str(file)])) == [
        Item("r1", "نص", False, published="2020-01-02T03:04:00+00:00"),
        Item(f"{file}:2", "<p>نص</p>", True),
    ]
    parquet.write_table(pyarrow.table({"body": ["نص"]}), file)
    with pytest.raises(InputError, match="unknown field 'body'"):
        list(find([str(file)]))
    file.write_bytes(b"PAR1")
    with pytest.raises(InputError, match="not a Parquet file"):
        list(find([str(file)]))


def test_one_report_or_many(tmp_path: Path) -> None:
    assert is_one(["-"])
    assert is_one([str(tmp_path / "a.txt")])
    assert not is_one([str(tmp_path)])
    assert not is_one([str(tmp_path / "a.jsonl")])
    assert not is_one(["a.txt", "b.txt"])


@pytest.mark.parametrize(
    ("words", "right"),
    [
        ("2018-11-07", True),
        ("2018-11-07T13:31", True),
        ("2018-11-07T13:31+02:00", True),
        ("2018-11-07T13:31Z", True),
        ("2018-11-07 13:31", True),
        ("7/11/2018", False),
        ("2018-13-07", False),
        ("yesterday", False),
        ("", False),
    ],
)
def test_times(words: str, right: bool) -> None:
    assert is_time(words) is right
