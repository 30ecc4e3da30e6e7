"""Linking on Spark: the executors make rows of the claims, Splink pairs and clusters them; the driver holds nothing.

A cluster needs the corpus under the same path on every machine, and the same Sijill there. Nothing is downloaded: of
the functions that Splink brings for Spark in a JAR none is used.
"""

from __future__ import annotations

import math
import os
import re
import shutil
import socket
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sijill.corpus.compare import SCHEMA, SIGNED, compared, signed
from sijill.corpus.levels import FUNCTIONS
from sijill.corpus.link import COLUMNS, REPORT_COLUMNS, Clustered, bring_together, cause
from sijill.corpus.pace import Pace
from sijill.corpus.parts import CLAIMS, REPORTS
from sijill.corpus.plan import CorpusError
from sijill.corpus.settle import SETTLED, settled

Rows = Callable[[pa.RecordBatch], pa.Table]
_LOCAL = "local[*]"
_PYTHON, _SHUFFLES = "spark.pyspark.python", "spark.sql.shuffle.partitions"
_MOST_PIECES = 10_000
_PATIENCE = 10.0
_ERROR = re.compile(r"[\w.]*(Error|Exception|Failure)\b.*:")

_CALLS = {"list_has_any": "arrays_overlap", "list_intersect": "array_intersect", "len": "size"}


class _Spark:
    def __init__(self, session: Any, aside: Path) -> None:
        from pyspark.sql.pandas.functions import arrow_udf
        from splink import SparkAPI

        session.sparkContext.setCheckpointDir(f"file://{aside}")
        self.session, self.aside, self.calls = session, aside, _CALLS
        self.api: Any = SparkAPI(spark_session=session, register_udfs_automatically=False)  # type: ignore[no-untyped-call]
        for name, (function, gives) in FUNCTIONS.items():
            session.udf.register(name, arrow_udf(function, gives))  # type: ignore[call-overload]

    def take(self, name: str, folder: Path, columns: list[str], rows_of: Rows, schema: pa.Schema) -> None:
        """Make rows of the files in a folder, once: they are read more than once."""
        from pyspark.sql.pandas.types import from_arrow_schema

        def made(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for batch in batches:
                yield from rows_of(batch).to_batches()

        read = self.session.read.parquet(f"file://{folder}").select(*columns)
        self._keep(name, read.mapInArrow(made, from_arrow_schema(schema)))

    def keep(self, name: str, query: str) -> str:
        self._keep(name, self.session.sql(query))
        return name

    def _keep(self, name: str, rows: Any) -> None:
        rows.write.parquet(f"file://{self.aside}/{name}")
        self.session.read.parquet(f"file://{self.aside}/{name}").createOrReplaceTempView(name)

    def table(self, found: Any) -> str:
        name = str(found.physical_name)
        found.as_spark_dataframe().createOrReplaceTempView(name)
        return name


@contextmanager
def on_spark(
    corpus: Path, aside: Path, master: str | None, conf: Mapping[str, str], claims: int, pace: Pace
) -> Iterator[Clustered]:
    """The likely pairs and clusters of the claims of a run. Spark keeps what is between steps in `aside`, which all
    machines see. Raises `CorpusError` where Java, Spark or the cluster cannot be had, and where it fails."""
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)  # we use none of it
    with _session(aside, master, conf, claims) as session, _told_in_a_line():
        from pyspark.sql.pandas.types import from_arrow_schema

        engine = _Spark(session, aside)
        pace.at("claims")
        engine.take("signed", corpus / REPORTS, REPORT_COLUMNS, signed, SIGNED)
        engine.take("claims", corpus / CLAIMS, COLUMNS, compared, SCHEMA)
        pairs, told = bring_together(engine, 1, pace)
        rows = session.table(told).groupBy("cluster").applyInArrow(settled, from_arrow_schema(SETTLED))
        rows.orderBy("cluster", "incident", "claim").write.parquet(f"file://{aside}/settled")
        count = session.table(pairs).count()
    yield Clustered(count, _batches(aside / "settled"))


