"""`sijill verify`, `sijill stamp`, `sijill backup`, `sijill migrate`: keeping a record whole."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sijill.cli.record_options import json_option, print_json, record_option
from sijill.errors import OptionError
from sijill.record import Record
from sijill.record.backup import backup as save
from sijill.record.backup import migrated
from sijill.record.settings import Timestamps
from sijill.record.stamps import set_authority
from sijill.record.stamps import stamp as ask_for_stamp
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
        for gone in verdict.removed:
            click.echo(f"{gone.where}: {gone.what}")
        counts = f"{verdict.captures:,} captures, {verdict.readings:,} readings, {verdict.claims:,} claims"
        click.echo(f"{counts}, {verdict.lines:,} lines of the ledger, {len(verdict.faults):,} faults")
        click.echo(f"head {verdict.head}")
    if verdict.faults:
        sys.exit(1)


@click.command()
@record_option
@click.option("--authority", metavar="URL", help="An authority (RFC 3161) to ask, after each add too.")
@click.option(
    "--roots", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE.pem",
    help="The certificates that its answers must lead to.",
)  # fmt: skip
@json_option
def stamp(where: str, authority: str | None, roots: Path | None, as_json: bool) -> None:
    """Have an authority outside say that the record, as it stands, stood now; `verify` checks its answers."""
    if (authority is None) != (roots is None):
        raise OptionError("--authority and --roots: give both, or none where they were given before")
    with Record.open(where) as record:
        if authority is not None and roots is not None:
            set_authority(record, Timestamps(authority, roots.read_text("utf-8", "replace")))
        done = ask_for_stamp(record)
    if as_json:
        print_json(done)
    elif done is None:
        click.echo("nothing is new since the last timestamp")
    else:
        click.echo(f"line {done.line} of the ledger ({done.hash}) stood at {done.time}, says {done.authority}")


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
    click.echo(f"{Record(where).name}: was of form {found}" + (f"; saved before in {saved}" if saved else ""))
