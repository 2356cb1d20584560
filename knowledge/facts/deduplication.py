"""Facts told once: one written by hand stands for what rules found in its words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from knowledge.model import Fact, FactKind, FactOrigin
from knowledge.text.tokens import fold

__all__ = ["deduplicated", "is_same_time", "stands_for"]


def deduplicated(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """Return facts in their order, without the extracted ones that a curated one stands for."""
    curated: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.origin is FactOrigin.CURATED:
            curated[fact.passage].append(fact)
    return tuple(fact for fact in facts if not _is_stood_for(fact, curated.get(fact.passage, ())))


def _is_stood_for(fact: Fact, curated: Iterable[Fact]) -> bool:
    return fact.origin is FactOrigin.EXTRACTED and any(stands_for(one, fact) for one in curated)


def stands_for(curated: Fact, extracted: Fact) -> bool:
    """Whether a curated fact says what an extracted one of the same kind says, with its words."""
    if (
        curated.kind is not extracted.kind
        or curated.passage != extracted.passage
        or curated.span.end <= extracted.span.start
        or extracted.span.end <= curated.span.start
    ):
        return False
    if curated.kind is FactKind.DATE:
        return is_same_time(curated, extracted)
    if isinstance(curated.value, str) and isinstance(extracted.value, str):
        one, two = fold(curated.value), fold(extracted.value)
        return one in two or two in one
    return curated.value == extracted.value


def is_same_time(one: Fact, two: Fact) -> bool:
    """Whether the days of two dated facts have one in common."""
    return (one.date_start or "") <= (two.date_end or "") and (two.date_start or "") <= (
        one.date_end or ""
    )
