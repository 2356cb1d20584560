"""What the reader's network is given: question, title and chunk as one row of tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.model import Span
from knowledge.neural.tokenizer import SubwordTokenizer
from knowledge.neural.vocabulary import END, START

__all__ = ["MOST", "EncodedPair", "encode_pair"]

MOST = 288
"""Subword tokens of question, title and chunk together, at most: what is longer is cut."""
_MOST_ASKED = 80
_MOST_TITLE = 28


@dataclass(frozen=True, slots=True)
class EncodedPair:
    """Numbers of the tokens: start, question, end, title, end, chunk, end. ``first``: where the
    chunk's begin; ``spans``: the characters of the chunk that each of its tokens covers."""

    numbers: list[int]
    first: int
    spans: Sequence[Span | None]


def encode_pair(tokenizer: SubwordTokenizer, question: str, title: str, chunk: str) -> EncodedPair:
    """Return question, title and chunk laid out; the question is named as such, as e5 has it."""
    asked = tokenizer(f"query: {question}")[0][:_MOST_ASKED]
    titled = tokenizer(title)[0][:_MOST_TITLE]
    before = [START, *asked, END, *titled, END]
    numbers, spans = tokenizer(chunk)
    most = MOST - len(before) - 1
    return EncodedPair([*before, *numbers[:most], END], len(before), spans[:most])
