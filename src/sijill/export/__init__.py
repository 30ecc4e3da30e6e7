"""Export: incidents out of a record in the shapes that people and programs know, with all that makes them citable."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import select

from sijill.errors import OptionError
from sijill.export import tables
from sijill.export.collect import Choice, collect
from sijill.export.figures import figures
from sijill.export.incident import Incident, LeftOut
from sijill.export.package import Before, ExportError, Origin, before, write
from sijill.record import Record
from sijill.record.ledger import head
from sijill.record.schema import decisions, ledger, meta
from sijill.record.schema import incidents as incident_rows
from sijill.review.history import Said, history, moment

__all__ = ["FORMATS", "Choice", "ExportError", "Exported", "collect", "export"]

File = Callable[[list[Incident]], tuple[bytes, list[LeftOut]]]
FORMATS: dict[str, tuple[str, str]] = {
    "acled": ("acled.csv", "sijill.export.acled:file"),
    "ucdp": ("ucdp.csv", "sijill.export.ucdp:file"),
    "hxl": ("hxl.csv", "sijill.export.hxl:file"),
    "geojson": ("incidents.geojson", "sijill.export.geojson:file"),
    "parquet": ("incidents.parquet", "sijill.export.parquet:file"),
    "csv": ("incidents.csv", "sijill.export.sheets:csv_file"),
    "xlsx": ("incidents.xlsx", "sijill.export.sheets:xlsx_file"),
    "ftm": ("statements.csv", "sijill.export.ftm:file"),
    "pdf": ("", ""),
}
"""Formats: the name of the data file, and the function that makes it, loaded when it is asked for."""
LICENCE = "CC-BY-4.0"


class Exported(msgspec.Struct, frozen=True):
    """What an export gave: the data files, how many incidents, which were left out, and the package's version."""

    files: tuple[str, ...]
    incidents: int
    left_out: tuple[LeftOut, ...]
    version: int


def export(
    record: Record, to: str, out: str | Path, choice: Choice | None = None, *, licence: str = LICENCE
) -> Exported:
    """Export a record into the folder `out` in the format `to` (see `FORMATS`).

    A folder that holds an earlier export of the same record gets the next version, with the changes listed; nothing
    changed, the version stays. Raises `ExportError`, `OptionError`, `ReviewError` for an `as_of` that is no time.
    """
    if to not in FORMATS:
        raise OptionError(f"{to}: no such format; one of {', '.join(FORMATS)}")
    choice = choice or Choice()
    folder = Path(out)
    chosen = list(collect(record, choice))
    origin = _origin(record, to, choice, licence, _filters(choice, chosen))
    old = before(folder, origin.record, choice.withhold)
    if _withheld_since(record, old.at):
        old = old.without_names()
    if to == "pdf":
        files, left = _dossiers(record, chosen, choice, origin), list[LeftOut]()
    else:
        name, maker = FORMATS[to]
        data, left = _maker(maker)(chosen)
        files = {name: data}
    rows = [figures(incident) for incident in chosen]
    version = write(folder, files, rows, left, old, _gone(record, old), origin)
    return Exported(tuple(str(folder / name) for name in files), len(chosen) - len(left), tuple(left), version)


def _maker(name: str) -> File:
    module, _, function = name.partition(":")
    try:
        made: File = getattr(importlib.import_module(module), function)
    except ImportError as error:
        raise ExportError(f"this format needs an extra: pip install 'sijill[export]' ({error.name})") from error
    return made


def _filters(choice: Choice, chosen: list[Incident]) -> dict[str, Any]:
    """What was asked for; where names are withheld, only names that the export itself shows."""
    told = {name: value for name, value in msgspec.to_builtins(choice.query).items() if value not in (None, "", [], ())}
    if choice.withhold:
        spots = [spot for incident in chosen for spot in incident.places]
        shown = {name for spot in spots for name in (spot.name, spot.english, spot.admin1, spot.admin2) if name}
        if told.get("party") and tables.actor_names(told["party"]):
            shown.add(told["party"])
        for name in {"text", "source", "party", "place", "near", "box"} & told.keys():
            if not isinstance(told[name], str) or told[name] not in shown:
                told[name] = "(withheld)"
    return told


def _origin(record: Record, to: str, choice: Choice, licence: str, filters: dict[str, Any]) -> Origin:
    """Where the export comes from. Its time is that of the newest line of the ledger, so that nothing changed in the
    record means nothing changed in the package."""
    with record.reading() as connection:
        identity = connection.execute(select(meta.c.value).where(meta.c.key == "id")).scalar_one()
        newest = select(ledger.c.seq, ledger.c.hash, ledger.c.at).order_by(ledger.c.seq.desc()).limit(1)
        if choice.as_of:
            newest = newest.where(ledger.c.at <= moment(choice.as_of))
        line = connection.execute(newest).first()
        seq, digest = head(connection) if line is None else (line.seq, bytes(line.hash))
    at = line.at if line is not None else moment(choice.as_of or "")
    return Origin(
        identity, digest.hex(), seq, at, to, choice.rule, choice.as_of, choice.withhold, filters, licence
    )  # fmt: skip


def _withheld_since(record: Record, at: str) -> bool:
    """Whether a report was withheld or removed after a time."""
    wanted = select(decisions.c.id).where(decisions.c.kind == "withhold", decisions.c.at > at).limit(1)
    with record.reading() as connection:
        return connection.execute(wanted).first() is not None


def _gone(record: Record, old: Before) -> dict[str, str]:
    """Why incidents of the export before may stand no more."""
    wanted = select(incident_rows.c.id, incident_rows.c.merged_into, incident_rows.c.claims)
    found = {}
    with record.reading() as connection:
        for row in connection.execute(wanted):
            if f"i{row.id}" in old.figures and row.merged_into is not None:
                found[f"i{row.id}"] = f"merged into i{row.merged_into}"
            elif f"i{row.id}" in old.figures and row.claims == 0:
                found[f"i{row.id}"] = "its claims were rejected or moved"
    return found


def _dossiers(record: Record, chosen: list[Incident], choice: Choice, origin: Origin) -> dict[str, bytes]:
    try:
        from sijill.export.dossier import dossier, find_font
    except ImportError as error:
        raise ExportError(f"this format needs an extra: pip install 'sijill[export]' ({error.name})") from error
    font = find_font()
    until = moment(choice.as_of) if choice.as_of else None
    return {
        f"{incident.id}.pdf": dossier(
            incident, _history(record, incident, until), font, origin.head, withhold=choice.withhold
        )
        for incident in chosen
    }


def _history(record: Record, incident: Incident, until: str | None) -> list[Said]:
    targets = [incident.id, *(f"c{telling.thread}" for telling in incident.tellings)]
    said = [one for target in targets for one in history(record, target)]
    return sorted((one for one in said if until is None or one.at <= until), key=lambda one: one.at)
