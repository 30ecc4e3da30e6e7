"""`sijill incidents`, `sijill show`: looking into a record."""

from __future__ import annotations

from typing import Any

import click
import msgspec
from sqlalchemy import Connection, Select, func, select

from sijill.cli.record_options import json_option, limit_option, number, print_json, record_option
from sijill.errors import OptionError
from sijill.incidents.derive import RULES, Derived, Rule
from sijill.incidents.spelled import spelled
from sijill.incidents.summary import second_person, summary
from sijill.record import Record, spelling
from sijill.record.decided import FIELDS, effective, value_of
from sijill.record.fact import day_of, decode, iso_of
from sijill.record.removal import removals
from sijill.record.schema import arrivals, captures, claim_places, claims, members, readings, withheld
from sijill.record.schema import incidents as incidents_table
from sijill.review.acts import number_of
from sijill.review.history import facts_as_of, history, incident, moment, state_of


@click.command()
@record_option
@limit_option
@click.option("--since", metavar="DAY", help="From this day on.")
@click.option("--until", metavar="DAY", help="Up to this day.")
@click.option("--as-of", metavar="DAY|TIME", help="As they stood then.")
@json_option
def incidents(where: str, limit: int, since: str | None, until: str | None, as_of: str | None, as_json: bool) -> None:
    """List incidents, the newest day first: when, where, what, killed, claims and independent tellers."""
    days = _day(since) if since else None, _day(until) if until else None
    with Record.open(where) as record, record.reading() as connection:
        rows = _stood(connection, moment(as_of), limit, *days) if as_of else _stand(connection, limit, *days)
        places = claim_places.c
        names = spelling.of(connection, places.name, places.claim_id, [row["place"] for row in rows if row["place"]])
    for row in rows:
        row["place"] = names.get(row["place"], row["place"])
        if as_json:
            told = {"first": iso_of(row["first"]), "last": iso_of(row["last"])}
            print_json({**row, **told, "id": f"i{row['id']}"})
        else:
            killed = number(
                row["killed_low"], row["killed_high"] if row["killed_high"] is not None else row["killed_low"]
            )
            click.echo(
                f"i{row['id']}\t{iso_of(row['first']) or '-'}\t{row['place'] or '-'}\t{row['type']}\t{killed}\t"
                f"{row['claims']} claims\t{row['independent']} tellers\t{row['occurrence']}"
            )


def _stand(connection: Connection, limit: int, since: int | None, until: int | None) -> list[dict[str, Any]]:
    """Rows of incidents as they are kept."""
    table = incidents_table.c
    wanted = select(incidents_table).where(table.merged_into.is_(None), table.claims > 0)
    if since is not None:
        wanted = wanted.where(table.last >= since)
    if until is not None:
        wanted = wanted.where(table.first <= until)
    found = connection.execute(wanted.order_by(table.first.desc(), table.id.desc()).limit(limit))
    return [dict(row) for row in found.mappings()]


def _stood(
    connection: Connection, as_of: str, limit: int, since: int | None, until: int | None
) -> list[dict[str, Any]]:
    """Rows of incidents derived from the claims and decisions that there were."""
    rows = []
    for incident_id, facts in facts_as_of(connection, as_of).items():
        row = {"id": incident_id, **summary(facts)}
        first, last = row["first"], row["last"]
        early = since is not None and (last is None or last < since)
        late = until is not None and (first is None or first > until)
        if not early and not late:
            rows.append(row)
    rows.sort(key=lambda row: (row["first"] if row["first"] is not None else -1, row["id"]), reverse=True)
    return rows[:limit]


@click.command()
@click.argument("target", metavar="ID")
@record_option
@click.option("--rule", type=click.Choice(RULES), default="range", show_default=True, help="How numbers are derived.")
@click.option("--as-of", metavar="DAY|TIME", help="As it stood then.")
@json_option
def show(target: str, where: str, rule: Rule, as_of: str | None, as_json: bool) -> None:
    """Show an incident (i7), a claim with its history (c12), or a capture (r3)."""
    with Record.open(where) as record:
        if target.startswith("i"):
            told = incident(record, target, rule, as_of)
            with record.reading() as connection:
                told = spelled(told, spelling.in_claims(connection, told.claims))
                state, assignee = state_of(connection, target)
            if as_json:
                print_json({"id": target, "state": state, "assignee": assignee, **_plain(told)})
            else:
                _incident(target, told, state, assignee)
        elif target.startswith("c"):
            _claim(record, target, moment(as_of) if as_of else None, as_json)
        else:
            _capture(record, target, as_json)


def _day(told: str) -> int:
    day = day_of(told)
    if day is None:
        raise OptionError(f"{told}: not a day; write it as 2018-03-04")
    return day


def _plain(told: Derived) -> dict[str, Any]:
    return {**msgspec.to_builtins(told), "places": [spot.name for spot in told.places], "independent": told.independent}


