"""The REST API under /api/v1: what the pages show, as JSON for other programs."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response, delete, get, post
from litestar.exceptions import HTTPException, PermissionDeniedException
from litestar.params import FromPath, JSONBody

from sijill.errors import OptionError, SijillError
from sijill.gazetteer import default_gazetteer
from sijill.reader import read
from sijill.review.desk import Desk
from sijill.web.answers import LIST, answer, limit_of, strict
from sijill.web.courier import checked_url
from sijill.web.door import house_of, kept_of, viewer_of
from sijill.web.faults import type_of
from sijill.web.filters import NAMES, filters_of, point_of
from sijill.web.kept import Delivery, Hook, Search
from sijill.web.looking import version
from sijill.web.nearest import nearest
from sijill.web.overlay import lexicon_of
from sijill.web.pages import look_of
from sijill.web.render import PROGRAM, Ask
from sijill.web.roles import MissingError, Role, known
from sijill.web.shapes import ClaimShown, IncidentShown

_MOST_READ = 100
_LONGEST_NAME = 100


class ReportIn(msgspec.Struct, forbid_unknown_fields=True):
    """A report to read: its text, and what is known of it."""

    text: str
    name: str = "text"
    published: str | None = None
    outlet: str | None = None


class DecisionIn(msgspec.Struct, forbid_unknown_fields=True):
    """A decision, as `sijill decide` takes it."""

    kind: str
    target: str
    field: str | None = None
    value: Any = None
    why: str = ""


class SearchIn(msgspec.Struct, forbid_unknown_fields=True):
    """A search to save: its name, and the filters by name as they stand in an address."""

    name: str
    filters: dict[str, str]


class HookIn(msgspec.Struct, forbid_unknown_fields=True):
    """A webhook to make: the number of a saved search, and the https address that is told."""

    search: int
    url: str


class PlaceOut(msgspec.Struct):
    """A place of the gazetteer."""

    id: str
    ar: str
    en: str | None
    kind: str
    country: str
    admin1: str | None
    lat: float
    lon: float


class IncidentOut(msgspec.Struct):
    """An incident and its claims."""

    incident: IncidentShown
    claims: list[ClaimShown]


class ClaimsOut(msgspec.Struct):
    """A part of a list of claims; `next` is where the following part begins."""

    items: list[ClaimShown]
    next: str | None


class VersionOut(msgspec.Struct):
    """A number that grows with every change of the record, and the program."""

    version: int
    program: str


class DecisionOut(msgspec.Struct):
    """The number of a decision that was made."""

    decision: int


class HookOut(msgspec.Struct):
    """A webhook that was made; `secret` is told only now."""

    webhook: Hook
    secret: str


@get("/incidents", role="public", sync_to_thread=True)
def incidents(request: Ask) -> Response[bytes]:
    """Incidents, newest first. Filters as on the pages; `limit`, `after` (the `next` of the answer before), `as_of`."""
    told = strict(request, *LIST)
    look = look_of(request, told.get("as_of", ""))
    return answer(request, look.incidents(filters_of(told), after=told.get("after", ""), limit=limit_of(told)))


@get("/incidents/{number:int}", role="public", sync_to_thread=True)
def incident(request: Ask, number: FromPath[int]) -> Response[bytes]:
    """One incident with its claims. `rule` and `as_of` as on the command line."""
    told = strict(request, "rule", "as_of")
    look = look_of(request, told.get("as_of", ""))
    shown, claims = look.incident(known(number, "i"), told.get("rule", "range"))
    return answer(request, IncidentOut(shown, claims))


@get("/claims", role="reader", sync_to_thread=True)
def claims(request: Ask) -> Response[bytes]:
    """Claims, newest first. Filters as on the pages; `after` is the `next` of the answer before; `as_of`."""
    told = strict(request, *LIST)
    look = look_of(request, told.get("as_of", ""))
    ids, following = look.claim_ids(filters_of(told), after=told.get("after", ""), limit=limit_of(told))
    return answer(request, ClaimsOut(look.claims(ids), following))


@get("/claims/{number:int}", role="reader", sync_to_thread=True)
def claim(request: Ask, number: FromPath[int]) -> Response[bytes]:
    """One claim."""
    strict(request)
    found: list[ClaimShown] = look_of(request).claims([known(number, "c")])
    if not found:
        raise MissingError(f"c{number}: there is no such claim")
    return answer(request, found[0])


@get("/places", role="reader", sync_to_thread=True)
def places(request: Ask) -> Response[bytes]:
    """Places of the gazetteer: by name (`q`), or the nearest to a point (`near=LAT,LON`)."""
    told = strict(request, "q", "near")
    if "near" in told:
        found = nearest(*point_of(told["near"]))
    else:
        name = told.get("q", "").strip()
        if len(name) > _LONGEST_NAME:
            raise OptionError(f"q: longer than {_LONGEST_NAME} letters")
        found = sorted(default_gazetteer().search(name), key=lambda entry: -entry.weight)[:10] if name else []
    return answer(
        request,
        [PlaceOut(e.id, e.name, e.english, e.kind.label, e.country, e.admin1, e.lat, e.lon) for e in found],
    )


@post("/read", role="reader", stateless=True, status_code=200, sync_to_thread=True)
def read_reports(request: Ask, data: JSONBody[list[ReportIn]]) -> Response[bytes]:
    """Read reports, at most 100: for each the report by the contract, or a problem. Nothing is kept."""
    if len(data) > _MOST_READ:
        raise OptionError(f"at most {_MOST_READ} reports at once")
    answers: list[Any] = []
    lexicon = lexicon_of(house_of(request))
    for given in data:
        try:
            name = given.name[:200]
            told = read(given.text, name=name, published=given.published, outlet=given.outlet, lexicon=lexicon)
            answers.append(told.to_dict())
        except SijillError as error:
            answers.append({"type": type_of(str(error)), "title": "Not read", "status": 422, "detail": str(error)})
    return Response(msgspec.json.encode(answers), media_type="application/json")


@post("/decisions", role="coder", scope="decide", stateless=True, status_code=201, sync_to_thread=True)
def decide(request: Ask, data: JSONBody[DecisionIn]) -> Response[bytes]:
    """Decide about a claim; about an incident or a capture only as reviewer."""
    viewer, record = viewer_of(request), house_of(request).record
    if viewer.role < Role.REVIEWER and (data.kind == "undo" or data.target[:1] != "c") and data.kind != "comment":
        raise PermissionDeniedException("this needs the role reviewer")
    try:
        with record.writing() as connection:
            desk = Desk(record, viewer.name)
            number = desk.decide(connection, data.kind, data.target, data.field, data.value, data.why)
    except SijillError as error:
        # The form of the request was right; the record does not let it be.
        raise HTTPException(str(error), status_code=409) from error
    return Response(msgspec.json.encode(DecisionOut(number)), status_code=201, media_type="application/json")


@get("/searches", role="reader", sync_to_thread=True)
def searches(request: Ask) -> Response[bytes]:
    """One's saved searches."""
    strict(request)
    return answer(request, kept_of(request).searches(viewer_of(request).name))


