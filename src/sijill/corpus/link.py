"""Linking: a corpus's claims brought together in incidents by Splink, with the comparisons of the record.

On one machine Splink runs on DuckDB, on a cluster on Spark; both compare the same rows by the same levels and write
the same file. See `compare`.
"""

from __future__ import annotations

import hashlib
import math
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from sijill.corpus.compare import compared, comparisons
from sijill.corpus.parts import CLAIMS
from sijill.corpus.plan import CorpusError
from sijill.incidents.pair import weights

INCIDENTS, ASIDE = "incidents.parquet", "linking"
COLUMNS = ["id", "report", "fact"]
"""What linking reads of the claims of a run."""
_LIKELY = 0.5
_ROWS = 100_000
_SCHEMA = pa.schema([("claim", pa.string()), ("incident", pa.string())])


class Linked(msgspec.Struct, frozen=True):
    """What linking gave: claims, incidents, pairs looked at that are likely, and the SHA-256 of the file."""

    claims: int
    incidents: int
    pairs: int
    sha256: str


class Clustered(NamedTuple):
    """What an engine found: how many pairs are likely, and (claim, cluster) in the order of claims."""

    pairs: int
    clusters: Iterable[pa.RecordBatch]


def link(
    corpus: Path,
    *,
    database: str = ":memory:",
    engine: str = "duckdb",
    master: str | None = None,
    conf: Mapping[str, str] | None = None,
) -> Linked:
    """Write `incidents.parquet` (claim, incident) beside the claims of a run. Incidents are named by their least
    claim, so that the same claims give the same file, on either engine.

    `engine` is "duckdb" (`database` may then be a file, for more than memory holds) or "spark": on the cluster that
    `master` names (None: the session that is open, else the cores of this machine), with more settings in `conf`.
    Raises `CorpusError` where `corpus` is no finished run, and where the engine cannot be had.
    """
    if not (corpus / "manifest.json").is_file():
        raise CorpusError(f"{corpus}: no finished run is there; make one with `sijill run`")
    files = sorted((corpus / CLAIMS).glob("*.parquet"))
    claims = sum(pq.read_metadata(path).num_rows for path in files)
    if claims < 2:
        found = Clustered(0, [_alone(path) for path in files])
        return _write(corpus, claims, found)
    aside = corpus.absolute() / ASIDE
    try:
        if engine == "spark":
            from sijill.corpus.spark import on_spark  # where it is not asked for, no Java is needed

            with on_spark(corpus.absolute() / CLAIMS, aside, master, conf or {}) as found:
                return _write(corpus, claims, found)
        with _on_duckdb(files, database) as found:
            return _write(corpus, claims, found)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def settings(calls: dict[str, str]) -> Any:
    """Splink's settings, for an engine whose functions have other names than DuckDB's."""
    try:
        from splink import SettingsCreator, block_on
    except ImportError as error:
        raise CorpusError(f"linking needs an extra: pip install 'sijill[corpus]' ({error.name})") from error
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=list(comparisons(calls)),
        blocking_rules_to_generate_predictions=[block_on("keys", arrays_to_explode=["keys"])],
        probability_two_random_records_match=1 / (1 + math.exp(-weights()["start"])),
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )


def clustered(linker: Any) -> tuple[Any, Any]:
    """The likely pairs and the clusters they tie, as Splink's tables. A cluster's id is its least claim."""
    pairs = linker.inference.predict(threshold_match_probability=_LIKELY)
    return pairs, linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, _LIKELY)


@contextmanager
def _on_duckdb(files: list[Path], database: str) -> Iterator[Clustered]:
    """Of the claims only one file is held at a time; DuckDB spills to its file, where it has one."""
    chosen = settings({})
    import duckdb
    from splink import DuckDBAPI, Linker

    try:
        connection = duckdb.connect(database)
    except duckdb.Error as error:
        raise CorpusError(f"{database}: no DuckDB file that can be used: {str(error).splitlines()[0]}") from error
    with connection:
        for number, path in enumerate(files):
            connection.register("part", compared(pq.read_table(path, columns=COLUMNS)))
            what = "INSERT INTO compared" if number else "CREATE OR REPLACE TABLE compared AS"
            connection.execute(f"{what} SELECT * FROM part")
            connection.unregister("part")
        api = DuckDBAPI(connection)
        pairs, clusters = clustered(Linker(api.register("compared"), chosen, log_level=40))
        ((count,),) = connection.execute(f"SELECT count(*) FROM {pairs.physical_name}").fetchall()
        told = connection.sql(
            f"SELECT unique_id AS claim, cluster_id AS cluster FROM {clusters.physical_name} ORDER BY claim"
        )
        yield Clustered(count, told.to_arrow_reader(_ROWS))


def _alone(path: Path) -> pa.RecordBatch:
    ids = pq.read_table(path, columns=["id"])["id"].combine_chunks()
    return pa.record_batch({"claim": ids, "cluster": ids})


def _write(corpus: Path, claims: int, found: Clustered) -> Linked:
    """The file, in groups of one size whatever the engine's batches, made durable before it gets its name."""
    path, aside = corpus / INCIDENTS, corpus / f".{INCIDENTS}.{os.getpid()}"
    incidents: set[str] = set()
    try:
        with pq.ParquetWriter(aside, _SCHEMA, compression="zstd") as file:
            for batch in _even(found.clusters):
                clusters = batch["cluster"].to_pylist()
                incidents.update(clusters)
                named = pa.array([f"k-{name}" for name in clusters], pa.string())
                file.write_table(pa.table({"claim": batch["claim"].cast(pa.string()), "incident": named}))
        with aside.open("rb+") as written:
            os.fsync(written.fileno())
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        aside.replace(path)
    except OSError as error:
        raise CorpusError(f"{path}: cannot be written: {error.strerror}; run again when it can") from error
    finally:
        aside.unlink(missing_ok=True)
    return Linked(claims, len(incidents), found.pairs, digest)


def _even(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        while sum(each.num_rows for each in held) >= _ROWS:
            table = pa.Table.from_batches(held)
            yield table.slice(0, _ROWS).combine_chunks()
            held = table.slice(_ROWS).to_batches()
    if held:
        yield pa.Table.from_batches(held).combine_chunks()
