"""What PostgreSQL is taught beside its tables: statistics, and PostGIS where the server has it.

With PostGIS places are geographies, and circles are measured on the globe; without it PostgreSQL's own points serve.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, func, text
from sqlalchemy.exc import DBAPIError

from sijill.record.schema import claim_places

_INDEX = "claim_places_by_geography"
_WGS84 = 4326
_METRES = 1000.0
_KNOWS_EXPRESSIONS = (14,)
"""Since this version PostgreSQL keeps statistics on expressions."""


def prepare(connection: Connection) -> None:
    """Teach PostgreSQL what it can learn; asked again it adds what has become possible since. SQLite needs nothing."""
    if connection.dialect.name != "postgresql":
        return
    if (connection.dialect.server_version_info or (0,)) >= _KNOWS_EXPRESSIONS:
        # Every other document is a claim's. Taken for one in two hundred, common words are looked up the dearest way.
        connection.execute(text("CREATE STATISTICS IF NOT EXISTS words_parity ON (id % 2) FROM words"))
    make_index(connection)


def make_index(connection: Connection) -> bool:
    """Index places by PostGIS where the server has it and lets this user; tells whether the index is there."""
    if has_index(connection):
        return True
    offered = "SELECT 1 FROM pg_available_extensions WHERE name = 'postgis'"
    if connection.execute(text(offered)).first() is None:
        return False
    try:
        with connection.begin_nested():
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
            spot = f"geography(ST_SetSRID(ST_MakePoint(lon, lat), {_WGS84}))"
            connection.execute(text(f"CREATE INDEX {_INDEX} ON claim_places USING gist (({spot}))"))
    except DBAPIError:
        return False  # this user may not add extensions: points serve as well
    return True


def has_index(connection: Connection) -> bool:
    """Whether places are indexed by PostGIS."""
    return connection.execute(text(f"SELECT to_regclass('{_INDEX}')")).scalar() is not None


def within(lat: float, lon: float, km: float) -> ColumnElement[bool]:
    """The places within a circle, by the index."""
    centre = func.geography(func.ST_SetSRID(func.ST_MakePoint(lon, lat), _WGS84))
    return func.ST_DWithin(_spot(), centre, km * _METRES)


def _spot() -> ColumnElement[object]:
    here = claim_places.c
    return func.geography(func.ST_SetSRID(func.ST_MakePoint(here.lon, here.lat), text(str(_WGS84))))
