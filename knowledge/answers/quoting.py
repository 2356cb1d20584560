"""What is quoted of a passage, and what in it answers."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.answers.snippets import choose_snippet
from knowledge.answers.whole_units import best_stretch
from knowledge.model import Span
from knowledge.questions.contrast import Contrast
from knowledge.questions.query import Query
from knowledge.retrieval.lexical import ScoredPassage

__all__ = ["Quote", "quote"]


@dataclass(frozen=True, slots=True)
class Quote:
    """The snippet of a passage, and the stretch of the snippet that the reader takes for the
    answer; ``None`` where the passage was not read or the snippet has no such stretch whole."""

    snippet: Span
    answer: Span | None


def quote(query: Query, scored: ScoredPassage, contrast: Contrast | None = None) -> Quote:
    """Choose what to quote of a passage as an answer to ``query``.

    The likeliest stretch is taken, with what belongs to it (``whole_units``): on articles that the
    reader does not know, choosing the one that shares most words with all candidates, or weighing
    the words around each, marked the answer worse. Of a follow-up it is one that is not said of
    what the question before asked about.
    """
    snippet = choose_snippet(scored, query.kinds)
    read = () if scored.prediction is None else scored.prediction.candidates
    inside = (one.span for one in read if snippet.contains(one.span))
    answer = (
        None
        if not read
        else best_stretch(query.text, scored.passage.text, inside, snippet, contrast)
    )
    if answer is None:
        return Quote(snippet, None)
    return Quote(snippet, Span(answer.start - snippet.start, answer.end - snippet.start))
