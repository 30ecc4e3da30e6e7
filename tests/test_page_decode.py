"""Encodings, and what is no text."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.errors import InputError
from sijill.page.decode import decode

TEXT = "قُتل ثلاثة مدنيين في غارة على بلدة الصفا، وفق مصادر طبية.\r\nوأصيب آخرون 12 بجروح في المنطقة الشرقية.\n"
PLAIN = TEXT.replace("ُ", "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_encodings_are_told_apart_and_unchanged(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)).text == TEXT


def test_big_endian_mark() -> None:
    assert decode(b"\xfe\xff" + TEXT.encode("utf-16-be")).text == TEXT


@pytest.mark.parametrize("encoding", ["cp1256", "iso8859-6"])
def test_one_byte_encodings_are_told_by_their_letters(encoding: str) -> None:
    decoded = decode(PLAIN.encode(encoding))
    assert (decoded.text, decoded.encoding, decoded.warnings) == (PLAIN, encoding, ())


def test_media_type_and_html_tell_the_charset() -> None:
    data = "<html><head><meta charset='windows-1256'></head><body>é غارة</body>".encode("cp1256")
    assert "غارة" in decode(data).text
    assert decode("déjà".encode("latin-1"), "text/plain; charset=ISO-8859-1").text == "déjà"


def test_a_charset_that_is_none_is_passed_over() -> None:
    assert decode(PLAIN.encode("cp1256"), "text/plain; charset=hex").text == PLAIN
    assert decode(b"<meta charset=zip>" + PLAIN.encode("cp1256")).text.endswith(PLAIN)


def test_damaged_utf8_is_read_with_a_warning() -> None:
    decoded = decode(TEXT.encode()[:-3] + b"\xd9")
    assert decoded.text.endswith("\ufffd")
    assert [warning.code for warning in decoded.warnings] == ["encoding-lossy"]


def test_unknown_western_bytes_are_a_guess() -> None:
    decoded = decode("A café by the sea".encode("latin-1"))
    assert decoded.text == "A café by the sea"
    assert [warning.code for warning in decoded.warnings] == ["encoding-guessed"]


def test_empty() -> None:
    assert decode(b"").text == ""


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 ...",
        b"PK\x03\x04....",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"RIFF\x00\x00\x00\x00WEBP",
        b"\x00\x00\x00\x18ftypmp42",
        b"{\\rtf1 text}",
        b"text with a \x00 byte in it",
        bytes(range(1, 32)) * 20 + b"\xff",
    ],
)
def test_binary_files_are_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="not text"):
        decode(data)


def test_binary_media_type_is_refused() -> None:
    with pytest.raises(InputError, match="image/png"):
        decode(b"abc", "image/png")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff")))
def test_any_text_comes_back_from_utf8(text: str) -> None:
    if not text.startswith(("%PDF-", "BZh9", "GIF8", "PAR1", "OggS", "{\\rtf", "PK")) and text[4:8] != "ftyp":
        assert decode(text.encode()).text == text


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(InputError):
        decode(data).text.encode()
