"""Dated facts, deduplicated: what was written by hand stands for what rules found in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from knowledge.facts.deduplication import is_same_time
from knowledge.model import Fact, FactKind, FactOrigin

__all__ = ["deduplicated_timeline"]


def deduplicated_timeline(dated: Sequence[Fact]) -> tuple[Fact, ...]:
    """Return each dated event once, in the order of ``dated``: dates of both origins, and curated
    facts of other kinds that have a date.

    An extracted date that lies in the words of a curated fact of the same time gives way to it;
    curated facts of other kinds are there only where they stand for such a date.
    """
    curated: dict[str, list[Fact]] = defaultdict(list)
    for fact in dated:
        if fact.origin is FactOrigin.CURATED:
            curated[fact.passage].append(fact)
    kept = {
        fact.id
        for fact in dated
        if fact.kind is FactKind.DATE and fact.origin is FactOrigin.CURATED
    }
    for fact in dated:
        if fact.origin is FactOrigin.EXTRACTED and fact.kind is FactKind.DATE:
            over = [
                one
                for one in curated[fact.passage]
                if is_same_time(one, fact) and one.span.contains(fact.span)
            ]
            if not any(one.id in kept for one in over):
                kept.add(over[0].id if over else fact.id)
    return tuple(fact for fact in dated if fact.id in kept)
