"""Words and meaning to one order of passages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from knowledge.retrieval import lexical
from knowledge.retrieval.lexical import ScoredPassage, Scoring, worth
from knowledge.retrieval.query import Query
from knowledge.semantic.similarity import Similarity
from knowledge.store import IndexReader, IndexStatistics

__all__ = ["Compare", "rank"]

Compare = Callable[[Sequence[int]], Mapping[int, Similarity]]
"""Takes the rowids that words have found; gives how near they, and the nearest passages, are."""

# Chosen on piaf_ontopic_fr. Cosines of this model lie close together (0.7 to 0.9), so that their
# differences weigh much; the lexical part is the share of the question's worth that was found.
_PARAGRAPH = 10.0
_SENTENCE = 15.0
_WORDS = 2.0


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
    fused = [_fused(one, similarities[one.passage.rowid], total) for one in scored]
    fused.sort(key=lambda one: (-one.score, one.passage.rowid))
    return fused[:limit]


def _fused(scored: ScoredPassage, similarity: Similarity, total: float) -> ScoredPassage:
    score = (
        _PARAGRAPH * similarity.paragraph
        + _SENTENCE * similarity.best_sentence
        + _WORDS * scored.score / total
    )
    values = tuple(
        _WORDS * value / total + _SENTENCE * cosine
        for value, cosine in zip(scored.sentence_values, similarity.sentences, strict=True)
    )
    return replace(scored, score=score, sentence_values=values, similarity=similarity)
