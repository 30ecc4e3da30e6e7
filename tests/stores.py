"""The databases that tests run on, and where a record may be made in each."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

STORES = ["sqlite", "postgresql"]


def debian_postgis() -> Path | None:
    """The programs of Debian's PostgreSQL where it is installed with PostGIS."""
    found = sorted(Path("/usr/share/postgresql").glob("*/extension/postgis.control"))
    return Path("/usr/lib/postgresql") / found[-1].parts[-3] / "bin" if found else None


def empty_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty folder or database of the store that a fixture's parameter names."""
    if request.param == "sqlite":
        yield str(tmp_path / "record")
        return
    uri = request.getfixturevalue({"postgresql": "postgres"}.get(request.param, request.param))
    name = f"r{uuid.uuid4().hex}"
    engine = create_engine("postgresql+psycopg://" + uri.split("://", 1)[1], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(uri).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()
