"""From the network's logits to the stretch of text that answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.model import Span

__all__ = ["LONGEST", "best_span"]

LONGEST = 40
"""Pieces of words that an answer has at most."""


def best_span(
    starts: NDArray[np.float32], ends: NDArray[np.float32], pieces: Sequence[Span | None]
) -> tuple[Span | None, float]:
    """Return the likeliest answer and by how much it is likelier than none (logarithm of both).

    ``starts`` and ``ends``: logits, the first for no answer, then one a piece; ``pieces``: the
    characters of each, ``None`` where an answer cannot begin or end. ``None`` and minus infinity
    where there is no place for an answer.
    """
    count = len(pieces)
    open_ = np.array([span is not None for span in pieces], dtype=bool)
    if not open_.any():
        return None, float("-inf")
    start = np.where(open_, starts[1 : count + 1], -np.inf)
    end = np.where(open_, ends[1 : count + 1], -np.inf)
    both = start[:, None] + end[None, :]
    rows, columns = np.indices((count, count), sparse=True)
    both = np.where((columns >= rows) & (columns < rows + LONGEST), both, -np.inf)
    first, last = divmod(int(np.argmax(both)), count)
    begin, finish = pieces[first], pieces[last]
    if begin is None or finish is None:
        return None, float("-inf")
    margin = float(both[first, last] - starts[0] - ends[0])
    return Span(begin.start, finish.end), margin