def _batches(folder: Path) -> Iterator[pa.RecordBatch]:
    """What Spark sorted, file by file: their names follow the order."""
    for path in sorted(folder.glob("part-*.parquet")):
        yield from pq.ParquetFile(path).iter_batches()


@contextmanager
def _session(aside: Path, master: str | None, conf: Mapping[str, str], claims: int) -> Iterator[Any]:
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise CorpusError("linking on Spark needs an extra: pip install 'sijill[spark]'") from error
    running = SparkSession.getActiveSession()
    if running is not None and master is None:
        yield running  # its owner stops it
        return
    if not _has_java():
        raise CorpusError("Spark needs Java 17 or later: install one, or tell where it is by JAVA_HOME")
    where = master or _LOCAL
    # No setting says this to a session made here: only the environment does. Executors run the Python of the same path.
    os.environ["PYSPARK_PYTHON"] = conf.get(_PYTHON) or os.environ.get("PYSPARK_PYTHON") or sys.executable
    builder = SparkSession.builder.master(where).appName("sijill link")
    for name, value in {**_defaults(where, aside), **conf}.items():
        builder = builder.config(name, value)
    _knock(where)
    try:
        spark = builder.getOrCreate()
    except Exception as error:  # Java's errors come in many types
        raise CorpusError(f"{where}: no Spark can be had there: {_why(error)}") from error
    try:
        if _SHUFFLES not in dict(spark.sparkContext.getConf().getAll()):
            spark.conf.set(_SHUFFLES, _partitions(claims))
        yield spark
    finally:
        spark.stop()


@contextmanager
def _told_in_a_line() -> Iterator[None]:
    """What goes wrong on the way, without the pages that Java tells of it."""
    from py4j.protocol import Py4JError  # type: ignore[import-untyped]
    from pyspark.errors import PySparkException

    try:
        yield
    except Exception as error:
        found = cause(error, PySparkException, Py4JError)
        if found is None:
            raise
        why = _why(found)
        if "ModuleNotFoundError" in why or "ImportError" in why:
            python = os.environ["PYSPARK_PYTHON"]
            why += f"; the executors run {python}, which needs sijill[corpus]: name another by --conf {_PYTHON}=PATH"
        raise CorpusError(f"Spark: {why}") from error


def _why(error: BaseException) -> str:
    """The last line that names an error, of the many that Python and Java tell of it."""
    lines = [line.strip(" :") for line in str(error).splitlines() if line.strip(" :")]
    return next((line for line in reversed(lines) if _ERROR.match(line)), (lines or [type(error).__name__])[0])


def _knock(master: str) -> None:
    """Raises `CorpusError` where none of the hosts of a standalone cluster answers: Spark would try for minutes."""
    hosts = [host for host in master.removeprefix("spark://").split(",") if ":" in host]
    if not master.startswith("spark://") or not hosts:
        return
    why = ""
    for host in hosts:
        name, _, port = host.rpartition(":")
        try:
            socket.create_connection((name.strip("[]"), int(port)), timeout=_PATIENCE).close()
            return
        except (OSError, ValueError, OverflowError) as error:
            why = getattr(error, "strerror", None) or str(error)
    raise CorpusError(f"{master}: no Spark master answers there: {why}; write it as spark://host:7077")


def _partitions(claims: int) -> int:
    """In how many pieces rows are shuffled: of some 20,000 claims, which make as many keys twenty times, and not so
    few that the workers wait for one."""
    return min(_MOST_PIECES, max(os.cpu_count() or 1, 2 * math.ceil(claims / 40_000)))


def _has_java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return (Path(home) / "bin" / "java").is_file() if home else shutil.which("java") is not None


def _defaults(master: str, aside: Path) -> dict[str, str]:
    told = {
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        # All levels of all comparisons are one expression, larger than a Java method may be: Spark would try, and fail.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.warehouse.dir": f"file://{aside}/warehouse",
    }
    if master.startswith("local"):  # nobody else on the network asks, and nobody looks at pages of it
        told |= {
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.ui.enabled": "false",
        }
    return told
