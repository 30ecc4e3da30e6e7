"""The pages that are read: live coverage, incident, report, search, overview, party, place and source."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Redirect, ServerSentEvent

from sijill.arabic.fold import fold
from sijill.web import maps
from sijill.web.door import THEMES, house_of, viewer_of
from sijill.web.figures import disputes, figures, spelled, tellers, timeline
from sijill.web.filters import filters_of, window_of
from sijill.web.looking import Look, version
from sijill.web.names import named
from sijill.web.once import Once, packed
from sijill.web.pulse import Pulse
from sijill.web.render import Ask, page, shared_page
from sijill.web.reports import original, report_of
from sijill.web.roles import MissingError
from sijill.web.sides import folded, measured, strips

_PAGE = 40
_maps: Once[bytes] = Once(256)


def look_of(request: Ask, as_of: str = "") -> Look:
    """The eyes of who asks, on the record now or as it stood."""
    return Look(house_of(request).record, viewer_of(request), as_of)


@get("/", role="public", sync_to_thread=True)
def live(request: Ask) -> Response[bytes]:
    """Live coverage: incidents, newest first, with map and timeline."""
    filters = filters_of(request.query_params)
    look = look_of(request)

    def made() -> tuple[str, dict[str, Any]]:
        found = look.incidents(filters, after=request.query_params.get("after", ""), limit=_PAGE)
        told: dict[str, Any] = {"filters": filters, "found": found, "openings": look.openings(found)}
        if request.query_params.get("rows"):
            return "rows.html", told
        told["bars"] = timeline(look.record, look.viewer, filters)
        return "live.html", {**told, "figures": figures(look.record, look.viewer, filters)}

    return shared_page(request, version(look.record), made)


@get("/incidents/{number:int}", role="public", sync_to_thread=True)
def incident(request: Ask, number: FromPath[int]) -> Response[str]:
    """One incident: who says what, where they disagree, and the words they said it in."""
    rule, as_of = request.query_params.get("rule", "range"), request.query_params.get("as_of", "")
    look = look_of(request, as_of)
    shown, claims = look.incident(number, rule)
    told = sorted(claims, key=lambda claim: claim.published or "9999")
    heads, copies = folded(told)
    return page(
        request, "incident.html", incident=shown, claims=claims, history=look.history(number), number=number,
        as_of=as_of, names={claim.id: claim for claim in claims}, sequence=heads, copies=copies,
        by_voice=sorted(claims, key=lambda claim: claim.voice), strips=strips(shown, claims),
    )  # fmt: skip


@get("/reports/{number:int}", role="reader", sync_to_thread=True)
def report(request: Ask, number: FromPath[int]) -> Response[str]:
    """A report's text with every claim's words marked."""
    part = request.query_params.get("part", "1")
    look = look_of(request)
    shown = report_of(look.record, number, int(part) if part.isascii() and part.isdecimal() and len(part) < 6 else 1)
    return page(request, "report.html", shown=shown, claims=look.claims(shown.claims))


@get("/reports/{number:int}/original", role="reader", sync_to_thread=True)
def download(request: Ask, number: FromPath[int]) -> Response[bytes]:
    """The bytes as they came, to keep and never to show."""
    data, name = original(house_of(request).record, number)
    headers = {"content-disposition": f'attachment; filename="{name}"', "content-security-policy": "sandbox"}
    return Response(data, media_type="application/octet-stream", headers=headers)


@get("/claims/{number:int}", role="reader", sync_to_thread=True)
def claim(request: Ask, number: FromPath[int]) -> Redirect:
    """A claim stands on the page of its incident."""
    told = look_of(request).claims([number])
    return Redirect(f"/incidents/{told[0].incident[1:]}#{told[0].id}" if told else "/incidents/0")


@get("/search", role="reader", sync_to_thread=True)
def search(request: Ask) -> Response[str]:
    """Claims by words and filters, and reports by words."""
    filters = filters_of(request.query_params)
    asked = bool(filters.pairs())
    after = request.query_params.get("after", "")
    look = look_of(request)
    ids, more = look.claim_ids(filters, after=after, limit=20) if asked else ([], None)
    texts = look.reports(filters.q, limit=10) if filters.q and not after else []
    return page(
        request, "search.html", filters=filters, asked=asked, claims=look.claims(ids), reports=texts, more=more,
    )  # fmt: skip


@get("/overview", role="public", sync_to_thread=True)
def overview(request: Ask) -> Response[str]:
    """Figures over what a viewer may see."""
    filters = filters_of(request.query_params)
    viewer = viewer_of(request)
    record = house_of(request).record
    return page(
        request, "overview.html", filters=filters, figures=figures(record, viewer, filters),
        disputes=disputes(record, viewer, filters), tellers=tellers(record, viewer, filters), measured=measured(),
    )  # fmt: skip


def _shown_name(look: Look, kind: str, name: str) -> str:
    """The name of a party, place or source: the one it is listed under, else as a report writes it."""
    shown = named(kind, name, look.viewer.language)
    return spelled(look.record, kind, [fold(name)]).get(fold(name), shown) if shown == name else shown


@get("/{kind:str}/named/{name:path}", role="reader", sync_to_thread=True)
def entity(request: Ask, kind: FromPath[str], name: FromPath[str]) -> Response[str]:
    """The page of a party, a place or a source."""
    name = name.lstrip("/")
    chosen = {"parties": "party", "places": "place", "sources": "source"}.get(kind)
    look = look_of(request)
    if chosen is None:
        raise MissingError(f"{kind[:40]}: there is no such page")
    filters = filters_of({chosen: name})
    found = look.incidents(filters, limit=_PAGE)
    return page(
        request, "entity.html", kind=chosen, name=name, shown_name=_shown_name(look, chosen, name),
        filters=filters, figures=figures(look.record, look.viewer, filters), found=found,
        disputes=disputes(look.record, look.viewer, filters), openings=look.openings(found),
        tellers=tellers(look.record, look.viewer, filters), bars=timeline(look.record, look.viewer, filters),
    )  # fmt: skip


@get("/map.json", role="public", sync_to_thread=True)
def map_json(request: Ask) -> Response[bytes]:
    """The places of a view as GeoJSON areas."""
    filters = filters_of(request.query_params)
    number = request.query_params.get("incident", "")
    if number.isascii() and number.isdecimal() and len(number) < 16:
        shown, _ = look_of(request).incident(int(number))
        told = maps.drawn((place, 1, 0) for place in shown.places)
        data = msgspec.json.encode(told)
    else:
        zoom, window = window_of(request.query_params)
        whole = "zoom" not in request.query_params
        record, viewer = house_of(request).record, viewer_of(request)
        key = (id(record), version(record), viewer.role, viewer.safety, filters, zoom, window, whole)

        def made() -> bytes:
            counted = figures(record, viewer, filters)
            told = maps.view(counted.spread, zoom, window)
            return msgspec.json.encode({**told, "bounds": maps.bounds(counted.spread)} if whole else told)

        data = _maps.get(key, made)
    return packed(request.headers.get("accept-encoding", ""), data, "application/geo+json")


@get("/ground.json", role="nobody", sync_to_thread=True)
def ground_json(request: Ask) -> Response[bytes]:
    """The base map."""
    headers = {"cache-control": "public, max-age=86400", "vary": "Accept-Encoding"}
    return packed(request.headers.get("accept-encoding", ""), maps.ground(), "application/json", headers)


@get("/events", role="public")
async def events(request: Ask) -> ServerSentEvent:
    """Says, as server-sent events, when the record has changed. Nothing but the number is told."""
    pulse: Pulse = request.app.state.pulse

    async def told() -> AsyncIterator[dict[str, Any]]:
        last = -1
        while not pulse.stopped:
            last = await pulse.after(last)
            yield {"event": "version", "data": str(last)}

    return ServerSentEvent(told())


@get("/set", role="nobody")
async def choose(request: Ask) -> Redirect:
    """Remember a choice of language, digits or names of months."""
    back = request.query_params.get("back", "/")
    safe = back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/"
    answer = Redirect(quote(safe, safe="/?&=%,.:+-_~#"))
    choices = {
        "language": ("ar", "en"), "digits": ("latin", "arabic"), "months": ("levant", "arab"),
        "theme": ("device", *THEMES),
    }  # fmt: skip
    for name, allowed in choices.items():
        if (value := request.query_params.get(name)) in allowed:
            answer.set_cookie(f"sijill_{name}", value, max_age=31_536_000, samesite="lax", httponly=True, path="/")
    return answer


PAGES: list[Any] = [
    live, incident, report, download, claim, search, overview, entity, map_json, ground_json, events, choose,
]  # fmt: skip
