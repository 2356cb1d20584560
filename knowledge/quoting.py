"""What is quoted of a passage, and what in it answers."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.highlights import ChosenAnswer, choose_answer
from knowledge.model import Span
from knowledge.retrieval.lexical import ScoredPassage
from knowledge.retrieval.query import Query
from knowledge.snippets import choose_snippet

__all__ = ["Quote", "quote"]


@dataclass(frozen=True, slots=True)
class Quote:
    """The snippet of a passage and the stretch of it that most likely answers, if there is one."""

    snippet: Span
    answer: ChosenAnswer | None


def quote(query: Query, scored: ScoredPassage) -> Quote:
    """Choose what to quote of a passage as an answer to ``query``."""
    snippet = choose_snippet(scored, query.kinds)
    return Quote(snippet, choose_answer(scored.passage.text, snippet, scored.matches, query))
