"""What the network is given: question and window as one row of pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.model import Span
from knowledge.neural.reader.tokenizer import Pieces
from knowledge.neural.reader.vocabulary import END, START

__all__ = ["MOST", "LaidOut", "laid_out"]

MOST = 256
"""Pieces of question and window together, at most: what is longer is cut."""
_MOST_ASKED = 80


@dataclass(frozen=True, slots=True)
class LaidOut:
    """Numbers of the pieces: start, question, end, window, end. ``first``: where the window's
    begin; ``spans``: the characters of the window that each of its pieces covers."""

    numbers: list[int]
    first: int
    spans: Sequence[Span | None]


def laid_out(pieces: Pieces, question: str, window: str) -> LaidOut:
    """Return question and window laid out; the question is named as such, as e5 has it."""
    asked = [START, *pieces(f"query: {question}")[0][:_MOST_ASKED], END]
    numbers, spans = pieces(window)
    most = MOST - len(asked) - 1
    return LaidOut([*asked, *numbers[:most], END], len(asked), spans[:most])
