"""Words and meaning to one order of passages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from knowledge.retrieval import lexical
from knowledge.retrieval.fusion import fuse, weights_for
from knowledge.retrieval.lexical import ScoredPassage, Scoring, worth
from knowledge.retrieval.query import Query
from knowledge.semantic.similarity import Similarity
from knowledge.store import IndexReader, IndexStatistics

__all__ = ["Compare", "rank"]

Compare = Callable[[Sequence[int]], Mapping[int, Similarity]]
"""Takes the rowids that words have found; gives how near they, and the nearest passages, are."""


def rank(
    query: Query,
    reader: IndexReader,
    statistics: IndexStatistics,
    scoring: Scoring,
    limit: int,
    compare: Compare | None,
) -> list[ScoredPassage]:
    """Return the ``limit`` best passages for ``query``, best first.

    By words alone, or, where ``compare`` gives similarities, by a weighted sum of both.
    """
    found = lexical.candidates(query, reader, scoring)
    similarities: Mapping[int, Similarity] = {} if compare is None else compare(found)
    if not similarities:
        return lexical.score(
            query, reader, statistics, scoring, found, max(scoring.windows, limit)
        )[:limit]
    rowids = list(dict.fromkeys([*found, *similarities]))
    scored = lexical.score(query, reader, statistics, scoring, rowids, len(rowids))
    total = sum(worth(term, statistics.passages) for term in query.terms) or 1.0
    by_passages = any(one.paragraph is not None for one in similarities.values())
    weights = weights_for(is_foreign=query.is_foreign, by_passages=by_passages)
    fused = [fuse(one, similarities[one.passage.rowid], total, weights) for one in scored]
    fused.sort(key=lambda one: (-one.score, one.passage.rowid))
    return fused[:limit]
