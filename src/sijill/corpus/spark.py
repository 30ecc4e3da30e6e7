"""Linking on Spark: the executors make rows of the claims, Splink pairs and clusters them; the driver holds nothing.

A cluster needs the corpus under the same path on every machine, and the same Sijill there. Nothing is downloaded: of
the functions that Splink brings for Spark in a JAR none is used.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sijill.corpus.compare import SCHEMA, compared
from sijill.corpus.link import COLUMNS, Clustered, clustered, settings
from sijill.corpus.plan import CorpusError

_CALLS = {"list_has_any": "arrays_overlap"}
_LOCAL = "local[*]"


@contextmanager
def on_spark(claims: Path, aside: Path, master: str | None, conf: Mapping[str, str]) -> Iterator[Clustered]:
    """The likely pairs and clusters of the claims in a folder. Spark keeps what is between steps in `aside`, which all
    machines see. Raises `CorpusError` where Java, Spark or the cluster cannot be had."""
    chosen = settings(_CALLS)
    with _session(aside, master, conf) as spark:
        from pyspark.sql.pandas.types import from_arrow_schema
        from splink import Linker, SparkAPI

        spark.sparkContext.setCheckpointDir(f"file://{aside}")
        rows = spark.read.parquet(f"file://{claims}").select(*COLUMNS)
        rows = rows.mapInArrow(_compared, from_arrow_schema(SCHEMA))
        kept = f"file://{aside}/compared"
        rows.write.parquet(kept)  # read more than once; made once
        api: Any = SparkAPI(spark_session=spark, register_udfs_automatically=False)  # type: ignore[no-untyped-call]
        linker = Linker(api.register(spark.read.parquet(kept)), chosen, log_level=40)
        pairs, clusters = clustered(linker)
        found = clusters.as_spark_dataframe().selectExpr("unique_id AS claim", "cluster_id AS cluster")
        found.orderBy("claim").write.parquet(f"file://{aside}/clusters")
        yield Clustered(pairs.as_spark_dataframe().count(), _batches(aside / "clusters"))


def _compared(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield from compared(batch).to_batches()


def _batches(folder: Path) -> Iterator[pa.RecordBatch]:
    """What Spark sorted, file by file: their names follow the order."""
    for path in sorted(folder.glob("part-*.parquet")):
        yield from pq.ParquetFile(path).iter_batches()


@contextmanager
def _session(aside: Path, master: str | None, conf: Mapping[str, str]) -> Iterator[Any]:
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
    builder = SparkSession.builder.master(where).appName("sijill link")
    for name, value in {**_defaults(where, aside), **conf}.items():
        builder = builder.config(name, value)
    try:
        spark = builder.getOrCreate()
    except Exception as error:  # Java's errors come in many types
        raise CorpusError(f"{where}: no Spark answers there: {str(error).splitlines()[0]}") from error
    try:
        yield spark
    finally:
        spark.stop()


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
    if master.startswith("local"):  # the workers are this program's Python, and nobody looks at pages of it
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # no setting says it to a session made here
        told |= {
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.ui.enabled": "false",
            "spark.sql.shuffle.partitions": str(os.cpu_count() or 1),
        }
    return told
