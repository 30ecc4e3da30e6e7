"""The tables of a record, the same on SQLite and PostgreSQL.

Three kinds of table. *Evidence* (captures, arrivals, readings, decisions, member_log, ledger, stamps) is append-only
and held by the ledger's hash chain. *Rows of claims* (claims, claim_places, claim_parties) repeat what the readings
say, for searching, and can be checked against them. *Working tables* (blocks, bands, members, incidents, states, bars)
are derived. Text search and boxes live in tables of each store's own kind, made by the migrations.

Ids are given by the program, under the one writer's lock, so that a batch is inserted without asking back.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

HEAD = "0004"
"""The migration this program works with; a record that tells another is older or newer."""

APPEND_ONLY = ("captures", "arrivals", "readings", "decisions", "member_log", "ledger", "stamps")

metadata = MetaData()
# SQLite's own row id is a 64-bit INTEGER PRIMARY KEY; elsewhere the same is called BIGINT.
Id = BigInteger().with_variant(Integer(), "sqlite")


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=False)


meta = Table("meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

captures = Table(
    "captures",
    metadata,
    _id(),
    Column("sha256", LargeBinary, nullable=False, unique=True),
    Column("size", BigInteger, nullable=False),
    Column("codec", Text, nullable=False),
    Column("at", Text, nullable=False),
)
blobs = Table(
    "blobs",
    metadata,
    Column("capture_id", Id, ForeignKey("captures.id"), primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
)
withheld = Table(
    "withheld",
    metadata,
    Column("capture_id", Id, ForeignKey("captures.id"), primary_key=True, autoincrement=False),
    Column("decision_id", Id, nullable=False),
    Column("removed", Boolean, nullable=False),
)
arrivals = Table(
    "arrivals",
    metadata,
    _id(),
    Column("capture_id", Id, ForeignKey("captures.id"), nullable=False),
    Column("at", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("detail", Text, nullable=False),
    UniqueConstraint("capture_id", "address"),
)
readings = Table(
    "readings",
    metadata,
    _id(),
    Column("capture_id", Id, ForeignKey("captures.id"), nullable=False),
    Column("at", Text, nullable=False),
    Column("reader", Text, nullable=False),
    Column("outlet", Text),
    Column("published", Text),
    Column("copy_of", Id),
    Column("origin", Id, nullable=False),
    Column("text_digest", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("data", LargeBinary, nullable=False),
    UniqueConstraint("capture_id", "reader"),
    Index("readings_by_text", "text_digest"),
    Index("readings_by_copy", "copy_of"),
    Index("readings_by_outlet", "outlet"),
)
bands = Table(
    "bands",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("capture_id", Id, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
claims = Table(
    "claims",
    metadata,
    _id(),
    Column("thread", Id, nullable=False),
    Column("reading_id", Id, ForeignKey("readings.id"), nullable=False),
    Column("key", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("modality", Text, nullable=False),
    Column("first", Integer),
    Column("last", Integer),
    Column("source_kind", Text, nullable=False),
    Column("source", Text),
    Column("killed", Integer),
    Column("injured", Integer),
    Column("current", Boolean, nullable=False),
    Column("fact", LargeBinary, nullable=False),
    Index("claims_by_reading", "reading_id"),
    Index("claims_by_thread", "thread"),
    Index("claims_by_type", "type", "first"),
    Index("claims_by_day", "first"),
    Index("claims_by_killed", "killed"),
    Index("claims_by_source", "source"),
)
claim_places = Table(
    "claim_places",
    metadata,
    _id(),
    Column("claim_id", Id, ForeignKey("claims.id"), nullable=False),
    Column("place_id", Text),
    Column("name", Text, nullable=False),
    Column("lat", Float),
    Column("lon", Float),
    Column("precision", Text, nullable=False),
    Column("country", Text),
    Column("admin1", Text),
    Column("admin2", Text),
    Index("claim_places_by_claim", "claim_id"),
    Index("claim_places_by_place", "place_id"),
    Index("claim_places_by_name", "name"),
    Index("claim_places_by_admin1", "admin1"),
    Index("claim_places_by_admin2", "admin2"),
    Index("claim_places_by_country", "country"),
)
claim_parties = Table(
    "claim_parties",
    metadata,
    Column("claim_id", Id, ForeignKey("claims.id"), primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("role", Text, nullable=False),
    Column("actor", Text),
    Column("name", Text, nullable=False),
    # Of the one column: PostgreSQL then keeps a name once for all its claims, and SQLite adds the key by itself.
    Index("claim_parties_by_actor", "actor"),
    Index("claim_parties_by_name", "name"),
    sqlite_with_rowid=False,
)
blocks = Table(
    "blocks",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("claim_id", Id, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
incidents = Table(
    "incidents",
    metadata,
    _id(),
    Column("at", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("first", Integer),
    Column("last", Integer),
    Column("place", Text),
    Column("lat", Float),
    Column("lon", Float),
    Column("killed_low", Integer),
    Column("killed_high", Integer),
    Column("claims", Integer, nullable=False),
    Column("independent", Integer, nullable=False),
    Column("occurrence", Text, nullable=False),
    Column("merged_into", Id),
    Index("incidents_by_day", "first"),
    Index("incidents_by_merge", "merged_into"),
)
members = Table(
    "members",
    metadata,
    Column("claim_id", Id, ForeignKey("claims.id"), primary_key=True, autoincrement=False),
    Column("incident_id", Id, nullable=False),
    Column("score", Float, nullable=False),
    Column("pinned", Boolean, nullable=False),
    Index("members_by_incident", "incident_id"),
)
member_log = Table(
    "member_log",
    metadata,
    _id(),
    Column("at", Text, nullable=False),
    Column("claim_id", Id, nullable=False),
    Column("incident_id", Id, nullable=False),
    Column("score", Float, nullable=False),
    Column("why", Text, nullable=False),
    Column("decision_id", Id),
    Index("member_log_by_claim", "claim_id"),
    Index("member_log_by_decision", "decision_id"),
)
bars = Table(
    "bars",
    metadata,
    Column("low", Id, primary_key=True, autoincrement=False),
    Column("high", Id, primary_key=True, autoincrement=False),
    Column("decision_id", Id, nullable=False),
)
decisions = Table(
    "decisions",
    metadata,
    _id(),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("field", Text),
    Column("value", Text),
    Column("why", Text, nullable=False),
    Column("replaces", Id),
    Column("anchor", Text),
    Index("decisions_by_target", "target", "field"),
    Index("decisions_by_replaces", "replaces"),
)
states = Table(
    "states",
    metadata,
    Column("target", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("assignee", Text),
    Index("states_by_state", "state"),
)
ledger = Table(
    "ledger",
    metadata,
    Column("seq", Id, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("ref", Id, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("ledger_by_ref", "kind", "ref"),
)
stamps = Table(
    "stamps",
    metadata,
    _id(),
    Column("at", Text, nullable=False),
    Column("line", Id, nullable=False),
    Column("authority", Text, nullable=False),
    Column("roots", Text, nullable=False),
    Column("answer", LargeBinary, nullable=False),
)
