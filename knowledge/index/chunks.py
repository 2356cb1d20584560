"""Chunks of paragraphs: how the index tells apart the texts that have a vector."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

__all__ = ["Chunk", "key_of", "position_of_wording", "sentence_of", "short_key"]

_WORDINGS = 100_000
"""Sentences of a paragraph at most, as far as positions tell them apart."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A text to encode. ``position`` is 0 for the whole paragraph; for a sentence, and for another
    wording of it, ``sentence_of`` tells which one, from 1.

    ``key`` comes from the text alone, so that equal texts share a vector.
    """

    position: int
    key: int
    text: str


def position_of_wording(number: int, sentence: int) -> int:
    """Return the position of the wording ``number``, from 1, of a paragraph; ``sentence``, from 1,
    is what it words otherwise."""
    return number * _WORDINGS + sentence


def sentence_of(position: int) -> int:
    """Return the sentence, from 1, that the chunk at ``position`` is a wording of; 0: none, it is
    the whole paragraph."""
    return position % _WORDINGS


def key_of(text: str) -> int:
    """Return the key that the vector of ``text`` is kept under: a signed number of 64 bits."""
    return short_key(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())


def short_key(digest: bytes) -> int:
    """Return the first 8 bytes of a digest as a signed number."""
    return int.from_bytes(digest[:8], "big", signed=True)
