"""From bytes to text: which encoding they are in, and refusing what is no text at all."""

from __future__ import annotations

import codecs
import re

import msgspec

from sijill.errors import InputError
from sijill.model import Warning

_BOMS = (  # The UTF-32 marks first: the little-endian one begins with UTF-16's.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive or office document"),
    (b"PK\x05\x06", "a zip archive"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"BM\x00", "a bitmap image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"\x1f\x8b\x08", "a gzip archive"),
    (b"BZh9", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"OggS", "a sound file"),
    (b"ID3\x03", "a sound file"),
    (b"ID3\x04", "a sound file"),
)
_BINARY_TYPES = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip", "application/msword")

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_PARAMETER = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_TEXT_CODECS = re.compile(r"utf-(?:8|16|32)(?:-[bl]e)?|ascii|(?:cp|iso8859-|koi8-|mac-|gb|big5|shift_|euc_)\w+")
_ARABIC = re.compile("[\u0621-\u064a]")
_LATIN_ACCENTED = re.compile("[\u00c0-\u00ff]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_LIKELY_UTF16 = re.compile("[\u0621-\u064a\u0660-\u0669\u060c\u061b\u061f\t\n\r\x20-\x7e\u00a0-\u00ff\u2000-\u206f]")

SIGNATURE_SAMPLE = 65_536
"""Bytes looked at to tell one encoding from another."""


class Decoded(msgspec.Struct, frozen=True):
    """Text, the encoding it was in (a Python codec name), and what was lost on the way."""

    text: str
    encoding: str
    warnings: tuple[Warning, ...] = ()


def decode(data: bytes, media_type: str | None = None) -> Decoded:
    """Decode `data`; a byte order mark is dropped, everything else (line ends too) stays as it is.

    The encoding is told by, in this order: the byte order mark, the `charset` of `media_type`, being valid UTF-8, the
    zeros of UTF-16, the `charset` that HTML declares, the letters that come out. Raises InputError for a binary file.
    """
    refuse_binary(data, media_type)
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _with_losses(data[len(mark) :], encoding)
    declared = _codec(_PARAMETER.search(media_type or ""))
    if declared and declared != "utf-8":
        return _with_losses(data, declared)
    # Arabic in UTF-16 is full of 0x06 bytes, which no UTF-8 text has; its spaces and digits hold zeros.
    if b"\x00" in data or b"\x06" in data:
        wide = _utf16(data)
        if wide:
            return _with_losses(data, wide)
        if b"\x00" in data:
            raise InputError("not text: it holds NUL bytes as binary files do; give text or HTML")
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _legacy(data)


def refuse_binary(data: bytes, media_type: str | None) -> None:
    """Raise InputError where `data` or its media type are those of an image, archive, document or program."""
    if media_type and media_type.lower().startswith(_BINARY_TYPES):
        raise InputError(f"not text: its media type is {media_type}; give text or HTML")
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise InputError(f"not text: it is {what}; give text or HTML")
    if data[:4] == b"RIFF" and data[8:12] in {b"WEBP", b"AVI ", b"WAVE"}:
        raise InputError("not text: it is an image, film or sound file; give text or HTML")
    if data[4:8] == b"ftyp":
        raise InputError("not text: it is a film or image file; give text or HTML")


def _codec(match: re.Match[str] | re.Match[bytes] | None) -> str | None:
    """The Python name of a declared charset, or None where there is none or Python does not know it."""
    if match is None:
        return None
    name = match[1].decode("ascii") if isinstance(match[1], bytes) else str(match[1])
    try:
        codec = codecs.lookup(name)
    except LookupError:
        return None
    if not _TEXT_CODECS.fullmatch(codec.name):
        return None  # Python also knows codecs that are no charset: zip, hex, punycode ...
    # Pages that declare Latin-1 mean Windows' superset of it, as browsers read them.
    return {"iso8859-1": "cp1252", "ascii": "cp1252"}.get(codec.name, codec.name)


def _utf16(data: bytes) -> str | None:
    """utf-16-le or utf-16-be where a sample of `data` reads as text in one of them and not in the other."""
    sample = data[: SIGNATURE_SAMPLE & ~1]
    sample = sample[: len(sample) & ~1]
    best, share = None, 0.9
    for encoding in ("utf-16-le", "utf-16-be"):
        text = sample.decode(encoding, "replace")
        found = len(_LIKELY_UTF16.findall(text)) / max(1, len(text))
        if found > share:
            best, share = encoding, found
    return best


def _legacy(data: bytes) -> Decoded:
    """Decode what is not valid UTF-8: a declared charset, damaged UTF-8, or an Arabic one-byte encoding."""
    declared = _codec(_DECLARED.search(data[:2048]))
    if declared and declared != "utf-8":
        return _with_losses(data, declared)
    sample = data[:SIGNATURE_SAMPLE]
    damaged = sample.decode("utf-8", "replace")
    # Well-formed two-byte letters do not come about by chance in a one-byte encoding.
    if len(_ARABIC.findall(damaged)) > 4 * damaged.count("\ufffd"):
        return _with_losses(data, "utf-8")
    windows = sample.decode("cp1256", "replace")
    if len(_CONTROLS.findall(windows)) * 20 > len(windows):
        raise InputError("not text: it holds control bytes as binary files do; give text or HTML")
    arabic, latin = len(_ARABIC.findall(windows)), len(_LATIN_ACCENTED.findall(windows))
    if arabic > latin:
        # In windows-1256 the letters of French lie between the Arabic ones; ISO text read so is full of them.
        iso = latin * 6 > arabic and "\ufffd" not in sample.decode("iso8859-6", "replace")
        return _with_losses(data, "iso8859-6" if iso else "cp1256")
    guessed = Warning("encoding-guessed", "the encoding is not told; read as windows-1252")
    decoded = _with_losses(data, "cp1252")
    return Decoded(decoded.text, decoded.encoding, (guessed, *decoded.warnings))


def _with_losses(data: bytes, encoding: str) -> Decoded:
    """Decode; where bytes do not fit the encoding, put U+FFFD in their place and warn."""
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
    lost = max(1, text.count("\ufffd"))
    warning = Warning("encoding-lossy", f"{lost} characters could not be read as {encoding}; they stand as U+FFFD")
    return Decoded(text, encoding, (warning,))
