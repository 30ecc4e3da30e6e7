"""Linking on DuckDB, in this process: it takes what memory it is given, and spills to its file where it has one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sijill.corpus.compare import compared, signed
from sijill.corpus.levels import FUNCTIONS
from sijill.corpus.link import CHUNK, COLUMNS, REPORT_COLUMNS, ROWS, Clustered, bring_together, cause
from sijill.corpus.pace import Pace
from sijill.corpus.plan import CorpusError
from sijill.corpus.settle import settled


class DuckDB:
    """DuckDB as an `Engine`."""

    def __init__(self, connection: Any) -> None:
        from splink import DuckDBAPI

        self.connection, self.api = connection, DuckDBAPI(connection)
        self.calls: dict[str, str] = {}
        for name, (function, gives) in FUNCTIONS.items():
            connection.create_function(
                name, function, ["BLOB", "BLOB"], {"string": "VARCHAR"}.get(gives, gives), type="arrow",
                null_handling="special",
            )  # fmt: skip

    def keep(self, name: str, query: str) -> str:
        self.connection.execute(f"CREATE OR REPLACE TABLE {name} AS {query}")
        return name

    def table(self, found: Any) -> str:
        return str(found.physical_name)

    def take(self, name: str, rows: pa.Table, first: bool) -> None:
        """Put rows into a table."""
        self.connection.register("part", rows)
        what = f"CREATE OR REPLACE TABLE {name} AS" if first else f"INSERT INTO {name}"
        self.connection.execute(f"{what} SELECT * FROM part")
        self.connection.unregister("part")


@contextmanager
def on_duckdb(
    reports: list[Path], files: list[Path], database: str, memory: str | None, claims: int, pace: Pace
) -> Iterator[Clustered]:
    """The likely pairs and clusters of the claims of a run. Of the corpus only one file is held at a time.

    Raises `CorpusError` where DuckDB cannot be had, or fails on the way.
    """
    with _opened(database, memory) as connection, _told_in_a_line():
        engine = DuckDB(connection)
        every = len(reports) + len(files)
        for number, path in enumerate(reports):
            pace.at("claims", number / every)
            engine.take("signed", signed(pq.read_table(path, columns=REPORT_COLUMNS)), number == 0)
        for number, path in enumerate(files):
            pace.at("claims", (len(reports) + number) / every)
            engine.take("claims", compared(pq.read_table(path, columns=COLUMNS)), number == 0)
        pairs, told = bring_together(engine, 1 + claims // CHUNK, pace)
        ((count,),) = connection.execute(f"SELECT count(*) FROM {pairs}").fetchall()
        rows = connection.sql(f"SELECT * FROM {told} ORDER BY cluster, claim")
        yield Clustered(count, _settled(rows.to_arrow_reader(ROWS)))


def _opened(database: str, memory: str | None) -> Any:
    try:
        import duckdb
        import splink  # noqa: F401
    except ImportError as error:
        raise CorpusError(f"linking needs an extra: pip install 'sijill[corpus]' ({error.name})") from error
    try:
        connection = duckdb.connect(database)
    except duckdb.Error as error:
        raise CorpusError(f"{database}: no DuckDB file that can be used: {str(error).splitlines()[0]}") from error
    try:
        connection.execute("SET preserve_insertion_order = false")  # which takes memory; what is written is sorted
        if memory is not None:
            connection.execute("SET memory_limit = ?", [memory])
    except duckdb.Error as error:
        connection.close()
        raise CorpusError(f"{memory}: no size of memory; write it as 4GB") from error
    return connection


@contextmanager
def _told_in_a_line() -> Iterator[None]:
    """What goes wrong on the way, without the query that Splink tells of it."""
    import duckdb

    try:
        yield
    except Exception as error:
        why = cause(error, duckdb.Error)
        if why is None:
            raise
        what = "; give it more by --memory" if isinstance(why, duckdb.OutOfMemoryException) else ""
        raise CorpusError(f"DuckDB: {str(why).splitlines()[0]}{what}") from error


def _settled(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Cluster by cluster, of batches in their order; a cluster may go on in the next batch."""
    held: pa.Table | None = None
    for batch in batches:
        told = pa.Table.from_batches([batch])
        held = told if held is None else pa.concat_tables([held, told])
        ends = pc.run_end_encode(held["cluster"].combine_chunks()).run_ends.to_pylist()
        for start, end in pairwise([0, *ends[:-1]]):
            yield from settled(held.slice(start, end - start)).to_batches()
        held = held.slice(ends[-2] if len(ends) > 1 else 0)
    if held is not None:
        yield from settled(held).to_batches()
