"""What narrows a search and an export: the same options for both."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar, get_args

import click

from sijill.codebook import SOURCE_KINDS
from sijill.errors import OptionError
from sijill.model import Modality
from sijill.search.query import Box, Near, Query

Command = TypeVar("Command", bound=Callable[..., Any])
_COUNT = click.IntRange(0, 2**31 - 1)
"""A number of people, as databases keep it."""
_OPTIONS = (
    click.option("--type", "types", multiple=True, metavar="TYPE", help="Of this type; may be given again."),
    click.option("--party", metavar="NAME", help="A party, by name or id."),
    click.option("--place", metavar="NAME", help="In this place, or anything inside it."),
    click.option("--near", metavar="LAT,LON,KM", help="Within so many kilometres of a point."),
    click.option("--box", metavar="S,W,N,E", help="Between two parallels and two meridians."),
    click.option("--since", metavar="DAY", help="From this day on."),
    click.option("--until", metavar="DAY", help="Up to this day."),
    click.option("--killed", type=_COUNT, metavar="N", help="At least so many killed."),
    click.option("--injured", type=_COUNT, metavar="N", help="At least so many injured."),
    click.option("--source", metavar="NAME", help="Told by this source."),
    click.option("--kind", type=click.Choice(SOURCE_KINDS), help="Told by this kind of source."),
    click.option("--modality", type=click.Choice(get_args(Modality)), help="How it is told."),
    click.option("--state", metavar="STATE", help="In this state of review."),
)


def query_options(command: Command) -> Command:
    """Give a command the options that `query_of` takes."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def query_of(text: str, *, near: str | None, box: str | None, incident: int | None = None, **told: Any) -> Query:
    """The query that the options ask for. Raises `OptionError` for points and boxes that are none."""
    return Query(
        text,
        near=Near(*_numbers(near, 3)) if near else None,
        box=Box(*_numbers(box, 4)) if box else None,
        incident=incident,
        **told,
    )


def _numbers(told: str, count: int) -> list[float]:
    try:
        numbers = [float(part) for part in told.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != count or not all(map(math.isfinite, numbers)):
        raise OptionError(f"{told}: {count} numbers with commas between them are needed")
    return numbers
