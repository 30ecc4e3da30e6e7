"""What is read once by a program and kept, read ahead: who comes first after a start waits as little as the next."""

from __future__ import annotations

import logging
import threading

from sijill.errors import SijillError
from sijill.gazetteer import default_gazetteer
from sijill.lexicon import default_lexicon
from sijill.page import read_page
from sijill.record import Record
from sijill.web import maps
from sijill.web.boarding import keeper_of
from sijill.web.names import known_parties
from sijill.web.render import templates

_log = logging.getLogger("sijill.web")
_PAGE = b"<html><body><article><h1>t</h1><p>" + b"word " * 80 + b"</p></article></body></html>"


def warm(record: Record) -> None:
    """Begin to read the board, and whatever pages need that is read once."""
    keeper_of(record).begin()
    threading.Thread(target=_read, name="warming", daemon=True).start()


def _read() -> None:
    try:
        default_lexicon()
        default_gazetteer()
        known_parties()
        for name in templates().list_templates():
            templates().get_template(name)
        read_page(_PAGE, name="page", media_type="text/html")
        maps.ground()
    except SijillError as error:  # who asks for what cannot be read is told
        _log.error("%s", error)
