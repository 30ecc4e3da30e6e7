"""Pages from templates."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import cache
from html import escape
from importlib.metadata import version
from typing import Any

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import MediaType, Request, Response

from sijill.codebook import SOURCE_KINDS, TYPES
from sijill.review.desk import STATES
from sijill.web.door import House, house_of, viewer_of
from sijill.web.names import known_parties
from sijill.web.once import Once, packed
from sijill.web.roles import Viewer
from sijill.web.words import Talk, inert, said

Ask = Request[Any, Any, Any]
PROGRAM = f"Sijill {version('sijill')}"


@cache
def templates() -> Environment:
    """The templates; everything is escaped unless it says otherwise."""
    made = Environment(
        loader=PackageLoader("sijill.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"said": said, "inert": inert}
    made.globals |= {
        "TYPES": TYPES,
        "KINDS": SOURCE_KINDS,
        "STATES": STATES,
        "PROGRAM": PROGRAM,
        "parties_known": known_parties,
    }
    return made


def page(
    request: Ask, template: str, status: int = 200, headers: dict[str, str] | None = None, **told: Any
) -> Response[str]:
    """A page in the viewer's language."""
    html = _html(viewer_of(request), house_of(request), _here(request), template, told)
    return Response(html, media_type=MediaType.HTML, status_code=status, headers=headers or {})


_NAME, _CSRF = f"name-{secrets.token_hex(8)}", f"csrf-{secrets.token_hex(8)}"
_pages: Once[str] = Once(256)


def shared_page(request: Ask, version: int, make: Callable[[], tuple[str, dict[str, Any]]]) -> Response[bytes]:
    """A page that many look at, put together once for each state of the record, each kind of viewer and each address.

    `make` gives the template and what it is told. The viewer's own name and token are put in afterwards.
    """
    viewer, house = viewer_of(request), house_of(request)
    anybody = msgspec.structs.replace(viewer, name=_NAME if viewer.name else "", csrf=_CSRF)
    here = _here(request)
    html = _pages.get((id(house), version, anybody, here), lambda: _html(anybody, house, here, *make()))
    if viewer.name:
        html = html.replace(_NAME, escape(viewer.name))
    data = html.replace(_CSRF, viewer.csrf).encode()
    return packed(request.headers.get("accept-encoding", ""), data, "text/html; charset=utf-8")


def _here(request: Ask) -> str:
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


def _html(viewer: Viewer, house: House, here: str, template: str, told: dict[str, Any]) -> str:
    return templates().get_template(template).render(
        t=Talk(viewer), viewer=viewer, accounts=house.accounts is not None, here=here, path=here.partition("?")[0],
        **told,
    )  # fmt: skip
