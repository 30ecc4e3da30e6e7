"""The shape of ACLED: its 31 columns, types and codes. Compatible with ACLED, and not ACLED: every row says so."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

from sijill.arabic.fold import fold
from sijill.export import tables
from sijill.export.cells import Row, table
from sijill.export.incident import Actor, Incident, LeftOut, Telling, Where
from sijill.incidents.derive import OUTCOMES
from sijill.incidents.pair import total

COLUMNS = tables.shape("acled")
LABEL = "ACLED-compatible, not ACLED"
INTER = {
    1: "State forces", 2: "Rebel group", 3: "Political militia", 4: "Identity militia", 5: "Rioters", 6: "Protesters",
    7: "Civilians", 8: "External/Other forces",
}  # fmt: skip
_GEO = {"site": 1, "town": 1, "district": 2, "governorate": 3, "region": 3}
_RIOTERS = "rioters"
_CROWDS = {
    "Protests": Actor("protesters", "متظاهرون", "Protesters", True),
    "Riots": Actor(_RIOTERS, "مشاغبون", "Rioters", True),
}
_DISORDER = {
    "Protests": "Demonstrations",
    "Riots": "Demonstrations",
    "Strategic developments": "Strategic developments",
}


def rows(incidents: list[Incident]) -> tuple[list[Row], list[LeftOut]]:
    """A row for each incident that ACLED would have an event for, and those it would not, with the reason."""
    found, left = [], []
    for incident in incidents:
        reason = _unfit(incident)
        if reason:
            left.append(LeftOut(incident.id, reason))
        else:
            found.append(_row(incident))
    return found, left


def file(incidents: list[Incident]) -> tuple[bytes, list[LeftOut]]:
    """The rows as CSV."""
    found, left = rows(incidents)
    return table(COLUMNS, found), left


def _unfit(incident: Incident) -> str | None:
    if not any(row["type"] == incident.told.type for row in _types()):
        return f"{incident.told.type}: ACLED has no such event"
    if incident.told.grades.occurrence in ("denied", "planned"):
        return f"only told as {incident.told.grades.occurrence}"
    if incident.told.first is None:
        return "no day is told"
    if incident.place is None or incident.place.precision not in _GEO or incident.place.lat is None:
        return "no place on the map narrower than a country is told"
    return None


@cache
def _types() -> list[dict[str, str]]:
    return tables.rows("acled_types.csv")


def _row(incident: Incident) -> Row:
    told, place = incident.told, incident.place
    assert told.first and told.last and place
    land = tables.country(place.country)
    first, last = date.fromisoformat(told.first), date.fromisoformat(told.last)
    event, sub_event = _event(incident, place)
    sides = _sides(incident, event)
    inter = [_inter(side, place) for side in sides]
    killed, untold = fatalities(incident)
    names = [side.en or side.ar for side in sides] + ["", ""]
    labels = [INTER[code] if code else "" for code in inter] + ["", ""]
    return {
        "event_id_cnty": f"SJL{incident.number}",
        "event_date": first.isoformat(),
        "year": first.year,
        "time_precision": 1 if first == last else 2 if (last - first).days < 7 else 3,
        "disorder_type": _DISORDER.get(event, "Political violence"),
        "event_type": event,
        "sub_event_type": sub_event,
        "actor1": names[0],
        "assoc_actor_1": "; ".join(actor.en for actor in incident.initiators if actor.en and actor.en not in names[:2]),
        "inter1": labels[0],
        "actor2": names[1],
        "assoc_actor_2": "; ".join(actor.en for actor in incident.targets if actor.en and actor.en not in names[:2]),
        "inter2": labels[1],
        "interaction": _interaction(labels[0], labels[1]),
        "civilian_targeting": "Civilian targeting" if _targets_civilians(event, incident) else "",
        "iso": land.number,
        "region": land.acled_region,
        "country": land.name or land.code,
        "admin1": place.admin1 or "",
        "admin2": place.admin2 or "",
        "admin3": "",
        "location": place.english or place.name,
        "latitude": place.lat,
        "longitude": place.lon,
        "geo_precision": max(_GEO[place.precision], 1 if place.relation == "in" else 2),
        "source": "; ".join(incident.outlets),
        "source_scale": _scale(incident.tellings),
        "notes": _notes(incident, place, sub_event, names),
        "fatalities": killed,
        "tags": "; ".join([LABEL, *(["fatalities told without a number"] if untold else [])]),
        "timestamp": int(datetime.fromisoformat(incident.changed).timestamp()),
    }


def _event(incident: Incident, place: Where) -> tuple[str, str]:
    state = any(_inter(actor, place) == 1 for actor in incident.initiators)
    armed = any(_inter(actor, place) in (1, 2, 3, 4, 8) for actor in incident.targets)
    holds = {"": True, "on-civilians": incident.on_civilians, "on-armed": armed, "by-state": state}
    row = next(row for row in _types() if row["type"] == incident.told.type and holds[row["when"]])
    return row["event_type"], row["sub_event_type"]


def _sides(incident: Incident, event: str) -> list[Actor]:
    """The two sides: who did it and to whom; of a fight told with both as doers, the first two of these. In the street
    the first is the crowd, and who is named goes with it."""
    doers, others = list(incident.initiators), list(incident.targets)
    if event in _CROWDS:
        return [_CROWDS[event], *others[:1]]
    if len(doers) > 1 and not others:
        return doers[:2]
    return (doers[:1] or [Actor("", "", "", False)]) + others[:1]


def _inter(actor: Actor, place: Where) -> int | None:
    """The code of a party; a state's forces outside their country are external. None: not in the list."""
    if actor.key == _RIOTERS:
        return 5
    codes = tables.actor_codes().get(actor.key)
    if codes is None:
        return None
    return 8 if codes.inter == 1 and codes.country != place.country else codes.inter


