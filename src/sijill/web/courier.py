"""Webhooks: tells other programs of incidents that are new or changed in a saved search.

A message is signed after the Standard Webhooks convention: `webhook-signature: v1,` and the base64 of HMAC-SHA256 over
`id.timestamp.body`, under the secret that was told when the webhook was made. An answer other than 2xx is tried again,
later each time, for about a day; what became of every try is kept.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import threading
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit, urlunsplit

import httpx
import msgspec
from sqlalchemy import func, select

from sijill.capture.fetch import public_addresses
from sijill.errors import OptionError, SijillError
from sijill.record.schema import member_log
from sijill.web.door import House
from sijill.web.kept import Delivery, Hook, Kept, Search
from sijill.web.looking import Look, version
from sijill.web.roles import Role, Viewer

_POLL_SECONDS = 2.0
_WAITS = (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 28_800)
"""Seconds before each further try."""
_TIMEOUT_SECONDS = 10.0
_MOST_INCIDENTS = 100
"""In one message."""
_log = logging.getLogger("sijill.web")


def checked_url(url: str, private: bool) -> str:
    """The address of a webhook. Raises `OptionError` for one that is not https, or leads into a private network;
    on a site for one person on loopback (`private`) http and private addresses may be used."""
    parts = urlsplit(url)
    if parts.scheme not in (("http", "https") if private else ("https",)) or not parts.hostname or len(url) > 500:
        raise OptionError(f"url: {url[:80]} is not an https address")
    if parts.username or parts.password or parts.fragment:
        raise OptionError(f"url: {url[:80]} holds a name, a password or a fragment; leave them out")
    try:
        public_addresses(parts.hostname, parts.port or 443, private)
    except (SijillError, ValueError) as error:
        raise OptionError(f"url: {error}") from error
    return url


def signature(secret: bytes, number: str, timestamp: int, body: bytes) -> str:
    """The signature of a message."""
    signed = f"{number}.{timestamp}.".encode() + body
    return f"v1,{base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()}"


class Courier:
    """Watches a record and sends what is due, in a thread of its own."""

    def __init__(self, house: House, kept: Kept) -> None:
        self.house, self.kept = house, kept
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._seen = -1

    def start(self) -> None:
        """Begin."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End, after the message that is being sent."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(_TIMEOUT_SECONDS + 2)

    def _run(self) -> None:
        last = ""
        while not self._stop.wait(_POLL_SECONDS):
            try:
                self.look()
                self.send(time.time())
                last = ""
            except Exception as error:  # the courier must outlive whatever befalls one round
                if str(error) != last:  # and not fill the log with it
                    _log.error("webhooks: a round failed: %s", error)
                last = str(error)

    def look(self) -> None:
        """Make messages of what is new in the record."""
        now = version(self.house.record)
        if now == self._seen:
            return
        for hook, search in self.kept.hooks():
            if hook.active:
                self._look_for(hook, search)
        self._seen = now

    def _look_for(self, hook: Hook, search: Search) -> None:
        viewer = self._eyes(search.owner)
        with self.house.record.reading() as connection:
            log = select(member_log.c.incident_id).where(member_log.c.at > hook.seen).distinct()
            touched = {int(number) for number in connection.execute(log).scalars()}
            newest = connection.execute(select(func.max(member_log.c.at))).scalar() or hook.seen
        if not touched or viewer is None:
            self.kept.told(hook.id, newest, None)
            return
        look = Look(self.house.record, viewer)
        shown = look.among(search.filters, touched, _MOST_INCIDENTS)
        body = None
        if shown:
            body = msgspec.json.encode(
                {
                    "type": "incidents.changed",
                    "timestamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
                    "data": {"search": {"id": search.id, "name": search.name}, "incidents": shown},
                }
            )
        self.kept.told(hook.id, newest, body)

    def _eyes(self, owner: str) -> Viewer | None:
        """What the owner of a search may see now; None: they may come in no more."""
        if self.house.accounts is None:
            return Viewer(owner, Role.ADMINISTRATOR)
        account = next((one for one in self.house.accounts.all() if one.name == owner), None)
        return Viewer(owner, account.role) if account else None

    def send(self, now: float) -> int:
        """Send the messages that are due; returns how many arrived."""
        arrived = 0
        for delivery, hook, body in self.kept.due(now):
            if self._stop.is_set():
                break
            answer, came = self._post(delivery, hook, body)
            arrived += came
            wait = None if came or delivery.tries >= len(_WAITS) else now + _WAITS[delivery.tries]
            self.kept.tried(delivery.id, answer, wait)
        return arrived

    def _post(self, delivery: Delivery, hook: Hook, body: bytes) -> tuple[str, bool]:
        stamp = int(time.time())
        headers = {
            "content-type": "application/json",
            "user-agent": "sijill-webhooks",
            "webhook-id": delivery.id,
            "webhook-timestamp": str(stamp),
            "webhook-signature": signature(self.kept.secret(hook.id), delivery.id, stamp, body),
        }
        parts = urlsplit(hook.url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            # The address is looked up and judged anew each time, and the one that was judged is the one asked.
            address = str(public_addresses(host, port, self.house.accounts is None)[0])
            literal = f"[{address}]" if ":" in address else address
            url = urlunsplit((parts.scheme, f"{literal}:{port}", parts.path, parts.query, ""))
            headers["host"] = parts.netloc
            with httpx.Client(timeout=_TIMEOUT_SECONDS, follow_redirects=False, trust_env=False) as client:
                asked = client.build_request("POST", url, content=body, headers=headers)
                asked.extensions["sni_hostname"] = host
                with_body = client.send(asked, stream=True)
                with_body.close()
                return str(with_body.status_code), with_body.is_success
        except (httpx.HTTPError, SijillError, OSError) as error:
            return f"{type(error).__name__}: {error}", False
