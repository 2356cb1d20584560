"""What is quoted of a passage, and what in it answers."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.answers.snippets import choose_snippet
from knowledge.answers.spans import AnswerSpan, select_answer_span
from knowledge.model import Span
from knowledge.questions.query import Query
from knowledge.retrieval.lexical import ScoredPassage

__all__ = ["Quote", "quote"]


@dataclass(frozen=True, slots=True)
class Quote:
    """The snippet of a passage and the stretch of it that most likely answers, if there is one."""

    snippet: Span
    answer: AnswerSpan | None


def quote(query: Query, scored: ScoredPassage, *, is_answer: bool = True) -> Quote:
    """Choose what to quote of a passage as an answer to ``query``.

    Not ``is_answer``: as a further passage, in which no answer is looked for.
    """
    snippet = choose_snippet(scored, query.kinds)
    if not is_answer:
        return Quote(snippet, None)
    read = () if scored.prediction is None else scored.prediction.candidates
    return Quote(
        snippet, select_answer_span(scored.passage.text, snippet, scored.matches, query, read)
    )
