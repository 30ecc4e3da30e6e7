"""A client of the API of `sijill serve`, for programs in Python: `pip install 'sijill[client]'`.

with Client("https://sijill.example", token="sijill_...") as sijill:
    for incident in sijill.incidents(place="إدلب"): ...
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self, TypeVar

import httpx
import msgspec

from sijill.errors import SijillError
from sijill.web.shapes import ClaimShown, IncidentShown

__all__ = ["ApiError", "Client", "verify"]

_T = TypeVar("_T")
_LONGEST_WAIT = 60.0
_TOLERANCE_SECONDS = 300
Filter = str | int


class ApiError(SijillError):
    """The server refused: `status` as HTTP has it, and what it says."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


class IncidentAnswer(msgspec.Struct, frozen=True):
    """An incident and its claims."""

    incident: IncidentShown
    claims: tuple[ClaimShown, ...]


class Place(msgspec.Struct, frozen=True):
    """A place of the gazetteer."""

    id: str
    ar: str
    en: str | None
    kind: str
    country: str
    admin1: str | None
    lat: float
    lon: float


class SavedSearch(msgspec.Struct, frozen=True):
    """A saved search; `filters` holds every filter, the empty ones too."""

    id: int
    owner: str
    name: str
    filters: dict[str, Any]


class Webhook(msgspec.Struct, frozen=True):
    """An address that is told of what is new in a saved search."""

    id: int
    search: int
    url: str
    seen: str
    active: bool


class MadeWebhook(msgspec.Struct, frozen=True):
    """A webhook that was made, and the secret its messages are signed with."""

    webhook: Webhook
    secret: str


class Delivery(msgspec.Struct, frozen=True):
    """What became of a message to a webhook; `due` None: it is done with. Times are seconds since 1970."""

    id: str
    hook: int
    made: float
    tries: int
    due: float | None
    answer: str


class _Incidents(msgspec.Struct, frozen=True):
    items: tuple[IncidentShown, ...]
    next: str | None


class _Claims(msgspec.Struct, frozen=True):
    items: tuple[ClaimShown, ...]
    next: str | None


