"""What the network is given: question and chunk as one row of tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.model import Span
from knowledge.neural.reader.tokenizer import SubwordTokenizer
from knowledge.neural.reader.vocabulary import END, START

__all__ = ["MOST", "EncodedPair", "encode_pair"]

MOST = 256
"""Subword tokens of question and chunk together, at most: what is longer is cut."""
_MOST_ASKED = 80


@dataclass(frozen=True, slots=True)
class EncodedPair:
    """Numbers of the tokens: start, question, end, chunk, end. ``first``: where the chunk's
    begin; ``spans``: the characters of the chunk that each of its tokens covers."""

    numbers: list[int]
    first: int
    spans: Sequence[Span | None]


def encode_pair(tokenizer: SubwordTokenizer, question: str, chunk: str) -> EncodedPair:
    """Return question and chunk laid out; the question is named as such, as e5 has it."""
    asked = [START, *tokenizer(f"query: {question}")[0][:_MOST_ASKED], END]
    numbers, spans = tokenizer(chunk)
    most = MOST - len(asked) - 1
    return EncodedPair([*asked, *numbers[:most], END], len(asked), spans[:most])
