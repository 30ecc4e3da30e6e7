"""`sijill lint`: checks the language data."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec

from sijill.lexicon.lint import lint as lint_data


@click.command()
@click.option(
    "--lexicon",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A folder laid over the built-in data.",
)
@click.option(
    "--lang",
    type=click.Choice(["ar", "en", "both"]),
    default="both",
    show_default=True,
    help="Language of the messages.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each fault.")
def lint(lexicon: Path | None, lang: str, as_json: bool) -> None:
    """Check the language data: letters, duplicates, ids, columns, verbs, words under two types.

    Each fault is told with file, line, what is wrong and how to mend it. Exit codes: 0 no faults; 1 faults; 2 refused.
    """
    faults = lint_data(lexicon)
    for fault in faults:
        says = {language: fault.says(language) for language in ("en", "ar") if lang in (language, "both")}
        if as_json:
            click.echo(msgspec.json.encode(msgspec.to_builtins(fault) | says))
            continue
        for message in says.values():
            click.echo(f"{fault.file}:{fault.line}: {message}")
    if not as_json:
        click.echo(f"{len(faults) or 'no'} fault{'' if len(faults) == 1 else 's'}", err=True)
    if faults:
        sys.exit(1)
