"""The shape of UCDP's georeferenced events: its 49 columns and codes. UCDP's own ids of conflicts stay empty."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date

from sijill.export import tables
from sijill.export.cells import Row, table
from sijill.export.incident import Actor, Incident, LeftOut, Where
from sijill.incidents.derive import derive
from sijill.incidents.pair import total

COLUMNS = tables.shape("ucdp")
_WHERE = {"site": 1, "town": 1, "district": 3, "governorate": 4, "region": 5, "country": 6}
_STATE, _ARMED = (1, 8), (1, 2, 3, 4, 8)
_CIVILIANS = Actor("civilians", "المدنيون", "Civilians", True)


def rows(incidents: list[Incident]) -> tuple[list[Row], list[LeftOut]]:
    """A row for each incident with a death, a day, a place and an organised side; the others with the reason."""
    found, left = [], []
    for incident in incidents:
        sides = _sides(incident)
        reason = _unfit(incident, sides)
        if reason or sides is None:
            left.append(LeftOut(incident.id, reason or "no organised side is told"))
        else:
            found.append(_row(incident, *sides))
    return found, left


def file(incidents: list[Incident]) -> tuple[bytes, list[LeftOut]]:
    """The rows as CSV."""
    found, left = rows(incidents)
    return table(COLUMNS, found), left


def _unfit(incident: Incident, sides: tuple[int, Actor, Actor] | None) -> str | None:
    killed = incident.harm("killed")
    if killed is None or (killed.high is not None and killed.high < 1):
        return "no death is told with a number"
    if incident.told.first is None:
        return "no day is told"
    if incident.place is None or incident.place.lat is None or incident.place.precision not in _WHERE:
        return "no place on the map is told"
    return None if sides else "no organised side is told"


def _sides(incident: Incident) -> tuple[int, Actor, Actor] | None:
    """Type of violence (1 state-based, 2 non-state, 3 one-sided) and the two sides, a state's first."""
    doers = [actor for actor in incident.initiators if _inter(actor) in _ARMED]
    others = [actor for actor in incident.targets if _inter(actor) in _ARMED]
    if not doers:
        return None
    rival = others[0] if others else doers[1] if len(doers) > 1 and not incident.on_civilians else None
    if rival is None:
        return (3, doers[0], _CIVILIANS) if incident.on_civilians else None
    one, other = sorted((doers[0], rival), key=lambda actor: _gwno(actor) is None)
    return (1 if _gwno(one) is not None else 2), one, other


def _inter(actor: Actor) -> int | None:
    codes = tables.actor_codes().get(actor.key)
    return codes.inter if codes else None


def _gwno(actor: Actor) -> int | None:
    codes = tables.actor_codes().get(actor.key)
    return codes.gwno if codes and codes.inter in _STATE else None


def _row(incident: Incident, kind: int, side_a: Actor, side_b: Actor) -> Row:
    told, place = incident.told, incident.place
    assert told.first and told.last and place and place.lat is not None and place.lon is not None
    first, last = date.fromisoformat(told.first), date.fromisoformat(told.last)
    land = tables.country(place.country)
    days = (last - first).days + 1
    dated = [telling for telling in incident.tellings if telling.published]
    values: Row = dict.fromkeys(COLUMNS)
    values |= {
        "id": incident.number,
        "relid": f"SJL-{incident.number}",
        "year": first.year,
        "code_status": "Clear",
        "type_of_violence": kind,
        "dyad_name": f"{side_a.en} - {side_b.en}",
        "side_a": side_a.en,
        "side_b": side_b.en,
        "number_of_sources": told.independent,
        "source_article": "; ".join(
            dict.fromkeys(
                ", ".join(part for part in (telling.outlet, telling.published[:10], telling.title) if part)
                for telling in incident.tellings
            )
        ),
        "source_office": "; ".join(incident.outlets),
        "source_date": "; ".join(dict.fromkeys(telling.published[:10] for telling in dated)),
        "source_headline": "; ".join(dict.fromkeys(telling.title for telling in incident.tellings if telling.title)),
        "source_original": "; ".join(dict.fromkeys(telling.teller for telling in incident.tellings)),
        "where_prec": _where_prec(place),
        "where_coordinates": place.english or place.name,
        "where_description": "; ".join(spot.english or spot.name for spot in incident.places),
        "adm_1": place.admin1,
        "adm_2": place.admin2,
        "latitude": place.lat,
        "longitude": place.lon,
        "geom_wkt": f"POINT ({place.lon} {place.lat})",
        "priogrid_gid": priogrid(place.lat, place.lon),
        "country": land.name or land.code,
        "country_id": land.gwno,
        "region": land.ucdp_region,
        "event_clarity": 1 if days <= 7 else 2,
        "date_prec": _date_prec(days),
        "date_start": told.first,
        "date_end": told.last,
        **_deaths(incident, side_a, side_b),
        "gwnoa": _gwno(side_a),
        "gwnob": _gwno(side_b),
    }
    return values


def _where_prec(place: Where) -> int:
    return 2 if place.precision in ("site", "town") and place.relation != "in" else _WHERE[place.precision]


def _date_prec(days: int) -> int:
    for most, code in ((1, 1), (6, 2), (7, 3), (31, 4)):
        if days <= most:
            return code
    return 5


def priogrid(lat: float, lon: float) -> int:
    """The number of the half-degree cell of a point, counted from 90° S, 180° W eastward."""
    row = min(359, math.floor((lat + 90) * 2))
    column = min(719, math.floor((lon + 180) * 2))
    return row * 720 + column + 1


def _deaths(incident: Incident, side_a: Actor, side_b: Actor) -> Row:
    """Deaths by side: those of the claim that gives the best number, so that they add up to it.

    Combatants fall to the side that the claim counts them to, where it says so. An open number is as high as the
    highest number told.
    """
    facts = [telling.fact for telling in incident.tellings]
    best_rule = next(harm for harm in derive(facts, "best").harm if (harm.outcome, harm.who) == ("killed", "all"))
    full = next(harm for harm in derive(facts, "range").harm if (harm.outcome, harm.who) == ("killed", "all"))
    under = incident.told.rule
    best = (full.low if under == "low" else best_rule.best) or 0
    tops = [number for fact in facts if (number := total(fact, "killed"))]
    high = best if under == "low" else max(max(low, top or 0) for low, top in tops)
    chosen = next(
        (telling for telling in incident.tellings if (total(telling.fact, "killed") or (-1,))[0] == best), None
    )
    split: Counter[str] = Counter()
    for harm in chosen.fact.harm if chosen else ():
        if harm.outcome == "killed" and harm.low:
            split[_column(harm.who, _side_of(incident, harm.who, harm.low), side_a, side_b)] += harm.low
    if sum(split.values()) != best:
        split = Counter({"deaths_unknown": best})
    columns = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
    return {**{column: split[column] for column in columns}, "best": best, "high": high, "low": full.low}


def _side_of(incident: Incident, who: str, low: int) -> str | None:
    """The party to which a claim counts so many dead combatants."""
    said = {
        harm.actor
        for telling in incident.tellings
        for harm in telling.casualties
        if (harm.outcome, harm.who, harm.min) == ("killed", who, low) and harm.actor
    }
    return said.pop() if len(said) == 1 else None


def _column(who: str, actor: str | None, side_a: Actor, side_b: Actor) -> str:
    if who == "civilian":
        return "deaths_civilians"
    if who == "combatant" and actor in (side_a.key, side_b.key):
        return "deaths_a" if actor == side_a.key else "deaths_b"
    return "deaths_unknown"
