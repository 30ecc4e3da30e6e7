"""The app: routes, the door before them, and one form for every error."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
from litestar import Litestar, Response, Router
from litestar.concurrency import set_asyncio_executor
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.response import Redirect

from sijill.errors import SijillError
from sijill.record.errors import RecordError
from sijill.web.api import API
from sijill.web.boarding import NotReadyError
from sijill.web.courier import Courier
from sijill.web.desk import DESK
from sijill.web.door import House, add_headers, guard, viewer_of
from sijill.web.exporting import EXPORTS, PAGE
from sijill.web.faults import in_words, type_of
from sijill.web.feeds import FEEDS
from sijill.web.following import FOLLOWING
from sijill.web.limits import limits, log_access
from sijill.web.openapi import document
from sijill.web.overlay import OVERLAY
from sijill.web.pages import PAGES
from sijill.web.people import PEOPLE
from sijill.web.pulse import Pulse
from sijill.web.render import PROGRAM, Ask, page
from sijill.web.roles import MissingError, Role
from sijill.web.settling import settle_days
from sijill.web.static import parts_are_built, static
from sijill.web.streams import STREAMS
from sijill.web.warming import Warming
from sijill.web.words import Talk

_LARGEST_REQUEST = 8_000_000
_THREADS = 64
_log = logging.getLogger("sijill.web")


class Problem(msgspec.Struct):
    """An error as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str


def create_app(house: House) -> Litestar:
    """The site and the API over one record."""
    parts_are_built()
    api = Router("/api/v1", route_handlers=[*API, *STREAMS, *FEEDS, *EXPORTS, document])
    handlers = [*PAGES, *DESK, *PEOPLE, *OVERLAY, *PAGE, *FOLLOWING, static]
    pages = Router("/", route_handlers=handlers, before_request=settle_days)
    courier = Courier(house, house.kept) if house.kept else None
    pulse, warming = Pulse(house.record), Warming(house.record)
    # Who waits for a page that another is already putting together holds a thread: there must be enough of them.
    set_asyncio_executor(ThreadPoolExecutor(_THREADS, thread_name_prefix="asker"))
    return Litestar(
        [pages, api],
        guards=[guard],
        middleware=[limits(house.per_minute)] if house.per_minute else [],
        before_send=[add_headers, log_access],
        exception_handlers={Exception: refused},
        state=State({"house": house, "pulse": pulse}),
        compression_config=CompressionConfig(
            backend="gzip",
            minimum_size=1_000,
            gzip_compress_level=5,
            exclude=["^/$", "^/map.json$", "^/ground.json$", "/events", "/static/"],
        ),
        on_startup=[pulse.start, warming.start, *([courier.start] if courier else [])],
        on_shutdown=[pulse.stop, *([courier.stop] if courier else []), warming.end],
        openapi_config=None,
        request_max_body_size=_LARGEST_REQUEST,
        debug=False,
        logging_config=None,
    )


def refused(request: Ask, error: Exception) -> Response[Any]:
    """An error in words: a problem for programs, a page for people."""
    status, detail = _told(error)
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if isinstance(error, NotReadyError):
        headers["retry-after"] = "2"
    if status == 429:
        headers["retry-after"] = headers.get("RateLimit-Reset", "60")
    # Who follows a link to a file in a browser is a reader like others.
    if request.url.path.startswith("/api/") and "text/html" not in request.headers.get("accept", ""):
        problem = Problem(type_of(detail), _TITLES.get(status, "Error"), status, detail)
        return Response(
            msgspec.json.encode(problem), status_code=status, media_type="application/problem+json", headers=headers
        )
    try:
        viewer = viewer_of(request)
    except HTTPException:
        return Response(detail, status_code=status, media_type="text/plain", headers=headers)
    if status == 401 and viewer.role < Role.READER and request.method == "GET":
        return Redirect("/login", status_code=303)
    if isinstance(error, NotReadyError):
        return page(request, "loading.html", status=status, headers=headers, done=error.done, whole=error.whole)
    if isinstance(error, RecordError) and viewer.inside:
        detail = str(error)  # where the record lies is not told to strangers
    code = status if status in _TITLES else 400 if status < 500 else 500
    return page(request, "error.html", status=status, headers=headers, code=code, detail=in_words(detail, Talk(viewer)))


_TITLES = {
    400: "Bad request",
    401: "Sign in",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Too large",
    422: "Not read",
    429: "Too many requests",
    500: "Fault",
    503: "The record cannot be read",
}


def _told(error: Exception) -> tuple[int, str]:
    if isinstance(error, MissingError):
        return 404, str(error)
    if isinstance(error, NotReadyError):
        return 503, str(error)
    if isinstance(error, RecordError):
        _log.error("%s", error)
        return 503, "the record cannot be read now: run `sijill verify`; the server's log tells more"
    if isinstance(error, SijillError):
        return 400, str(error)
    if isinstance(error, HTTPException):
        return error.status_code, error.detail
    # What went wrong stands in the server's log, without the address asked for: it may hold names.
    _log.error("a fault in the program", exc_info=error)
    return 500, f"a fault in {PROGRAM}; the server's log tells more"
