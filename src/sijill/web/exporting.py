"""Exports from the site: what `sijill export` writes into a folder, as one ZIP file, and the page to choose it on."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any, get_args

import msgspec
from litestar import Response, get
from litestar.params import FromPath

from sijill.errors import OptionError
from sijill.export import FORMATS, Choice, export
from sijill.incidents.derive import Rule
from sijill.web.answers import strict
from sijill.web.door import house_of, viewer_of
from sijill.web.figures import figures
from sijill.web.filters import NAMES, Filters, filters_of
from sijill.web.pages import look_of
from sijill.web.render import Ask, page

MOST = 5_000
"""Incidents in one ZIP; more are exported by the command line."""
_MOST_DOSSIERS = 200
_ASKED = (*(name for name in NAMES if name != "order"), "rule", "as_of", "withhold")


@get("/export", role="reader", sync_to_thread=True)
def choose(request: Ask) -> Response[str]:
    """Choose a format for the view at hand."""
    filters = filters_of(request.query_params)
    counted = figures(house_of(request).record, viewer_of(request), filters).counted
    return page(
        request, "export.html", filters=filters, counted=counted, most=MOST, formats=list(FORMATS), rules=get_args(Rule)
    )


@get("/export/{to:str}", role="reader", sync_to_thread=True)
def exported(request: Ask, to: FromPath[str]) -> Response[bytes]:
    """A data package of what the filters choose. `rule`, `as_of`, and `withhold=1` as on the command line."""
    told = strict(request, *_ASKED)
    rule: Any = told.get("rule", "range")
    if to not in FORMATS:
        raise OptionError(f"{to[:40]}: no such format; one of {', '.join(FORMATS)}")
    if rule not in get_args(Rule):
        raise OptionError(f"rule: {rule[:40]} is not one of {', '.join(get_args(Rule))}")
    filters = filters_of(told)
    board, found = look_of(request, told.get("as_of", "")).find(filters)
    numbers = tuple(int(number) for number in board.c.id[found])
    most = _MOST_DOSSIERS if to == "pdf" else MOST
    if len(numbers) > most:
        raise OptionError(f"{len(numbers)} incidents are more than {most}: narrow the view, or run `sijill export`")
    if told.get("withhold", "0") not in ("0", "1"):
        raise OptionError("withhold: 1, or 0")
    choice = Choice(_query(filters), rule, told.get("as_of"), told.get("withhold") == "1", numbers)
    with tempfile.TemporaryDirectory() as folder:
        export(house_of(request).record, to, Path(folder) / "out", choice)
        data = _zipped(Path(folder) / "out")
    name = f'attachment; filename="sijill-{to}.zip"'
    return Response(data, media_type="application/zip", headers={"content-disposition": name})


def _query(filters: Filters) -> Any:
    return msgspec.structs.replace(filters.query(), killed=filters.killed, state=filters.state or None)


def _zipped(folder: Path) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
    return file.getvalue()


EXPORTS: list[Any] = [exported]
PAGE: list[Any] = [choose]
