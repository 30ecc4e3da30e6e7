"""`sijill search`: claims and reports found in a record."""

from __future__ import annotations

from typing import Any

import click

from sijill.cli.record_options import json_option, limit_option, print_json, record_option
from sijill.cli.record_query import query_of, query_options
from sijill.record import Record
from sijill.search.find import Found, facets, find, find_reports


@click.command()
@click.argument("words", required=False, default="")
@record_option
@limit_option
@query_options
@click.option("--facets", "with_facets", is_flag=True, help="How the claims found spread.")
@click.option("--reports", is_flag=True, help="Whole reports with the words, with claims or without.")
@json_option
def search(
    words: str,
    where: str,
    limit: int,
    with_facets: bool,
    reports: bool,
    as_json: bool,
    **told: Any,
) -> None:
    """Find claims by words (seen through clitics and spelling), "phrases", -words that must not be there, and more."""
    query = query_of(words, **told)
    with Record.open(where) as record:
        if reports:
            for capture, line in find_reports(record, words, limit=limit):
                print_json({"capture": f"r{capture}", "title": line}) if as_json else click.echo(f"r{capture}\t{line}")
            return
        _found(find(record, query, limit=limit), as_json)
        if with_facets:
            counted = facets(record, query)
            if as_json:
                print_json(counted)
            else:
                for name in ("types", "areas", "places", "parties", "sources", "states"):
                    values = getattr(counted, name)
                    click.echo(
                        f"{name}: " + ", ".join(f"{value} {count}" for value, count in list(values.items())[:10])
                    )


def _found(found: Found, as_json: bool) -> None:
    for hit in found.hits:
        if as_json:
            print_json(hit)
        else:
            click.echo(
                f"c{hit.claim}\ti{hit.incident}\t{hit.first or '-'}\t{hit.type}\t{', '.join(hit.places)}\t{hit.words}"
            )
