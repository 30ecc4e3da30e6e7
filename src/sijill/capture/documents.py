"""Documents: the text layer of a PDF, and the text in pictures by Tesseract where it is installed with Arabic."""

from __future__ import annotations

import io
import logging
import shutil
import subprocess
import unicodedata
from functools import cache
from typing import Any

import msgspec

from sijill.capture.item import Item, Limits, over
from sijill.errors import InputError

_SECONDS = 120
"""The longest that one picture may be looked at."""
_LONG_SIDE = 3508
"""Dots along the longer side of a picture of a page."""
_FEW_LETTERS = 20
"""A page with fewer is taken for a picture of a page."""


def with_values(item: Item, **values: Any) -> Item:
    """The item with some of its values told."""
    return msgspec.structs.replace(item, **values)


def pdf(item: Item, limits: Limits) -> Item:
    """A PDF with its text. The letters of its text layer are brought from presentation forms to plain ones."""
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError as error:
        raise InputError(f"{item.name}: PDF needs an extra: pip install 'sijill[inputs]'") from error
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is wrong with a file is told once, by us
    try:
        pages = PdfReader(io.BytesIO(item.data)).pages
        if len(pages) > limits.pages:
            raise over(item.name, "pages", limits.pages)
        texts = [unicodedata.normalize("NFKC", page.extract_text()) for page in pages]
    except InputError:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        # The library promises its own errors only; damaged files make it raise others.
        raise InputError(f"{item.name}: a damaged PDF: {error}".split("\n")[0]) from error
    if sum(char.isalpha() for text in texts for char in text) < _FEW_LETTERS * len(texts):
        texts = _scanned(item, len(texts))
    return with_values(item, text="\n\n".join(texts), media_type="application/pdf")


def image(item: Item) -> Item:
    """A picture with the text in it."""
    return with_values(item, text=_seen(item.name, item.data))


def _scanned(item: Item, pages: int) -> list[str]:
    """The texts of pictures of pages, one page at a time and none larger than a sheet of paper at 300 dots an inch."""
    if shutil.which("pdftoppm") is None:
        raise InputError(f"{item.name}: pictures of pages; to read them install poppler-utils and tesseract-ocr-ara")
    _tesseract(item.name)
    told = []
    for page in range(1, pages + 1):
        one = ["-f", str(page), "-l", str(page)]
        told.append(_seen(item.name, _run(["pdftoppm", "-gray", "-scale-to", str(_LONG_SIDE), *one, "-"], item)))
    return told


def _seen(name: str, picture: bytes) -> str:
    _tesseract(name)
    item = Item(data=picture, name=name, how="file")
    return _run(["tesseract", "-", "-", "-l", "ara"], item).decode("utf-8", "replace")


def _run(command: list[str], item: Item) -> bytes:
    try:
        done = subprocess.run(command, input=item.data, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise InputError(f"{item.name}: {command[0]} took longer than {_SECONDS} s") from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().split("\n")[-1]
        raise InputError(f"{item.name}: {command[0]}: {said}")
    return done.stdout


def _tesseract(name: str) -> None:
    if not has_tesseract():
        raise InputError(f"{name}: a picture; to read pictures install tesseract-ocr-ara")


@cache
def has_tesseract() -> bool:
    """Whether Tesseract is here, and knows Arabic."""
    if shutil.which("tesseract") is None:
        return False
    told = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False, timeout=_SECONDS)
    return "ara" in told.stdout.split()
