"""Trusted timestamps over lines of the ledger; and, where PostgreSQL has PostGIS, its index over places."""

import sqlalchemy as sa
from alembic import op

from sijill.record.postgres import prepare

revision = "0002"
down_revision = "0001"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table, append-only like all evidence."""
    op.create_table(
        "stamps",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("line", Id, nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("roots", sa.Text(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER stamps_no_{act.lower()} BEFORE {act} ON stamps "
                "BEGIN SELECT RAISE(ABORT, 'stamps is append-only'); END"
            )
    else:
        op.execute(
            "CREATE TRIGGER stamps_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stamps "
            "FOR EACH STATEMENT EXECUTE FUNCTION sijill_append_only()"
        )
        prepare(op.get_bind())
