"""Kinds of answer that can be told by their form, and where a text has them."""

from __future__ import annotations

from enum import Enum, auto
from functools import lru_cache

from knowledge.entities import DatePrecision, NameKind, analysed
from knowledge.model import Span
from knowledge.questions.question_type import classify_question
from knowledge.questions.question_words import QuestionType

__all__ = ["AnswerType", "answer_types", "find_answer_type"]


class AnswerType(Enum):
    """A kind of answer that can be told by its form."""

    DATE = auto()
    NUMBER = auto()
    PERSON = auto()
    PLACE = auto()


_ASKED = {
    QuestionType.WHO: AnswerType.PERSON,
    QuestionType.WHEN: AnswerType.DATE,
    QuestionType.WHERE: AnswerType.PLACE,
    QuestionType.HOW_MANY: AnswerType.NUMBER,
}


def answer_types(question: str) -> frozenset[AnswerType]:
    """Return the kinds of answer that ``question`` asks for and that have a form; often none."""
    kind = _ASKED.get(classify_question(question).question_type)
    return frozenset() if kind is None else frozenset({kind})


@lru_cache(maxsize=8_192)
def find_answer_type(text: str, kind: AnswerType) -> tuple[Span, ...]:
    """Return the stretches of ``text`` that have the form of ``kind``, in order.

    A person may be any name that is known to be no place, a place any that is no person.
    """
    found = analysed(text)
    if kind is AnswerType.DATE:
        return tuple(d.span for d in found.dates if d.precision is not DatePrecision.RELATIVE)
    if kind is AnswerType.NUMBER:
        return tuple(quantity.measure for quantity in found.quantities)
    unfit = NameKind.PLACE if kind is AnswerType.PERSON else NameKind.PERSON
    return tuple(name.span for name in found.names if name.kind is not unfit)
