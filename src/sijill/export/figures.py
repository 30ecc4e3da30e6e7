"""The figures of an incident as one flat row: what CSV and XLSX hold, and what change lists compare."""

from __future__ import annotations

from functools import cache

from sijill.export import tables
from sijill.export.cells import Row
from sijill.export.incident import Actor, Incident


@cache
def columns() -> tuple[str, ...]:
    """The columns in order; their types, headings and meanings stand in `data/columns.csv`."""
    return tuple(row["column"] for row in tables.rows("columns.csv"))


def figures(incident: Incident) -> Row:
    """The row of an incident."""
    told, place = incident.told, incident.place
    killed, injured = incident.harm("killed"), incident.harm("injured")
    civilians = incident.harm("killed", "civilian")
    arabic, english = tables.type_names(told.type)
    values: Row = {
        "id": incident.id,
        "type": told.type,
        "type_ar": arabic,
        "type_en": english,
        "first": told.first,
        "last": told.last,
        "place": place.name if place else None,
        "place_en": (place.english or None) if place else None,
        "places": "|".join(spot.name for spot in incident.places) or None,
        "admin1": place.admin1 if place else None,
        "admin1_code": place.admin1_code if place else None,
        "admin2": place.admin2 if place else None,
        "country": place.country if place else None,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "precision": place.precision if place else None,
        "initiators": _names(incident.initiators),
        "targets": _names(incident.targets),
        "killed_low": killed.low if killed else None,
        "killed_high": killed.high if killed else None,
        "killed_best": killed.best if killed else None,
        "injured_low": injured.low if injured else None,
        "injured_high": injured.high if injured else None,
        "injured_best": injured.best if injured else None,
        "civilians_killed_low": civilians.low if civilians else None,
        "civilians_killed_high": civilians.high if civilians else None,
        **_others(incident),
        "occurrence": told.grades.occurrence,
        "attribution": told.grades.attribution,
        "contested": "|".join(found.value for found in told.contradictions) or None,
        "claims": len(told.claims),
        "tellers": told.independent,
        "outlets": "|".join(incident.outlets) or None,
        "words": next((telling.words for telling in incident.tellings if telling.words), None),
        "state": incident.state,
        "changed": incident.changed,
    }
    return {column: values[column] for column in columns()}


def _others(incident: Incident) -> Row:
    """People neither killed nor injured, but harmed."""
    values: Row = {}
    for outcome in ("captured", "missing", "displaced"):
        harm = incident.harm(outcome)
        values |= {f"{outcome}_low": harm.low if harm else None, f"{outcome}_high": harm.high if harm else None}
    return values


def _names(actors: tuple[Actor, ...]) -> str | None:
    return "|".join(actor.ar for actor in actors if actor.ar) or None
