"""Matrices in the 8-bit forms that onnxruntime multiplies with."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.neural.vocabulary import Floats

__all__ = ["COLUMN_LEVELS", "in_columns"]

COLUMN_LEVELS = 64
"""Steps to either side of zero in ``MatMulInteger``: 7 bits, because processors without VNNI add
pairs of products in 16 bits, which the eighth would overflow."""


def in_columns(matrix: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Return a matrix (outputs × inputs) as ``MatMulInteger`` has it: numbers (inputs × outputs)
    and a scale an output."""
    scales = np.abs(matrix).max(1) / np.float32(COLUMN_LEVELS)
    steps: NDArray[Any] = np.divide(
        matrix, scales[:, None], out=np.zeros_like(matrix), where=scales[:, None] != 0
    )
    return np.ascontiguousarray(np.rint(steps).astype(np.int8).T), scales
