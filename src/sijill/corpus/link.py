"""Linking: a corpus's claims brought together in incidents by Splink, with the comparisons of the record.

On one machine Splink runs on DuckDB, on a cluster on Spark; both compare the same rows by the same levels and write
the same file. See `compare` and `levels`.
"""

from __future__ import annotations

import fcntl
import hashlib
import math
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sijill.corpus.levels import comparisons
from sijill.corpus.pace import Pace, Tell
from sijill.corpus.parts import CLAIMS, REPORTS
from sijill.corpus.plan import CorpusError, local
from sijill.corpus.settle import SETTLED
from sijill.incidents.pair import weights
from sijill.record.copies import NEAR

INCIDENTS, ASIDE = "incidents.parquet", "linking"
COLUMNS = ["id", "report", "fact"]
"""What linking reads of the claims of a run."""
REPORT_COLUMNS = ["id", "words_digest", "signature"]
"""What it reads of the reports."""
_LIKELY = 0.5
ROWS = 100_000
CHUNK = 100_000
"""Claims whose pairs are looked at together: what a chunk needs of memory does not grow with the corpus."""


class Linked(msgspec.Struct, frozen=True):
    """What linking gave: claims, how many of them are of reports that repeat another's text, incidents, pairs looked at
    that are likely, and the SHA-256 of the file."""

    claims: int
    copied: int
    incidents: int
    pairs: int
    sha256: str


class Clustered(NamedTuple):
    """What an engine found: how many pairs are likely, and rows of `SETTLED` in the order of clusters."""

    pairs: int
    claims: Iterable[pa.RecordBatch]


class Engine(Protocol):
    """What linking asks of DuckDB and Spark. The tables `claims` and `signed` are there, and `FUNCTIONS`."""

    calls: dict[str, str]
    api: Any
    """Splink's."""

    def keep(self, name: str, query: str) -> str:
        """Keep what a query gives as a table, and give its name back."""

    def table(self, found: Any) -> str:
        """The name of one of Splink's tables."""


def link(
    corpus: Path,
    *,
    database: str | None = None,
    memory: str | None = None,
    engine: str = "duckdb",
    master: str | None = None,
    conf: Mapping[str, str] | None = None,
    tell: Tell | None = None,
) -> Linked:
    """Write `incidents.parquet` beside the claims of a run: a row a claim, with its incident, its voice there (claims
    of one number are one independent teller), its report, and the report that this one copies (`origin`; else its own).
    Incidents are named by their least claim, so that the same claims give the same file, on either engine.

    `engine` is "duckdb" (in memory, or for many claims in a file that is taken away after; `database` names one that
    stays; `memory`, as "4GB", is the most it takes, else four fifths of the machine's) or "spark": on the cluster that
    `master` names (None: the session that is open, else the cores of this machine), with more settings in `conf`.
    `tell` hears how far it is. Raises `CorpusError` where `corpus` is no finished run, and where the engine cannot be
    had.
    """
    local(corpus)
    if not (corpus / "manifest.json").is_file():
        raise CorpusError(f"{corpus}: no finished run is there; make one with `sijill run`")
    files = sorted((corpus / CLAIMS).glob("*.parquet"))
    reports = sorted((corpus / REPORTS).glob("*.parquet"))
    if not set(REPORT_COLUMNS) <= set(pq.read_schema(reports[0]).names):
        raise CorpusError(
            f"{corpus}: an earlier Sijill made it, without what tells copies; make it anew by `sijill run`"
        )
    claims = sum(pq.read_metadata(path).num_rows for path in files)
    aside, pace = corpus.absolute() / ASIDE, Pace(tell, claims)
    with _alone(aside):
        if engine == "spark":
            from sijill.corpus.spark import on_spark  # where it is not asked for, no Java is needed

            with on_spark(corpus.absolute(), aside, master, conf or {}, claims, pace) as there:
                return _write(corpus, claims, there, pace)
        from sijill.corpus.duck import on_duckdb

        if database is None and claims > CHUNK:
            database = str(aside / "link.duckdb")
        with on_duckdb(reports, files, database or ":memory:", memory, claims, pace) as there:
            return _write(corpus, claims, there, pace)


