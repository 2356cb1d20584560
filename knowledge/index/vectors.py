"""Vectors in 8 bits: a scale, and each number as a share of it, half as large as 16-bit floats.

The error of a cosine is some thousandths at most.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

__all__ = ["in_8_bits", "stacked"]

_MOST = 127


def in_8_bits(packed: bytes) -> bytes:
    """Return a vector of little-endian 16-bit floats as a 32-bit float, the scale, and an 8-bit
    integer for each of them."""
    vector = np.frombuffer(packed, dtype="<f2").astype(np.float32)
    scale = float(np.abs(vector).max(initial=0.0)) / _MOST
    shares = np.rint(vector / scale) if scale else vector
    return np.float32(scale).astype("<f4").tobytes() + shares.astype(np.int8).tobytes()


def stacked(packed: Iterable[bytes], dimension: int) -> NDArray[np.float32]:
    """Return vectors that ``in_8_bits`` packed, one a row."""
    stored = np.frombuffer(b"".join(packed), dtype=[("scale", "<f4"), ("shares", "i1", dimension)])
    return stored["shares"].astype(np.float32) * stored["scale"][:, None]
