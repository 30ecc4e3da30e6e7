"""The package around an export: a Frictionless data package with schema, version, licence, measured error, the list
of changes against the export before it, and a SHA-256 beside every file."""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from collections.abc import Sequence
from importlib.metadata import version as program_version
from pathlib import Path
from typing import Any

import msgspec

from sijill.errors import SijillError
from sijill.export import tables
from sijill.export.cells import Row, table
from sijill.export.figures import columns
from sijill.export.incident import LeftOut

DESCRIPTOR, FIGURES, CHANGES, LEFT_OUT, SUMS = (
    "datapackage.json", "figures.csv", "changes.csv", "left-out.csv", "SHA256SUMS",
)  # fmt: skip
_NAMES = ("place", "place_en", "places", "initiators", "targets", "outlets", "words")
"""Columns of the figures that hold names or words of reports."""
_LABELS = {"acled": " (ACLED-compatible, not ACLED)", "ucdp": " (in the shape of UCDP GED, not UCDP's)"}
_CHANGE = ("version", "id", "change", "field", "before", "after", "reason")


class ExportError(SijillError):
    """An export that cannot be made or written."""


class Before(msgspec.Struct, frozen=True):
    """The export that stands in the folder already: its version, figures and list of changes."""

    version: int = 0
    figures: dict[str, dict[str, str]] = {}
    changes: tuple[dict[str, str], ...] = ()
    at: str = ""
    """The time of the record that it told."""
    silent: tuple[str, ...] = ("words",)
    """Columns whose values the list of changes does not repeat."""

    def without_names(self) -> Before:
        """What stands there, for the next export after a report was withheld or removed: its names may be told no
        more."""
        changes = tuple(row | {"before": "", "after": ""} if row["field"] in _NAMES else row for row in self.changes)
        return msgspec.structs.replace(self, changes=changes, silent=_NAMES)


class Origin(msgspec.Struct, frozen=True):
    """Where an export comes from: enough to make it again."""

    record: str
    head: str
    seq: int
    at: str
    to: str
    rule: str
    as_of: str | None
    withhold: bool
    filters: dict[str, Any]
    licence: str


def before(folder: Path, record: str, withhold: bool) -> Before:
    """What stands in a folder. Raises `ExportError` where it is the export of another record, or of none, or shows what
    the next withholds: its list of changes would tell that."""
    descriptor = folder / DESCRIPTOR
    if not descriptor.is_file():
        if folder.is_dir() and any(folder.iterdir()):
            raise ExportError(f"{folder}: holds files that are no export; name a new or an empty folder")
        return Before()
    try:
        told = msgspec.json.decode(descriptor.read_bytes())
        if told["sijill"]["record"] != record:
            raise ExportError(f"{folder}: holds an export of another record; name another folder")
        if told["sijill"]["withhold"] != withhold:
            kind = "without --withhold" if withhold else "made with --withhold"
            raise ExportError(f"{folder}: holds an export {kind}; name another folder")
        figures = {row["id"]: row for row in _read(folder / FIGURES)}
        return Before(int(told["version"]), figures, tuple(_read(folder / CHANGES)), str(told["created"]))
    except (msgspec.DecodeError, KeyError, TypeError, ValueError, OSError) as error:
        raise ExportError(f"{folder}: its {DESCRIPTOR} cannot be read; name another folder") from error


def changes(old: Before, rows: Sequence[Row], gone: dict[str, str]) -> list[dict[str, str]]:
    """What differs from the export before. `gone` says why an incident stands no more; the first export has none."""
    if not old.version:
        return []
    now = {row["id"]: row for row in _read_bytes(figures_file(rows))}
    number = str(old.version + 1)
    found = []
    for key in sorted(old.figures.keys() | now.keys(), key=lambda name: int(name[1:])):
        was, given = old.figures.get(key), now.get(key)
        if was is None:
            found.append(_change(number, key, "added"))
        elif given is None:
            found.append(_change(number, key, "deleted", reason=gone.get(key, "no longer among what was asked for")))
        else:
            for field in columns():
                if field != "changed" and was.get(field, "") != given[field]:
                    values = ("", "") if field in old.silent else (was.get(field, ""), given[field])
                    found.append(_change(number, key, "changed", field, *values))
    return found


