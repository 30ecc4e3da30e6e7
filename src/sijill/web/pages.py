"""The pages that are read: live coverage, incident, report, search, overview, party, place and source."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Redirect, ServerSentEvent

from sijill.search.find import find_reports
from sijill.web import maps
from sijill.web.door import house_of, viewer_of
from sijill.web.figures import Spread, figures
from sijill.web.filters import Filters, filters_of
from sijill.web.looking import Look, version
from sijill.web.render import Ask, page
from sijill.web.reports import original, report_of

_PAGE = 40
_POLL_SECONDS = 1.0


def look_of(request: Ask) -> Look:
    """The eyes of who asks."""
    return Look(house_of(request).record, viewer_of(request))


@get("/", role="public", sync_to_thread=True)
def live(request: Ask) -> Response[str]:
    """Live coverage: incidents, newest first, with map and timeline."""
    filters = filters_of(request.query_params)
    look = look_of(request)
    found = look.incidents(filters, after=request.query_params.get("after", ""), limit=_PAGE)
    told: dict[str, Any] = {"filters": filters, "found": found, "version": version(look.record)}
    if request.query_params.get("rows"):
        return page(request, "rows.html", **told)
    counted = figures(look.record, look.viewer, filters)
    tallest = max((bar.incidents for bar in counted.bars), default=1)
    heights = [math.ceil(bar.incidents / tallest * 60) for bar in counted.bars]
    return page(request, "live.html", figures=counted, heights=heights, **told)


@get("/incidents/{number:int}", role="public", sync_to_thread=True)
def incident(request: Ask, number: FromPath[int]) -> Response[str]:
    """One incident: who says what, where they disagree, and the words they said it in."""
    rule, as_of = request.query_params.get("rule", "range"), request.query_params.get("as_of", "")
    look = look_of(request)
    shown, claims = look.incident(number, rule, as_of)
    names = {claim.id: claim for claim in claims}
    return page(
        request, "incident.html", incident=shown, claims=claims, names=names, history=look.history(number),
        number=number, as_of=as_of, columns=("date", "place", "initiator", "killed", "injured"),
        sequence=sorted(claims, key=lambda claim: claim.published or "9999"),
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
    start = request.query_params.get("from", "0")
    offset = int(start) if start.isascii() and start.isdecimal() and len(start) < 5 else 0
    look = look_of(request)
    ids = look.claim_ids(filters, limit=21, offset=offset) if asked else []
    texts = find_reports(look.record, filters.q, limit=10) if filters.q and not offset else []
    visible = [(n, line) for n, line in texts if not report_of(look.record, n).withheld]
    return page(
        request, "search.html", filters=filters, asked=asked, claims=look.claims(ids[:20]), reports=visible,
        offset=offset, more=offset + 20 if len(ids) > 20 else None,
    )  # fmt: skip


@get("/overview", role="public", sync_to_thread=True)
def overview(request: Ask) -> Response[str]:
    """Figures over what a viewer may see."""
    filters = filters_of(request.query_params)
    viewer = viewer_of(request)
    counted = figures(house_of(request).record, viewer, filters)
    return page(request, "overview.html", filters=filters, figures=counted)


@get("/{kind:str}/named/{name:path}", role="reader", sync_to_thread=True)
def entity(request: Ask, kind: FromPath[str], name: FromPath[str]) -> Response[str]:
    """The page of a party, a place or a source."""
    name = name.lstrip("/")
    chosen = {"parties": "party", "places": "place", "sources": "source"}.get(kind)
    look = look_of(request)
    if chosen is None:
        return page(request, "error.html", status=404, code=404, detail=name)
    filters = msgspec.structs.replace(Filters(), **{chosen: name})
    counted = figures(look.record, look.viewer, filters)
    found = look.incidents(filters, limit=_PAGE)
    claims = look.claims(look.claim_ids(filters, limit=200))
    tellers: dict[str, list[int]] = {}
    disputed = {number for one in found.items for c in one.contradictions for _, ids in c.sides for number in ids}
    for one in claims:
        count = tellers.setdefault(one.source or one.outlet or one.source_kind, [0, 0])
        count[0] += 1
        count[1] += int(one.id[1:]) in disputed
    tallest = max((bar.incidents for bar in counted.bars), default=1)
    return page(
        request, "entity.html", kind=chosen, name=name, filters=filters, figures=counted, found=found,
        tellers=sorted(tellers.items(), key=lambda item: -item[1][0])[:20], version=0,
        heights=[math.ceil(bar.incidents / tallest * 60) for bar in counted.bars],
        contested=sum(bool(one.contradictions) for one in found.items),
    )  # fmt: skip


@get("/map.json", role="public", sync_to_thread=True)
def map_json(request: Ask) -> Response[bytes]:
    """The places of a view as GeoJSON areas."""
    filters = filters_of(request.query_params)
    counted = figures(house_of(request).record, viewer_of(request), filters)
    number = request.query_params.get("incident", "")
    if number.isascii() and number.isdecimal() and len(number) < 16:
        shown, _ = look_of(request).incident(int(number))
        spreads = [Spread(place, 1, 0) for place in shown.places]
        return Response(msgspec.json.encode(maps.drawn(spreads)), media_type="application/geo+json")
    return Response(msgspec.json.encode(maps.drawn(counted.places)), media_type="application/geo+json")


@get("/ground.json", role="nobody", sync_to_thread=True)
def ground_json() -> Response[bytes]:
    """The base map."""
    return Response(maps.ground(), media_type="application/json", headers={"cache-control": "public, max-age=86400"})


@get("/events", role="public")
async def events(request: Ask) -> ServerSentEvent:
    """Says, as server-sent events, when the record has changed. Nothing but the number is told."""
    house = house_of(request)

    async def told() -> AsyncIterator[dict[str, Any]]:
        last = await asyncio.to_thread(version, house.record)
        yield {"event": "version", "data": str(last)}
        quiet = 0.0
        while True:
            await asyncio.sleep(_POLL_SECONDS)
            now = await asyncio.to_thread(version, house.record)
            quiet += _POLL_SECONDS
            if now != last or quiet >= 15:
                last, quiet = now, 0.0
                yield {"event": "version", "data": str(now)}

    return ServerSentEvent(told())


@get("/set", role="nobody")
async def choose(request: Ask) -> Redirect:
    """Remember a choice of language, digits or names of months."""
    back = request.query_params.get("back", "/")
    safe = back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/"
    answer = Redirect(quote(safe, safe="/?&=%,.:+-_~#"))
    choices = {"language": ("ar", "en"), "digits": ("latin", "arabic"), "months": ("levant", "arab")}
    for name, allowed in choices.items():
        if (value := request.query_params.get(name)) in allowed:
            answer.set_cookie(f"sijill_{name}", value, max_age=31_536_000, samesite="lax", httponly=True, path="/")
    return answer


PAGES: list[Any] = [
    live, incident, report, download, claim, search, overview, entity, map_json, ground_json, events, choose,
]  # fmt: skip
