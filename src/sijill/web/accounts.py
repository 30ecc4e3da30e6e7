"""Accounts: who may come in from another machine. Kept in `accounts.db` beside the record, apart from the evidence.

Passwords are kept as argon2id hashes, sessions and tokens as SHA-256 of what the browser or program holds. Who sets up
a second factor (TOTP, RFC 6238) is asked for its code after the password; a code opens once.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from pathlib import Path

import msgspec
import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from sijill.errors import OptionError
from sijill.web.database import Database
from sijill.web.roles import ACCOUNT_ROLES, Role

FILE = "accounts.db"
SESSION_SECONDS = 12 * 3600
LEAST_PASSWORD = 12
_TRIES, _LOCK_SECONDS = 5, 15 * 60
_NAME = re.compile(r"[^\s\x00-\x1f<>\"'&]{1,64}")
SCOPES = ("read", "decide", "watch")
_STEP = 30
"""Seconds that a code of the second factor lives for."""
_TABLES = """
CREATE TABLE IF NOT EXISTS accounts (name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sessions (key BLOB PRIMARY KEY, name TEXT NOT NULL, until REAL NOT NULL);
CREATE TABLE IF NOT EXISTS tries (name TEXT PRIMARY KEY, failed INTEGER NOT NULL, since REAL NOT NULL);
CREATE TABLE IF NOT EXISTS second (name TEXT PRIMARY KEY, secret TEXT NOT NULL, used INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS tokens (key BLOB PRIMARY KEY, name TEXT NOT NULL, label TEXT NOT NULL, scopes TEXT NOT NULL);
"""


class Account(msgspec.Struct, frozen=True):
    """Somebody who may come in."""

    name: str
    role: Role


class Token(msgspec.Struct, frozen=True):
    """A program's key: whose it is, what it is for, what it may (some of `SCOPES`)."""

    name: str
    label: str
    scopes: tuple[str, ...]


class LockedError(OptionError):
    """Too many wrong passwords: the account rests for a while."""


class Accounts(Database):
    """The accounts of one folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / FILE, _TABLES)
        self._hasher = PasswordHasher()
        # A wrong name takes as long as a wrong password, so that names cannot be told by the clock.
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    def add(self, name: str, role: str, password: str) -> None:
        """Make an account or change its role and password. Raises `OptionError` for what cannot be."""
        if not _NAME.fullmatch(name):
            raise OptionError(f"{name}: not a name; up to 64 letters without spaces")
        if role not in ACCOUNT_ROLES:
            raise OptionError(f"{role}: no such role; one of {', '.join(ACCOUNT_ROLES)}")
        if len(password) < LEAST_PASSWORD:
            raise OptionError(f"the password is shorter than {LEAST_PASSWORD} letters")
        hashed = self._hasher.hash(password)
        self._ask("INSERT OR REPLACE INTO accounts VALUES (?, ?, ?)", name, role, hashed)
        self._ask("DELETE FROM sessions WHERE name = ?", name)
        self._ask("DELETE FROM tries WHERE name = ?", name)

    def remove(self, name: str) -> None:
        """Take an account away, and its sessions and tokens."""
        for table in ("accounts", "sessions", "tokens", "second"):
            self._ask(f"DELETE FROM {table} WHERE name = ?", name)

    def all(self) -> list[Account]:
        """Every account, by name."""
        rows = self._ask("SELECT name, role FROM accounts ORDER BY name")
        return [Account(str(name), ACCOUNT_ROLES[str(role)]) for name, role in rows]

    # -- the second factor ---------------------------------------------------------------------------------------

    def has_second(self, name: str) -> bool:
        """Whether somebody set up a second factor."""
        return bool(self._ask("SELECT 1 FROM second WHERE name = ?", name))

    def set_second(self, name: str, secret: str, code: str) -> None:
        """Set up a second factor, once its first code is right. Raises `OptionError`."""
        step = _step_of(secret, code, 0)
        if step is None:
            raise OptionError("the code is not the one that the app shows now")
        self._ask("INSERT OR REPLACE INTO second VALUES (?, ?, ?)", name, secret, step)

    def drop_second(self, name: str) -> None:
        """Take a second factor away: by its owner, or by an administrator when the device is lost."""
        self._ask("DELETE FROM second WHERE name = ?", name)

    def _second_is_right(self, name: str, code: str) -> bool:
        rows = self._ask("SELECT secret, used FROM second WHERE name = ?", name)
        if not rows:
            return True
        used = int(str(rows[0][1]))
        step = _step_of(str(rows[0][0]), code, used)
        if step is None:
            return False
        # Only one of two that come at once with the same code gets in.
        taken = self._ask("UPDATE second SET used = ? WHERE name = ? AND used = ? RETURNING 1", step, name, used)
        return bool(taken)

    # -- coming in ------------------------------------------------------------------------------------------------

    def enter(self, name: str, password: str, code: str = "") -> str | None:
        """A new session's key for the right name, password and code (where one is set up), else None.

        Raises `LockedError` after too many wrong ones.
        """
        now = time.time()
        tried = self._ask("SELECT failed, since FROM tries WHERE name = ?", name)
        if tried and int(str(tried[0][0])) >= _TRIES and now - float(str(tried[0][1])) < _LOCK_SECONDS:
            raise LockedError("too many wrong passwords; try again in a quarter of an hour")
        row = self._ask("SELECT password FROM accounts WHERE name = ?", name)
        try:
            self._hasher.verify(str(row[0][0]) if row else self._nobody, password)
        except VerificationError:
            row = []
        if row and not self._second_is_right(name, code):
            row = []
        if not row:
            # A new count begins when the last one is old.
            self._ask(
                "INSERT INTO tries VALUES (?, 1, ?) ON CONFLICT (name) DO UPDATE SET "
                "failed = CASE WHEN ? - since > ? THEN 1 ELSE failed + 1 END, since = ?",
                name[:64], now, now, _LOCK_SECONDS, now,
            )  # fmt: skip
            return None
        self._ask("DELETE FROM tries WHERE name = ?", name)
        self._ask("DELETE FROM sessions WHERE until < ?", now)
        key = secrets.token_urlsafe(32)
        self._ask("INSERT INTO sessions VALUES (?, ?, ?)", _digest(key), name, now + SESSION_SECONDS)
        return key

    def of_session(self, key: str) -> Account | None:
        """Whose session this is, while it lasts."""
        wanted = "SELECT a.name, a.role FROM sessions s JOIN accounts a USING (name) WHERE s.key = ? AND s.until > ?"
        rows = self._ask(wanted, _digest(key), time.time())
        return Account(str(rows[0][0]), ACCOUNT_ROLES[str(rows[0][1])]) if rows else None

    def leave(self, key: str) -> None:
        """End a session."""
        self._ask("DELETE FROM sessions WHERE key = ?", _digest(key))

    def give_token(self, name: str, label: str, scopes: tuple[str, ...]) -> str:
        """A new key for a program of this account; it is shown only now."""
        if not scopes or any(scope not in SCOPES for scope in scopes):
            raise OptionError(f"scopes: some of {', '.join(SCOPES)}")
        key = f"sijill_{secrets.token_urlsafe(32)}"
        self._ask("INSERT INTO tokens VALUES (?, ?, ?, ?)", _digest(key), name, label[:80], " ".join(scopes))
        return key

    def tokens(self, name: str) -> list[Token]:
        """The tokens of an account, by what they are for."""
        rows = self._ask("SELECT name, label, scopes FROM tokens WHERE name = ? ORDER BY label", name)
        return [Token(str(name), str(label), tuple(str(scopes).split())) for name, label, scopes in rows]

    def revoke(self, name: str, label: str) -> None:
        """Take the tokens of an account with this label away."""
        self._ask("DELETE FROM tokens WHERE name = ? AND label = ?", name, label)

    def of_token(self, key: str) -> tuple[Account, Token] | None:
        """Whose token this is, and what it may."""
        wanted = "SELECT a.name, a.role, t.label, t.scopes FROM tokens t JOIN accounts a USING (name) WHERE t.key = ?"
        rows = self._ask(wanted, _digest(key))
        if not rows:
            return None
        name, role, label, scopes = (str(value) for value in rows[0])
        return Account(name, ACCOUNT_ROLES[role]), Token(name, label, tuple(scopes.split()))


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def _step_of(secret: str, code: str, used: int) -> int | None:
    """The step of time that a code is of: now, the one before or the one after, and later than the last one used."""
    code = code.replace(" ", "")
    now = int(time.time()) // _STEP
    totp = pyotp.TOTP(secret)
    return next(
        (
            step
            for step in (now, now - 1, now + 1)
            if step > used and pyotp.utils.strings_equal(totp.at(step * _STEP), code)
        ),
        None,
    )
