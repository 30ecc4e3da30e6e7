"""Every fault that may come before a person is known by its form, said in Arabic too, and named for programs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

import sijill
from claims_builder import READ, Maker, item
from sijill.record import Record
from sijill.web.faults import _faults, fault_of, in_words, type_of
from sijill.web.roles import Role, Viewer
from sijill.web.words import Talk
from web_house import app_of, client_of, csrf_of

ROOT = Path(sijill.__file__).parent
RAISED = {
    "OptionError", "ReviewError", "MissingError", "HTTPException", "NotAuthorizedException",
    "PermissionDeniedException",
}  # fmt: skip
NO_PAGES = {"static.py", "serving.py", "decisions_file.py"}
"""What goes wrong there is told on the terminal."""
FILES = [
    *sorted((ROOT / "web").glob("*.py")), *sorted((ROOT / "review").glob("*.py")),
    ROOT / "search" / "query.py", ROOT / "search" / "narrow.py",
]  # fmt: skip
ARABIC, ENGLISH = (Talk(Viewer("x", Role.READER, language=language)) for language in ("ar", "en"))


def _written(node: ast.expr) -> list[str]:
    """The messages that an expression may make; what is put into them is `7`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(part.value if isinstance(part, ast.Constant) else "7" for part in node.values)]
    if isinstance(node, ast.BinOp):
        return [one + other for one, other in product(_written(node.left), _written(node.right))]
    if isinstance(node, ast.IfExp):
        return [*_written(node.body), *_written(node.orelse)]
    return []


def _messages() -> Iterator[tuple[str, str]]:
    for path in (path for path in FILES if path.name not in NO_PAGES):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            told = node.exc if isinstance(node, ast.Raise) else None
            if isinstance(told, ast.Call) and told.args and getattr(told.func, "id", "") in RAISED:
                for n, message in enumerate(_written(told.args[0])):
                    yield f"{path.name}:{node.lineno}:{n}", message


MESSAGES = dict(_messages())


def test_the_sources_raise_faults() -> None:
    assert len(MESSAGES) > 50


@pytest.mark.parametrize("where", MESSAGES)
def test_every_fault_is_known_and_told_in_arabic(where: str) -> None:
    message = MESSAGES[where]
    if message == "url: 7":  # an address that could not be looked up: the network's own words
        return
    assert fault_of(message), f"{message}: stands in no row of faults.csv"
    said = in_words(message, ARABIC)
    assert any("\u0600" <= letter <= "\u06ff" for letter in said) and "{" not in said
    assert type_of(message).startswith("urn:sijill:problem:")


def test_a_fault_of_no_form_is_told_all_the_same() -> None:
    assert type_of("something odd <b>") == "about:blank"
    assert "something odd &lt;b&gt;" in in_words("something odd <b>", ARABIC)
    assert in_words("something odd", ENGLISH) == "<bdi>something odd</bdi>"


def test_forms_have_the_parts_that_their_arabic_asks_for() -> None:
    for fault in _faults():
        in_words_of = fault.arabic.replace(":t}", "}").replace(":r}", "}").replace(":s}", "}")
        assert in_words_of.format(**dict.fromkeys(fault.form.groupindex, "7"))


def test_what_is_told_cannot_become_markup() -> None:
    said = in_words("since: <img src=x> is not a day; write it as 2018-03-04", ARABIC)
    assert "<img" not in said and "&lt;img" in said and "من يوم" in said


def test_pages_tell_faults_in_their_language_and_the_api_in_english(tmp_path: Path) -> None:
    with Record.init(tmp_path / "record") as record, client_of(app_of(record, None)) as client:
        for path, arabic, key in (
            ("/?since=never", "ليس يوما", "not-a-day"), ("/incidents/9", "لا توجد واقعة", "no-such-incident"),
            ("/nowhere", "لا صفحة", "no-such-page"), ("/reports/4", "لا يوجد تقرير", "no-such-report"),
        ):  # fmt: skip
            page = client.get(path, headers={"accept-language": "ar", "accept": "text/html"})
            assert page.status_code in (400, 404) and arabic in page.text, path
            assert "there is no" not in page.text and "not a day" not in page.text
            assert arabic not in client.get(path, headers={"accept-language": "en"}).text
            if path.startswith(("/?", "/incidents")):
                problem = client.get(f"/api/v1{path.replace('/?', '/incidents?')}").json()
                assert problem["type"] == f"urn:sijill:problem:{key}" and problem["detail"].isascii()
        # A link to a file that a browser follows is answered to its reader; programs get the problem.
        exported = "/api/v1/export/csv?rule=most"
        assert "ليس من الخيارات" in client.get(exported, headers={"accept": "text/html", "accept-language": "ar"}).text
        assert client.get(exported).json()["type"] == "urn:sijill:problem:not-a-choice"


def test_a_decision_that_cannot_be_is_told_in_arabic(tmp_path: Path) -> None:
    with Record.init(tmp_path / "record") as record, client_of(app_of(record, None)) as client:
        record.add([item(Maker().claim("غارة على سراقب").report())], read=READ)
        client.headers["accept-language"] = "ar"
        form = {"kind": "state", "value": "certain", "csrf": csrf_of(client, "/incidents/1")}
        for changed, told in (
            ({"csrf": "x"}, "الصفحة قديمة"), ({}, "ليست حالة من حالات المراجعة"), ({"kind": "merge"}, "ليس رقم ادعاء"),
        ):  # fmt: skip
            page = client.post("/incidents/1/decide", data={**form, **changed}).text
            assert told in page, changed
        missing = client.post("/incidents/7/decide", data=form).text
        assert "ليس في هذا السجل" in missing