def _incident(target: str, told: Derived, state: str, assignee: str | None) -> None:
    days = told.first if told.first == told.last else f"{told.first} to {told.last}"
    click.echo(f"{target}  {told.type}  {days}  {', '.join(spot.name for spot in told.places) or '-'}")
    click.echo(f"state: {state}" + (f", {assignee}" if assignee else ""))
    for name, votes in (("by", told.initiators), ("against", told.targets)):
        if votes:
            click.echo(f"{name}: " + ", ".join(f"{who} ({tellers})" for who, tellers in votes))
    for harm in told.harm:
        best = f", best {harm.best}" if harm.best is not None else ""
        click.echo(f"{harm.outcome}, {harm.who}: {number(harm.low, harm.high)}{best} (rule {told.rule})")
    grades = told.grades
    click.echo(
        f"grades: occurrence {grades.occurrence}, attribution {grades.attribution}, "
        f"count {grades.count}, place {grades.place}"
    )
    click.echo(f"{len(told.claims)} claims of {told.independent} independent tellers:")
    for voice in told.voices:
        click.echo("  " + ", ".join(f"c{claim}" for claim in voice))
    for found in told.contradictions:
        sides = "; ".join(f"{said}: {', '.join(f'c{claim}' for claim in ids)}" for said, ids in found.sides)
        click.echo(f"disagree on {found.value}: {sides}")


def _claim(record: Record, target: str, as_of: str | None, as_json: bool) -> None:
    told = [said for said in history(record, target) if as_of is None or said.at <= as_of]
    with record.reading() as connection:
        row = connection.execute(_the_claim(number_of(target, "c"))).one()
        report = record.report(connection, row.reading_id)
        hide = connection.execute(select(withheld).where(withheld.c.capture_id == row.capture_id)).first() is not None
        names = spelling.in_claims(connection, [row.id])
        stands = effective(connection, [decode(row.fact)], second_person(connection), as_of)
    claim = next(claim for claim in report.claims if claim.id == row.key)
    if as_of is not None and row.at > as_of:
        raise OptionError(f"{target}: was not read yet as of {as_of}")
    values = {field: _named(value, names) for field in FIELDS if stands and (value := value_of(stands[0], field))}
    if as_json:
        shown = None if hide else claim
        print_json({"id": target, "incident": f"i{row.incident_id}", "claim": shown, "now": values, "history": told})
        return
    came = "a withheld capture" if hide else report.source.url or report.source.name
    click.echo(f"{target}  {claim.type}  in i{row.incident_id}  from {came}" + ("" if stands else "  (rejected)"))
    for span in () if hide else claim.evidence:
        click.echo(f"  {span.quote}")
    for field, value in values.items():
        click.echo(f"{field}: {value}")
    for said in told:
        click.echo(f"{said.at}  {said.who}  {said.kind} {said.field or ''} {said.value or ''} {said.why}".rstrip())


def _named(value: Any, names: dict[str, str]) -> Any:
    """The value of a field with its names as they are written."""
    if isinstance(value, dict):
        return {key: _named(part, names) for key, part in value.items()}
    if isinstance(value, list):
        return [_named(part, names) for part in value]
    return names.get(value, value) if isinstance(value, str) else value


def _the_claim(number_: int) -> Select[Any]:
    return (
        select(claims, members.c.incident_id, readings.c.capture_id, readings.c.at)
        .join(readings, readings.c.id == claims.c.reading_id)
        .outerjoin(members, members.c.claim_id == claims.c.id)
        .where(claims.c.id == number_)
    )


def _capture(record: Record, target: str, as_json: bool) -> None:
    if not target.startswith("r"):
        raise OptionError(f"{target}: not an incident (i7), a claim (c12) or a capture (r3)")
    number_ = number_of(target, "r")
    with record.reading() as connection:
        row = connection.execute(select(captures).where(captures.c.id == number_)).first()
        if row is None:
            raise OptionError(f"{target}: there is no such capture")
        came = connection.execute(select(arrivals).where(arrivals.c.capture_id == number_)).all()
        read = connection.execute(
            select(readings.c.reader, readings.c.at).where(readings.c.capture_id == number_)
        ).all()
        count = select(func.count()).select_from(claims.join(readings, readings.c.id == claims.c.reading_id))
        told = connection.execute(count.where(readings.c.capture_id == number_, claims.c.current)).scalar_one()
        gone = removals(connection).get(number_)
    digest = bytes(row.sha256).hex()
    if as_json:
        came_from = [{"at": arrival.at, "address": arrival.address} for arrival in came]
        print_json({"id": target, "sha256": digest, "bytes": row.size, "arrivals": came_from, "claims": told})
        return
    click.echo(f"{target}  sha256 {digest}  {row.size:,} bytes  {told} claims")
    for arrival in came:
        click.echo(f"came {arrival.at} from {arrival.address}")
    for reading in read:
        click.echo(f"read {reading.at} by {reading.reader}")
    if gone:
        click.echo(f"{gone}")
