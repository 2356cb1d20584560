"""The stretch of a snippet that answers a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.answers.spans.expected import has_expected
from knowledge.answers.spans.model import load_models
from knowledge.answers.spans.tagging import Clue, TaggedSnippet, tag_snippet
from knowledge.entities import QuantitySort, dates, names, quantities
from knowledge.model import Span
from knowledge.neural.reader.protocol import SpanCandidate
from knowledge.questions.query import Query
from knowledge.questions.question_type import QuestionType, classify_question
from knowledge.retrieval.lexical import TermMatch

__all__ = ["AnswerSpan", "select_answer_span", "tag_for_answer"]


@dataclass(frozen=True, slots=True)
class AnswerSpan:
    """Where in a snippet the answer most likely stands, and how likely it is one.

    ``score`` and ``certainty``: see ``knowledge.answers.spans.model.Choice``. ``repeats``: the
    share of its words that the question has itself. ``has_expected``: whether the snippet has
    anything of the kind asked for; ``None`` where that has no form of its own.
    """

    span: Span
    score: float
    certainty: float
    repeats: float
    has_expected: bool | None


def select_answer_span(
    text: str,
    snippet: Span,
    matches: Sequence[TermMatch],
    query: Query,
    predicted: Sequence[SpanCandidate] = (),
) -> AnswerSpan | None:
    """Return the stretch of the snippet of ``text`` that most likely answers.

    ``predicted``: what a reader takes for the answer. ``None`` only where the snippet has no word
    to mark. About two milliseconds.
    """
    asked = classify_question(query.text)
    tagged = tag_for_answer(text, snippet, matches, query)
    model = load_models().foreign if query.is_foreign else load_models().native
    quoted = [one.moved(-snippet.start) for one in predicted if snippet.contains(one.span)]
    best = model.best(tagged, asked, _must_have(tagged.text, asked.question_type), quoted)
    if best is None:
        return None
    said = _said(tagged)
    span = best.span
    if asked.question_type is QuestionType.DEFINITION and (role := _role(tagged, said)) is not None:
        span = role
    elif asked.question_type is QuestionType.HOW_MANY:
        span = _with_unit(tagged.text, best.span)
    own = [
        value > 0
        for word, value in zip(tagged.words, tagged.matched, strict=True)
        if span.contains(word.span)
    ]
    return AnswerSpan(
        span,
        best.score,
        best.certainty,
        sum(own) / max(len(own), 1),
        has_expected(tagged.text, said, asked),
    )


def _said(tagged: TaggedSnippet) -> list[Span]:
    """Return where the question's own words stand."""
    return [
        word.span for word, value in zip(tagged.words, tagged.matched, strict=True) if value > 0
    ]


def _must_have(text: str, question_type: QuestionType) -> list[Span]:
    """Return the dates where the question is when, the numbers where it is how many; if any."""
    if question_type is QuestionType.WHEN:
        return [date.span for date in dates(text)]
    if question_type is QuestionType.HOW_MANY:
        found = quantities(text)
        return [one.number for one in found if one.sort is not QuantitySort.ORDINAL] or [
            one.number for one in found
        ]
    return []


def _role(tagged: TaggedSnippet, asked: Sequence[Span]) -> Span | None:
    """Return what the text says right beside the name asked about: "président du comité"."""
    for name in names(tagged.text):
        if name.role is not None and any(name.span.contains(span) for span in asked):
            return name.role
    return None


def _with_unit(text: str, answer: Span) -> Span:
    """Return a number with its unit or with what it counts, and "plus de" or "entre" before it:
    how an answer is quoted."""
    for quantity in quantities(text):
        if answer.overlaps(quantity.number):
            start, end = quantity.span.start, quantity.measure.end
            return Span(min(answer.start, start), max(answer.end, end))
    return answer


def tag_for_answer(
    text: str, snippet: Span, matches: Sequence[TermMatch], query: Query
) -> TaggedSnippet:
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
    return tag_snippet(snippet.of(text), clues, classify_question(query.text))
