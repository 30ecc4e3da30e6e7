"""Removal for safety: evidence of a capture that people decided to remove may be emptied, and nothing else of it.

And on PostgreSQL smaller indexes: those of names and actors keep each once.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

_GONE = "SELECT 1 FROM withheld w WHERE w.removed AND w.capture_id = OLD.capture_id"
_DECIDED = (
    "SELECT 1 FROM withheld w WHERE w.removed AND (OLD.target = 'r' || w.capture_id OR EXISTS ("
    "SELECT 1 FROM readings r JOIN claims c ON c.reading_id = r.id "
    "WHERE r.capture_id = w.capture_id AND OLD.target = 'c' || c.thread))"
)
# Who, when, of what and by which hash: these stay even where the words are removed.
_KEPT = {
    "arrivals": (_GONE, ("id", "capture_id", "at")),
    "readings": (_GONE, ("id", "capture_id", "at", "reader", "copy_of", "origin", "text_digest", "digest")),
    "decisions": (_DECIDED, ("id", "at", "who", "kind", "target", "field", "replaces")),
}


def upgrade() -> None:
    """Let the triggers that hold evidence know of removals."""
    lite = op.get_bind().dialect.name == "sqlite"
    for table, (removed, kept) in _KEPT.items():
        (_sqlite if lite else _postgresql)(table, removed, kept)
    for column in ("actor", "name"):
        op.drop_index(f"claim_parties_by_{column}", "claim_parties")
        op.create_index(f"claim_parties_by_{column}", "claim_parties", [column])


def _sqlite(table: str, removed: str, kept: tuple[str, ...]) -> None:
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in kept)
    op.execute(f"DROP TRIGGER {table}_no_update")
    op.execute(
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN {changed} OR NOT EXISTS ({removed}) "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _postgresql(table: str, removed: str, kept: tuple[str, ...]) -> None:
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in kept)
    op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION sijill_append_only()"
    )
    op.execute(
        f"CREATE FUNCTION sijill_removed_only_{table}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {changed} OR NOT EXISTS ({removed}) "
        "THEN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_removed_only BEFORE UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION sijill_removed_only_{table}()"
    )
