"""`sijill incidents`, `sijill show`, `sijill search`: looking into a record."""

from __future__ import annotations

from typing import Any

import click
import msgspec
from sqlalchemy import func, select

from sijill.cli.record_options import json_option, number, print_json, record_option
from sijill.errors import OptionError
from sijill.incidents.derive import RULES, Derived, Rule
from sijill.record import Record
from sijill.record.decided import FIELDS, value_of
from sijill.record.fact import day_of, decode, iso_of
from sijill.record.schema import arrivals, captures, claims, members, readings
from sijill.record.schema import incidents as incidents_table
from sijill.review.history import history, incident, state_of
from sijill.search.find import Found, facets, find, find_reports
from sijill.search.query import Box, Near, Query

limit_option = click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="The most to print."
)


@click.command()
@record_option
@limit_option
@click.option("--since", metavar="DAY", help="From this day on.")
@click.option("--until", metavar="DAY", help="Up to this day.")
@json_option
def incidents(where: str, limit: int, since: str | None, until: str | None, as_json: bool) -> None:
    """List incidents, the newest day first: when, where, what, killed, claims and independent tellers."""
    table = incidents_table.c
    wanted = select(incidents_table).where(table.merged_into.is_(None), table.claims > 0)
    if since is not None:
        wanted = wanted.where(table.last >= _day(since))
    if until is not None:
        wanted = wanted.where(table.first <= _day(until))
    with Record.open(where) as record, record.reading() as connection:
        rows = connection.execute(wanted.order_by(table.first.desc(), table.id.desc()).limit(limit)).all()
    for row in rows:
        if as_json:
            days = {"first": iso_of(row.first), "last": iso_of(row.last)}
            print_json({**row._asdict(), **days, "id": f"i{row.id}"})
        else:
            days_told = iso_of(row.first) or "-"
            killed = number(row.killed_low, row.killed_high if row.killed_high is not None else row.killed_low)
            click.echo(
                f"i{row.id}\t{days_told}\t{row.place or '-'}\t{row.type}\t{killed}\t"
                f"{row.claims} claims\t{row.independent} tellers\t{row.occurrence}"
            )


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
                state, assignee = state_of(connection, target)
            if as_json:
                print_json({"id": target, "state": state, "assignee": assignee, **_plain(told)})
            else:
                _incident(target, told, state, assignee)
        elif target.startswith("c"):
            _claim(record, target, as_json)
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


def _claim(record: Record, target: str, as_json: bool) -> None:
    told = history(record, target)
    with record.reading() as connection:
        row = connection.execute(
            select(claims, members.c.incident_id)
            .outerjoin(members, members.c.claim_id == claims.c.id)
            .where(claims.c.id == int(target[1:]))
        ).one()
        report = record.report(connection, row.reading_id)
    claim = next(claim for claim in report.claims if claim.id == row.key)
    fact = decode(row.fact)
    if as_json:
        print_json({"id": target, "incident": f"i{row.incident_id}", "claim": claim, "history": told})
        return
    click.echo(f"{target}  {fact.type}  in i{row.incident_id}  from {report.source.url or report.source.name}")
    for span in claim.evidence:
        click.echo(f"  {span.quote}")
    for field in FIELDS:
        if value := value_of(fact, field):
            click.echo(f"{field}: {value}")
    for said in told:
        click.echo(f"{said.at}  {said.who}  {said.kind} {said.field or ''} {said.value or ''} {said.why}".rstrip())


def _capture(record: Record, target: str, as_json: bool) -> None:
    if not target[:1] == "r" or not target[1:].isdecimal():
        raise OptionError(f"{target}: not an incident (i7), a claim (c12) or a capture (r3)")
    number_ = int(target[1:])
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


@click.command()
@click.argument("words", required=False, default="")
@record_option
@limit_option
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Of this type; may be given again.")
@click.option("--party", metavar="NAME", help="A party, by name or id.")
@click.option("--place", metavar="NAME", help="In this place, or anything inside it.")
@click.option("--near", metavar="LAT,LON,KM", help="Within so many kilometres of a point.")
@click.option("--box", metavar="S,W,N,E", help="Between two parallels and two meridians.")
@click.option("--since", metavar="DAY", help="From this day on.")
@click.option("--until", metavar="DAY", help="Up to this day.")
@click.option("--killed", type=int, metavar="N", help="At least so many killed.")
@click.option("--source", metavar="NAME", help="Told by this source.")
@click.option("--state", metavar="STATE", help="In this state of review.")
@click.option("--facets", "with_facets", is_flag=True, help="How the claims found spread.")
@click.option("--reports", is_flag=True, help="Whole reports with the words, with claims or without.")
@json_option
def search(
    words: str,
    where: str,
    limit: int,
    near: str | None,
    box: str | None,
    with_facets: bool,
    reports: bool,
    as_json: bool,
    **told: Any,
) -> None:
    """Find claims by words (seen through clitics and spelling), "phrases", -words that must not be there, and more."""
    query = Query(
        words,
        near=Near(*_numbers(near, 3)) if near else None,
        box=Box(*_numbers(box, 4)) if box else None,
        **told,
    )
    with Record.open(where) as record:
        if reports:
            for capture, line in find_reports(record, words, limit=limit):
                print_json({"capture": f"r{capture}", "title": line}) if as_json else click.echo(f"r{capture}\t{line}")
            return
        _found(find(record, query, limit=limit), as_json)
        if with_facets:
            counted = facets(record, query)
            if as_json:
                print_json(counted)
            else:
                for name in ("types", "areas", "places", "parties", "sources", "states"):
                    values = getattr(counted, name)
                    click.echo(
                        f"{name}: " + ", ".join(f"{value} {count}" for value, count in list(values.items())[:10])
                    )


def _found(found: Found, as_json: bool) -> None:
    for hit in found.hits:
        if as_json:
            print_json(hit)
        else:
            click.echo(
                f"c{hit.claim}\ti{hit.incident}\t{hit.first or '-'}\t{hit.type}\t{', '.join(hit.places)}\t{hit.words}"
            )


def _numbers(told: str, count: int) -> list[float]:
    try:
        numbers = [float(part) for part in told.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != count:
        raise OptionError(f"{told}: {count} numbers with commas between them are needed")
    return numbers
