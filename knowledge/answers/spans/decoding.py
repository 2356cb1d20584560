"""Of stretches that may be the answer, each with its probability, the one to mark."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from knowledge.answers.spans.tagging import TaggedSnippet
from knowledge.model import Span

__all__ = ["LikelySpan", "mixed", "most_shared", "probabilities"]


class LikelySpan(NamedTuple):
    """A stretch of a snippet and its probability, from 0 to 1, to be the answer."""

    span: Span
    probability: float


def probabilities(scored: Sequence[tuple[float, Span]], sharpness: float) -> list[LikelySpan]:
    """Return stretches with their probabilities by scores in log-odds, times ``sharpness``."""
    highest = max((score for score, _ in scored), default=0.0)
    raised = [math.exp(sharpness * (score - highest)) for score, _ in scored]
    total = sum(raised)
    return [LikelySpan(span, one / total) for (_, span), one in zip(scored, raised, strict=True)]


def mixed(one: Sequence[LikelySpan], other: Sequence[LikelySpan], share: float) -> list[LikelySpan]:
    """Return the stretches of both; ``share``, from 0 to 1: the say of the other."""
    if not one or not other:
        return [*one, *other]
    found: dict[Span, float] = {}
    for likely, say in ((one, 1 - share), (other, share)):
        for span, probability in likely:
            found[span] = found.get(span, 0.0) + say * probability
    return [LikelySpan(span, probability) for span, probability in found.items()]


def most_shared(likely: Sequence[LikelySpan], tagged: TaggedSnippet) -> Span | None:
    """Return the stretch that shares most words with what may be the answer.

    Not the likeliest one: of two that differ by a word, each as likely as the other, both say
    more than a third one does (the expected F1 is highest, after Kumar and Byrne, "Minimum
    Bayes-Risk Decoding", 2004). ``None`` without any.
    """
    starts = [word.start for word in tagged.words]
    before = list(accumulate((len(name) > 1 for name in tagged.classes), initial=0))
    placed = [
        (
            one,
            before[bisect_left(starts, one.span.start)],
            before[bisect_left(starts, one.span.end)],
        )
        for one in likely
    ]
    best, most = None, -1.0
    for one, start, end in placed:
        expected = 0.0
        for other, first, last in placed:
            shared = min(end, last) - max(start, first)
            if shared > 0:
                expected += other.probability * shared / (end - start + last - first)
        if expected > most:
            best, most = one.span, expected
    return best
