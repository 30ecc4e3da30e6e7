"""Pages where people decide: review, decisions on an incident, signing in, settings."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.exceptions import PermissionDeniedException
from litestar.params import Body, FromPath
from litestar.response import Redirect
from sqlalchemy import func, select

from sijill.arabic.fold import fold
from sijill.arabic.numbers import find_numbers
from sijill.arabic.words import Tokens, sentences
from sijill.errors import OptionError, SijillError
from sijill.gazetteer import default_gazetteer
from sijill.mentions.times import find_times
from sijill.record import Record
from sijill.record.decided import FIELDS, value_of
from sijill.record.fact import decode
from sijill.record.schema import claims as claims_table
from sijill.record.schema import decisions, states
from sijill.resolve.times import resolve_time
from sijill.review.agreement import agreement
from sijill.review.desk import Desk
from sijill.review.history import history
from sijill.search.narrow import ids_of
from sijill.search.query import Query
from sijill.web.accounts import SESSION_SECONDS, LockedError
from sijill.web.door import SESSION, house_of, viewer_of
from sijill.web.pages import look_of
from sijill.web.render import Ask, page
from sijill.web.roles import ACCOUNT_ROLES, Role

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
_ON_INCIDENTS = {"state", "merge", "split", "assign"}
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
        desk.decide(connection, kind, f"i{number}", None, told, data.get("why", ""))
    return Redirect(f"/incidents/{number}", status_code=303)


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
            value = corrected(data.get("field", ""), data.get("value", ""))
            done = str(desk.correct(target, data.get("field", ""), value))
            stay = target
        else:
            raise OptionError(f"{kind}: no such decision here")
    except SijillError as error:
        problem, stay = str(error), target
    return _next(request, queue, data.get("passed", ""), stay=stay, done=done, decided=target, problem=problem)


def _next(request: Ask, queue: str, passed: str, stay: str = "", **told: str) -> Response[str]:
    look = look_of(request)
    record = look.record
    behind = [int(number) for number in _NUMBERS.findall(passed)[-200:]]
    number = int(stay[1:]) if stay[1:].isdecimal() else _waiting(record, queue, behind, look.viewer.name)
    claim = next(iter(look.claims([number])), None) if number else None
    values: dict[str, Any] = {}
    said_before = history(record, claim.id) if claim else []
    if claim:
        with record.reading() as connection:
            row = connection.execute(select(claims_table.c.fact).where(claims_table.c.id == number)).scalar_one()
        values = {field: value_of(decode(row), field) for field in FIELDS}
        for said in said_before:
            if said.kind == "correct" and said.field and not said.undone:
                values[said.field] = said.value
    with record.reading() as connection:
        counted = connection.execute(
            select(states.c.state, func.count()).where(states.c.target.like("c%")).group_by(states.c.state)
        )
        progress = {row[0]: row[1] for row in counted}
        told_all = connection.execute(select(func.count()).select_from(claims_table).where(claims_table.c.current))
        everything = int(told_all.scalar_one())
    partial = request.headers.get("hx-request") == "true"
    return page(
        request, "claim.html" if partial else "review.html", claim=claim, values=values, queue=queue,
        history=said_before,
        passed=" ".join([*map(str, behind), str(number or "")]).strip(), progress=progress, everything=everything,
        agreed=[] if partial else agreement(record), done=told.get("done", ""), decided=told.get("decided", ""),
        problem=told.get("problem", ""), shown=shown_value,
    )  # fmt: skip


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


def shown_value(value: Any) -> str:
    """A value as it is typed in the form of a correction."""
    if value is None or value == []:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value[0], dict):
        return "، ".join(place["name"] for place in value)
    if isinstance(value[0], list):
        return "، ".join(
            (f"{n[0]}-{n[1]}" if n[1] not in (None, n[0]) else f"{n[0]}+" if n[1] is None else str(n[0]))
            if len(n) == 3 else str(n[1])
            for n in value
        )  # fmt: skip
    return " ".join(dict.fromkeys(str(part) for part in value))


def corrected(field: str, typed: str) -> Any:
    """What was typed as the value of a field: days in Arabic words or ISO, places by name, numbers as 5, 5-8, 5+."""
    typed = typed.strip()
    if field not in FIELDS:
        raise OptionError(f"{field}: no such field; one of {', '.join(FIELDS)}")
    if not typed:
        return None
    if field in ("type", "modality"):
        return typed
    if field == "date":
        return [day.isoformat() for day in typed_days(typed)]
    parts = [part.strip() for part in re.split("[،,;]", typed) if part.strip()]
    if field == "places":
        return [_place(part) for part in parts]
    if field in ("initiators", "targets"):
        return [[None, fold(part)] for part in parts]
    return [_range(part) for part in parts]


def typed_days(typed: str) -> tuple[date, date]:
    """First and last day of a date as a person types it. Raises `OptionError`."""
    try:
        days = [date.fromisoformat(part) for part in typed.split()]
        if len(days) in (1, 2):
            return days[0], days[-1]
    except ValueError:
        pass
    tokens = Tokens(typed)
    for mention in find_times(tokens, sentences(tokens), find_numbers(tokens)):
        if told := resolve_time(mention, None):
            return told.start, told.end
    raise OptionError(f"{typed}: not a day; write it as 3 آذار 2018 or 2018-03-03")


def _place(name: str) -> dict[str, Any]:
    entry = default_gazetteer().by_id(name) or max(
        default_gazetteer().search(name), key=lambda entry: entry.weight, default=None
    )
    if entry is None:
        return {"name": fold(name)}
    precision = entry.kind.label if entry.kind.label in ("country", "governorate", "district", "region") else "town"
    return {
        "name": fold(entry.name), "place_id": entry.id, "lat": entry.lat, "lon": entry.lon, "precision": precision,
        "country": entry.country,
    }  # fmt: skip


def _range(told: str) -> list[Any]:
    found = re.fullmatch(r"(\d{1,7})(?:\s*[-–]\s*(\d{1,7})|(\+))?", told)
    if not found:
        raise OptionError(f"{told}: not a number; write 5, 5-8 or 5+")
    low = int(found[1])
    return [low, None if found[3] else int(found[2] or low), "unknown"]


@get("/login", role="nobody")
async def login(request: Ask) -> Response[str]:
    """The door."""
    return page(request, "login.html", problem="")


@post("/login", role="nobody", status_code=200, sync_to_thread=True)
def enter(request: Ask, data: Form) -> Response[Any]:
    """Sign in."""
    house = house_of(request)
    if house.accounts is None:
        return Redirect("/", status_code=303)
    try:
        key = house.accounts.enter(data.get("name", ""), data.get("password", ""))
    except LockedError:
        return page(request, "login.html", status=429, problem="login-locked")
    if key is None:
        return page(request, "login.html", status=401, problem="login-wrong")
    answer = Redirect("/", status_code=303)
    answer.set_cookie(SESSION, key, max_age=SESSION_SECONDS, secure=True, httponly=True, samesite="strict", path="/")
    return answer


@post("/logout", role="public", status_code=200, sync_to_thread=True)
def leave(request: Ask) -> Redirect:
    """Sign out."""
    house = house_of(request)
    if house.accounts:
        house.accounts.leave(request.cookies.get(SESSION, ""))
    answer = Redirect("/", status_code=303)
    answer.delete_cookie(SESSION, path="/")
    return answer


@get("/settings", role="reader", sync_to_thread=True)
def settings(request: Ask) -> Response[str]:
    """How things are shown; for administrators who may come in."""
    return _settings(request)


def _settings(request: Ask, **told: str) -> Response[str]:
    house = house_of(request)
    listed = house.accounts.all() if house.accounts and viewer_of(request).role == Role.ADMINISTRATOR else []
    kept = msgspec.to_builtins(house.record.settings)
    return page(
        request, "settings.html", listed=listed, roles=list(ACCOUNT_ROLES), counts=house.record.counts(), kept=kept,
        problem=told.get("problem", ""), token=told.get("token", ""),
    )  # fmt: skip


@post("/settings/accounts", role="administrator", status_code=200, sync_to_thread=True)
def account(request: Ask, data: Form) -> Response[Any]:
    """Add, change or remove an account; give a token."""
    accounts = house_of(request).accounts
    if accounts is None:
        raise OptionError("there are no accounts where one person works alone")
    try:
        if data.get("kind") == "remove":
            accounts.remove(data.get("name", ""))
        elif data.get("kind") == "token":
            scopes = tuple(data.get("scopes", "read").split())
            return _settings(request, token=accounts.give_token(viewer_of(request).name, data.get("label", ""), scopes))
        else:
            accounts.add(data.get("name", ""), data.get("role", ""), data.get("password", ""))
    except OptionError as error:
        return _settings(request, problem=str(error))
    return Redirect("/settings", status_code=303)


DESK: list[Any] = [decide, review, reviewed, login, enter, leave, settings, account]
