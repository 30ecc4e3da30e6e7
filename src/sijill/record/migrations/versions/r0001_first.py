"""The first form of the record."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPEND_ONLY = ("captures", "arrivals", "readings", "decisions", "member_log", "ledger")


def upgrade() -> None:
    """Make every table of a new record."""
    op.create_table(
        "bands",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("capture_id", Id, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "capture_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "bars",
        sa.Column("low", Id, autoincrement=False, nullable=False),
        sa.Column("high", Id, autoincrement=False, nullable=False),
        sa.Column("decision_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("low", "high"),
    )
    op.create_table(
        "blocks",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("claim_id", Id, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "day", "claim_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "captures",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("codec", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sha256"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("replaces", Id, nullable=True),
        sa.Column("anchor", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("decisions_by_replaces", "decisions", ["replaces"], unique=False)
    op.create_index("decisions_by_target", "decisions", ["target", "field"], unique=False)
    op.create_table(
        "incidents",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=True),
        sa.Column("last", sa.Integer(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("killed_low", sa.Integer(), nullable=True),
        sa.Column("killed_high", sa.Integer(), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("independent", sa.Integer(), nullable=False),
        sa.Column("occurrence", sa.Text(), nullable=False),
        sa.Column("merged_into", Id, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("incidents_by_day", "incidents", ["first"], unique=False)
    op.create_index("incidents_by_merge", "incidents", ["merged_into"], unique=False)
    op.create_table(
        "ledger",
        sa.Column("seq", Id, autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ref", Id, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("ledger_by_ref", "ledger", ["kind", "ref"], unique=False)
    op.create_table(
        "member_log",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("claim_id", Id, nullable=False),
        sa.Column("incident_id", Id, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("decision_id", Id, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("member_log_by_claim", "member_log", ["claim_id"], unique=False)
    op.create_index("member_log_by_decision", "member_log", ["decision_id"], unique=False)
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "states",
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("target"),
    )
    op.create_index("states_by_state", "states", ["state"], unique=False)
    op.create_table(
        "arrivals",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("capture_id", Id, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["capture_id"],
            ["captures.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("capture_id", "address"),
    )
    op.create_table(
        "blobs",
        sa.Column("capture_id", Id, autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["capture_id"],
            ["captures.id"],
        ),
        sa.PrimaryKeyConstraint("capture_id"),
    )
    op.create_table(
        "readings",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("capture_id", Id, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=True),
        sa.Column("published", sa.Text(), nullable=True),
        sa.Column("copy_of", Id, nullable=True),
        sa.Column("origin", Id, nullable=False),
        sa.Column("text_digest", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["capture_id"],
            ["captures.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("capture_id", "reader"),
    )
    op.create_index("readings_by_copy", "readings", ["copy_of"], unique=False)
    op.create_index("readings_by_text", "readings", ["text_digest"], unique=False)
    op.create_table(
        "withheld",
        sa.Column("capture_id", Id, autoincrement=False, nullable=False),
        sa.Column("decision_id", Id, nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["capture_id"],
            ["captures.id"],
        ),
        sa.PrimaryKeyConstraint("capture_id"),
    )
    op.create_table(
        "claims",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("thread", Id, nullable=False),
        sa.Column("reading_id", Id, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("modality", sa.Text(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=True),
        sa.Column("last", sa.Integer(), nullable=True),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("killed", sa.Integer(), nullable=True),
        sa.Column("injured", sa.Integer(), nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("fact", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reading_id"],
            ["readings.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("claims_by_day", "claims", ["first"], unique=False)
    op.create_index("claims_by_killed", "claims", ["killed"], unique=False)
    op.create_index("claims_by_reading", "claims", ["reading_id"], unique=False)
    op.create_index("claims_by_source", "claims", ["source"], unique=False)
    op.create_index("claims_by_thread", "claims", ["thread"], unique=False)
    op.create_index("claims_by_type", "claims", ["type", "first"], unique=False)
    op.create_table(
        "claim_parties",
        sa.Column("claim_id", Id, autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["claim_id"],
            ["claims.id"],
        ),
        sa.PrimaryKeyConstraint("claim_id", "n"),
        sqlite_with_rowid=False,
    )
    op.create_index("claim_parties_by_actor", "claim_parties", ["actor", "claim_id"], unique=False)
    op.create_index("claim_parties_by_name", "claim_parties", ["name", "claim_id"], unique=False)
    op.create_table(
        "claim_places",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("claim_id", Id, nullable=False),
        sa.Column("place_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("admin1", sa.Text(), nullable=True),
        sa.Column("admin2", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["claim_id"],
            ["claims.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("claim_places_by_admin1", "claim_places", ["admin1"], unique=False)
    op.create_index("claim_places_by_admin2", "claim_places", ["admin2"], unique=False)
    op.create_index("claim_places_by_claim", "claim_places", ["claim_id"], unique=False)
    op.create_index("claim_places_by_country", "claim_places", ["country"], unique=False)
    op.create_index("claim_places_by_name", "claim_places", ["name"], unique=False)
    op.create_index("claim_places_by_place", "claim_places", ["place_id"], unique=False)
    op.create_table(
        "members",
        sa.Column("claim_id", Id, autoincrement=False, nullable=False),
        sa.Column("incident_id", Id, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["claim_id"],
            ["claims.id"],
        ),
        sa.PrimaryKeyConstraint("claim_id"),
    )
    op.create_index("members_by_incident", "members", ["incident_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _sqlite() -> None:
    # Only the index of words is kept, not the words again: the texts are in the readings.
    op.execute("CREATE VIRTUAL TABLE words USING fts5(said, content='', columnsize=0, tokenize='unicode61')")
    op.execute("CREATE VIRTUAL TABLE boxes USING rtree(id, south, north, west, east)")
    for table in APPEND_ONLY:
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _postgresql() -> None:
    op.execute("CREATE TABLE words (id bigint PRIMARY KEY, said tsvector NOT NULL)")
    op.execute("CREATE INDEX words_by_word ON words USING gin (said)")
    op.execute("CREATE INDEX claim_places_by_point ON claim_places USING gist (point(lon, lat))")
    op.execute(
        "CREATE FUNCTION sijill_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION sijill_append_only()"
        )
