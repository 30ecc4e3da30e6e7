"""An item: the bytes of one report as they came, with where they came from."""

from __future__ import annotations

from typing import Literal

import msgspec

from sijill.errors import InputError

How = Literal["file", "stdin", "fetch", "archive", "web-archive", "post", "row"]


def plain(text: str) -> str:
    """A text without what databases refuse: NUL, and halves of characters (from names that are not UTF-8)."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


class Item(msgspec.Struct, frozen=True):
    """Bytes to be kept and read. `text` is their text where it was drawn out of a row, of pages or pictures.

    It is HTML where `media_type` says so, else plain.
    """

    data: bytes
    name: str
    how: How
    url: str | None = None
    media_type: str | None = None
    published: str | None = None
    outlet: str | None = None
    title: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    container: str | None = None
    """The SHA-256 of the file that it was taken from, in hex."""
    text: str | None = None

    @property
    def address(self) -> str:
        """Where it came from: its URL, else its name."""
        return plain(self.url or self.name)


class Failure(msgspec.Struct, frozen=True):
    """An input that gave nothing, and why, in one line."""

    name: str
    reason: str


def failure(name: str, error: Exception) -> Failure:
    """What an error says of an input, without the name again that it begins with."""
    return Failure(name, str(error).split("\n")[0].removeprefix(f"{name}: "))


class Passed(Failure, frozen=True):
    """A file in a folder or archive that is of no kind that holds reports, and was left aside."""


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an input may cost. Sizes are bytes, times seconds."""

    report_bytes: int = 20_000_000
    """The largest single report."""
    table_bytes: int = 2_000_000_000
    """The largest export or table of posts."""
    archive_bytes: int = 4_000_000_000
    """The most that one archive may expand to."""
    archive_ratio: int = 200
    """The most that one file of an archive may expand by."""
    rows: int = 5_000_000
    """The most reports of one archive, export or table."""
    pages: int = 500
    """The most pages of one PDF."""
    fetch_bytes: int = 20_000_000
    fetch_seconds: int = 30
    redirects: int = 5
    private_addresses: bool = False
    """Whether a fetch may reach loopback, link-local and private addresses."""


class LimitError(InputError):
    """An input larger than a setting allows; names the setting."""


def over(name: str, setting: str, limit: int) -> LimitError:
    """The error for an input that passes a limit."""
    return LimitError(f"{name}: more than {limit:,} ({setting}); raise the setting if the input is to be trusted")
