"""What every command on a record shares: which record, and how names and numbers are printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click
import msgspec

Command = TypeVar("Command", bound=Callable[..., Any])

record_option = click.option(
    "-r",
    "--record",
    "where",
    envvar="SIJILL_RECORD",
    default="record",
    show_default=True,
    metavar="DIR|URL",
    help="The record: a folder, or postgresql://...; else SIJILL_RECORD.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="JSON, a line for each.")
who_option = click.option(
    "--who", envvar="SIJILL_WHO", required=True, metavar="NAME", help="Who decides; else SIJILL_WHO."
)


limit_option = click.option(
    "--limit", type=click.IntRange(1, 1_000_000), default=20, show_default=True, metavar="N", help="The most to print."
)


def print_json(value: object) -> None:
    """One value as one line of JSON."""
    click.echo(msgspec.json.encode(value))


def number(low: int | None, high: int | None) -> str:
    """A range as it is read: 5, 5-8, 5+, or a dash for nothing told."""
    if low is None:
        return "-"
    return f"{low}+" if high is None else str(low) if low == high else f"{low}-{high}"
