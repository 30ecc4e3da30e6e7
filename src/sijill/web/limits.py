"""How much one asker may ask, and the log of what was asked, in which nobody can be found again."""

from __future__ import annotations

import hashlib
import logging
import time
from typing import Any

from litestar.exceptions import HTTPException
from litestar.middleware.base import DefineMiddleware
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.types import Message, Scope

from sijill.web.door import house_of, viewer_of
from sijill.web.render import Ask

access = logging.getLogger("sijill.access")


def limits(per_minute: int) -> DefineMiddleware:
    """So many requests a minute for everybody who asks; files of the site and live updates are not counted."""
    config = RateLimitConfig(
        rate_limit=("minute", per_minute),
        exclude=["^/static/", "^/events$"],
        identifier_for_request=_asker,
    )
    return config.middleware


def _asker(request: Ask) -> str:
    """Who asks: an account by its name, everybody else by an address that is kept as a keyed hash, in memory only."""
    try:
        name = viewer_of(request).name
    except HTTPException:
        name = ""
    told = name or (request.client.host if request.client else "")
    return hashlib.blake2b(told.encode(), key=house_of(request).secret, digest_size=12).hexdigest()


async def log_access(message: Message, scope: Scope) -> None:
    """Write a line for an answer: minute, method, route, status, role. No address, name, query or browser."""
    if message["type"] != "http.response.start" or not access.isEnabledFor(logging.INFO):
        return
    state: dict[str, Any] = scope.get("state", {})
    viewer = state.get("sijill_viewer")
    access.info(
        "%s %s %s %s %s",
        time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime()),
        scope.get("method", "-"),
        scope.get("path_template") or "-",
        message["status"],
        viewer.role.label if viewer else "nobody",
    )
