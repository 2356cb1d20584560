"""The stretch of a snippet that answers a question."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.expectation import QuestionForm, expected_answer
from knowledge.highlights.model import load_model
from knowledge.highlights.reading import Clue, Reading, read
from knowledge.mentions import quantities
from knowledge.model import Span
from knowledge.retrieval.lexical import TermMatch
from knowledge.retrieval.query import Query

__all__ = ["answer_words", "read_for_answer"]


def answer_words(
    text: str, snippet: Span, matches: Sequence[TermMatch], query: Query
) -> tuple[Span, ...]:
    """Return where in the snippet of ``text`` the answer most likely stands, as one span of it.

    Empty only where the snippet has no word to mark. About two milliseconds.
    """
    reading = read_for_answer(text, snippet, matches, query)
    asked = expected_answer(query.text)
    best = load_model().best(reading, asked)
    if best is None:
        return ()
    return (_with_unit(reading.text, best) if asked.form is QuestionForm.HOW_MANY else best,)


def _with_unit(text: str, answer: Span) -> Span:
    """Return a number with its unit, or with what it counts: how an answer is quoted."""
    for quantity in quantities(text):
        if answer.start < quantity.number.end and quantity.number.start < answer.end:
            measure = quantity.measure
            return Span(min(answer.start, measure.start), max(answer.end, measure.end))
    return answer


def read_for_answer(
    text: str, snippet: Span, matches: Sequence[TermMatch], query: Query
) -> Reading:
    """Return the snippet as the choice of the answer reads it."""
    most = max((match.value for match in matches), default=0.0) or 1.0
    clues = [
        Clue(
            Span(span.start - snippet.start, span.end - snippet.start),
            match.value / most,
            match.position,
        )
        for match in matches
        for span in match.spans
        if snippet.contains(span)
    ]
    return read(snippet.of(text), clues, expected_answer(query.text))
