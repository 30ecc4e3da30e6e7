"""The page of saved searches and webhooks, and the page that tells how well the reader reads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from sijill.errors import OptionError
from sijill.web.courier import checked_url
from sijill.web.desk import Form
from sijill.web.door import house_of, kept_of, viewer_of
from sijill.web.faults import in_words
from sijill.web.filters import NAMES, filters_of
from sijill.web.render import Ask, page
from sijill.web.sides import measured
from sijill.web.words import Talk


@get("/watch", role="reader", sync_to_thread=True)
def following(request: Ask) -> Response[str]:
    """One's saved searches and webhooks, and a form for the view at hand."""
    return _page(request)


def _page(request: Ask, status: int = 200, **told: str) -> Response[str]:
    kept, who = kept_of(request), viewer_of(request).name
    deliveries = [
        (one, datetime.fromtimestamp(one.made, UTC).isoformat(timespec="seconds")) for one in kept.deliveries(who, 20)
    ]
    # A form that was sent holds no view: only an address does.
    view = request.query_params if request.method == "GET" else {}
    return page(
        request, "watch.html", status=status, filters=filters_of(view), searches=kept.searches(who),
        hooks=kept.hooks(who), deliveries=deliveries, secret=told.get("secret", ""), problem=told.get("problem", ""),
    )  # fmt: skip


@post("/watch", role="reader", status_code=200, sync_to_thread=True)
def follow(request: Ask, data: Form) -> Response[Any]:
    """Save or remove a search, make or remove a webhook."""
    house, kept, who = house_of(request), kept_of(request), viewer_of(request).name
    kind, number = data.get("kind", ""), data.get("number", "")
    chosen = int(number) if number.isascii() and number.isdecimal() and len(number) < 16 else 0
    try:
        if kind == "save":
            kept.add_search(who, data.get("name", ""), filters_of({name: data.get(name, "") for name in NAMES}))
        elif kind == "remove":
            kept.remove_search(chosen, who)
        elif kind == "hook":
            search = kept.search(chosen, who)
            url = checked_url(data.get("url", "").strip(), private=house.accounts is None)
            return _page(request, secret=kept.add_hook(search, url, house.record.clock())[1])
        elif kind == "unhook":
            kept.remove_hook(chosen, who)
        else:
            raise OptionError(f"{kind[:20]}: nothing of that kind can be done here")
    except OptionError as error:
        return _page(request, 400, problem=in_words(str(error), Talk(viewer_of(request))))
    return Redirect("/watch", status_code=303)


@get("/about", role="public")
async def about(request: Ask) -> Response[str]:
    """How well the reader reads, in words that everybody can check."""
    return page(request, "about.html", measured=measured())


FOLLOWING: list[Any] = [following, follow, about]