@contextmanager
def _alone(aside: Path) -> Iterator[None]:
    """The folder of what is between steps, for this run alone. What a killed run left there goes."""
    try:
        aside.mkdir(exist_ok=True)
        with (aside / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise CorpusError(
                    f"{aside.parent}: is being linked by another program; wait until it is done"
                ) from error
            try:
                for left in aside.iterdir():
                    if left.name != "lock":
                        shutil.rmtree(left) if left.is_dir() else left.unlink()
                yield
            finally:
                shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise CorpusError(f"{aside}: cannot be written: {error.strerror}; run again when it can") from error


# Every report is compared with the least of those under a key of its own: a text that thousands copy costs thousands
# of looks, not their square.
_NEAR = f"""
SELECT DISTINCT first AS report_l, report AS report_r FROM (
  SELECT report, whole, signature, first_value(report) OVER same AS first, first_value(signature) OVER same AS other
  FROM signed WINDOW same AS (PARTITION BY whole, key ORDER BY report)
) met WHERE report <> first AND (whole OR alike(other, signature) >= {NEAR})
"""
# A report copies the least that it is like, and what that one copies, four steps far.
_FACTS = """
WITH one AS (SELECT report_r AS report, min(report_l) AS origin FROM near GROUP BY report_r),
two AS (SELECT a.report, coalesce(b.origin, a.origin) AS origin FROM one a LEFT JOIN one b ON b.report = a.origin),
four AS (SELECT a.report, coalesce(b.origin, a.origin) AS origin FROM two a LEFT JOIN two b ON b.report = a.origin)
SELECT c.*, coalesce(o.origin, c.report) AS origin FROM claims c LEFT JOIN four o ON o.report = c.report
"""
_TOLD = """
SELECT k.cluster_id AS cluster, f.unique_id AS claim, f.report, f.origin, f.fact
FROM {clusters} k JOIN facts f ON f.unique_id = k.unique_id
"""


def bring_together(engine: Engine, chunks: int, pace: Pace) -> tuple[str, str]:
    """Find copies, then likely pairs (of so many chunks of the claims in turn), then the claims by cluster: the names
    of the tables of pairs and of claims. A cluster's id is its least claim."""
    try:
        from splink import Linker, SettingsCreator, block_on
    except ImportError as error:
        raise CorpusError(f"linking needs an extra: pip install 'sijill[corpus]' ({error.name})") from error
    pace.at("copies")
    engine.keep("near", _NEAR)
    facts = engine.keep("facts", _FACTS)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=list(comparisons(engine.calls)),
        blocking_rules_to_generate_predictions=[
            block_on("keys", arrays_to_explode=["keys"]), block_on("origin", "family")
        ],
        probability_two_random_records_match=1 / (1 + math.exp(-weights()["start"])),
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )  # fmt: skip
    linker = Linker(engine.api.register(facts), settings, log_level=40)
    pairs = _likely(linker, engine, chunks, pace)
    pace.at("clusters")
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, _LIKELY)
    told = engine.keep("told", _TOLD.format(clusters=engine.table(clusters)))
    return engine.table(pairs), told


def _likely(linker: Any, engine: Engine, chunks: int, pace: Pace) -> Any:
    """Splink's table of likely pairs: those whose lesser claim is in one chunk, then in the next."""
    found = []
    for number in range(chunks):
        pace.at("pairs", number / chunks)
        chunk = (number + 1, chunks)
        found.append(linker.inference.predict_chunk(chunk, threshold_match_probability=_LIKELY, warning_mode="never"))
    if chunks == 1:
        return found[0]
    every = " UNION ALL ".join(
        f"SELECT unique_id_l, unique_id_r, match_probability FROM {engine.table(told)}" for told in found
    )
    name = engine.keep("likely", every)
    for told in found:
        told.drop_table_from_database_and_remove_from_cache()
    return engine.api.table_to_splink_dataframe(name, name)


def cause(error: BaseException | None, *kinds: type[BaseException]) -> BaseException | None:
    """The error of an engine that another, as Splink's, was raised for; None where none of these kinds was met."""
    while error is not None and not isinstance(error, kinds):
        error = error.__cause__
    return error


def _write(corpus: Path, claims: int, found: Clustered, pace: Pace) -> Linked:
    """The file, in groups of one size whatever the engine's batches, made durable before it gets its name."""
    path, aside = corpus / INCIDENTS, corpus / f".{INCIDENTS}.{os.getpid()}"
    copied = incidents = rows = 0
    last = ""
    pace.at("incidents")
    schema = SETTLED.remove(0)
    try:
        with pq.ParquetWriter(aside, schema, compression="zstd") as file:
            for table in _even(found.claims):
                told = table.select(schema.names).cast(schema)
                names = pc.run_end_encode(told["incident"].combine_chunks()).values.to_pylist()
                incidents += len(names) - (names[0] == last)  # the claims of an incident stand together
                rows, last = rows + told.num_rows, names[-1]
                pace.at("incidents", rows / claims)
                copied += pc.sum(pc.not_equal(told["report"], told["origin"])).as_py()
                file.write_table(told)
        with aside.open("rb+") as written:
            os.fsync(written.fileno())
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        aside.replace(path)
    except OSError as error:
        raise CorpusError(f"{path}: cannot be written: {error.strerror}; run again when it can") from error
    finally:
        aside.unlink(missing_ok=True)
    return Linked(claims, copied, incidents, found.pairs, digest)


def _even(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        held.append(batch)
        rows += batch.num_rows
        while rows >= ROWS:
            table = pa.Table.from_batches(held).combine_chunks()
            yield table.slice(0, ROWS)
            held = table.slice(ROWS).to_batches()
            rows -= ROWS
    if held:
        yield pa.Table.from_batches(held).combine_chunks()
