"""Ways to reach somebody: which one a question asks for, and where a text has it.

They have forms of their own and stand side by side, so that a reader takes one for the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from knowledge.languages import vocabulary
from knowledge.model import Span
from knowledge.questions.question_type import QuestionType, classify_question, counted_word
from knowledge.text.tokens import tokenize

__all__ = ["Contact", "asked_contact", "contacts_in", "lacks_contact"]

_FORMS = re.compile(
    r"""
    (?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
    | (?P<web>(?:https?://|www\.)[^\s<>()]*[^\s<>().,;:!?'"»”])
    | (?P<phone>(?<![\w.,])(?:\+\d{1,3}[\u00a0\u202f ]?)?(?:\(\d+\)[\u00a0\u202f ]?)?
        \d{2,4}(?:[\u00a0\u202f .\-]\d{2,4}){1,5}(?![\w,.]\d|\w))
    """,
    re.VERBOSE,
)
_NEAR = 24
"""Characters before a number in which a word says what it is."""

_OTHER_QUESTIONS = frozenset({QuestionType.WHO, QuestionType.WHEN, QuestionType.WHY})


@dataclass(frozen=True, slots=True)
class Contact:
    """A way to reach somebody: its kind, one of ``Questions.contacts``, and where it stands."""

    kind: str
    span: Span


def contacts_in(text: str) -> Iterator[Contact]:
    """Yield the addresses and numbers of ``text``, in order.

    A number is one of a telephone only where a word before it says so.
    """
    for match in _FORMS.finditer(text):
        kind, span = match.lastgroup or "", Span(*match.span())
        if kind != "phone":
            yield Contact(kind, span)
        elif (said := _kind_said(text[max(0, span.start - _NEAR) : span.start])) is not None:
            yield Contact(said, span)


def _kind_said(text: str) -> str | None:
    """Return what kind of number the last word before one says that it is."""
    kinds = [kind for token in tokenize(text) if (kind := _kinds().get(token.folded))]
    return kinds[-1] if kinds and kinds[-1] in ("phone", "fax") else None


@cache
def _kinds() -> dict[str, str]:
    contacts = vocabulary().questions.contacts
    return {word: kind for kind, words in contacts.items() for word in words}


def asked_contact(question: str) -> str | None:
    """Return which way to reach somebody a question asks for, ``None`` where for none."""
    if classify_question(question).question_type in _OTHER_QUESTIONS:
        return None
    if counted_word(question) is not None:
        return None
    folded = [token.folded for token in tokenize(question)]
    pairs = [f"{one} {two}" for one, two in pairwise(folded)]
    return next((kind for word in (*pairs, *folded) if (kind := _kinds().get(word))), None)


def lacks_contact(question: str, text: str) -> bool:
    """Whether a text has ways to reach somebody, but not the one that a question asks for."""
    kind = asked_contact(question)
    found = [] if kind is None else [one.kind for one in contacts_in(text)]
    return bool(found) and kind not in found
