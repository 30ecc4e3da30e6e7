"""`sijill link`: the claims of a corpus brought together in incidents."""

from __future__ import annotations

from pathlib import Path

import click

from sijill.cli.record_options import json_option, print_json
from sijill.corpus.link import INCIDENTS
from sijill.corpus.link import link as link_corpus


@click.command()
@click.argument("corpus", type=click.Path(path_type=Path, file_okay=False), metavar="OUT")
@click.option("--database", default=":memory:", metavar="FILE", help="A DuckDB file, for more than memory holds.")
@json_option
def link(corpus: Path, database: str, as_json: bool) -> None:
    """Bring the claims of a finished `sijill run` together in incidents: writes OUT/incidents.parquet."""
    done = link_corpus(corpus, database=database)
    if as_json:
        print_json(done)
    else:
        click.echo(f"{corpus / INCIDENTS}: {done.claims:,} claims in {done.incidents:,} incidents")
