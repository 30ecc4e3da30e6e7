"""Which report copies which: MinHash over runs of three words, found by bands, confirmed by the whole signature."""

from __future__ import annotations

import hashlib
import struct
from array import array

from rensa import RMinHash  # type: ignore[import-untyped]

from sijill.record.words import stems

_PERMUTATIONS = 32
_BANDS = 8
_ROWS = _PERMUTATIONS // _BANDS
_SEED = 20
NEAR = 0.6
"""Share of equal signature values from which a text is taken as a copy, edited, of another."""
_LEAST_WORDS = 12
"""Shorter texts are alike by chance."""


def text_digest(words: list[str]) -> bytes:
    """One digest for all spellings of the same words in the same order."""
    return hashlib.sha256(" ".join(words).encode()).digest()


def signature(words: list[str]) -> bytes:
    """The MinHash signature of a text, or nothing for a text too short to tell."""
    if len(words) < _LEAST_WORDS:
        return b""
    sketch = RMinHash(_PERMUTATIONS, _SEED)
    sketch.update([" ".join(words[i : i + 3]) for i in range(len(words) - 2)])
    return array("I", sketch.digest()).tobytes()


def bands(signed: bytes) -> list[int]:
    """Keys under which near copies meet, one a band."""
    size = 4 * _ROWS
    found = []
    for n in range(len(signed) // size):
        digest = hashlib.blake2b(signed[n * size : (n + 1) * size], digest_size=8, salt=bytes([n]))
        found.append(struct.unpack("<q", digest.digest())[0])
    return found


def likeness(one: bytes, other: bytes) -> float:
    """The estimated share of common word runs of two texts, from their signatures."""
    if not one or len(one) != len(other):
        return 0.0
    pairs = zip(array("I", one), array("I", other), strict=True)
    return sum(a == b for a, b in pairs) / _PERMUTATIONS


def text_words(text: str) -> list[str]:
    """The words that are compared."""
    return stems(text)
