"""What of a question another of its sort can take the place of: months, years, numbers, names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.entities import analysed
from knowledge.model import Span
from knowledge.questions.content_words import content_words, runs
from knowledge.text.tokens import Token, has_digit

__all__ = ["Mark", "marks_of"]

_YEAR = re.compile(r"(?:1\d|20)\d\d")
_NEAR = 4
"""Characters from a day to its month, below which it is one."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A word, or the words of a name, that another of the same ``sort`` takes the place of."""

    span: Span
    sort: str

    @property
    def is_name(self) -> bool:
        """Whether it names something, so that several may be meant."""
        return self.sort in ("state", "organisation", "name")


def marks_of(text: str) -> list[Mark]:
    """Return the months (with their days), years, numbers and names of ``text``, in order."""
    names = analysed(text).known_names
    marks = [Mark(name.span, _sort(name.concept)) for name in names]
    months = [mark for mark in marks if mark.sort == "month"]
    others = [t for t in analysed(text).tokens if not any(n.span.contains(t.span) for n in names)]
    numbers = [token for token in others if has_digit(token.folded)]
    for token in numbers:
        is_day = any(0 < month.span.start - token.span.end < _NEAR for month in months)
        sort = "year" if _YEAR.fullmatch(token.folded) else "month" if is_day else "number"
        marks.append(Mark(token.span, sort))
    words = [token for token in others if not has_digit(token.folded)]
    marks += (Mark(span, "name") for span in runs(text, _capitalised(text, words)))
    return sorted(marks, key=lambda mark: mark.span)


def _sort(concept: str) -> str:
    if concept.startswith("month"):
        return "month"
    is_state = concept != "un" and concept != "eu" and all(len(c) == 2 for c in concept.split("+"))
    return "state" if is_state else "organisation"


def _capitalised(text: str, tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the content words that a capital shows to be names: not one that opens the text."""
    for token in content_words(tokens):
        if token.span.start > 0 and token.span.of(text)[0].isupper() and not text.isupper():
            yield token
