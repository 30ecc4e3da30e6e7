"""`sijill decide`, `sijill undo`, `sijill import`, `sijill history`, `sijill agreement`: what people decide."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from sijill.cli.record_options import json_option, print_json, record_option, who_option
from sijill.record import Record
from sijill.record.removal import near_copies, removals
from sijill.review.agreement import agreement as measure
from sijill.review.decisions_file import import_decisions
from sijill.review.desk import KINDS, Desk
from sijill.review.history import history as told_of
from sijill.review.history import to_look_at


@click.command()
@click.argument("kind", type=click.Choice([kind for kind in KINDS if kind != "undo"]), metavar="KIND")
@click.argument("target", metavar="ID")
@click.argument("value", required=False)
@click.option("--field", metavar="FIELD", help="The field of a claim.")
@click.option("--why", default="", metavar="WORDS", help="The reason.")
@who_option
@record_option
def decide(kind: str, target: str, value: str | None, field: str | None, why: str, who: str, where: str) -> None:
    """Decide about a claim (c12), an incident (i7) or a capture (r3).

    KIND is accept, correct, reject (with --field, or a whole claim), comment, assign, state, merge, split, move or
    withhold. VALUE is what the decision needs: the corrected value as JSON, a state, a name, an incident.
    """
    with Record.open(where) as record:
        with record.writing() as connection:
            number = Desk(record, who).decide(connection, kind, target, field, _value(value), why)
        click.echo(f"decision {number}")
        if kind == "withhold":
            _tell_removed(record, number)


def _tell_removed(record: Record, decision: int) -> None:
    """Which captures a decision removed, and where nearly the same words still stand."""
    with record.reading() as connection:
        ids = [capture for capture, gone in removals(connection).items() if gone.decision == decision]
        near = near_copies(connection, ids)
    if ids:
        click.echo("removed: " + ", ".join(f"r{capture}" for capture in ids))
    if near:
        click.echo("nearly the same text stands in " + ", ".join(f"r{capture}" for capture in near))


@click.command()
@click.argument("decision", type=click.IntRange(1, 2**63 - 1))
@click.option("--why", default="", metavar="WORDS", help="The reason.")
@who_option
@record_option
def undo(decision: int, why: str, who: str, where: str) -> None:
    """Take a decision back; it stays in the history."""
    with Record.open(where) as record:
        click.echo(f"decision {Desk(record, who).undo(decision, why)}")


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path), metavar="DECISIONS.csv")
@who_option
@record_option
def import_(path: Path, who: str, where: str) -> None:
    """Make the decisions of a CSV file (kind,target,field,value,why): all of them, or none when one cannot stand."""
    with Record.open(where) as record:
        click.echo(f"{len(import_decisions(record, path, who)):,} decisions")


@click.command()
@click.argument("target", required=False, metavar="ID")
@click.option("--field", metavar="FIELD", help="One field only.")
@record_option
@json_option
def history(target: str | None, field: str | None, where: str, as_json: bool) -> None:
    """Everything that was said of a claim or an incident; without ID, the decisions that ask for a new look."""
    with Record.open(where) as record:
        for said in told_of(record, target, field) if target else to_look_at(record):
            if as_json:
                print_json(said)
            else:
                undone = " (undone)" if said.undone else ""
                value = "" if said.value is None else msgspec.json.encode(said.value).decode()
                click.echo(f"{said.at}\t{said.who}\t{said.kind}{undone}\t{said.field or '-'}\t{value}\t{said.why}")


@click.command()
@record_option
@json_option
def agreement(where: str, as_json: bool) -> None:
    """How far reviewers agree, by field: Krippendorff's alpha over claims that two or more have judged."""
    with Record.open(where) as record:
        for found in measure(record):
            if as_json:
                print_json(found)
            else:
                alpha = "-" if found.alpha is None else f"{found.alpha:.3f}"
                click.echo(f"{found.field}\t{alpha}\t{found.claims} claims\t{found.reviewers} reviewers")


def _value(told: str | None) -> Any:
    """A value from the command line: JSON, or the word itself."""
    if told is None:
        return None
    try:
        return msgspec.json.decode(told)
    except msgspec.DecodeError:
        return told
