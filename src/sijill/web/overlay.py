"""The words that a team adds to the lexicon: an overlay of CSV and YAML files beside the record, edited in the browser,
and kept only when the lint finds no fault.

It is used by `POST /api/v1/read`, and by `sijill read --lexicon FOLDER`.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from litestar import Response, get, post

from sijill.errors import OptionError
from sijill.lexicon.faults import Fault
from sijill.lexicon.lint import lint
from sijill.lexicon.lint_events import EVENTS
from sijill.lexicon.load import lexicon_with
from sijill.lexicon.schema import file_rules
from sijill.web.desk import Form
from sijill.web.door import House, house_of
from sijill.web.render import Ask, page

FOLDER = "lexicon"
_LONGEST = 500_000


def files() -> list[str]:
    """The files that an overlay may have."""
    return [EVENTS, *sorted(file_rules())]


def overlay_of(house: House) -> Path | None:
    """The overlay's folder, where the site keeps one."""
    return house.folder / FOLDER if house.folder is not None else None


def lexicon_of(house: House) -> Path | None:
    """The words laid over the lexicon for reports that are sent to the site."""
    folder = overlay_of(house)
    return folder if folder is not None and folder.is_dir() and any(folder.rglob("*.*")) else None


def faults_with(folder: Path, file: str, text: str) -> list[Fault]:
    """The faults of an overlay if this file were in it."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / FOLDER
        if folder.is_dir():
            shutil.copytree(folder, copy)
        (copy / file).parent.mkdir(parents=True, exist_ok=True)
        (copy / file).write_text(text, encoding="utf-8")
        return lint(copy)


def _page(request: Ask, file: str, **told: Any) -> Response[str]:
    folder = overlay_of(house_of(request))
    if folder is None:
        raise OptionError("this site keeps no words of its own: the record is in a database without a folder")
    chosen = file if file in files() else files()[0]
    path = folder / chosen
    header = "" if chosen == EVENTS else file_rules()[chosen].header() + "\n"
    text = path.read_text(encoding="utf-8") if path.is_file() else header
    return page(
        request, "lexicon.html", files=files(), file=chosen, text=told.get("text", text),
        faults=told.get("faults", ()), saved=told.get("saved", False),
        kept={name for name in files() if (folder / name).is_file()},
    )  # fmt: skip


@get("/settings/lexicon", role="administrator", sync_to_thread=True)
def words(request: Ask) -> Response[str]:
    """The files of the overlay."""
    return _page(request, request.query_params.get("file", ""))


@post("/settings/lexicon", role="administrator", status_code=200, sync_to_thread=True)
def save(request: Ask, data: Form) -> Response[str]:
    """Check a file of the overlay, and keep it when it has no fault; an empty one is taken away."""
    folder, file = overlay_of(house_of(request)), data.get("file", "")
    text = data.get("text", "").replace("\r\n", "\n")
    if folder is None or file not in files() or len(text) > _LONGEST:
        raise OptionError(f"{file[:80]}: not a file of the lexicon")
    if not text.strip():
        (folder / file).unlink(missing_ok=True)
        return _page(request, file, saved=True)
    faults = faults_with(folder, file, text)
    if faults:
        return _page(request, file, text=text, faults=faults)
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text(text, encoding="utf-8")
    lexicon_with.cache_clear()
    return _page(request, file, saved=True)


OVERLAY: list[Any] = [words, save]
