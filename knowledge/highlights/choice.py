"""The stretch of a snippet that answers a question."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.expectation import QuestionForm, expected_answer
from knowledge.highlights.model import load_models
from knowledge.highlights.reading import Clue, Reading, read
from knowledge.mentions import QuantitySort, dates, names, quantities
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
    asked = expected_answer(query.text)
    reading = read_for_answer(text, snippet, matches, query)
    if asked.form is QuestionForm.DEFINITION and (role := _role(reading)) is not None:
        return (role,)
    model = load_models().foreign if query.is_foreign else load_models().native
    best = model.best(reading, asked, _must_have(reading.text, asked.form))
    if best is None:
        return ()
    return (_with_unit(reading.text, best) if asked.form is QuestionForm.HOW_MANY else best,)


def _must_have(text: str, form: QuestionForm) -> list[Span]:
    """Return the dates where the question is when, the numbers where it is how many; if any."""
    if form is QuestionForm.WHEN:
        return [date.span for date in dates(text)]
    if form is QuestionForm.HOW_MANY:
        found = quantities(text)
        return [one.number for one in found if one.sort is not QuantitySort.ORDINAL] or [
            one.number for one in found
        ]
    return []


def _role(reading: Reading) -> Span | None:
    """Return what the text says right beside the name asked about: "président du comité"."""
    asked = [
        word.span for word, value in zip(reading.words, reading.matched, strict=True) if value > 0
    ]
    for name in names(reading.text):
        if name.role is not None and any(name.span.contains(span) for span in asked):
            return name.role
    return None


def _with_unit(text: str, answer: Span) -> Span:
    """Return a number with its unit or with what it counts, and "plus de" or "entre" before it:
    how an answer is quoted."""
    for quantity in quantities(text):
        if answer.start < quantity.number.end and quantity.number.start < answer.end:
            start, end = quantity.span.start, quantity.measure.end
            return Span(min(answer.start, start), max(answer.end, end))
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
