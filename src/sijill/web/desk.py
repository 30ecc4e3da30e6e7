"""Pages where people decide: the review of claims, and decisions on an incident."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.exceptions import PermissionDeniedException
from litestar.params import Body, FromPath
from litestar.response import Redirect
from sqlalchemy import func, select

from sijill.errors import OptionError, SijillError
from sijill.record import Record
from sijill.record.decided import FIELDS, value_of
from sijill.record.fact import day_of, decode
from sijill.record.schema import claims as claims_table
from sijill.record.schema import decisions, states
from sijill.review.agreement import agreement
from sijill.review.desk import Desk
from sijill.review.history import Said, history
from sijill.search.narrow import ids_of
from sijill.search.query import Query
from sijill.web.door import house_of, viewer_of
from sijill.web.faults import in_words
from sijill.web.names import known_parties
from sijill.web.pages import look_of
from sijill.web.render import Ask, page
from sijill.web.roles import Role
from sijill.web.typed import MistypedError, corrected, shown_value
from sijill.web.words import Talk
from sijill.web.words import said as set_apart

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
_ON_INCIDENTS = {"state", "merge", "split", "assign", "undo"}
_NUMBERS = re.compile(r"\d{1,7}")


@post("/incidents/{number:int}/decide", role="coder", status_code=200, sync_to_thread=True)
def decide(request: Ask, number: FromPath[int], data: Form) -> Redirect:
    """A decision on an incident: comment, state, merge, split."""
    viewer, kind, value = viewer_of(request), data.get("kind", ""), data.get("value", "").strip()
    if kind not in {*_ON_INCIDENTS, "comment"} or not value:
        raise OptionError("nothing was decided: fill in the form")
    if kind in _ON_INCIDENTS and viewer.role < Role.REVIEWER:
        raise PermissionDeniedException("this needs the role reviewer")
    told: Any = value.split() if kind == "split" else value
    with look_of(request).record.writing() as connection:
        desk = Desk(house_of(request).record, viewer.name)
        if kind == "undo":
            told = _own_decision(number, value, history(desk.record, f"i{number}"))
        desk.decide(connection, kind, f"i{number}", None, told, data.get("why", ""))
    return Redirect(f"/incidents/{number}", status_code=303)


def _own_decision(number: int, value: str, said: list[Said]) -> int:
    """The number of a decision on this incident."""
    if value not in {str(one.decision) for one in said}:
        raise OptionError(f"i{number}: decision {value[:20]} is not one on this incident")
    return int(value)


@get("/review", role="coder", sync_to_thread=True)
def review(request: Ask) -> Response[str]:
    """The queue: one claim at a time."""
    return _next(request, request.query_params.get("queue", "first"), request.query_params.get("passed", ""))


@post("/review", role="coder", status_code=200, sync_to_thread=True)
def reviewed(request: Ask, data: Form) -> Response[str]:
    """A decision on the claim on the screen, and the next claim."""
    record, viewer = house_of(request).record, viewer_of(request)
    kind, target, queue = data.get("kind", ""), data.get("claim", ""), data.get("queue", "first")
    desk = Desk(record, viewer.name)
    done, problem, stay = "", "", ""
    try:
        if kind == "undo":
            for number in reversed(_NUMBERS.findall(data.get("done", ""))):
                desk.undo(int(number))
            stay = target
        elif kind in ("accept", "reject"):
            after = "rejected" if kind == "reject" else "second-review" if queue == "second" else "reviewed"
            with record.writing() as connection:
                made = (
                    desk.decide(connection, kind, target, None, None, ""),
                    desk.decide(connection, "state", target, None, after, ""),
                )
            done = " ".join(str(number) for number in made)
        elif kind == "correct":
            field = data.get("field", "")
            # A typed day alone needs the report's: a look at the whole claim.
            today = _told_on(request, target) if field == "date" else None
            done = str(desk.correct(target, field, corrected(field, data.get("value", ""), today)))
            stay = target
        else:
            raise OptionError(f"{kind}: no such decision here")
    except MistypedError as error:
        problem, stay = set_apart(error.typed) + f": {Talk(viewer)(f'wrong-{error.needed}')}", target
    except SijillError as error:
        problem, stay = in_words(str(error), Talk(viewer)), target
    return _next(request, queue, data.get("passed", ""), stay=stay, done=done, decided=target, problem=problem)


def _told_on(request: Ask, target: str) -> date | None:
    """The day that words such as "yesterday" count from: that of the claim's report."""
    told = look_of(request).claims([int(target[1:])]) if _NUMBERS.fullmatch(target[1:]) else []
    day = day_of(told[0].published) if told else None
    return None if day is None else date.fromordinal(day)


def _next(request: Ask, queue: str, passed: str, stay: str = "", **told: str) -> Response[str]:
    look = look_of(request)
    record = look.record
    behind = [int(number) for number in _NUMBERS.findall(passed)[-200:]]
    number = int(stay[1:]) if stay[1:].isdecimal() else _waiting(record, queue, behind, look.viewer.name)
    claim = next(iter(look.claims([number])), None) if number else None
    said_before = history(record, claim.id) if claim else []
    read, values, others = _values(record, number, said_before, look.viewer.name) if claim and number else ({}, {}, {})
    partial = request.headers.get("hx-request") == "true"
    counted, everything = _progress(record)
    return page(
        request, "claim.html" if partial else "review.html", claim=claim, read=read, values=values, others=others,
        queue=queue, history=said_before, passed=" ".join([*map(str, behind), str(number or "")]).strip(),
        progress=counted, everything=everything, agreed=[] if partial else agreement(record),
        done=told.get("done", ""), decided=told.get("decided", ""), problem=told.get("problem", ""),
        shown=shown_value, parties=known_parties(),
    )  # fmt: skip


def _values(
    record: Record, number: int, said_before: list[Said], who: str
) -> tuple[dict[str, Any], dict[str, Any], dict[str, tuple[str, Any]]]:
    """By field: what was read, what stands now, and who else corrected it to what."""
    with record.reading() as connection:
        row = connection.execute(select(claims_table.c.fact).where(claims_table.c.id == number)).scalar_one()
    fact = decode(row)
    read = {field: value_of(fact, field) for field in FIELDS}
    values, others = dict(read), {}
    for said in said_before:
        if said.kind == "correct" and said.field and not said.undone:
            values[said.field] = said.value
            if said.who != who:
                others[said.field] = (said.who, said.value)
    return read, values, others


def _progress(record: Record) -> tuple[dict[str, int], int]:
    """How many claims are in which state of review, and how many there are."""
    with record.reading() as connection:
        counted = connection.execute(
            select(states.c.state, func.count()).where(states.c.target.like("c%")).group_by(states.c.state)
        )
        told_all = connection.execute(select(func.count()).select_from(claims_table).where(claims_table.c.current))
        return {row[0]: row[1] for row in counted}, int(told_all.scalar_one())


def _waiting(record: Record, queue: str, behind: list[int], who: str) -> int | None:
    with record.reading() as connection:
        wanted = ids_of(connection, Query(state="reviewed" if queue == "second" else "machine-read"))
        if queue == "second":  # another person's eyes
            mine = select(decisions.c.target).where(decisions.c.who == who, decisions.c.kind.in_(("accept", "reject")))
            own = [int(target[1:]) for target in connection.execute(mine).scalars()]
            wanted = wanted.where(claims_table.c.thread.not_in(own))
        if behind:
            wanted = wanted.where(claims_table.c.id.not_in(behind))
        found = connection.execute(wanted.limit(1)).scalar()
        return None if found is None else int(found)


DESK: list[Any] = [decide, review, reviewed]
