"""`sijill export`: incidents out of a record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sijill.cli.record_options import json_option, print_json, record_option
from sijill.cli.record_query import query_of, query_options
from sijill.export import FORMATS, LICENCE, Choice
from sijill.export import export as write
from sijill.incidents.derive import Rule
from sijill.record import Record
from sijill.review.acts import number_of


@click.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False), metavar="OUT")
@record_option
@click.option("--to", type=click.Choice(list(FORMATS)), required=True, help="The format.")
@click.option("--words", default="", metavar="WORDS", help='Words of the claims, "phrases", -words.')
@query_options
@click.option("--incident", metavar="ID", help="This incident alone (i7).")
@click.option(
    "--rule",
    type=click.Choice(["range", "low", "best"]),
    default="range",
    show_default=True,
    help="How numbers derive.",
)
@click.option("--as-of", metavar="DAY|TIME", help="As the record stood then.")
@click.option(
    "--withhold", is_flag=True, help="Without words, titles, addresses, private tellers, unlisted parties, exact sites."
)
@click.option("--licence", default=LICENCE, show_default=True, metavar="NAME", help="The licence you give it.")
@json_option
def export(
    out: Path,
    where: str,
    to: str,
    words: str,
    incident: str | None,
    rule: Rule,
    as_of: str | None,
    withhold: bool,
    licence: str,
    as_json: bool,
    **told: Any,
) -> None:
    """Export incidents into the folder OUT, as a data package.

    OUT gets the data, `figures.csv`, `changes.csv` (against the export that OUT held before), `left-out.csv` (what the
    format has no place for, and why), `datapackage.json` and `SHA256SUMS`.
    """
    query = query_of(words, incident=number_of(incident, "i") if incident else None, **told)
    with Record.open(where) as record:
        done = write(record, to, out, Choice(query, rule, as_of, withhold), licence=licence)
    if as_json:
        print_json(done)
    else:
        click.echo(f"{out}: version {done.version}, {done.incidents:,} incidents, {len(done.left_out):,} left out")
