"""`sijill link`: the claims of a corpus brought together in incidents."""

from __future__ import annotations

from pathlib import Path

import click

from sijill.cli.gauge import Gauge
from sijill.cli.record_options import json_option, print_json
from sijill.corpus.link import INCIDENTS
from sijill.corpus.link import link as link_corpus
from sijill.corpus.pace import Linking

_STEPS = {
    "claims": "taking claims", "copies": "finding copies", "pairs": "comparing claims", "clusters": "tying clusters",
    "incidents": "placing claims in incidents",
}  # fmt: skip


@click.command()
@click.argument("corpus", type=click.Path(path_type=Path, file_okay=False), metavar="OUT")
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True)
@click.option(
    "--database",
    metavar="FILE",
    help="For DuckDB: a file to work in, which stays; else, for many claims, one in OUT that goes.",
)
@click.option("--memory", metavar="SIZE", help="For DuckDB: the most it takes, as 4GB; default: 80 % of the machine's.")
@click.option("--master", metavar="URL", help="For Spark: spark://host:7077, yarn, local[2]; default: all cores here.")
@click.option("--conf", metavar="NAME=VALUE", multiple=True, help="For Spark: a setting, as often as you like.")
@json_option
def link(
    corpus: Path,
    engine: str,
    database: str | None,
    memory: str | None,
    master: str | None,
    conf: tuple[str, ...],
    as_json: bool,
) -> None:
    """Bring the claims of a finished `sijill run` together in incidents: writes OUT/incidents.parquet.

    A row a claim: its incident, its voice there (claims of one number are one independent teller), its report, and the
    report that this one copies.

    On this machine through DuckDB, on a cluster through Spark (OUT on storage that all its machines see): the same
    comparisons, the same file.

    Exit codes: 0 written; 2 refused.
    """
    if engine == "duckdb" and (master or conf):
        raise click.UsageError("--master and --conf are Spark's: add --engine spark")
    if engine == "spark" and (database or memory):
        raise click.UsageError("--database and --memory are DuckDB's: leave them out, or leave out --engine spark")
    if database and database.lower().endswith((".parquet", ".jsonl", ".csv", ".arrow")):
        raise click.UsageError(f"--database {database}: name a file that DuckDB may make its own, as link.duckdb")
    wrong = [told for told in conf if "=" not in told]
    if wrong:
        raise click.UsageError(f"--conf {wrong[0]}: write it as NAME=VALUE")
    told = dict(pair.split("=", 1) for pair in conf)
    gauge = Gauge()

    def show(linking: Linking) -> None:
        words = f"{_STEPS[linking.step]}, {linking.done:.0%} of all, {linking.per_second:,.0f} claims a second"
        gauge.show(words, linking.seconds_left)

    try:
        done = link_corpus(corpus, database=database, memory=memory, engine=engine, master=master, conf=told, tell=show)
    finally:
        gauge.clear()
    if as_json:
        print_json(done)
    else:
        click.echo(
            f"{corpus / INCIDENTS}: {_many(done.claims, 'claim')} in {_many(done.incidents, 'incident')}; "
            f"{done.copied:,} of reports that copy another"
        )


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
