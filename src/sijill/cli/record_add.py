"""`sijill init`, `sijill add`, `sijill reread`: filling a record."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import click

from sijill.capture.inputs import inputs
from sijill.cli.record_options import json_option, print_json, record_option
from sijill.lexicon.load import lexicon_with
from sijill.record import Record, RecordError
from sijill.record.adding import Summary
from sijill.record.record import Progress
from sijill.record.settings import parse
from sijill.record.stamps import stamp

jobs_option = click.option(
    "--jobs", type=click.IntRange(min=0), default=0, metavar="N", help="Processes; default: one a core."
)

lexicon_option = click.option(
    "--lexicon", type=click.Path(path_type=Path), metavar="DIR", help="Language data laid over the built-in."
)


@click.command()
@record_option
@click.option(
    "--settings", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Settings as a JSON file."
)
def init(where: str, settings: Path | None) -> None:
    """Make an empty record: in a folder, which is made, or in an empty PostgreSQL database."""
    with Record.init(where, parse(settings.read_bytes()) if settings else None) as record:
        click.echo(f"{record.name}: an empty record")


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="PATH|URL|-...")
@record_option
@jobs_option
@lexicon_option
@json_option
def add(sources: tuple[str, ...], where: str, jobs: int, lexicon: Path | None, as_json: bool) -> None:
    """Keep reports, read them, and bring their claims into incidents.

    Takes files (text, HTML, PDF, pictures where Tesseract is installed), folders, archives (zip, tar, gz), archives of
    the web (WARC, WACZ), a Telegram Desktop export (result.json), tables of posts (CSV, TSV, JSON lines, Parquet), an
    address, or - for standard input. What was added before is passed over, so that an add cut short can be run again.

    Exit codes: 0 all was added; 1 some inputs failed, or no timestamp could be had, each told on stderr; 2 refused.
    """
    lexicon = _checked(lexicon)
    with Record.open(where) as record:
        limits = record.settings.limits
        summary = record.add(
            inputs(sources, limits), jobs=jobs or os.cpu_count() or 1, progress=_progress(), lexicon=lexicon
        )
        unstamped = _stamp(record)
    _tell(summary, as_json, unstamped)


@click.command()
@record_option
@jobs_option
@lexicon_option
@json_option
def reread(where: str, jobs: int, lexicon: Path | None, as_json: bool) -> None:
    """Read every capture again by this program and its lexicon; old readings and decisions stay.

    Exit codes: 0 all was read; 1 some captures could not be read; 2 refused.
    """
    lexicon = _checked(lexicon)
    with Record.open(where) as record:
        summary = record.reread(jobs=jobs or os.cpu_count() or 1, progress=_progress(), lexicon=lexicon)
        unstamped = _stamp(record)
    _tell(summary, as_json, unstamped)


def _checked(lexicon: Path | None) -> Path | None:
    """A fault in language data concerns the whole run, and is told before the first report."""
    if lexicon:
        lexicon_with(lexicon)
    return lexicon


def _progress() -> Progress | None:
    """A line on a terminal's stderr that counts what is safely in the record."""
    if not sys.stderr.isatty():
        return None
    start = time.monotonic()

    def show(summary: Summary) -> None:
        rate = summary.read / max(0.001, time.monotonic() - start)
        click.echo(f"\r{summary.read:,} read, {summary.claims:,} claims, {rate:.0f}/s ", err=True, nl=False)

    return show


def _stamp(record: Record) -> str | None:
    """Have the authority, where one is set, say when this stood; what kept it from that costs no report."""
    if record.settings.timestamps is None:
        return None
    try:
        stamp(record)
    except RecordError as error:
        return str(error)
    return None


def _tell(summary: Summary, as_json: bool, unstamped: str | None) -> None:
    if sys.stderr.isatty():
        click.echo("\r\033[K", err=True, nl=False)
    for failure in summary.failures:
        click.echo(f"sijill: {failure.name}: {failure.reason}", err=True)
    if as_json:
        print_json(summary)
    else:
        click.echo(
            f"{summary.read:,} read, {summary.claims:,} claims, {summary.incidents:,} new incidents, "
            f"{summary.copies:,} copies, {summary.already:,} there already, "
            + (f"{summary.passed:,} passed over (of no kind that holds reports), " if summary.passed else "")
            + f"{len(summary.failures):,} failed"
        )
    if unstamped:
        click.echo(f"sijill: {unstamped}", err=True)
    if summary.failures or unstamped:
        sys.exit(1)
