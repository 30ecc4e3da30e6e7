"""`sijill read`: reports in, claims out."""

from __future__ import annotations

import functools
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, TypedDict

import click
import msgspec

from sijill import reader
from sijill.cli.batch import Done, Progress, read_all
from sijill.errors import InputError, OptionError
from sijill.inputs import Item, find, is_one, is_time
from sijill.lexicon import Lexicon, default_lexicon
from sijill.lexicon.load import lexicon_with
from sijill.show.terminal import Terminal
from sijill.show.words import Language, Words


class Options(msgspec.Struct, frozen=True):
    """What the user asked for, the same for every report of a run."""

    form: Literal["page", "json"]
    explain: bool
    language: Language
    width: int
    colour: bool
    published: str | None = None
    outlet: str | None = None
    url: str | None = None
    lexicon: Path | None = None


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each report, a line each (sijill/report/1).")
@click.option("--explain", is_flag=True, help="The text with every span that was read, and the rule that read it.")
@click.option("--published", metavar="TIME", help="When it was published (ISO 8601), in place of what the page says.")
@click.option("--outlet", metavar="NAME", help="Who published it, in place of what the page says.")
@click.option("--url", metavar="URL", help="Where it was published.")
@click.option("--lexicon", type=click.Path(path_type=Path), metavar="DIR", help="Language data laid over the built-in.")
@click.option("--lang", type=click.Choice(["ar", "en"]), help="Language of the labels; else that of your terminal.")
@click.option("--jobs", type=click.IntRange(min=0), default=0, metavar="N", help="Processes; default: one a core.")
@click.option("--ignore-fields", is_flag=True, help="Pass over fields of a corpus that are not known.")
def read(
    paths: tuple[str, ...],
    as_json: bool,
    explain: bool,
    published: str | None,
    outlet: str | None,
    url: str | None,
    lexicon: Path | None,
    lang: Language | None,
    jobs: int,
    ignore_fields: bool,
) -> None:
    """Read reports and print the claims they make.

    PATH is a file (text or HTML), a folder, a corpus (.jsonl, .jsonl.gz or .parquet, with the fields text or html, and
    id, title, published, outlet, url), a table of posts (.csv or .tsv, a report a row, by the columns that `sijill add`
    knows), or - for standard input.

    Exit codes: 0 all was read; 1 some reports could not be read, each told on stderr; 2 refused.
    """
    if published is not None and not is_time(published):
        raise OptionError(
            f"--published {published}: no ISO 8601 time; write it as 2018-11-07T13:31+02:00 or 2018-11-07"
        )
    options = Options(
        form="json" if as_json else "page",
        explain=explain,
        language=lang or _language(),
        width=shutil.get_terminal_size((100, 24)).columns,
        colour=sys.stdout.isatty() and "NO_COLOR" not in os.environ,
        published=published,
        outlet=outlet,
        url=url,
        lexicon=lexicon,
    )
    _lexicon(options)  # a fault in it concerns the whole run, and is told before the first report
    items = find(paths, ignore_fields=ignore_fields)
    failed = _print_all(read_all(items, functools.partial(_read, options), jobs), options, alone=is_one(paths))
    if failed:
        sys.exit(1)


def _print_all(results: Iterator[Done], options: Options, *, alone: bool) -> int:
    """Print what was read as it comes; returns how many reports failed. One report alone that fails is refused."""
    failed = 0
    progress = Progress()
    for number, done in enumerate(results):
        progress.clear()
        if done.output is None:
            if alone:
                raise InputError(f"{done.name}: {done.why}")
            failed += 1
            click.echo(f"sijill: {done.name}: {done.why}", err=True)
        else:
            if number and options.form == "page":
                click.echo()
            click.echo(done.output)
        progress.show(number + 1, failed)
    progress.clear()
    return failed


class _Given(TypedDict):
    name: str
    url: str | None
    published: str | None
    outlet: str | None
    title: str | None
    lexicon: Path | None
    html: bool | None


def _given(options: Options, item: Item) -> _Given:
    return {
        "name": item.name,
        "url": options.url or item.url,
        "published": options.published or item.published,
        "outlet": options.outlet or item.outlet,
        "title": item.title,
        "lexicon": options.lexicon,
        "html": item.html,
    }


def _read(options: Options, item: Item) -> bytes:
    """Read one report and give what is to be printed for it, without the last line end."""
    words = Words(options.language, _lexicon(options).type_names)
    terminal = Terminal(words, width=options.width, colour=options.colour)
    if options.explain:
        report, marks = reader.explain(item.content, **_given(options, item))
        if options.form == "json":
            return msgspec.json.encode(report.to_dict() | {"marks": [mark._asdict() for mark in marks]})
        return _page(terminal.explanation(report, marks))
    report = reader.read(item.content, **_given(options, item))
    return report.to_json() if options.form == "json" else _page(terminal.report(report))


def _page(lines: Iterable[str]) -> bytes:
    return "\n".join(lines).encode("utf-8", "replace")


def _lexicon(options: Options) -> Lexicon:
    return lexicon_with(options.lexicon) if options.lexicon else default_lexicon()


def _language() -> Language:
    """The language of the user's terminal, as far as it is one of ours."""
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "ar" if locale.startswith("ar") else "en"
