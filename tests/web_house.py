"""A small record to serve, and clients for every role."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from litestar import Litestar
from litestar.testing import TestClient

from claims_builder import READ, Maker, item
from sijill.model import Place, Source, Span
from sijill.record import Record
from sijill.review.desk import Desk
from sijill.web.accounts import Accounts
from sijill.web.app import create_app
from sijill.web.door import SESSION, House
from sijill.web.kept import Kept
from sijill.web.serving import Server

MARK = "سرسرة"
"""Stands in every value that can harm somebody."""
PASSWORD = "a long password"
ROLES = ("reader", "coder", "reviewer", "administrator")


def marked_record(folder: Path) -> Record:
    """Two incidents: i1 final and released, i2 not; each holds the mark wherever a person could be found by it."""
    record = Record.init(folder)
    home = Place(f"بيت {MARK}", Span(0, 1, "x"), None, 35.8641, 36.8061, "site", country="SY", admin1="إدلب")
    for n, day in enumerate(("2018-03-04", "2018-05-09")):
        for outlet in ("الراصد", "الشهباء"):
            maker = Maker(f"{outlet} {MARK}", day, title=f"عنوان {MARK} {n}").claim(
                f"غارة على بيت {MARK} في سراقب قتلت ثلاثة بينهم {MARK} {outlet} {n}",
                date=day,
                places=("سراقب", home),
                killed=3 if outlet == "الراصد" else 5,
                initiators=(("روسيا", "russia"), f"فلان {MARK}"),
                targets=(f"آل {MARK}",),
                source=Source("witness", f"شاهد {MARK} {outlet}"),
                means=(f"قنبلة {MARK}",),
            )
            address = f"http://{MARK}{n}{outlet}.example/{MARK}"
            record.add([item(maker.report(address), url=address, name=f"{MARK}.json")], read=READ)
    desk = Desk(record, f"مراجع {MARK}")
    desk.comment("i1", f"تعليق {MARK}")
    desk.assign("i1", f"مسند {MARK}")
    desk.state("i1", "final", f"سبب {MARK}")
    return record


def app_of(record: Record, folder: Path | None, *, public: bool = False) -> Litestar:
    """An app over a record: with accounts in `folder`, or for one person alone."""
    accounts = Accounts(folder) if folder else None
    for role in ROLES if accounts else ():
        assert accounts
        accounts.add(role, role, PASSWORD)
    kept = Kept(folder) if folder else None
    return create_app(House(record, accounts, "tester", public=public, kept=kept, folder=folder))


@contextmanager
def client_of(app: Litestar, role: str | None = None) -> Iterator[TestClient[Litestar]]:
    """A client that is signed in with a role, or is a stranger."""
    with TestClient(app, base_url="https://site.example") as client:
        client.headers["accept-language"] = "en"
        if role is not None:
            house = app.state.house
            key = house.accounts.enter(role, PASSWORD)
            client.cookies.set(SESSION, key, domain="site.example")
        yield client


@contextmanager
def served(app: Litestar) -> Iterator[str]:
    """The app on a port of loopback, for programs that need a real one; its address."""
    server = Server(app, port=0)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.end()
        thread.join()


def csrf_of(client: TestClient[Litestar], path: str) -> str:
    """The token in the forms of a page."""
    page = client.get(path).text
    return page.split('name="csrf" value="', 1)[1].split('"', 1)[0]
