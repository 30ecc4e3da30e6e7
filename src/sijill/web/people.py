"""Signing in and out, and settings: how things are shown, one's own keys, and for administrators who may come in
and what the public view withholds."""

from __future__ import annotations

from typing import Any

import msgspec
import pyotp
import segno
from litestar import Response, get, post
from litestar.response import Redirect

from sijill.errors import OptionError
from sijill.web.accounts import SCOPES, SESSION_SECONDS, LockedError
from sijill.web.desk import Form
from sijill.web.door import SESSION, house_of, viewer_of
from sijill.web.faults import in_words
from sijill.web.render import Ask, page
from sijill.web.roles import ACCOUNT_ROLES, Role, Safety
from sijill.web.words import Talk


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
        key = house.accounts.enter(data.get("name", ""), data.get("password", ""), data.get("code", ""))
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


def _settings(request: Ask, status: int = 200, **told: Any) -> Response[str]:
    house, viewer = house_of(request), viewer_of(request)
    manager = viewer.role == Role.ADMINISTRATOR
    accounts = house.accounts
    fresh = pyotp.random_base32()
    label = pyotp.TOTP(fresh).provisioning_uri(name=viewer.name, issuer_name="Sijill")
    return page(
        request, "settings.html", status=status, listed=accounts.all() if accounts and manager else [],
        roles=list(ACCOUNT_ROLES), counts=house.record.counts(), kept=msgspec.to_builtins(house.record.settings),
        tokens=accounts.tokens(viewer.name) if accounts else [], scopes=SCOPES, fresh=fresh,
        second=accounts.has_second(viewer.name) if accounts else False,
        code=segno.make(label, error="m").svg_data_uri(scale=4, light="#fff") if accounts else "",
        safety=msgspec.structs.asdict(house.safety), keeps=house.kept is not None, public=house.public,
        problem=told.get("problem", ""), token=told.get("token", ""),
    )  # fmt: skip


@post("/settings/accounts", role="administrator", status_code=200, sync_to_thread=True)
def account(request: Ask, data: Form) -> Response[Any]:
    """Add, change or remove an account, or take its second factor away."""
    accounts = house_of(request).accounts
    if accounts is None:
        raise OptionError("there are no accounts where one person works alone")
    name = data.get("name", "")
    try:
        if data.get("kind") == "remove":
            if name == viewer_of(request).name:
                raise OptionError("you cannot remove the account you work with")
            accounts.remove(name)
        elif data.get("kind") == "second":
            accounts.drop_second(name)
        else:
            accounts.add(name, data.get("role", ""), data.get("password", ""))
    except OptionError as error:
        return _settings(request, 400, problem=in_words(str(error), Talk(viewer_of(request))))
    return Redirect("/settings", status_code=303)


@post("/settings/keys", role="reader", status_code=200, sync_to_thread=True)
def keys(request: Ask, data: Form) -> Response[Any]:
    """One's own keys: make or revoke a token, set up or take away the second factor."""
    accounts, viewer = house_of(request).accounts, viewer_of(request)
    if accounts is None:
        raise OptionError("there are no accounts where one person works alone")
    kind = data.get("kind", "")
    try:
        if kind == "token":
            scopes = tuple(scope for scope in SCOPES if data.get(f"scope-{scope}"))
            return _settings(request, token=accounts.give_token(viewer.name, data.get("label", ""), scopes))
        if kind == "revoke":
            accounts.revoke(viewer.name, data.get("label", ""))
        elif kind == "second":
            accounts.set_second(viewer.name, data.get("secret", ""), data.get("code", ""))
        elif kind == "no-second":
            # A session that was left open must not be enough to weaken the account.
            if accounts.enter(viewer.name, data.get("password", ""), data.get("code", "")) is None:
                raise OptionError("the password or the code is wrong")
            accounts.drop_second(viewer.name)
        else:
            raise OptionError(f"{kind}: no such key")
    except OptionError as error:
        return _settings(request, 400, problem=in_words(str(error), Talk(viewer_of(request))))
    return Redirect("/settings", status_code=303)


@post("/settings/safety", role="administrator", status_code=200, sync_to_thread=True)
def safety(request: Ask, data: Form) -> Redirect:
    """What the public view withholds."""
    kept = house_of(request).kept
    if kept is None:
        raise OptionError("this site keeps no settings of its own")
    kept.set_safety(Safety(**{name: data.get(name) == "withhold" for name in Safety.__struct_fields__}))
    return Redirect("/settings", status_code=303)


PEOPLE: list[Any] = [login, enter, leave, settings, account, keys, safety]