def _change(
    number: str, key: str, change: str, field: str = "", old: str = "", new: str = "", reason: str = ""
) -> dict[str, str]:
    return dict(zip(_CHANGE, (number, key, change, field, old, new, reason), strict=True))


def figures_file(rows: Sequence[Row]) -> bytes:
    """The flat figures of every incident, whatever the format of the export."""
    return table(columns(), rows)


def write(
    folder: Path,
    files: dict[str, bytes],
    rows: Sequence[Row],
    left: Sequence[LeftOut],
    old: Before,
    gone: dict[str, str],
    origin: Origin,
) -> int:
    """Write the files with all that belongs to them; returns the version. Each file is put in place whole."""
    new = changes(old, rows, gone)
    version = old.version + 1 if new or not old.version else old.version
    every = dict(files)
    every[FIGURES] = figures_file(rows)
    every[CHANGES] = table(_CHANGE, [*old.changes, *new])  # type: ignore[list-item]
    every[LEFT_OUT] = table(("id", "reason"), [{"id": one.id, "reason": one.reason} for one in left])
    every[DESCRIPTOR] = _descriptor(every, list(files), version, origin)
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(every.items()))
    every[SUMS] = sums.encode()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in every.items():
            part = folder / f".{name}.part"
            part.write_bytes(data)
            part.replace(folder / name)
    except OSError as error:
        raise ExportError(f"{folder}: cannot be written: {error.strerror}") from error
    return version


def _descriptor(files: dict[str, bytes], data: list[str], version: int, origin: Origin) -> bytes:
    error = tomllib.loads((tables.DATA / "measured.toml").read_text(encoding="utf-8"))
    told = {
        "profile": "data-package",
        "name": f"sijill-{origin.to}",
        "title": f"Incidents of a Sijill record, as {origin.to}{_LABELS.get(origin.to, '')}",
        "description": "What reports claim, not what is true. Numbers are ranges told by sources under the rule named.",
        "version": str(version),
        "created": origin.at,
        "licenses": [{"name": origin.licence}],
        "sources": [{"title": f"Sijill record {origin.record}"}],
        "sijill": {
            "program": f"sijill {program_version('sijill')}",
            **msgspec.to_builtins(origin),
            "measuredError": error,
        },
        "resources": [_resource(name, content, name in data) for name, content in files.items()],
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=2)


def _resource(name: str, content: bytes, is_data: bool) -> dict[str, Any]:
    stem, _, suffix = name.rpartition(".")
    found: dict[str, Any] = {
        "name": stem.lower() if is_data else f"about-{stem.lower()}",
        "path": name,
        "format": suffix,
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
    if suffix != "csv":
        found["type"] = "file"  # readers of packages would look for a table in it, and stumble over nested columns
    if suffix == "csv":
        head = next(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        found |= {"profile": "tabular-data-resource", "encoding": "utf-8", "schema": _schema(head)}
    return found


def _schema(head: list[str]) -> dict[str, Any]:
    known = {row["column"]: row for row in tables.rows("columns.csv")}
    for name in ("acled", "ucdp"):
        if tuple(head) == tables.shape(name):
            return {"fields": [{"name": column, "type": kind} for column, kind in tables.typed(name)]}
    if tuple(head) != columns():
        return {"fields": [{"name": name, "type": "string" if name in ("before", "after") else "any"} for name in head]}
    fields = [
        {"name": name, "type": known[name]["type"], "title": known[name]["en"], "description": known[name]["meaning"]}
        for name in head
    ]
    return {"fields": fields, "primaryKey": "id"}


def _read(path: Path) -> list[dict[str, str]]:
    return _read_bytes(path.read_bytes())


def _read_bytes(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
