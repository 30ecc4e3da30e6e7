"""Less room: readings are squeezed with a dictionary, and on PostgreSQL words are kept as codes; outlets are found.

Readings that stand are evidence, and stay as they were squeezed; the index of words is made anew.
"""

from alembic import op
from sqlalchemy import text

from sijill.record import index, packed
from sijill.record.documents import documents
from sijill.record.postgres import prepare

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Put the dictionary into the record, and index words anew on PostgreSQL."""
    connection = op.get_bind()
    op.create_index("readings_by_outlet", "readings", ["outlet"])
    connection.execute(text("INSERT INTO meta VALUES (:key, :value)"), {"key": packed.KEY, "value": packed.told()})
    if connection.dialect.name == "sqlite":
        return
    op.execute("DROP TABLE words")
    op.execute("CREATE TABLE words (id bigint PRIMARY KEY, said int[] NOT NULL)")
    for page in documents(connection):
        index.put(connection, page, [])
    # What waits to be put in its place is searched word by word, and the room it took is not given back.
    op.execute("CREATE INDEX words_by_word ON words USING gin (said) WITH (gin_pending_list_limit = 256)")
    prepare(connection)
