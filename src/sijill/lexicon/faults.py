"""A fault in language data: where, what, and how to mend it, in Arabic and English (`faults.yaml`)."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

import msgspec
import yaml


class Fault(msgspec.Struct, frozen=True, order=True):
    """A fault in one file of the language data; `line` counts from 1."""

    file: str
    line: int
    code: str
    value: str = ""
    known: str = ""

    def says(self, language: Literal["ar", "en"]) -> str:
        """What is wrong and how to mend it, in one line."""
        words = _messages()[self.code]
        mend = words[f"mend_{language}"]
        mark = "؛" if language == "ar" else ";"
        return f"{words[language]}{mark} {mend}".format(value=self.value, known=self.known)


@cache
def _messages() -> dict[str, dict[str, str]]:
    text = (resources.files("sijill.lexicon") / "faults.yaml").read_text(encoding="utf-8")
    messages: dict[str, dict[str, str]] = yaml.safe_load(text)
    return messages
