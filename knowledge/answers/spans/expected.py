"""Whether a snippet has anything of the kind that a question asks for."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.entities import NameKind, QuantitySort, dates, names, quantities
from knowledge.model import Span
from knowledge.questions.question_type import ClassifiedQuestion, QuestionType

__all__ = ["has_expected"]

_ENTITY_KINDS = {
    QuestionType.WHO: (None, NameKind.PERSON, NameKind.ORGANISATION),
    QuestionType.WHERE: (None, NameKind.PLACE),
    QuestionType.NAME: (None, *NameKind),
}


def has_expected(text: str, said: Sequence[Span], asked: ClassifiedQuestion) -> bool | None:
    """Return whether ``text`` has a date, name or number that may answer.

    What the question says itself (``said``: where its words stand) does not count, except in
    numbers. ``None`` where the question asks for nothing that has a form of its own.
    """
    question_type = asked.question_type
    if question_type is QuestionType.WHEN:
        return any(not date.span.overlaps_any(said) for date in dates(text))
    if question_type in _ENTITY_KINDS:
        return any(
            name.kind in _ENTITY_KINDS[question_type] and not name.span.overlaps_any(said)
            for name in names(text)
        )
    if question_type is QuestionType.HOW_MANY:
        return any(
            asked.sort in (None, QuantitySort.COUNT, quantity.sort) for quantity in quantities(text)
        )
    return None
