"""Pages and API over a record: what is shown, in which words, and that hostile reports are inert."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from claims_builder import READ, Maker, item
from sijill.errors import OptionError
from sijill.model import Source
from sijill.record import Record
from sijill.web.filters import filters_of
from sijill.web.marks import cut
from sijill.web.typed import corrected, typed_days
from sijill.web.words import _table
from web_house import app_of, client_of, csrf_of

PAGES = ("/", "/incidents/1", "/reports/1", "/search?q=غارات", "/overview", "/review", "/settings")
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202eلصق"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    with Record.init(tmp_path_factory.mktemp("pages") / "record") as made:
        told = [
            Maker("الراصد", "2018-03-05").claim(
                "غارات على سراقب قتلت ثلاثة", killed=3, initiators=(("روسيا", "russia"),)
            ),
            Maker("الشهباء", "2018-03-06").claim("غارات على سراقب قتلت خمسة", killed=5),
            Maker("الميدان", "2018-03-20").claim("قصف على دوما", type="shelling", date="2018-03-19", places=("دوما",)),
            Maker(HOSTILE, "2018-04-02", title=HOSTILE).claim(
                f"غارة على بنش {HOSTILE}", date="2018-04-01", places=("بنش",), source=Source("activist", HOSTILE),
                initiators=(HOSTILE,), targets=(HOSTILE,),
            ),
            Maker("طويل", "2018-05-02").claim("قصف " + "أ" * 300_000, date="2018-05-01", places=("الباب",)),
        ]  # fmt: skip
        items = [item(maker.report(f"http://{n}.example/"), url=f"http://{n}.example/") for n, maker in enumerate(told)]
        assert made.add(items, read=READ).claims == 5
        yield made


@pytest.fixture(scope="module")
def client(record: Record) -> Iterator[TestClient[Litestar]]:
    with client_of(app_of(record, None)) as made:
        yield made


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(
    "path", ["/", "/incidents/1", "/reports/1", "/search?q=غارات", "/overview", "/review", "/settings"]
)
def test_pages_speak_both_languages(client: TestClient[Litestar], path: str, language: str) -> None:
    page = client.get(path, headers={"accept-language": language}).text
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page
    assert "undefined" not in page.lower()


def test_every_word_is_in_both_languages() -> None:
    table = _table()
    missing = {key for key in table["ar"] if not table["en"][key] or not table["ar"][key]}
    assert all(key.startswith("months-") for key in missing)


def test_contradicting_numbers_are_marked_and_ranged(client: TestClient[Litestar]) -> None:
    page = client.get("/incidents/1").text
    assert "3–5 killed" in page.lower() and page.count('class="against"') == 2
    assert "5 killed" in client.get("/incidents/1?rule=latest").text.lower()


def test_filters_narrow_and_stand_in_the_address(client: TestClient[Litestar]) -> None:
    def ids(query: str) -> list[str]:
        return [one["id"] for one in client.get(f"/api/v1/incidents?{query}").json()["items"]]

    assert ids("type=shelling&until=2018-04-30") == ["i2"]
    assert ids("place=إدلب") == ids("place=Idlib") == ["i3", "i1"]
    assert ids("place=سوريا") == ids("place=Syria") == ids("place=country:sy") == ids("place=SY") == ids("")
    assert len(ids("")) == 4 and ids("place=اليمن") == []
    assert ids("since=2018-03-04&until=2018-03-10") == ["i1"]
    assert ids("killed=4") == ["i1"]
    assert ids("kind=activist") == ["i3"]
    assert ids("party=russia") == ["i1"]


def test_cursors_walk_all_incidents_once(client: TestClient[Litestar]) -> None:
    for order in ("day", "added"):
        seen, after = [], ""
        while after is not None:
            cursor = f"&after={after}" if after else ""
            told = client.get(f"/api/v1/incidents?limit=1&order={order}{cursor}").json()
            seen += [one["id"] for one in told["items"]]
            after = told["next"]
        assert sorted(seen) == ["i1", "i2", "i3", "i4"]


@pytest.mark.parametrize("path", ["/", "/incidents/3", "/reports/4", "/search?q=غارة", "/overview", "/review?passed=5"])
def test_hostile_reports_are_inert(client: TestClient[Litestar], path: str) -> None:
    page = client.get(path).text
    assert "<script>alert" not in page and "<img src=x" not in page and "\u202e" not in page


def test_an_original_is_a_download(client: TestClient[Litestar]) -> None:
    answer = client.get("/reports/4/original")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


def test_a_long_text_is_shown_in_parts(client: TestClient[Litestar]) -> None:
    first, last = client.get("/reports/5").text, client.get("/reports/5?part=3").text
    assert "?part=3" in first and len(first) < 200_000 and last.count("أ") > 10_000


def test_csv_cells_are_no_formulas(record: Record, client: TestClient[Litestar]) -> None:
    assert client.get("/api/v1/incidents.csv").content.startswith(b"\xef\xbb\xbfid,type")


def test_etag_spares_the_answer(client: TestClient[Litestar]) -> None:
    tag = client.get("/api/v1/incidents").headers["etag"]
    again = client.get("/api/v1/incidents", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/api/v1/incidents?since=never", "/api/v1/incidents?limit=0", "/api/v1/claims?type=x"]
)
def test_errors_are_problems(client: TestClient[Litestar], path: str) -> None:
    answer = client.get(path)
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["status"] == answer.status_code == 400


def test_feeds_are_well_formed(client: TestClient[Litestar]) -> None:
    assert len(ElementTree.fromstring(client.get("/api/v1/feed.atom").content).findall("{*}entry")) == 4
    assert len(client.get("/api/v1/feed.json").json()["items"]) == 4


def test_openapi_names_the_routes(client: TestClient[Litestar]) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    told = {(path, method.upper()) for path, item in paths.items() for method in item}
    there = {
        (route.path.removeprefix("/api/v1").replace("{number:int}", "{number}").replace("{to:str}", "{format}"), method)
        for route in client.app.routes
        if route.path.startswith("/api/v1/") and not route.path.endswith("/openapi.json")
        for method in route.methods - {"OPTIONS"}
    }
    assert told == there


def test_reads_reports_of_other_programs(client: TestClient[Litestar]) -> None:
    told = [{"text": "قتل ثلاثة مدنيين بقصف على دوما.", "published": "2018-03-04"}, {"text": "x", "published": "never"}]
    first, second = client.post("/api/v1/read", json=told).json()
    assert first["schema"] == "sijill/report/1" and second["status"] == 422


def test_reviewing_a_claim_and_undoing_it(client: TestClient[Litestar], record: Record) -> None:
    form = {"csrf": csrf_of(client, "/review"), "claim": "c1", "kind": "accept", "queue": "first"}
    after = client.post("/review", data=form, headers={"hx-request": "true"}).text
    assert "<html" not in after and 'name="done" value="' in after
    done = after.split('name="done" value="', 1)[1].split('"', 1)[0]
    assert client.get("/api/v1/claims/1").json()["state"] == "reviewed"
    client.post("/review", data={**form, "kind": "undo", "done": done})
    assert client.get("/api/v1/claims/1").json()["state"] == "machine-read"


def test_corrections_are_typed_as_people_say_them() -> None:
    assert [day.isoformat() for day in typed_days("3 آذار 2018")] == ["2018-03-03", "2018-03-03"]
    assert corrected("date", "2018-03-03 2018-03-05") == ["2018-03-03", "2018-03-05"]
    assert corrected("killed", "5-8") == [[5, 8, "unknown"]] and corrected("killed", "5+") == [[5, None, "unknown"]]
    assert corrected("places", "دمشق")[0]["country"] == "SY"
    for field, typed in (("date", "whenever"), ("killed", "many"), ("mood", "x")):
        with pytest.raises(OptionError):
            corrected(field, typed)


def test_days_in_filters_are_typed_as_people_say_them(client: TestClient[Litestar]) -> None:
    def led(query: str) -> str:
        answer = client.get(f"/?{query}", follow_redirects=False)
        return answer.headers.get("location", "") if answer.status_code == 303 else str(answer.status_code)

    typed = "since=٥ آذار ٢٠١٨&until=تشرين الثاني ٢٠١٨&type=shelling&place=دوما"
    assert unquote(led(typed)) == "/?since=2018-03-05&until=2018-11-30&type=shelling&place=دوما"
    assert led("since=٢٠١٨-٠٣-٠٥") == "/?since=2018-03-05"
    yesterday = date.today() - timedelta(days=1)
    assert led("until=أمس") == f"/?until={yesterday.isoformat()}"
    assert led("since=2018-03-05") == "200" and led("since=متى ما كان") == "400"
    assert client.get("/api/v1/incidents?since=أمس").status_code == 400
    published = date(2018, 3, 7)  # a Wednesday
    for typed, day in (("أمس", 6), ("الثلاثاء الماضي", 6), ("الإثنين", 5)):
        assert corrected("date", typed, published) == [f"2018-03-0{day}"] * 2, typed


def test_pieces_put_together_are_the_text() -> None:
    marked = [(2, 9, "places", 1), (4, 6, "date", 2), (8, 40, "harm", 1)]
    pieces = list(cut("abcdefghijklmnop", 3, 14, marked))
    assert "".join(piece.words for piece in pieces) == "defghijklmn"
    assert pieces[1].roles == ("places", "date") and pieces[1].claims == (1, 2)


def test_filters_refuse_what_makes_no_sense() -> None:
    for told in ({"type": "x"}, {"since": "2018-13-01"}, {"killed": "-1"}, {"box": "1,2"}, {"q": "x" * 500}):
        with pytest.raises(OptionError):
            filters_of(told)


def test_days_and_numbers_are_written_as_the_reader_chose(client: TestClient[Litestar]) -> None:
    for month, digits, told in (("levant", "arabic", "٥ آذار ٢٠١٨"), ("arab", "latin", "5 مارس 2018")):
        for name, value in (("language", "ar"), ("months", month), ("digits", digits)):
            client.get(f"/set?{name}={value}&back=/")
        assert told in client.get("/incidents/1").text
    settings = client.get("/settings").text
    assert "آذار، نيسان" in settings and "كانون_الثاني" not in settings
    client.cookies.clear()


def test_sources_that_are_actors_have_names(tmp_path: Path) -> None:
    with Record.init(tmp_path / "record") as made:
        maker = Maker("الراصد").claim("غارات على سراقب", source=Source("party", "الدفاع الروسية", actor="russia"))
        made.add([item(maker.report())], read=READ)
        with client_of(app_of(made, None)) as client:
            for path in ("/overview", "/parties/named/russia", "/sources/named/russia"):
                page = client.get(path).text
                assert "Russia</" in page and ">russia<" not in page, path


def test_what_is_mistyped_is_told_in_the_language_of_the_page(client: TestClient[Litestar]) -> None:
    for language, told in (("ar", "ليس عددا"), ("en", "not a number")):
        client.get(f"/set?language={language}&back=/")
        form = {"csrf": csrf_of(client, "/review"), "claim": "c1", "kind": "correct", "field": "killed", "value": "xx"}
        assert told in client.post("/review", data=form, headers={"hx-request": "true"}).text
    client.cookies.clear()


def test_a_choice_of_language_is_remembered_and_leads_nowhere_else(client: TestClient[Litestar]) -> None:
    answer = client.get("/set?language=ar&back=//evil.example", follow_redirects=False)
    assert answer.headers["location"] == "/" and "sijill_language=ar" in answer.headers["set-cookie"]
    client.cookies.clear()


def test_a_withheld_report_is_not_shown(tmp_path: Path) -> None:
    from sijill.review.desk import Desk

    with Record.init(tmp_path / "record") as made:
        made.add([item(Maker("الراصد").claim("غارات خفية على سراقب").report())], read=READ)
        Desk(made, "x").withhold("r1", "somebody's safety")
        with client_of(app_of(made, None)) as client:
            for path in ("/", "/incidents/1", "/reports/1", "/search?q=غارات", "/review", "/api/v1/claims"):
                assert "خفية" not in client.get(path).text, path
            assert client.get("/reports/1/original").status_code == 404


def test_a_broken_record_is_told_in_words_and_the_site_lives(tmp_path: Path) -> None:
    with Record.init(tmp_path / "record") as made:
        made.add([item(Maker(f"و{n}").claim(f"غارات على سراقب {n}").report(f"http://{n}.example/")) for n in range(60)])
        with client_of(app_of(made, None)) as client:
            assert client.get("/reports/1").status_code == 200
            made.close()
            for log in (tmp_path / "record").glob("record.db-*"):
                log.unlink()
            with (tmp_path / "record" / "record.db").open("r+b") as file:
                file.seek(4096)
                file.write(b"\xff" * 4096 * 40)
            for path in ("/reports/1", "/incidents/1"):
                page = client.get(path)
                assert page.status_code == 503 and "sijill verify" in page.text, path
            problem = client.get("/api/v1/claims/1")
            assert problem.status_code == 503 == problem.json()["status"]
            assert str(tmp_path) not in problem.text
            assert client.get("/login").status_code == 200


def test_a_line_of_ten_million_letters_opens_in_parts(tmp_path: Path) -> None:
    with Record.init(tmp_path / "record") as made:
        maker = Maker("طويل", "2018-05-02").claim("قصف " + "أ" * 10_000_000, date="2018-05-01", places=("الباب",))
        made.add([item(maker.report("http://long.example/"))], read=READ)
        with client_of(app_of(made, None)) as client:
            for path in ("/", "/incidents/1", "/reports/1", "/search?q=قصف", "/review"):
                page = client.get(path)
                assert page.status_code == 200 and len(page.text) < 500_000, path
