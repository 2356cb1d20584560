"""Dated facts without doubles: what was written by hand stands for what rules found in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from knowledge.model import Fact, FactOrigin

__all__ = ["without_doubles"]


def without_doubles(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """Leave out each extracted fact that lies in the words of a curated one that begins alike."""
    curated: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.origin is FactOrigin.CURATED:
            curated[fact.passage].append(fact)
    return tuple(
        fact
        for fact in facts
        if fact.origin is FactOrigin.CURATED
        or not any(
            one.span.contains(fact.span) and one.date_start == fact.date_start
            for one in curated[fact.passage]
        )
    )
