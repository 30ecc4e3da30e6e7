"""Pages from templates."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import MediaType, Request, Response

from sijill.codebook import SOURCE_KINDS, TYPES
from sijill.review.desk import STATES
from sijill.web.door import house_of, viewer_of
from sijill.web.names import known_parties
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


def page(request: Ask, template: str, status: int = 200, **told: Any) -> Response[str]:
    """A page in the viewer's language."""
    viewer = viewer_of(request)
    house = house_of(request)
    query = f"?{request.url.query}" if request.url.query else ""
    html = templates().get_template(template).render(
        t=Talk(viewer), viewer=viewer, accounts=house.accounts is not None, here=request.url.path + query,
        path=request.url.path, **told,
    )  # fmt: skip
    return Response(html, media_type=MediaType.HTML, status_code=status)
