"""Readings as the record keeps them: Deflate, with a dictionary of what readings say again and again.

A reading is small, and most of it is names of fields and words that stand in every other; alone, each would tell them
anew. The dictionary is kept in every record as well (`meta`, as base64), so that whoever has the record alone can read
it with any zlib. Readings of older records were made without one, and are read all the same.
"""

from __future__ import annotations

import zlib
from base64 import b64encode
from functools import cache
from importlib import resources

_TOLD = 0x20
"""The bit of a stream's second byte that says a dictionary is needed (RFC 1950)."""
KEY = "readings-1.dict"
"""The dictionary's name: as a file of this package, and in `meta`."""


def pack(data: bytes) -> bytes:
    """Squeeze a reading."""
    squeezer = _ready().copy()
    return squeezer.compress(data) + squeezer.flush()


def unpack(data: bytes) -> bytes:
    """A reading as it was. Raises `zlib.error` for bytes that are none."""
    if len(data) < 2 or not data[1] & _TOLD:
        return zlib.decompress(data)
    opener = zlib.decompressobj(zdict=_dictionary())
    found = opener.decompress(data)
    if not opener.eof or opener.unused_data:
        raise zlib.error("the bytes end too early, or too late")
    return found


def told() -> str:
    """The dictionary as records keep it."""
    return b64encode(_dictionary()).decode()


@cache
def _dictionary() -> bytes:
    return (resources.files("sijill.record") / KEY).read_bytes()


@cache
def _ready() -> zlib._Compress:
    """A squeezer that has the dictionary before it; copied for each reading, which is quicker than telling it again."""
    return zlib.compressobj(6, zdict=_dictionary())
