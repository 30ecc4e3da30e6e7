"""`sijill gazetteer`: bring places in, take them back, list and check them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from sijill.gazetteer import built_in_files, imported_files, user_folder

SHOWN = 20
"""Lines of each kind that an import shows."""


@click.group()
def gazetteer() -> None:
    """The places Sijill knows: the built-in ones and what you import."""


@gazetteer.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def import_(files: tuple[Path, ...]) -> None:
    """Import places from FILES: a GeoNames country dump (SY.txt), a Who's On First table, an OCHA table saved as CSV,
    or a CSV of your own. A file with a malformed row is refused whole, and
    the others named beside it with it."""
    from sijill.gazetteer.formats import read_table
    from sijill.gazetteer.imports import import_places

    for file in files:
        read_table(file)  # Of several files none is imported if one is faulty.
    for file in files:
        report = import_places(file, [*built_in_files(), *imported_files()], user_folder())
        click.echo(
            f"{file.name} ({report.form}): {report.added} places added, "
            f"{len(report.merged)} known ones gained names or codes, {report.known} known already, "
            f"{report.nameless} without an Arabic name passed over"
        )
        _show("merged", report.merged)
        _show("clash", report.clashes)
        _show("not placed", report.unplaced)
        if report.file is not None:
            click.echo(f"  kept as {report.file.name}; `sijill gazetteer undo {report.file.stem}` takes it back")


def _show(word: str, lines: Sequence[str]) -> None:
    for line in lines[:SHOWN]:
        click.echo(f"  {word}: {line}")
    if len(lines) > SHOWN:
        click.echo(f"  {word}: and {len(lines) - SHOWN} more")


@gazetteer.command()
@click.argument("name", required=False)
def undo(name: str | None) -> None:
    """Take back an import: the one NAMEd, else the last."""
    from sijill.gazetteer.imports import undo_import

    click.echo(f"taken back: {undo_import(user_folder(), name).name}")


@gazetteer.command("list")
def list_() -> None:
    """List the files places come from, with their number of places."""
    from sijill.gazetteer.place import read_places

    for kind, files in (("built in", built_in_files()), ("imported", imported_files())):
        for file in files:
            click.echo(f"{kind}\t{file.name}\t{len(read_places(file))}")


@gazetteer.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def lint(files: tuple[Path, ...]) -> None:
    """Check place files (all that are in use, if none is given). Exit code 1 where there are faults."""
    from sijill.gazetteer.check import check_files

    # Given files are read beside the built-in ones, whose governorates they may name.
    chosen = {file.name for file in files}
    faults = check_files([*built_in_files(), *imported_files(), *files])
    faults = [fault for fault in faults if not chosen or fault.file in chosen]
    for fault in faults:
        click.echo(str(fault))
    click.echo(f"{len(faults)} faults" if faults else "no faults")
    if faults:
        sys.exit(1)