@post("/searches", role="reader", scope="watch", stateless=True, status_code=201, sync_to_thread=True)
def save_search(request: Ask, data: JSONBody[SearchIn]) -> Response[bytes]:
    """Save a search."""
    unknown = [name for name in data.filters if name not in NAMES]
    if unknown:
        raise OptionError(f"filters: {unknown[0][:40]} is not one of {', '.join(NAMES)}")
    empty = [name for name, value in data.filters.items() if not value.strip()]
    if empty:
        raise OptionError(f"{empty[0]}: without a value; leave it out")
    saved: Search = kept_of(request).add_search(viewer_of(request).name, data.name, filters_of(data.filters))
    return Response(msgspec.json.encode(saved), status_code=201, media_type="application/json")


@delete("/searches/{number:int}", role="reader", scope="watch", stateless=True, sync_to_thread=True)
def remove_search(request: Ask, number: FromPath[int]) -> None:
    """Remove a saved search and its webhooks."""
    kept_of(request).remove_search(number, viewer_of(request).name)


@get("/webhooks", role="reader", sync_to_thread=True)
def webhooks(request: Ask) -> Response[bytes]:
    """One's webhooks."""
    strict(request)
    return answer(request, [hook for hook, _ in kept_of(request).hooks(viewer_of(request).name)])


@post("/webhooks", role="reader", scope="watch", stateless=True, status_code=201, sync_to_thread=True)
def make_webhook(request: Ask, data: JSONBody[HookIn]) -> Response[bytes]:
    """Make a webhook for a saved search."""
    house, kept = house_of(request), kept_of(request)
    search = kept.search(data.search, viewer_of(request).name)
    try:
        url = checked_url(data.url, private=house.accounts is None)
    except OptionError as error:
        raise HTTPException(str(error), status_code=409) from error
    hook, secret = kept.add_hook(search, url, house.record.clock())
    made = HookOut(hook, secret)
    return Response(msgspec.json.encode(made), status_code=201, media_type="application/json")


@delete("/webhooks/{number:int}", role="reader", scope="watch", stateless=True, sync_to_thread=True)
def remove_webhook(request: Ask, number: FromPath[int]) -> None:
    """Remove a webhook and the log of its messages."""
    kept_of(request).remove_hook(number, viewer_of(request).name)


@get("/webhooks/deliveries", role="reader", sync_to_thread=True)
def deliveries(request: Ask) -> Response[bytes]:
    """What became of the newest messages of one's webhooks."""
    strict(request)
    told: list[Delivery] = kept_of(request).deliveries(viewer_of(request).name)
    return answer(request, told)


@get("/version", role="public", sync_to_thread=True)
def record_version(request: Ask) -> Response[bytes]:
    """A number that grows with every change of the record."""
    strict(request)
    return answer(request, VersionOut(version(house_of(request).record), PROGRAM))


API: list[Any] = [
    incidents, incident, claims, claim, places, read_reports, decide, searches, save_search,
    remove_search, webhooks, make_webhook, remove_webhook, deliveries, record_version,
]  # fmt: skip
