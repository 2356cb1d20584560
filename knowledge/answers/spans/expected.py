"""Whether a snippet has anything of the kind that a question asks for."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.entities import NameKind, QuantitySort, dates, names, quantities
from knowledge.model import Span
from knowledge.questions.question_type import Expectation, QuestionForm

__all__ = ["has_expected"]

_BEARERS = {
    QuestionForm.WHO: (None, NameKind.PERSON, NameKind.ORGANISATION),
    QuestionForm.WHERE: (None, NameKind.PLACE),
    QuestionForm.NAME: (None, *NameKind),
}


def has_expected(text: str, said: Sequence[Span], expectation: Expectation) -> bool | None:
    """Return whether ``text`` has a date, name or number that may answer.

    What the question says itself (``said``: where its words stand) does not count, except in
    numbers. ``None`` where the question asks for nothing that has a form of its own.
    """
    form = expectation.form
    if form is QuestionForm.WHEN:
        return any(not date.span.overlaps_any(said) for date in dates(text))
    if form in _BEARERS:
        return any(
            name.kind in _BEARERS[form] and not name.span.overlaps_any(said) for name in names(text)
        )
    if form is QuestionForm.HOW_MANY:
        return any(
            expectation.sort in (None, QuantitySort.COUNT, quantity.sort)
            for quantity in quantities(text)
        )
    return None
