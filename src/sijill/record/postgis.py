"""PostGIS: used for boxes and circles where PostgreSQL has it; without it PostgreSQL's own points serve.

The index holds places as geographies, so that circles are measured on the globe and not on a plane.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, func, text
from sqlalchemy.exc import DBAPIError

from sijill.record.schema import claim_places

_INDEX = "claim_places_by_geography"
_WGS84 = 4326
_METRES = 1000.0


def make_index(connection: Connection) -> bool:
    """Index places by PostGIS where the server has it and lets this user; tells whether the index is there."""
    if connection.dialect.name != "postgresql":
        return False
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