def _interaction(one: str, other: str) -> str:
    return f"{one}-{other}" if one and other else f"{one or other} only" if one or other else ""


def _targets_civilians(event: str, incident: Incident) -> bool:
    return event == "Violence against civilians" or (event == "Explosions/Remote violence" and incident.on_civilians)


def _scale(tellings: tuple[Telling, ...]) -> str:
    scales = {row["kind"]: row["scale"] for row in tables.rows("source_scales.csv")}
    return "-".join(sorted({scales[telling.fact.source_kind] for telling in tellings}))


def fatalities(incident: Incident) -> tuple[int, bool]:
    """The lowest number of dead that any claim tells, and whether dead are told without any number.

    A vague word counts as ACLED counts it (`data/vague_numbers.csv`), not as the codebook does.
    """
    told = [telling for telling in incident.tellings if telling.fact.modality == "reported"]
    numbers = [number for telling in told if (number := _least(telling)) is not None]
    untold = not numbers and any(harm.outcome == "killed" for telling in told for harm in telling.fact.harm)
    return min(numbers, default=0), untold


def _least(telling: Telling) -> int | None:
    """The least number of dead of one claim: by its words where nobody corrected them."""
    said = total(telling.fact, "killed")
    if said is None:
        return None
    if not telling.as_read("killed"):
        return said[0]
    dead = [harm for harm in telling.casualties if harm.outcome == "killed" and harm.min is not None]
    return sum(_vague(harm.span.quote, harm.min or 0) if harm.max is None else harm.min or 0 for harm in dead)


def _vague(quote: str, number: int) -> int:
    words = fold(quote).lower().split()
    found = [int(row["number"]) for row in tables.rows("vague_numbers.csv") if fold(row["word"]) in words]
    return min([number, *found])


def _notes(incident: Incident, place: Where, sub_event: str, names: list[str]) -> str:
    """What is told, in ACLED's manner: the day, the parties, the place, the harm, the sources."""
    told = incident.told
    assert told.first
    day = date.fromisoformat(told.first)
    by = f" by {names[0]}" if names[0] else ""
    upon = f" on {names[1]}" if names[1] else ""
    where = ", ".join(part for part in (place.english or place.name, place.admin1) if part)
    parts = [f"On {day.day} {day:%B %Y}, {sub_event.lower()}{by}{upon} in {where}."]
    for outcome in OUTCOMES:
        harm = incident.harm(outcome)
        if harm:
            number = f"at least {harm.low}" if harm.high is None else _range(harm.low, harm.high)
            parts.append(f"{number} {outcome}.".capitalize())
    if len(incident.places) > 1:
        others = ", ".join(spot.english or spot.name for spot in incident.places[1:] if spot.english or spot.name)
        parts.append(f"Also told of: {others}.")
    if told.contradictions:
        parts.append("Claims disagree on: " + ", ".join(found.value for found in told.contradictions) + ".")
    parts.append(f"{_many(len(told.claims), 'claim')} of {_many(told.independent, 'independent teller')}.")
    return " ".join(parts)


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"
