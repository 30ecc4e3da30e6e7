"""Bringing a record to the form this program works with."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text

from sijill.record.schema import HEAD


def version(connection: Connection) -> str | None:
    """The form of a record, or None where there is none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def known(revision: str) -> bool:
    """Whether this program has a way from that form to its own."""
    return any(path.name.startswith(f"r{revision}_") for path in (_folder() / "versions").glob("r*.py"))


def upgrade(connection: Connection, to: str = HEAD) -> None:
    """Run the steps that are missing, in the transaction of `connection`."""
    config = Config()
    config.set_main_option("script_location", str(_folder()))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _folder() -> Path:
    return Path(__file__).parent / "migrations"
