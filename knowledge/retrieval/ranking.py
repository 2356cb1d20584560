"""Words and meaning to one order of passages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge.retrieval import lexical
from knowledge.retrieval.lexical import ScoredPassage, Scoring, worth
from knowledge.retrieval.query import Query
from knowledge.semantic.similarity import Similarity
from knowledge.store import IndexReader, IndexStatistics

__all__ = ["Compare", "rank"]

Compare = Callable[[Sequence[int]], Mapping[int, Similarity]]
"""Takes the rowids that words have found; gives how near they, and the nearest passages, are."""


@dataclass(frozen=True, slots=True)
class _Weights:
    """What each signal counts. Words: the share of the question's worth that was found."""

    words: float
    paragraph: float
    sentence: float
    likeness: float


# Cosines of the model of passages lie close together (0.7 to 0.9), so that their differences
# weigh much. Fitted to piaf_fr (one language) and xquad_en2es (two) by maximum likelihood of the
# right passage among all.
_AT_HOME = _Weights(words=3.7, paragraph=57.0, sentence=33.0, likeness=4.0)
_ABROAD = _Weights(words=4.0, paragraph=53.0, sentence=55.0, likeness=5.0)
_AT_HOME_BY_LIKENESS = _Weights(words=6.2, paragraph=0.0, sentence=0.0, likeness=12.6)
_ABROAD_BY_LIKENESS = _Weights(words=7.7, paragraph=0.0, sentence=0.0, likeness=20.7)


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
    weights = _weights(query, by_passages=by_passages)
    fused = [_fused(one, similarities[one.passage.rowid], total, weights) for one in scored]
    fused.sort(key=lambda one: (-one.score, one.passage.rowid))
    return fused[:limit]


def _weights(query: Query, *, by_passages: bool) -> _Weights:
    if query.is_foreign:
        return _ABROAD if by_passages else _ABROAD_BY_LIKENESS
    return _AT_HOME if by_passages else _AT_HOME_BY_LIKENESS


def _fused(
    scored: ScoredPassage, similarity: Similarity, total: float, weights: _Weights
) -> ScoredPassage:
    score = (
        weights.words * scored.score / total
        + weights.paragraph * (similarity.paragraph or 0.0)
        + weights.sentence * (similarity.best_sentence or 0.0)
        + weights.likeness * (similarity.best_likeness or 0.0)
    )
    count = len(scored.sentence_values)
    values = tuple(
        weights.words * value / total + weights.sentence * sentence + weights.likeness * likeness
        for value, sentence, likeness in zip(
            scored.sentence_values,
            similarity.sentences or (0.0,) * count,
            similarity.likeness or (0.0,) * count,
            strict=True,
        )
    )
    return replace(scored, score=score, sentence_values=values, similarity=similarity)
