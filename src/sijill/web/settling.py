"""Days in the filters as people type them: the address is made anew with the days they mean.

So a view that was asked for by "yesterday" has an address that shows the same tomorrow.
"""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import parse_qsl, urlencode

from litestar.response import Redirect

from sijill.errors import OptionError
from sijill.web.render import Ask
from sijill.web.typed import typed_days

_ISO = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST = 80


async def settle_days(request: Ask) -> Redirect | None:
    """Lead to the same page with its days in ISO form, where `since` or `until` hold words that tell days."""
    if request.method != "GET" or not {"since", "until"} & set(request.query_params):
        return None
    asked = parse_qsl(request.url.query, keep_blank_values=True)
    settled = [(name, _day(name, value)) for name, value in asked]
    return Redirect(f"{request.url.path}?{urlencode(settled)}", status_code=303) if settled != asked else None


def _day(name: str, value: str) -> str:
    if name not in ("since", "until") or not value.strip() or _ISO.fullmatch(value) or len(value) > _LONGEST:
        return value
    try:
        first, last = typed_days(value, date.today())
    except OptionError:
        return value  # the filters say what is wrong with it
    return (first if name == "since" else last).isoformat()
