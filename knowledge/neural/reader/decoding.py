"""From the network's logits to the stretches of text that may answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.model import Span
from knowledge.neural.reader.protocol import SpanCandidate

__all__ = ["CONSIDERED", "LONGEST", "likeliest_spans"]

LONGEST = 40
"""Subword tokens that an answer has at most."""

CONSIDERED = 20
"""Candidates kept at most."""


def likeliest_spans(
    starts: NDArray[np.float32], ends: NDArray[np.float32], tokens: Sequence[Span | None]
) -> tuple[SpanCandidate, ...]:
    """Return the likeliest answers, best first.

    ``starts`` and ``ends``: logits, the first for no answer, then one a token; ``tokens``: the
    characters of each, ``None`` where an answer cannot begin or end. Nothing where there is no
    place for an answer.
    """
    count = len(tokens)
    open_ = np.array([span is not None for span in tokens], dtype=bool)
    start = np.where(open_, starts[1 : count + 1], -np.inf)
    end = np.where(open_, ends[1 : count + 1], -np.inf)
    rows, columns = np.indices((count, count), sparse=True)
    is_stretch = (columns >= rows) & (columns < rows + LONGEST)
    both = np.where(is_stretch, start[:, None] + end[None, :], -np.inf).ravel()
    best: list[int] = np.argsort(-both, kind="stable")[:CONSIDERED].tolist()
    found: list[SpanCandidate] = []
    for place in best:
        first, last = tokens[place // count], tokens[place % count]
        if first is not None and last is not None and np.isfinite(both[place]):
            margin = float(both[place] - starts[0] - ends[0])
            found.append(SpanCandidate(Span(first.start, last.end), margin))
    return tuple(found)
