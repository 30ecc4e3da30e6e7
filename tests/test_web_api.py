"""The API keeps what its OpenAPI document says, for whatever is sent; the client and the document speak of the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from web_house import app_of, client_of, marked_record, served


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Litestar]:
    folder = tmp_path_factory.mktemp("api")
    with marked_record(folder / "record") as record:
        yield app_of(record, folder)


@pytest.fixture(scope="module")
def token(app: Litestar) -> str:
    return str(app.state.house.accounts.give_token("administrator", "test", ("read", "decide", "watch")))


@pytest.fixture(scope="module")
def client(app: Litestar, token: str) -> Iterator[TestClient[Litestar]]:
    with client_of(app) as made:
        made.headers["authorization"] = f"Bearer {token}"
        yield made


def test_answers_are_as_described_whatever_is_sent(app: Litestar, token: str, tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "schemathesis"
    with served(app) as address:
        asked = [program, "run", f"{address}/api/v1/openapi.json", "--header", f"Authorization: Bearer {token}"]
        more = ["--max-examples", "10", "--seed", "5", "--no-color"]
        done = subprocess.run([*asked, *more], cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-6000:]
    assert "Tested: 22" in done.stdout


def test_the_document_is_valid_and_every_operation_can_be_named(client: TestClient[Litestar]) -> None:
    document = client.get("/api/v1/openapi.json").json()
    validate(document, cls=OpenAPIV31SpecValidator)
    operations = [operation for item in document["paths"].values() for operation in item.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names) == 22
    for operation in operations:
        assert operation["summary"] and operation["description"] and operation["tags"] and operation["security"]
        assert {"400", "401", "403", "429"} <= set(operation["responses"])


@pytest.mark.parametrize(
    "query",
    ["typ=shelling", "type=shelling&type=arrest", "type=", "after=x", "limit=201", "box=1,2,3", "q=" + "x" * 401],
)
def test_a_query_that_makes_no_sense_is_refused_by_name(client: TestClient[Litestar], query: str) -> None:
    answer = client.get(f"/api/v1/incidents?{query}")
    assert answer.status_code == 400 and query.split("=")[0] in answer.json()["detail"]


@pytest.mark.parametrize("words", ["-", '"', "؟!", "-مدرسة"])
def test_words_without_letters_find_nothing(client: TestClient[Litestar], words: str) -> None:
    assert client.get("/api/v1/claims", params={"q": words}).json() == {"items": [], "next": None}


def test_claims_are_walked_once_by_their_cursor(client: TestClient[Litestar]) -> None:
    seen, after = [], ""
    while True:
        told = client.get(f"/api/v1/claims?limit=1{after}").json()
        seen += [one["id"] for one in told["items"]]
        if told["next"] is None:
            break
        after = f"&after={told['next']}"
    assert sorted(seen) == ["c1", "c2", "c3", "c4"]


def test_errors_are_problems_whatever_goes_wrong(client: TestClient[Litestar]) -> None:
    for answer, status in (
        (client.get("/api/v1/nothing"), 404),
        (client.get(f"/api/v1/incidents/{2**70}"), 404),
        (client.put("/api/v1/incidents"), 405),
        (client.post("/api/v1/read", content=b"{"), 400),
        (client.post("/api/v1/decisions", json={"kind": "accept", "target": "c99"}), 409),
    ):
        assert answer.status_code == status == answer.json()["status"]
        assert answer.headers["content-type"].startswith("application/problem+json")


def test_feeds_of_a_saved_search(client: TestClient[Litestar]) -> None:
    saved = client.post("/api/v1/searches", json={"name": "ضربات", "filters": {"since": "2018-05-01"}}).json()
    feed = client.get(f"/api/v1/searches/{saved['id']}/feed.json").json()
    assert [item["id"].rsplit("/", 1)[1] for item in feed["items"]] == ["2"]
    assert client.get(f"/api/v1/searches/{saved['id']}/feed.atom").text.count("<entry>") == 1
    assert client.delete(f"/api/v1/searches/{saved['id']}").status_code == 204
    assert client.get(f"/api/v1/searches/{saved['id']}/feed.json").status_code == 404


def test_lists_are_told_as_of_a_day(client: TestClient[Litestar], app: Litestar) -> None:
    tomorrow, before = "2999-01-01", "2001-01-01"
    for path in ("incidents", "claims"):
        now = client.get(f"/api/v1/{path}").json()
        assert client.get(f"/api/v1/{path}?as_of={tomorrow}").json() == now and now["items"]
        assert client.get(f"/api/v1/{path}?as_of={before}").json() == {"items": [], "next": None}
        assert client.get(f"/api/v1/{path}?as_of=soon").status_code == 400
    assert client.get(f"/api/v1/incidents.geojson?as_of={before}").json()["features"] == []
    assert client.get(f"/api/v1/incidents.csv?as_of={before}").text.count("\n") == 1


def test_tables_come_whole_or_part_by_part_by_their_links(client: TestClient[Litestar]) -> None:
    whole = client.get("/api/v1/incidents.csv").text.splitlines()
    assert [line.split(",")[0] for line in whole[1:]] == ["i2", "i1"]
    first = client.get("/api/v1/incidents.csv?limit=1")
    assert first.text.splitlines() == whole[:2]
    following = first.links["next"]["url"]
    second = client.get(following)
    assert second.text.splitlines()[1:] == whole[2:] and "next" not in second.links
    part = client.get("/api/v1/incidents.geojson?limit=1")
    assert {feature["properties"]["incident"] for feature in part.json()["features"]} == {"i2"}
    rest = client.get(f"/api/v1/incidents.geojson?after={part.json()['next']}").json()
    assert {feature["properties"]["incident"] for feature in rest["features"]} == {"i1"} and rest["next"] is None
    assert client.get(following, headers={"if-none-match": second.headers["etag"]}).status_code == 304
    assert client.get("/api/v1/incidents.csv?limit=100001").status_code == 400
