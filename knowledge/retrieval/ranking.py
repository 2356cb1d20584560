"""Words and meaning to one order of passages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from knowledge.index import IndexReader, IndexStatistics
from knowledge.questions.query import Query
from knowledge.retrieval.bm25 import PassageScores, total_idf_weight
from knowledge.retrieval.fact_index import FactHint
from knowledge.retrieval.fusion import fuse, fused_score, typical, weights_for
from knowledge.retrieval.lexical import (
    ScoredPassage,
    Scoring,
    first_scores,
    look_into,
    most_bonus,
)
from knowledge.retrieval.similarity import Similarity

__all__ = ["NO_HINTS", "Compare", "rank"]

NO_HINTS: Mapping[int, FactHint] = MappingProxyType({})

# What a curated fact adds that covers the whole question: by words a share of the question's
# worth, where meaning is compared as much as about 0.04 of both cosines. Chosen on the questions
# about the bundled article; 0.3 to 1 and 2 to 6 do nearly the same.
_FACTS_BY_WORDS = 0.6
_FACTS_BY_MEANING = 4.0

_ROUNDED = 1.0001
"""By what a sum in single precision may be too small, and more."""

Compare = Callable[[Sequence[int]], Mapping[int, Similarity]]
"""Takes the rowids that words have found; gives how near they, and the nearest passages, are."""


def rank(
    query: Query,
    reader: IndexReader,
    statistics: IndexStatistics,
    scoring: Scoring,
    limit: int,
    compare: Compare | None,
    hints: Mapping[int, FactHint] = NO_HINTS,
) -> list[ScoredPassage]:
    """Return the ``limit`` best passages for ``query``, best first.

    By words alone, or, where ``compare`` gives similarities, by a weighted sum of both. ``hints``:
    what curated facts say of the question, by rowid; they bring their passages and sentences
    forward, and are no evidence that these answer.
    """
    scores = PassageScores(query, reader, statistics, scoring.bm25)
    found = list(dict.fromkeys([*scores.best(scoring.candidates), *hints]))
    similarities: Mapping[int, Similarity] = {} if compare is None else compare(found)
    rowids = list(dict.fromkeys([*found, *similarities]))
    values = first_scores(query, reader, statistics, scoring, scores, rowids)
    total = total_idf_weight(query, statistics.passages)
    if not similarities:
        looked_into = max(scoring.chunks, limit, len(found) if hints else 0)
        best = sorted(rowids, key=lambda rowid: (-values[rowid], rowid))[:looked_into]
        scored = look_into(query, reader.passages(best), values, statistics, scoring)
        return _brought_forward(scored, hints, _FACTS_BY_WORDS * total)[:limit]
    unknown = typical(similarities.values())
    passages = reader.passages(rowids)
    near = {rowid: similarities.get(rowid, unknown) for rowid in rowids}
    weights = {one.rowid: weights_for(query.language, one.language) for one in passages}
    least = {
        rowid: fused_score(values[rowid], near[rowid], total, own) for rowid, own in weights.items()
    }
    worth, bonus = scores.worth(rowids), _ROUNDED * most_bonus(query, scoring) / total
    most = {
        rowid: least[rowid] + own.lexical * bonus * worth[rowid] for rowid, own in weights.items()
    }
    may_be_best = _may_be_best(least, most, limit) | set(hints)
    chosen = [one for one in passages if one.rowid in may_be_best]
    fused = [
        fuse(one, near[one.passage.rowid], total, weights[one.passage.rowid])
        for one in look_into(query, chosen, values, statistics, scoring)
    ]
    return _brought_forward(fused, hints, _FACTS_BY_MEANING)[:limit]


def _may_be_best(least: Mapping[int, float], most: Mapping[int, float], limit: int) -> set[int]:
    """Return which passages may be among the ``limit`` best, given what each scores at least and at
    most. To look into the others, which takes longest of all, would change nothing."""
    if len(least) <= limit:
        return set(least)
    bar = sorted(least.values())[-limit]
    return {rowid for rowid, score in most.items() if score >= bar}


def _brought_forward(
    scored: Sequence[ScoredPassage], hints: Mapping[int, FactHint], weight: float
) -> list[ScoredPassage]:
    """Return passages in order, best first, with what their curated facts add."""
    raised = [_raised(one, hints.get(one.passage.rowid), weight) for one in scored]
    return sorted(raised, key=lambda one: (-one.score, one.passage.rowid))


def _raised(scored: ScoredPassage, hint: FactHint | None, weight: float) -> ScoredPassage:
    if hint is None:
        return scored
    gain = weight * hint.share
    values = tuple(
        value + gain * sentence.overlaps(hint.span)
        for value, sentence in zip(scored.sentence_values, scored.passage.sentences, strict=True)
    )
    return replace(scored, score=scored.score + gain, sentence_values=values)
