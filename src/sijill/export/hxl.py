"""HXL: a CSV whose second row tells humanitarian tools what each column is."""

from __future__ import annotations

from sijill.export import tables
from sijill.export.cells import Row, table
from sijill.export.incident import Actor, Incident, LeftOut

TAGS = {
    "id": "#event+id", "type": "#event+type", "subtype": "#event+type+sub", "day": "#date+occurred",
    "start": "#date+start", "end": "#date+end",
    "initiator": "#group+name+first", "target": "#group+name+second", "country": "#country+name",
    "country code": "#country+code", "admin1": "#adm1+name", "admin1 code": "#adm1+code", "admin2": "#adm2+name",
    "admin2 code": "#adm2+code", "place": "#loc+name", "lat": "#geo+lat", "lon": "#geo+lon",
    "killed": "#affected+killed", "injured": "#affected+injured", "civilians killed": "#affected+killed+civilians",
    "children killed": "#affected+killed+children", "women killed": "#affected+killed+f",
    "men killed": "#affected+killed+m", "children injured": "#affected+injured+children",
    "women injured": "#affected+injured+f", "men injured": "#affected+injured+m",
    "description": "#description", "source": "#meta+source",
}  # fmt: skip


def file(incidents: list[Incident]) -> tuple[bytes, list[LeftOut]]:
    """A row for each incident that is told to have happened. Numbers are the best where the rule gives one, else the
    least told."""
    told, left = [], []
    for incident in incidents:
        occurrence = incident.told.grades.occurrence
        if occurrence in ("denied", "planned"):
            left.append(LeftOut(incident.id, f"only told as {occurrence}"))
        else:
            told.append(incident)
    # No BOM: readers of HXL look for the hashtags in the first bytes.
    return table(list(TAGS), map(_even, map(_row, told)), bom=False, second=list(TAGS.values())), left


def _even(row: Row) -> Row:
    """With one space between words: HXL's own validation takes more, and ends of lines, for faults."""
    return {name: " ".join(cell.split()) if isinstance(cell, str) else cell for name, cell in row.items()}


def _row(incident: Incident) -> Row:
    place, told = incident.place, incident.told
    land = tables.country(place.country if place else None)
    return {
        "id": incident.id,
        "type": tables.type_names(told.type)[1],
        "subtype": told.type,
        "day": told.first if told.first == told.last else None,
        "start": told.first,
        "end": told.last,
        "initiator": _names(incident.initiators),
        "target": _names(incident.targets),
        "country": land.name,
        "country code": land.iso3,
        "admin1": place.admin1 if place else None,
        "admin1 code": place.admin1_code if place else None,
        "admin2": place.admin2 if place else None,
        "admin2 code": place.admin2_code if place else None,
        "place": (place.english or place.name) if place else None,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "killed": _number(incident, "killed"),
        "injured": _number(incident, "injured"),
        "civilians killed": _number(incident, "killed", "civilian"),
        **{
            f"{name} {outcome}": incident.group(outcome, name)
            for name in ("children", "women", "men")
            for outcome in ("killed", "injured")
        },
        "description": next((telling.words for telling in incident.tellings if telling.words), None),
        "source": " | ".join(incident.outlets),
    }


def _names(actors: tuple[Actor, ...]) -> str:
    return " | ".join(actor.en for actor in actors if actor.en)


def _number(incident: Incident, outcome: str, who: str = "all") -> int | None:
    harm = incident.harm(outcome, who)
    return None if harm is None else harm.low if harm.best is None else harm.best
