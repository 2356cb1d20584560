"""Stretches of whole sentences."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.model import Span

__all__ = ["with_neighbours"]


def with_neighbours(
    sentences: Sequence[Span], values: Sequence[float], start: int, most: int
) -> Span:
    """Return the sentence at ``start`` with as many neighbours as fit in ``most`` characters.

    The side of the higher value comes first, of equal ones the sentence after. A sentence that is
    longer than ``most`` is returned as it is.
    """
    first = last = start
    while True:
        sides: list[tuple[float, int, int]] = []
        if last + 1 < len(sentences):
            sides.append((values[last + 1], first, last + 1))
        if first > 0:
            sides.append((values[first - 1], first - 1, last))
        fitting = [s for s in sides if sentences[s[2]].end - sentences[s[1]].start <= most]
        if not fitting:
            return Span(sentences[first].start, sentences[last].end)
        _, first, last = max(fitting, key=lambda side: side[0])