class Client:
    """The API of one site. Close it, or use it in a `with`."""

    def __init__(
        self,
        site: str,
        token: str | None = None,
        *,
        timeout: float = 30.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {"accept": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
        self._http = httpx.Client(
            base_url=f"{site.rstrip('/')}/api/v1/", headers=headers, timeout=timeout, transport=transport
        )
        self._known: dict[str, tuple[str, bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    # -- reading ------------------------------------------------------------------------------------------------

    def incidents(self, *, limit: int | None = None, **filters: Filter) -> Iterator[IncidentShown]:
        """Incidents, the newest first, all that match or at most `limit`; filters by name as on the pages."""
        yield from self._walk("incidents", _Incidents, limit, filters)

    def incident(self, number: int, *, rule: str = "range", as_of: str | None = None) -> IncidentAnswer:
        """One incident under a rule, now or as of a day, and its claims."""
        return self._get(f"incidents/{number}", IncidentAnswer, {"rule": rule, "as_of": as_of})

    def claims(self, *, limit: int | None = None, **filters: Filter) -> Iterator[ClaimShown]:
        """Claims, the newest day first, all that match or at most `limit`."""
        yield from self._walk("claims", _Claims, limit, filters)

    def claim(self, number: int) -> ClaimShown:
        """One claim."""
        return self._get(f"claims/{number}", ClaimShown)

    def places(self, name: str) -> list[Place]:
        """Places of the gazetteer by name."""
        return self._get("places", list[Place], {"q": name})

    def places_near(self, lat: float, lon: float) -> list[Place]:
        """The places of the gazetteer nearest to a point."""
        return self._get("places", list[Place], {"near": f"{lat},{lon}"})

    def read(self, texts: Sequence[str | Mapping[str, str]]) -> list[dict[str, Any]]:
        """Read reports on the server, which keeps nothing: each a text, or `text`, `name`, `published`, `outlet`.

        For each a report by the contract, or a problem (with `status`) where it could not be read.
        """
        told = [{"text": text} if isinstance(text, str) else dict(text) for text in texts]
        return self._send("read", list[dict[str, Any]], told)

    def version(self) -> int:
        """A number that grows with every change of the record."""
        return int(self._get("version", dict[str, Any])["version"])

    # -- deciding and following ---------------------------------------------------------------------------------

    def decide(self, kind: str, target: str, *, field: str | None = None, value: Any = None, why: str = "") -> int:
        """Decide about a claim (`c12`), an incident (`i7`) or a capture (`r3`); the number of the decision."""
        told = {"kind": kind, "target": target, "field": field, "value": value, "why": why}
        return self._send("decisions", dict[str, int], told)["decision"]

    def searches(self) -> list[SavedSearch]:
        """One's saved searches."""
        return self._get("searches", list[SavedSearch])

    def save_search(self, name: str, **filters: str) -> SavedSearch:
        """Save a search."""
        return self._send("searches", SavedSearch, {"name": name, "filters": filters})

    def remove_search(self, number: int) -> None:
        """Remove a saved search and its webhooks."""
        self._sent(self._http.build_request("DELETE", f"searches/{number}"))

    def webhooks(self) -> list[Webhook]:
        """One's webhooks."""
        return self._get("webhooks", list[Webhook])

    def make_webhook(self, search: int, url: str) -> MadeWebhook:
        """Make a webhook for a saved search."""
        return self._send("webhooks", MadeWebhook, {"search": search, "url": url})

    def remove_webhook(self, number: int) -> None:
        """Remove a webhook and the log of its messages."""
        self._sent(self._http.build_request("DELETE", f"webhooks/{number}"))

    def deliveries(self) -> list[Delivery]:
        """What became of the newest messages of one's webhooks."""
        return self._get("webhooks/deliveries", list[Delivery])

    # -- asking ---------------------------------------------------------------------------------------------------

    def _walk(self, path: str, form: Any, limit: int | None, filters: Mapping[str, Filter]) -> Iterator[Any]:
        left, after = limit, None
        while left is None or left > 0:
            size = 200 if left is None else min(200, left)
            part = self._get(path, form, {**filters, "limit": size, "after": after})
            yield from part.items
            left = None if left is None else left - len(part.items)
            after = part.next
            if after is None:
                return

    def _get(self, path: str, form: type[_T], query: Mapping[str, Any] | None = None) -> _T:
        told = {name: value for name, value in (query or {}).items() if value is not None}
        asked = self._http.build_request("GET", path, params=told)
        key = str(asked.url)
        tag, data = self._known.get(key, ("", b""))
        if tag:
            asked.headers["if-none-match"] = tag
        answer = self._sent(asked)
        if answer.status_code != 304:
            data = answer.content
            if "etag" in answer.headers:
                self._known[key] = (answer.headers["etag"], data)
        return msgspec.json.decode(data, type=form)

    def _send(self, path: str, form: type[_T], body: Any) -> _T:
        return msgspec.json.decode(self._sent(self._http.build_request("POST", path, json=body)).content, type=form)

    def _sent(self, asked: httpx.Request) -> httpx.Response:
        try:
            answer = self._http.send(asked)
            if answer.status_code == 429:
                time.sleep(min(_LONGEST_WAIT, float(answer.headers.get("retry-after", 1))))
                answer = self._http.send(asked)
        except httpx.HTTPError as error:
            raise ApiError(0, f"{asked.url.host}: cannot be asked: {error}") from error
        if answer.is_success or answer.status_code == 304:
            return answer
        try:
            detail = str(answer.json()["detail"])
        except (ValueError, KeyError, TypeError):
            detail = f"{asked.url}: {answer.status_code} {answer.reason_phrase}"
        raise ApiError(answer.status_code, detail)


def verify(secret: str, headers: Mapping[str, str], body: bytes, *, now: float | None = None) -> str:
    """The id of a message to a webhook that is signed with `secret` and not older than five minutes.

    Raises `ValueError` for any other.
    """
    told = {name.lower(): value for name, value in headers.items()}
    number, stamp = told.get("webhook-id", ""), told.get("webhook-timestamp", "")
    if not stamp.isdecimal() or abs((time.time() if now is None else now) - int(stamp)) > _TOLERANCE_SECONDS:
        raise ValueError("the message is too old, or from the future")
    signed = f"{number}.{stamp}.".encode() + body
    right = base64.b64encode(hmac.new(bytes.fromhex(secret), signed, hashlib.sha256).digest()).decode()
    given = [one.partition(",")[2] for one in told.get("webhook-signature", "").split() if one.startswith("v1,")]
    if not any(hmac.compare_digest(right, one) for one in given):
        raise ValueError("the message is not signed with this secret")
    return number
