"""What the site itself keeps, in `site.db` beside the record and apart from the evidence: saved searches, webhooks and
what became of each delivery, and what the public view withholds."""

from __future__ import annotations

import secrets
import time
from pathlib import Path

import msgspec

from sijill.errors import OptionError
from sijill.web.database import Database
from sijill.web.filters import Filters
from sijill.web.roles import MissingError, Safety, known

FILE = "site.db"
_MOST_SEARCHES, _MOST_HOOKS, _MOST_DELIVERIES = 200, 50, 2_000
_TABLES = """
CREATE TABLE IF NOT EXISTS searches (
  id INTEGER PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, filters TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS hooks (
  id INTEGER PRIMARY KEY, search INTEGER NOT NULL REFERENCES searches(id) ON DELETE CASCADE, url TEXT NOT NULL,
  secret TEXT NOT NULL, seen TEXT NOT NULL, active INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS deliveries (
  id TEXT PRIMARY KEY, hook INTEGER NOT NULL REFERENCES hooks(id) ON DELETE CASCADE, body BLOB NOT NULL,
  made REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0, due REAL, answer TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS deliveries_by_due ON deliveries (due);
CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class Search(msgspec.Struct, frozen=True):
    """A saved search: whose, its name, and its filters."""

    id: int
    owner: str
    name: str
    filters: Filters


class Hook(msgspec.Struct, frozen=True):
    """A webhook of a saved search. `seen`: the time of the record up to which it has been told."""

    id: int
    search: int
    url: str
    seen: str
    active: bool


class Delivery(msgspec.Struct, frozen=True):
    """One message to a webhook: how often it was tried, what was answered, and when it is tried again (None: it is
    done with). Times are seconds since 1970."""

    id: str
    hook: int
    made: float
    tries: int
    due: float | None
    answer: str


class Kept(Database):
    """The site's own database."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / FILE, _TABLES)
        self._safety: Safety | None = None

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    # -- what the public view withholds ------------------------------------------------------------------------

    def safety(self) -> Safety:
        """What is withheld from the public."""
        if self._safety is None:
            rows = self._ask("SELECT value FROM settings WHERE key = 'safety'")
            self._safety = msgspec.json.decode(str(rows[0][0]), type=Safety) if rows else Safety()
        return self._safety

    def set_safety(self, safety: Safety) -> None:
        """Change what is withheld from the public."""
        told = msgspec.json.encode(safety).decode()
        self._ask("INSERT OR REPLACE INTO settings VALUES ('safety', ?)", told)
        self._safety = safety

    # -- saved searches -----------------------------------------------------------------------------------------

    def searches(self, owner: str) -> list[Search]:
        """The saved searches of somebody, by name."""
        rows = self._ask("SELECT id, owner, name, filters FROM searches WHERE owner = ? ORDER BY name, id", owner)
        return [_search(row) for row in rows]

    def search(self, number: int, owner: str) -> Search:
        """One saved search of somebody. Raises `MissingError`."""
        wanted = "SELECT id, owner, name, filters FROM searches WHERE id = ? AND owner = ?"
        rows = self._ask(wanted, known(number, "search "), owner)
        if not rows:
            raise MissingError(f"search {number}: there is none")
        return _search(rows[0])

    def add_search(self, owner: str, name: str, filters: Filters) -> Search:
        """Save a search."""
        if not name.strip() or len(name) > 100:
            raise OptionError("name: a search needs a name of up to 100 letters")
        if len(self.searches(owner)) >= _MOST_SEARCHES:
            raise OptionError(f"at most {_MOST_SEARCHES} searches can be saved; remove one first")
        told = msgspec.json.encode(filters).decode()
        rows = self._ask(
            "INSERT INTO searches (owner, name, filters) VALUES (?, ?, ?) RETURNING id", owner, name.strip(), told
        )
        return self.search(int(str(rows[0][0])), owner)

    def remove_search(self, number: int, owner: str) -> None:
        """Remove a saved search and its webhooks. Raises `MissingError`."""
        self.search(number, owner)
        self._ask("DELETE FROM searches WHERE id = ?", number)

    # -- webhooks -------------------------------------------------------------------------------------------------

    def hooks(self, owner: str | None = None) -> list[tuple[Hook, Search]]:
        """The webhooks of somebody, or of everybody, with their searches."""
        rows = self._ask(
            "SELECT h.id, h.search, h.url, h.seen, h.active, s.id, s.owner, s.name, s.filters "
            "FROM hooks h JOIN searches s ON s.id = h.search WHERE ? IS NULL OR s.owner = ? ORDER BY h.id",
            owner, owner,
        )  # fmt: skip
        return [(_hook(row[:5]), _search(row[5:])) for row in rows]

    def add_hook(self, search: Search, url: str, seen: str) -> tuple[Hook, str]:
        """Add a webhook to a search; its secret is told only now. What is added after `seen` is sent."""
        if len(self.hooks(search.owner)) >= _MOST_HOOKS:
            raise OptionError(f"at most {_MOST_HOOKS} webhooks can be kept; remove one first")
        secret = secrets.token_bytes(32)
        rows = self._ask(
            "INSERT INTO hooks (search, url, secret, seen) VALUES (?, ?, ?, ?) RETURNING id, search, url, seen, active",
            search.id, url, secret.hex(), seen,
        )  # fmt: skip
        return _hook(rows[0]), secret.hex()

    def hook(self, number: int, owner: str) -> Hook:
        """One webhook of somebody. Raises `MissingError`."""
        found = next((hook for hook, _ in self.hooks(owner) if hook.id == number), None)
        if found is None:
            raise MissingError(f"webhook {number}: there is none")
        return found

    def remove_hook(self, number: int, owner: str) -> None:
        """Remove a webhook and the log of its deliveries. Raises `MissingError`."""
        self.hook(number, owner)
        self._ask("DELETE FROM hooks WHERE id = ?", number)

    def secret(self, hook: int) -> bytes:
        """The key that the messages of a webhook are signed with."""
        return bytes.fromhex(str(self._ask("SELECT secret FROM hooks WHERE id = ?", hook)[0][0]))

    def told(self, hook: int, seen: str, body: bytes | None) -> None:
        """Note up to when a webhook has been told, with the message that tells it, where there is one."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("UPDATE hooks SET seen = ? WHERE id = ?", (seen, hook))
            if body is not None:
                now = time.time()
                values = (f"msg_{secrets.token_urlsafe(16)}", hook, body, now, now)
                self._db.execute("INSERT INTO deliveries (id, hook, body, made, due) VALUES (?, ?, ?, ?, ?)", values)
                self._db.execute(
                    "DELETE FROM deliveries WHERE due IS NULL AND id NOT IN "
                    "(SELECT id FROM deliveries ORDER BY made DESC LIMIT ?)",
                    (_MOST_DELIVERIES,),
                )
            self._db.execute("COMMIT")

    def due(self, now: float) -> list[tuple[Delivery, Hook, bytes]]:
        """The messages that are to be sent now."""
        rows = self._ask(
            "SELECT d.id, d.hook, d.made, d.tries, d.due, d.answer, h.id, h.search, h.url, h.seen, h.active, d.body "
            "FROM deliveries d JOIN hooks h ON h.id = d.hook WHERE d.due <= ? AND h.active ORDER BY d.due LIMIT 20",
            now,
        )
        return [(_delivery(row[:6]), _hook(row[6:11]), _bytes(row[11])) for row in rows]

    def tried(self, delivery: str, answer: str, again: float | None) -> None:
        """Note what became of a try, and when the next is."""
        self._ask(
            "UPDATE deliveries SET tries = tries + 1, answer = ?, due = ? WHERE id = ?", answer[:200], again, delivery
        )

    def deliveries(self, owner: str, limit: int = 50) -> list[Delivery]:
        """The newest messages of somebody's webhooks."""
        rows = self._ask(
            "SELECT d.id, d.hook, d.made, d.tries, d.due, d.answer FROM deliveries d JOIN hooks h ON h.id = d.hook "
            "JOIN searches s ON s.id = h.search WHERE s.owner = ? ORDER BY d.made DESC LIMIT ?",
            owner, limit,
        )  # fmt: skip
        return [_delivery(row) for row in rows]


def _search(row: tuple[object, ...]) -> Search:
    number, owner, name, told = row
    return Search(int(str(number)), str(owner), str(name), msgspec.json.decode(str(told), type=Filters))


def _hook(row: tuple[object, ...]) -> Hook:
    number, search, url, seen, active = row
    return Hook(int(str(number)), int(str(search)), str(url), str(seen), bool(active))


def _delivery(row: tuple[object, ...]) -> Delivery:
    number, hook, made, tries, due, answer = row
    again = None if due is None else float(str(due))
    return Delivery(str(number), int(str(hook)), float(str(made)), int(str(tries)), again, str(answer))


def _bytes(value: object) -> bytes:
    assert isinstance(value, bytes)
    return value
