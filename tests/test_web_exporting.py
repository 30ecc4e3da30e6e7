"""The site gives the exports that the command gives, to those who may see the record."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from sijill.export import FORMATS
from web_house import MARK, app_of, client_of, marked_record


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Litestar]:
    folder = tmp_path_factory.mktemp("house")
    with marked_record(folder / "record") as record:
        yield app_of(record, folder, public=True)


@pytest.fixture
def client(app: Litestar) -> Iterator[TestClient[Litestar]]:
    with client_of(app, "reader") as signed_in:
        yield signed_in


def opened(client: TestClient[Litestar], address: str) -> dict[str, bytes]:
    answer = client.get(f"/api/v1/export/{address}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("to", FORMATS)
def test_every_format_comes_as_a_whole_package(client: TestClient[Litestar], to: str) -> None:
    files = opened(client, to)
    assert {"datapackage.json", "SHA256SUMS", "figures.csv", "left-out.csv"} <= set(files)
    assert json.loads(files["datapackage.json"])["resources"]
    assert f"/api/v1/export/{to}" in client.get("/export").text


def test_filters_and_options_are_those_of_the_page(client: TestClient[Litestar]) -> None:
    def ids(address: str) -> list[str]:
        return [f["id"] for f in json.loads(opened(client, f"geojson{address}")["incidents.geojson"])["features"]]

    assert ids("") == ["i1", "i2"]
    assert ids("?since=2018-05-01") == ids("?q=سراقب&since=2018-05-01") == ["i2"]
    assert ids("?killed=3") == ["i1", "i2"] and ids("?killed=99") == []
    assert ids("?state=final") == ["i1"]
    assert ids("?as_of=2001-01-01") == [] and ids("?as_of=2999-01-01") == ["i1", "i2"]
    # An outlet is meant as well as a source that its reports name.
    assert ids(f"?source=الراصد {MARK}") == ids(f"?source=شاهد {MARK} الراصد") == ["i1", "i2"]
    assert ids("?source=nobody") == []
    for kind in ("outlet", "witness", "official"):
        listed = client.get(f"/api/v1/incidents?order=added&kind={kind}").json()["items"]
        assert ids(f"?kind={kind}") == sorted(one["id"] for one in listed), kind
    told = opened(client, "geojson?withhold=1")["incidents.geojson"].decode()
    assert MARK in opened(client, "geojson")["incidents.geojson"].decode() and "36.8061" not in told


@pytest.mark.parametrize("address", ["docx", "csv?rule=most", "csv?as_of=soon", "csv?kind=nobody", "csv?killed=x"])
def test_what_makes_no_sense_is_refused(client: TestClient[Litestar], address: str) -> None:
    answer = client.get(f"/api/v1/export/{address}")
    assert answer.status_code == 400 and answer.json()["detail"]


def test_the_public_gets_none(app: Litestar) -> None:
    with client_of(app) as stranger:
        assert stranger.get("/api/v1/export/csv").status_code == 401
        assert "/api/v1/export/" not in stranger.get("/").text
