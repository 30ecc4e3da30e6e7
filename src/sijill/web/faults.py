"""Faults in the words of the reader, and under lasting names for programs (`faults.csv`).

A fault is raised with one clear line in English. The table knows every such line by its form, with the parts that
differ as `{names}`, and says the same in Arabic. There `{name:t}` is a part put into the page's own words, `{name:r}` a
role and `{name:s}` a scope; any other part stands as it was told, set apart.
"""

from __future__ import annotations

import csv
import io
import re
from functools import cache
from importlib import resources
from typing import NamedTuple

from markupsafe import Markup

from sijill.web.words import Talk, said

_URN = "urn:sijill:problem:"
_PART = re.compile(r"\{(\w+)\}")
_WORDS = {
    "q": "words-sought", "killed": "killed-least", "kind": "source-kind", "box": "map-part", "as_of": "as-of",
}  # fmt: skip
"""The words of filters whose keys are others than their names in addresses."""


class Fault(NamedTuple):
    """One form of message: its lasting name, what it looks like, and the same in Arabic."""

    key: str
    form: re.Pattern[str]
    arabic: str


class _Part:
    """A part of a message, as the Arabic form asks for it."""

    def __init__(self, told: str, talk: Talk) -> None:
        self.told, self.talk = told, talk

    def __format__(self, asked: str) -> str:
        if asked == "t":
            return said(self.talk(_WORDS.get(self.told, self.told)))
        prefix = {"r": "role-", "s": "scope-"}.get(asked)
        return said(self.talk(prefix + self.told) if prefix else self.told)


def fault_of(message: str) -> tuple[Fault, dict[str, str]] | None:
    """The form that a message has and its parts, or None where no form fits."""
    for fault in _faults():
        if found := fault.form.fullmatch(message):
            return fault, found.groupdict()
    return None


def type_of(message: str) -> str:
    """The lasting name of a problem (the `type` of RFC 9457): `about:blank` where it has none but its status."""
    found = fault_of(message)
    return f"{_URN}{found[0].key}" if found else "about:blank"


def in_words(message: str, talk: Talk) -> Markup:
    """A message in the language of the page. One that is in no table stands in English, after what it is about."""
    if talk.language != "ar":
        return said(message)
    found = fault_of(message)
    if found is None:
        return Markup('{} <span lang="en" dir="ltr">{}</span>').format(talk("error-untold"), said(message))
    fault, parts = found
    return Markup(fault.arabic.format(**{name: _Part(part, talk) for name, part in parts.items()}))


@cache
def _faults() -> tuple[Fault, ...]:
    text = (resources.files("sijill.web") / "faults.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    # The form that says most of itself is tried first: "{a}: there is none" would fit many others.
    rows.sort(key=lambda row: -len(_PART.sub("", row["message"])))
    return tuple(Fault(row["key"], _form(row["message"]), row["ar"]) for row in rows)


def _form(message: str) -> re.Pattern[str]:
    parts = _PART.split(message)
    return re.compile(
        "".join(f"(?P<{part}>.*?)" if n % 2 else re.escape(part) for n, part in enumerate(parts)), re.DOTALL
    )
