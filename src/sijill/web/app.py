"""The app: routes, the door before them, and one form for every error."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import msgspec
from litestar import Litestar, Response, Router
from litestar.datastructures import CacheControlHeader, State
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.response import Redirect
from litestar.static_files import create_static_files_router

from sijill.errors import SijillError
from sijill.web.api import API
from sijill.web.desk import DESK
from sijill.web.door import House, add_headers, guard, viewer_of
from sijill.web.exporting import EXPORTS
from sijill.web.looking import MissingError
from sijill.web.pages import PAGES
from sijill.web.render import PROGRAM, Ask, page
from sijill.web.roles import Role

_STATIC = Path(__file__).parent / "static"
_LARGEST_REQUEST = 8_000_000
_log = logging.getLogger("sijill.web")


class Problem(msgspec.Struct):
    """An error as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str


def create_app(house: House) -> Litestar:
    """The site and the API over one record."""
    static = create_static_files_router(
        path="/static",
        directories=[_STATIC],
        opt={"role": "nobody"},
        cache_control=CacheControlHeader(public=True, max_age=3600),
        include_in_schema=False,
    )
    api = Router("/api/v1", route_handlers=[*API, *EXPORTS], tags=["v1"])
    pages = Router("/", route_handlers=[*PAGES, *DESK], include_in_schema=False)
    return Litestar(
        [pages, api, static],
        guards=[guard],
        before_send=[add_headers],
        exception_handlers={Exception: refused},
        state=State({"house": house}),
        openapi_config=OpenAPIConfig(
            title="Sijill", version="1", path="/api/v1", render_plugins=[JsonRenderPlugin(path="/openapi.json")]
        ),
        request_max_body_size=_LARGEST_REQUEST,
        debug=False,
        logging_config=None,
    )


def refused(request: Ask, error: Exception) -> Response[Any]:
    """An error in words: a problem for programs, a page for people."""
    status, detail = _told(error)
    if request.url.path.startswith("/api/"):
        problem = Problem("about:blank", _TITLES.get(status, "Error"), status, detail)
        return Response(msgspec.json.encode(problem), status_code=status, media_type="application/problem+json")
    try:
        viewer = viewer_of(request)
    except HTTPException:
        return Response(detail, status_code=status, media_type="text/plain")
    if status == 401 and viewer.role < Role.READER and request.method == "GET":
        return Redirect("/login", status_code=303)
    code = status if status in (400, 403, 404, 500) else 400 if status < 500 else 500
    return page(request, "error.html", status=status, code=code, detail=detail)


_TITLES = {
    400: "Bad request",
    401: "Sign in",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    500: "Fault",
}


def _told(error: Exception) -> tuple[int, str]:
    if isinstance(error, MissingError):
        return 404, str(error)
    if isinstance(error, SijillError):
        return 400, str(error)
    if isinstance(error, HTTPException):
        return error.status_code, error.detail
    # What went wrong stands in the server's log, without the address asked for: it may hold names.
    _log.error("a fault in the program", exc_info=error)
    return 500, f"a fault in {PROGRAM}; the server's log tells more"
