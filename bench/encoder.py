"""One forward pass of an encoder of the size of BERT-base, in numpy with random weights: what reading is compared to.

What the weights are does not change how long they take. 12 layers, 768 wide, 12 heads, 3,072 inside; 32-bit floats.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

LAYERS, WIDTH, HEADS, INNER = 12, 768, 12, 3072
MOST_TOKENS = 512
TOKENS_PER_WORD = 1.6
"""Word pieces that Arabic models cut a word of news into, on average."""


class Layer(NamedTuple):
    """The weight matrices of one layer."""

    attend: Array
    out: Array
    up: Array
    down: Array


class Encoder:
    """The encoder; `forward` takes a number of tokens and gives their vectors."""

    def __init__(self, seed: int = 0) -> None:
        draw = np.random.default_rng(seed)

        def weights(*shape: int) -> Array:
            return draw.standard_normal(shape, dtype=np.float32) * np.float32(0.02)

        self._layers = [
            Layer(weights(WIDTH, 3 * WIDTH), weights(WIDTH, WIDTH), weights(WIDTH, INNER), weights(INNER, WIDTH))
            for _ in range(LAYERS)
        ]
        self._embeddings = weights(MOST_TOKENS, WIDTH)

    def forward(self, tokens: int) -> Array:
        """Vectors of `tokens` tokens, shape (tokens, 768)."""
        hidden = self._embeddings[:tokens]
        for layer in self._layers:
            hidden = _normalised(hidden + self._attention(hidden, layer))
            inner = hidden @ layer.up
            hidden = _normalised(hidden + _gelu(inner) @ layer.down)
        return hidden

    def _attention(self, hidden: Array, layer: Layer) -> Array:
        tokens = len(hidden)
        split = (hidden @ layer.attend).reshape(tokens, 3, HEADS, WIDTH // HEADS).transpose(1, 2, 0, 3)
        query, key, value = split
        scores = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(WIDTH // HEADS))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        joined: Array = (scores @ value).transpose(1, 0, 2).reshape(tokens, WIDTH) @ layer.out
        return joined


def tokens_of(text: str) -> int:
    """How many tokens such a model would make of a text, cut at its limit."""
    return min(MOST_TOKENS, round(len(text.split()) * TOKENS_PER_WORD) + 2)


def _normalised(hidden: Any) -> Array:
    centred = hidden - hidden.mean(axis=-1, keepdims=True)
    result: Array = centred / np.sqrt(centred.var(axis=-1, keepdims=True) + np.float32(1e-12))
    return result


def _gelu(x: Array) -> Array:
    result: Array = np.float32(0.5) * x * (1 + np.tanh(np.float32(0.7978846) * (x + np.float32(0.044715) * x**3)))
    return result
