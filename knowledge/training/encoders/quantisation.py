"""Matrices in the 8-bit forms that onnxruntime multiplies with."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.neural.vocabulary import Bytes, Floats

__all__ = ["BLOCK", "COLUMN_LEVELS", "in_blocks", "in_columns"]

BLOCK = 128
"""Inputs that share a scale in ``MatMulNBits``."""
COLUMN_LEVELS = 64
"""Steps to either side of zero in ``MatMulInteger``: 7 bits, because processors without VNNI add
pairs of products in 16 bits, which the eighth would overflow."""

_BLOCK_LEVELS = 128
_HIGHEST = 255


def in_blocks(matrix: Floats) -> tuple[Bytes, Floats]:
    """Return a matrix (outputs × inputs) as ``MatMulNBits`` has it with 8 bits: numbers that lie
    about 128 (outputs × blocks × ``BLOCK``) and scales (outputs × blocks).

    The largest weight of a block is number 0, whatever its sign: there is one step more below 128
    than above.
    """
    blocks = matrix.reshape(len(matrix), -1, BLOCK)
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(2)[:, :, None], 2)
    scales = largest / np.float32(-_BLOCK_LEVELS)
    steps = np.divide(blocks, scales, out=np.zeros_like(blocks), where=scales != 0)
    numbers = np.clip(np.rint(steps) + _BLOCK_LEVELS, 0, _HIGHEST).astype(np.uint8)
    return numbers, scales[:, :, 0]


def in_columns(matrix: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Return a matrix (outputs × inputs) as ``MatMulInteger`` has it: numbers (inputs × outputs)
    and a scale an output."""
    scales = np.abs(matrix).max(1) / np.float32(COLUMN_LEVELS)
    steps: NDArray[Any] = np.divide(
        matrix, scales[:, None], out=np.zeros_like(matrix), where=scales[:, None] != 0
    )
    return np.ascontiguousarray(np.rint(steps).astype(np.int8).T), scales
