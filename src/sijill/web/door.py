"""The door: who asks, whether they may, and the headers that every answer carries."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute
from litestar.types import Message, Scope

from sijill.errors import OptionError
from sijill.record import Record
from sijill.web.accounts import Accounts
from sijill.web.kept import Kept
from sijill.web.roles import Role, Safety, Viewer

SESSION = "sijill_session"
THEMES = ("light", "dark")
_UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class House(msgspec.Struct):
    """What is served: the record, its accounts (None: one person on loopback), and what the public may see."""

    record: Record
    accounts: Accounts | None
    owner: str
    """Who decides where there are no accounts."""
    public: bool = False
    hosts: tuple[str, ...] = ()
    """The host names by which it may be asked; empty: any."""
    kept: Kept | None = None
    """Saved searches, webhooks, and what the public view withholds."""
    folder: Path | None = None
    """Where the site keeps files of its own."""
    per_minute: int | None = None
    """So many requests a minute are answered to one asker; None: any number."""
    secret: bytes = msgspec.field(default_factory=lambda: secrets.token_bytes(32))

    @property
    def safety(self) -> Safety:
        """What is withheld from the public."""
        return self.kept.safety() if self.kept else Safety()

    @property
    def visitor(self) -> Role:
        """What somebody is who has not signed in."""
        return Role.PUBLIC if self.public else Role.NOBODY


def house_of(connection: ASGIConnection[Any, Any, Any, Any]) -> House:
    """The house that an app serves."""
    house = connection.app.state.house
    assert isinstance(house, House)
    return house


def kept_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Kept:
    """What the site keeps. Raises `OptionError` where it keeps nothing."""
    kept = house_of(connection).kept
    if kept is None:
        raise OptionError("this site keeps no searches: the record is in a database without a folder")
    return kept


def viewer_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Viewer:
    """Who asks; found once a request."""
    state = connection.scope.setdefault("state", {})
    if "sijill_viewer" not in state:
        state["sijill_viewer"] = _viewer(connection, house_of(connection))
    viewer = state["sijill_viewer"]
    assert isinstance(viewer, Viewer)
    return viewer


def _viewer(connection: ASGIConnection[Any, Any, Any, Any], house: House) -> Viewer:
    cookies = connection.cookies
    asked = cookies.get("sijill_language") or connection.headers.get("accept-language", "ar")[:2]
    name, role, scopes = "", house.visitor, None
    session = cookies.get(SESSION, "")
    bearer = connection.headers.get("authorization", "")
    if house.accounts is None:
        name, role = (house.owner, Role.ADMINISTRATOR) if not house.public else ("", Role.PUBLIC)
    elif bearer.startswith("Bearer "):
        found = house.accounts.of_token(bearer.removeprefix("Bearer ").strip())
        if found is None:
            raise NotAuthorizedException("the token is not known")
        name, role, scopes = found[0].name, found[0].role, found[1].scopes
    elif session and (account := house.accounts.of_session(session)):
        name, role = account.name, account.role
    return Viewer(
        name=name,
        role=role,
        language="en" if asked == "en" else "ar",
        digits="arabic" if cookies.get("sijill_digits") == "arabic" else "latin",
        months="arab" if cookies.get("sijill_months") == "arab" else "levant",
        theme=theme if (theme := cookies.get("sijill_theme", "")) in THEMES else "",
        csrf=hmac.new(house.secret, f"csrf {name} {session}".encode(), hashlib.sha256).hexdigest(),
        scopes=scopes,
        safety=house.safety,
    )


async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let nobody pass who may not. A route says who may by its `role`; one that says nothing is for administrators."""
    house = house_of(connection)
    host = urlsplit(f"//{connection.headers.get('host', '')}").hostname or ""
    if house.hosts and host not in house.hosts:
        raise PermissionDeniedException(f"{host}: not a name of this site")
    viewer = viewer_of(connection)
    needed = Role[str(handler.opt.get("role", "administrator")).upper()]
    if viewer.role < needed:
        if viewer.inside:
            raise PermissionDeniedException(f"this needs the role {needed.label}")
        raise NotAuthorizedException("sign in first")
    method = connection.scope.get("method", "GET")
    if viewer.scopes is not None:
        scope = str(handler.opt.get("scope", "read"))
        if scope not in viewer.scopes or not connection.url.path.startswith("/api/"):
            raise PermissionDeniedException(f"the token does not hold the scope {scope}")
    elif method in _UNSAFE:
        assert isinstance(connection, Request)
        await _check_origin(connection, viewer, bool(handler.opt.get("stateless")))


async def _check_origin(request: Request[Any, Any, Any], viewer: Viewer, stateless: bool) -> None:
    """A change must come from a page of this site: by what the browser says, and by the token in the form."""
    fetched = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if fetched not in (None, "same-origin", "none") or (
        origin is not None and urlsplit(origin).netloc != request.headers.get("host", "")
    ):
        raise PermissionDeniedException("asked from another site")
    if stateless:
        return
    token = request.headers.get("x-csrf") or str((await request.form()).get("csrf", ""))
    if not hmac.compare_digest(token.encode(), viewer.csrf.encode()):
        raise PermissionDeniedException("the page is too old; open it again")


async def add_headers(message: Message, scope: Scope) -> None:
    """Security headers on every answer, errors too."""
    if message["type"] != "http.response.start":
        return
    path = scope["path"]
    told = {
        "content-security-policy": _POLICY,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "geolocation=(), camera=(), microphone=()",
    }
    if not path.startswith("/static/"):
        told["vary"] = "Accept-Encoding, Cookie, Accept-Language, Authorization, HX-Request"
    if scope.get("scheme") == "https":
        told["strict-transport-security"] = "max-age=31536000"
    if scope.get("method") == "OPTIONS":
        told["allow"] = allowed(scope)
    headers = [(k, v) for k, v in message["headers"] if k.decode().lower() not in told]
    if not any(k.lower() == b"cache-control" for k, _ in headers):
        told["cache-control"] = "no-cache, private"
    message["headers"] = [*headers, *((k.encode(), v.encode()) for k, v in told.items())]


def allowed(scope: Scope) -> str:
    """The methods that a route answers, of all its handlers."""
    template = scope.get("path_template")
    routes = [route for route in scope["litestar_app"].routes if route.path_format == template]
    methods = {method for route in routes if isinstance(route, HTTPRoute) for method in route.methods}
    return ", ".join(sorted(methods | {"OPTIONS"}))
