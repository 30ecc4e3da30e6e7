"""`sijill read` as a user meets it: what is printed where, and the exit codes."""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

from sijill.capture.item import Failure
from sijill.cli import batch
from sijill.cli.batch import Done, read_all
from sijill.errors import InputError, LexiconError
from sijill.inputs import Item
from sijill.model import SCHEMA

EXAMPLES = Path(__file__).parent.parent / "examples"
PAGE = EXAMPLES / "01-pasted-page.txt"
# The contract's outline; the reader's own tests hold the fields to it one by one.
OUTLINE = {
    "type": "object",
    "required": ["schema", "id", "source", "text", "title", "published", "claims", "warnings"],
    "properties": {
        "schema": {"const": SCHEMA},
        "id": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "source": {"type": "object", "required": ["name", "media_type", "bytes"]},
        "claims": {"type": "array", "items": {"type": "object", "required": ["id", "type", "trigger", "source"]}},
    },
}


def sijill(*arguments: object, given: bytes = b"", lang: str = "en_GB.UTF-8") -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own, as a user does."""
    command = [sys.executable, "-m", "sijill.cli.main", *map(str, arguments)]
    environment = os.environ | {"LC_ALL": lang, "PYTHONUTF8": "1"}
    return subprocess.run(command, input=given, capture_output=True, env=environment, check=False)


def refused(done: subprocess.CompletedProcess[bytes], says: str) -> None:
    """Exit code 2, nothing on stdout, one clear line on stderr."""
    lines = done.stderr.decode().splitlines()
    assert (done.returncode, done.stdout) == (2, b"")
    assert "Traceback" not in done.stderr.decode()
    assert says in lines[-1]
    assert len(lines) == 1


def test_a_report_as_a_person_wants_to_see_it() -> None:
    done = sijill("read", PAGE)
    assert done.returncode == 0
    assert done.stderr == b""
    lines = done.stdout.decode().splitlines()
    assert lines[0] == "\u2068قتلى وجرحى بقصف مدفعي على مدينة خان شيخون جنوبي إدلب\u2069"
    assert "شبكة ضفاف" in lines[1]
    assert "2019-02-14T09:20+02:00" in lines[1]
    assert lines[3].startswith("1. Shelling")
    assert "\x1b" not in done.stdout.decode()  # no colours in a pipe
    assert done.stdout.decode().count("\u2068") == done.stdout.decode().count("\u2069")


def test_labels_follow_the_language() -> None:
    assert "قصف" in sijill("read", PAGE, lang="ar_SY.UTF-8").stdout.decode().splitlines()[3]
    assert "المكان" in sijill("read", "--lang", "ar", PAGE).stdout.decode()


def test_json_holds_the_contract() -> None:
    done = sijill("read", "--json", PAGE)
    (line,) = done.stdout.decode().splitlines()
    report = json.loads(line)
    jsonschema.validate(report, OUTLINE)
    assert report["source"]["name"] == str(PAGE)
    assert report["text"] == PAGE.read_text(encoding="utf-8")


def test_options_override_the_page() -> None:
    options = ["--published", "2020-01-02T03:04+02:00", "--outlet", "جريدة", "--url", "http://example.org/1"]
    report = json.loads(sijill("read", "--json", *options, PAGE).stdout)
    assert report["published"].startswith("2020-01-02T03:04")
    assert report["outlet"] == "جريدة"
    assert report["source"]["url"] == "http://example.org/1"


def test_standard_input_and_explanation() -> None:
    text = "قصفت قوات النظام بلدة نوى فقتل ثلاثة مدنيين.".encode()
    assert json.loads(sijill("read", "--json", "-", given=text).stdout)["source"]["name"] == "-"
    done = sijill("read", "--explain", "-", given=text)
    assert done.returncode == 0
    assert "⟦" in done.stdout.decode()
    marks = json.loads(sijill("read", "--explain", "--json", "-", given=text).stdout)["marks"]
    assert marks
    assert {"start", "end", "label", "rule"} <= marks[0].keys()


@pytest.mark.parametrize(("language", "meaning"), [("en", "how well known the place is"), ("ar", "شهرة المكان")])
def test_the_weights_of_a_place_are_told_in_words(language: str, meaning: str) -> None:
    text = "قصفت الطائرات مدينة سراقب وقتل مدنيان".encode()
    done = sijill("read", "--explain", "--lang", language, "-", given=text).stdout.decode()
    shown = re.search(r"prominence 2×\d\.\d\d=", done)
    assert shown and meaning in done.splitlines()[-12:].__str__()


def test_a_folder_and_its_names() -> None:
    done = sijill("read", "--json", EXAMPLES)
    assert done.returncode == 0
    names = [json.loads(line)["source"]["name"] for line in done.stdout.splitlines()]
    assert names == sorted(str(path) for path in EXAMPLES.iterdir() if path.suffix in (".txt", ".html"))


def test_one_bad_report_does_not_stop_a_corpus(tmp_path: Path) -> None:
    file = tmp_path / "c.jsonl"
    file.write_text('{"id": "a", "text": "نص"}\n{"id": "b"}\n{\n{"text": "نص"}\n', encoding="utf-8")
    done = sijill("read", "--json", file)
    assert done.returncode == 1
    assert [json.loads(line)["source"]["name"] for line in done.stdout.splitlines()] == ["a", f"{file}:4"]
    errors = done.stderr.decode().splitlines()
    assert len(errors) == 2
    assert errors[0] == f"sijill: {file}:2: it has neither `text` nor `html`"
    assert errors[1].startswith(f"sijill: {file}:3: not a JSON object")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["none.txt"], "none.txt: no such file or folder"),
        ([PAGE, "none.txt"], "none.txt: no such file or folder"),
        (["--published", "yesterday", PAGE], "no ISO 8601 time"),
        (["--lexicon", "none", PAGE], "none: no such folder"),
    ],
)
def test_refusals(arguments: list[object], says: str) -> None:
    refused(sijill("read", *arguments), says)


def test_an_unknown_option_and_no_path_are_refused() -> None:
    for arguments in (["--jsno", PAGE], []):
        done = sijill("read", *arguments)
        assert (done.returncode, done.stdout) == (2, b"")
        assert "Traceback" not in done.stderr.decode()


def test_one_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    picture = tmp_path / "p.txt"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    refused(sijill("read", picture), "p.txt: not text")


def test_an_unknown_field_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "c.jsonl"
    file.write_text('{"body": "نص"}\n', encoding="utf-8")
    refused(sijill("read", file), "unknown field 'body'")


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    file = tmp_path / "c.jsonl"
    file.write_text('{"text": "نص"}\n' * 2000, encoding="utf-8")
    command = f'"{sys.executable}" -m sijill.cli.main read --json "{file}" | head -1'
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False, timeout=60)
    assert len(done.stdout.splitlines()) == 1
    assert b"Traceback" not in done.stderr


def shout(item: Item) -> bytes:
    """A reading that takes its time, and fails in known ways."""
    words = str(item.content)
    if words == "bad":
        raise InputError("not text")
    if words == "fault":
        raise ValueError("two\nlines")
    if words == "lexicon":
        raise LexiconError("faulty")
    time.sleep(0.001 * (int(words) % 3))
    return words.encode()


@pytest.mark.parametrize("jobs", [1, 3])
def test_order_is_kept_over_cores(jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_ALONE", 5)
    items: list[Item | Failure] = [Item(str(n), str(n)) for n in range(200)]
    items[3:3] = [Item("x", "bad")]
    items[50:50] = [Item("y", "fault"), Failure("z", "gone")]
    done = list(read_all(items, shout, jobs))
    assert [result.name for result in done] == [item.name for item in items]
    assert [result for result in done if result.output is None] == [
        Done("x", None, "not text"),
        Done("y", None, "a fault in Sijill, please tell its makers: ValueError: two lines"),
        Done("z", None, "gone"),
    ]


@pytest.mark.parametrize("place", [2, 60])
def test_what_concerns_the_whole_run_stops_it(place: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_ALONE", 5)
    items = [Item("n", "lexicon" if n == place else str(n)) for n in range(100)]
    with pytest.raises(LexiconError, match="faulty"):
        list(read_all(items, shout, 2))


def test_a_corpus_is_not_held_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_ALONE", 5)
    taken = []

    def items() -> list[Item]:
        for n in range(5000):
            taken.append(n)
            yield Item(str(n), str(n))

    results = read_all(items(), functools.partial(shout), 2)
    for _ in range(10):
        next(results)
    assert len(taken) < 500
    results.close()  # type: ignore[attr-defined]
