"""Whether a snippet counts what a question asks to count."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.entities import QuantitySort, quantities
from knowledge.model import Span
from knowledge.questions.query import Query
from knowledge.retrieval.lexical import TermMatch

__all__ = ["says_count"]

_DURATION_WORDS = frozenset("temps tps time long longtemps duree".split())
_NEAR = 20
"""Characters between a number and the noun it counts: an adjective or two."""


def says_count(text: str, snippet: Span, matches: Sequence[TermMatch], query: Query) -> bool:
    """Whether the snippet has a number of what ``query`` counts ("combien de barils").

    A duration where time is asked for; else a number whose noun, or the word right after it, is
    the one asked about, in any inflection. Never where the question counts nothing.
    """
    found = quantities(snippet.of(text))
    if query.counted in _DURATION_WORDS:
        return any(q.sort in (QuantitySort.DURATION, QuantitySort.AGE) for q in found)
    nouns = [
        Span(span.start - snippet.start, span.end - snippet.start)
        for match in matches
        if match.term.word == query.counted
        for span in match.spans
        if snippet.contains(span)
    ]
    return any(
        quantity.number.end <= noun.start <= max(quantity.span.end, quantity.number.end + _NEAR)
        and not _is_cut(snippet.of(text)[quantity.number.end : noun.start])
        for quantity in found
        for noun in nouns
    )


def _is_cut(between: str) -> bool:
    """Whether another clause begins between a number and a noun."""
    return any(mark in between for mark in ",;:.!?()")
