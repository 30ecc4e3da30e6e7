"""The site's own files: fonts, styles, scripts. Each is read and compressed once."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from sijill.errors import OptionError
from sijill.web.render import Ask

FOLDER = Path(__file__).parent / "static"
_TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}
_PACKED = {".woff2"}


class File(NamedTuple):
    """A file as it is sent."""

    data: bytes
    packed: bytes | None
    media_type: str
    tag: str


def parts_are_built() -> None:
    """Raises `OptionError` where the front-end parts are missing, as in a fresh checkout."""
    if not (FOLDER / "vendor" / "maplibre-gl.mjs").is_file():
        raise OptionError("the pages' front-end parts are not built: run `make web` in the checkout")


@lru_cache(maxsize=128)
def _file(name: str, _changed: float) -> File:
    path = FOLDER / name
    data = path.read_bytes()
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    packed = None if path.suffix in _PACKED else gzip.compress(data, 9, mtime=0)
    return File(data, packed, kind, f'"{hashlib.sha256(data).hexdigest()[:24]}"')


@get("/static/{name:path}", role="nobody", sync_to_thread=False)
def static(request: Ask, name: FromPath[str]) -> Response[bytes]:
    """A file of the site."""
    path = (FOLDER / name.lstrip("/")).resolve()
    if not path.is_relative_to(FOLDER.resolve()) or not path.is_file():
        raise NotFoundException(f"{name}: there is no such file")
    file = _file(path.relative_to(FOLDER.resolve()).as_posix(), path.stat().st_mtime)
    headers = {"etag": file.tag, "cache-control": "public, max-age=3600", "vary": "Accept-Encoding"}
    if file.tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers)
    data = file.data
    if file.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        data = file.packed
        headers["content-encoding"] = "gzip"
    return Response(data, media_type=file.media_type, headers=headers)
