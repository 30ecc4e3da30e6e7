"""Linking on Spark gives the file that DuckDB gives: on this machine's cores, and on a cluster that loses a worker."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import synthetic_record
from claims_builder import Maker
from sijill.corpus.link import link
from sijill.corpus.pace import Linking
from sijill.corpus.plan import CorpusError
from test_corpus_link import LONG, corpus

pyspark = pytest.importorskip("pyspark")
pytest.importorskip("splink")

needs_java = pytest.mark.skipif(
    not (os.environ.get("JAVA_HOME") or shutil.which("java")),
    reason="Spark needs Java 17 or later",
)
_QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
_SMALL = {
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.driver.memory": "512m",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",  # a few rows are not worth a compiler
    "spark.driver.extraJavaOptions": _QUICK,
}


def test_without_java_spark_is_refused_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reports = [Maker("أ").claim(words).report() for words in ("غارة على سراقب", "قصف على هجين")]
    out = corpus(tmp_path, reports)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CorpusError, match="needs Java 17"):
        link(out, engine="spark")


@needs_java
@pytest.mark.parametrize("master", ["spark://127.0.0.1:1", "spark://127.0.0.1:none", "spark://127.0.0.1:1,127.0.0.1:2"])
def test_a_cluster_that_does_not_answer_is_told_at_once(tmp_path: Path, master: str) -> None:
    out = corpus(tmp_path, [Maker("أ").claim("غارة على سراقب").report()])
    with pytest.raises(CorpusError, match=f"^{re.escape(master)}: no Spark master answers there: "):
        link(out, engine="spark", master=master)


_CLUSTER = {
    **_SMALL,
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.executor.memory": "512m",
    "spark.executor.extraJavaOptions": _QUICK,
    "spark.locality.wait": "0s",
    "spark.shuffle.io.retryWait": "200ms",
}


@contextmanager
def daemon(kind: str, folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """A daemon of a standalone cluster, with its log."""
    folder.mkdir()
    environment = {
        **os.environ,
        "SPARK_DAEMON_MEMORY": "128m",
        "SPARK_DAEMON_JAVA_OPTS": f"{_QUICK} -Dspark.master.rest.enabled=false",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [str(Path(pyspark.__file__).parent / "bin" / "spark-class"), f"org.apache.spark.deploy.{kind}"]
    command += ["--host", "127.0.0.1", "--webui-port", "0", *options]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
    try:
        yield process, folder / "log"
    finally:
        process.kill()
        process.wait()


def said(log: Path, words: str) -> str:
    """The first group of what a log says, once it does."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if found := re.search(words, log.read_text(errors="replace")):
            return found[1]
        time.sleep(0.1)
    raise AssertionError(f"{log} does not say {words}: {log.read_text(errors='replace')[-1000:]}")


@needs_java
def test_a_cluster_that_loses_a_worker_gives_the_same_file_as_duckdb(tmp_path: Path) -> None:
    world = synthetic_record.world(events=4, days=1, seed=3)
    copies = [Maker(outlet).claim(f"{LONG} {outlet}", type="shelling", killed=5).report() for outlet in ("أ", "ب")]
    out = corpus(tmp_path, [*world.reports, *copies])
    one = link(out)
    assert 1 < one.incidents < one.claims and one.copied > 1
    bytes_of_one = (out / "incidents.parquet").read_bytes()
    (out / "incidents.parquet").unlink()
    with daemon("master.Master", tmp_path / "master", "--port", "0") as (_, master):
        address = said(master, r"Starting Spark master at (spark://\S+)")
        options = ("--cores", "1", "--memory", "512m", address)
        first = daemon("worker.Worker", tmp_path / "first", *options)
        second = daemon("worker.Worker", tmp_path / "second", *options)
        with first as (worker, log), second as (_, other):
            for each in (log, other):
                said(each, "(Successfully registered)")

            def tell(linking: Linking) -> None:
                if linking.step == "copies":  # claims have been taken by then, and all the comparing is left
                    worker.kill()

            assert link(out, engine="spark", master=address, conf=_CLUSTER, tell=tell) == one
            assert worker.poll() is not None and "Telling app of lost worker" in master.read_text()
    assert (out / "incidents.parquet").read_bytes() == bytes_of_one
    assert not (out / "linking").exists()


@needs_java
def test_a_python_without_sijill_is_told_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n')
    bare.chmod(0o755)
    monkeypatch.setenv("PYTHONPATH", "")
    out = corpus(tmp_path, [Maker(outlet).claim("غارة على سراقب").report() for outlet in ("أ", "ب")])
    with pytest.raises(
        CorpusError, match=r"^Spark: .*Error.* needs sijill\[corpus\].*--conf spark.pyspark.python=PATH$"
    ):
        link(out, engine="spark", master="local[1]", conf={**_SMALL, "spark.pyspark.python": str(bare)})
