"""What is read once by a program and kept, read ahead: who comes first after a start waits as little as the next."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

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


class Warming:
    """Reads ahead for one record's site, from its start to its end."""

    def __init__(self, record: Record) -> None:
        self._keeper = keeper_of(record)

    def start(self) -> None:
        """Begin to read the board, and read meanwhile what every page needs: the first is not to wait longer than the
        next."""
        self._keeper.begin()
        for step in _STEPS:
            try:
                step()
            except SijillError as error:  # who asks for what cannot be read is told
                _log.error("%s", error)
        threading.Thread(target=maps.ground, name="ground", daemon=True).start()

    def end(self) -> None:
        """Read no more, and keep the board for the next start."""
        self._keeper.end()


def _templates() -> None:
    for name in templates().list_templates():
        templates().get_template(name)


def _page() -> None:
    read_page(_PAGE, name="page", media_type="text/html")


_STEPS: tuple[Callable[[], object], ...] = (
    default_lexicon, default_gazetteer, known_parties, _templates, _page,
)  # fmt: skip
