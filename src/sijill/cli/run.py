"""`sijill run`: a whole corpus into Parquet."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from sijill.cli.gauge import Gauge
from sijill.cli.record_options import json_option, print_json
from sijill.corpus.run import Progress
from sijill.corpus.run import run as run_corpus


@click.command()
@click.argument("source", type=click.Path(path_type=Path), metavar="INPUT")
@click.argument("out", type=click.Path(path_type=Path, file_okay=False), metavar="OUT")
@click.option("--jobs", type=click.IntRange(min=0), default=0, metavar="N", help="Processes; default: one a core.")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler (tcp://host:8786) instead of local processes.")
@json_option
def run(source: Path, out: Path, jobs: int, scheduler: str | None, as_json: bool) -> None:
    """Read a corpus (Parquet, JSON lines, WARC; a file or a folder) into Parquet of reports and claims in OUT.

    Cut short, it goes on when started again; the output is the same. Each content counts once. What cannot be read
    goes to OUT/bad with the reason; OUT/manifest.json gives counts, versions and hashes.

    Exit codes: 0 all was read; 1 some records are bad; 2 refused.
    """
    gauge = Gauge()

    def show(told: Progress) -> None:
        words = f"{told.parts:,}/{told.of:,} parts, {told.reports:,} reports, {told.per_second:,.0f} a second"
        if told.written:
            words = f"all is read; {told.written:,}/{told.of:,} parts written"
        gauge.show(words, told.seconds_left)

    try:
        done = run_corpus(source, out, jobs=jobs or os.cpu_count() or 1, scheduler=scheduler, tell=show)
    finally:
        gauge.clear()
    if as_json:
        print_json(done)
    else:
        foreign = f" ({done.not_arabic:,} of them not in Arabic)" if done.not_arabic else ""
        click.echo(
            f"{out}: {done.reports:,} reports{foreign}, {done.claims:,} claims, {done.duplicates:,} duplicates,"
            f" {done.bad:,} bad"
        )
    if done.bad:
        sys.exit(1)
