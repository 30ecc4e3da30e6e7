"""Exports from the site: what `sijill export` writes into a folder, as one ZIP file."""

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
from sijill.web.door import house_of
from sijill.web.filters import Filters, filters_of
from sijill.web.render import Ask


@get("/export/{to:str}", role="reader", sync_to_thread=True)
def exported(request: Ask, to: FromPath[str]) -> Response[bytes]:
    """A data package of what the filters choose. `rule`, `as_of`, and `withhold=1` as on the command line."""
    told = request.query_params
    rule: Rule = told.get("rule", "range")
    if to not in FORMATS:
        raise OptionError(f"{to[:40]}: no such format; one of {', '.join(FORMATS)}")
    if rule not in get_args(Rule):
        raise OptionError(f"rule: {rule[:40]} is not one of {', '.join(get_args(Rule))}")
    choice = Choice(_query(filters_of(told)), rule, told.get("as_of") or None, told.get("withhold") == "1")
    with tempfile.TemporaryDirectory() as folder:
        export(house_of(request).record, to, Path(folder) / "out", choice)
        data = _zipped(Path(folder) / "out")
    name = f'attachment; filename="sijill-{to}.zip"'
    return Response(data, media_type="application/zip", headers={"content-disposition": name})


def _query(filters: Filters) -> Any:
    if filters.kind:
        raise OptionError("kind: exports are not narrowed by the kind of a source; leave it out")
    return msgspec.structs.replace(filters.query(), killed=filters.killed, state=filters.state or None)


def _zipped(folder: Path) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
    return file.getvalue()


EXPORTS: list[Any] = [exported]
