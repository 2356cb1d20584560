"""What is quoted of a passage, and what in it answers."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.answers.snippets import choose_snippet
from knowledge.model import Span
from knowledge.questions.query import Query
from knowledge.retrieval.lexical import ScoredPassage

__all__ = ["Quote", "quote"]


@dataclass(frozen=True, slots=True)
class Quote:
    """The snippet of a passage, and the stretch of the snippet that the reader takes for the
    answer; ``None`` where the passage was not read or the snippet has no such stretch whole."""

    snippet: Span
    answer: Span | None


def quote(query: Query, scored: ScoredPassage) -> Quote:
    """Choose what to quote of a passage as an answer to ``query``.

    The likeliest stretch is taken as it is: on articles that the reader does not know, choosing
    the one that shares most words with all candidates, or weighing the words around each, marked
    the answer worse.
    """
    snippet = choose_snippet(scored, query.kinds)
    read = () if scored.prediction is None else scored.prediction.candidates
    inside = (one.moved(-snippet.start).span for one in read if snippet.contains(one.span))
    return Quote(snippet, next(inside, None))
