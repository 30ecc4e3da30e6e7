"""`sijill verify`, `sijill backup`, `sijill migrate`: keeping a record whole."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sijill.cli.record_options import json_option, print_json, record_option
from sijill.record import Record
from sijill.record.backup import backup as save
from sijill.record.backup import migrated
from sijill.record.verify import verify as check


@click.command()
@record_option
@click.option("--head", metavar="HASH", help="A head of the ledger noted before, which must still stand in it.")
@json_option
def verify(where: str, head: str | None, as_json: bool) -> None:
    """Check that a record holds all that was put in it, unchanged. Prints the ledger's head: note it elsewhere.

    Exit codes: 0 whole; 1 faults, each named; 2 refused.
    """
    with Record.open(where) as record:
        verdict = check(record, head=head)
    if as_json:
        print_json(verdict)
    else:
        for fault in verdict.faults:
            click.echo(f"{fault.where}: {fault.what}")
        counts = f"{verdict.captures:,} captures, {verdict.readings:,} readings, {verdict.claims:,} claims"
        click.echo(f"{counts}, {verdict.lines:,} lines of the ledger, {len(verdict.faults):,} faults")
        click.echo(f"head {verdict.head}")
    if verdict.faults:
        sys.exit(1)


@click.command()
@click.argument("to", type=click.Path(path_type=Path), metavar="DIR")
@record_option
def backup(to: Path, where: str) -> None:
    """Copy a whole record, as it stands, into the new folder DIR, which opens like any record."""
    with Record.open(where) as record:
        click.echo(f"{save(record, to)}: a copy of {record.name}")


@click.command()
@record_option
@click.option("--backup", "to", type=click.Path(path_type=Path), metavar="DIR", help="Where the backup goes.")
@click.option("--backed-up", is_flag=True, help="A record in PostgreSQL was saved with pg_dump.")
def migrate(where: str, to: Path | None, backed_up: bool) -> None:
    """Bring an older record to the form of this program, after a backup."""
    found, saved = migrated(where, to, backed_up)
    click.echo(f"{where}: was of form {found}" + (f"; saved before in {saved}" if saved else ""))
