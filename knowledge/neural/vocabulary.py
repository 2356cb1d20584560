"""The vocabulary of both networks: subword tokens with their scores and embeddings, in one file.

Embeddings are kept as the encoder's own package has them, in blocks of 32 weights of 4 bits that
share a scale: 18 bytes a block, a half-precision scale and 32 nibbles less 8 (byte ``j`` holds
weight ``j`` in its lower half and weight ``j + 16`` in its upper one).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.neural.tokenizer import SubwordTokenizer

__all__ = [
    "BLOCK", "BLOCK_BYTES", "END", "START", "UNKNOWN", "Bytes", "Floats", "Vocabulary",
    "dequantised",
]  # fmt: skip

BLOCK = 32
"""Weights a block."""
BLOCK_BYTES = 2 + BLOCK // 2
START, END, UNKNOWN = 0, 2, 3
"""Numbers of the marks of start and end, and of what no token has; 1 is what fills a batch."""

_SPECIAL = frozenset({0, 1, 2})

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]


def dequantised(rows: Bytes) -> Floats:
    """Return 4-bit rows as floats."""
    blocks = np.ascontiguousarray(rows).reshape(len(rows), -1, BLOCK_BYTES)
    scales = np.ascontiguousarray(blocks[:, :, :2]).view(np.float16).astype(np.float32)
    nibbles = blocks[:, :, 2:]
    weights = np.concatenate((nibbles & 15, nibbles >> 4), axis=2).astype(np.float32) - 8
    return (weights * scales).reshape(len(rows), -1)


@dataclass(frozen=True)
class Vocabulary:
    """Tokens by number, the logarithms of their probabilities, what characters are read as, and a
    4-bit embedding a token."""

    pieces: Sequence[str]
    scores: Floats
    replaced: Mapping[str, str]
    rows: Bytes

    @cached_property
    def tokenizer(self) -> SubwordTokenizer:
        """What cuts texts into these tokens."""
        return SubwordTokenizer(
            self.pieces, self.scores.tolist(), self.replaced, unknown=UNKNOWN, special=_SPECIAL
        )

    def embeddings(self, numbers: Sequence[int]) -> Floats:
        """Return the embeddings of the tokens with ``numbers``, a row each."""
        return dequantised(self.rows[np.asarray(numbers)])

    def save(self, path: Path) -> None:
        """Write the file."""
        texts = json.dumps([list(self.pieces), dict(self.replaced)], ensure_ascii=False)
        coded = np.frombuffer(texts.encode("utf-8"), np.uint8)
        with path.open("wb") as file:
            np.savez_compressed(file, texts=coded, scores=self.scores, rows=self.rows)

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Read the file; raises OSError or ValueError where it is none of these."""
        with np.load(path, allow_pickle=False) as arrays:
            pieces, replaced = json.loads(arrays["texts"].tobytes().decode("utf-8"))
            return cls(pieces, arrays["scores"], replaced, arrays["rows"])
