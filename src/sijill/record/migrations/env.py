"""Alembic's entry: migrations run on the connection that the record hands over, never on a URL of a file."""

from alembic import context

from sijill.record.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=False,
    # Text search and boxes have tables of their own that belong to the store, not to the schema.
    include_name=lambda name, kind, parents: kind != "table" or name in metadata.tables,
)
with context.begin_transaction():
    context.run_migrations()
