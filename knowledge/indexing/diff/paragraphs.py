"""Which paragraph a paragraph has become."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from knowledge.indexing.diff.similarity import Candidate, best_pairs, likeness
from knowledge.model import Paragraph

__all__ = ["successors"]

_NEAR = 3
"""How far from where its neighbours stand a paragraph is looked for."""

_LIKE = 0.5


def successors(before: Sequence[Paragraph], after: Sequence[Paragraph]) -> dict[str, str]:
    """Return, by its id, the id of the paragraph that each changed paragraph has become.

    A paragraph is known by its words: one that is there before and after, wherever it stands, has
    not changed. Of the others, one has become another that is alike (half of the words) and stands
    where it stood, counted from the nearest paragraph before it that has not changed.
    """
    kept = {one.id for one in before} & {one.id for one in after}
    gone = [one for one in before if one.id not in kept]
    new = [one for one in after if one.id not in kept]
    if not gone or not new:
        return {}
    candidates = _candidates(gone, new, _anchors(before, after, kept))
    return {gone[i].id: new[j].id for i, j in best_pairs(candidates).items()}


def _anchors(
    before: Sequence[Paragraph], after: Sequence[Paragraph], kept: set[str]
) -> list[tuple[int, int]]:
    """Return the old and the new number of each paragraph that stands, with the beginning."""
    now = {one.id: one.number for one in after if one.id in kept}
    return [(0, 0), *((one.number, now[one.id]) for one in before if one.id in kept)]


def _candidates(
    gone: Sequence[Paragraph], new: Sequence[Paragraph], anchors: Sequence[tuple[int, int]]
) -> Iterator[Candidate]:
    numbers = [one.number for one in new]
    old_numbers = [old for old, _ in anchors]
    for i, one in enumerate(gone):
        old, now = anchors[bisect_left(old_numbers, one.number) - 1]
        expected = now + one.number - old
        first = bisect_left(numbers, expected - _NEAR)
        for j in range(first, len(new)):
            distance = abs(numbers[j] - expected)
            if numbers[j] > expected + _NEAR:
                break
            alike = likeness(one.text, new[j].text)
            if alike >= _LIKE:
                yield -alike, distance, i, j
