"""The form of labelled questions, golden ones and those of question sets: JSON Lines.

One object a line; blank lines count for nothing, and keys that are not known are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

__all__ = ["QuestionLine", "WrongLine", "plain", "read_lines"]


class QuestionLine(BaseModel):
    """What every labelled question has; what is right of it is up to the kind of question.

    ``answer``: the short span that is right. ``lang``: ISO 639-1.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    question: str
    lang: str | None = None
    kind: Annotated[str, StringConstraints(min_length=1)] = "question"
    answer: str | None = None


_Line = TypeVar("_Line", bound=QuestionLine)


class WrongLine(ValueError):
    """A line that is no question: its ``number``, from 1, the ``key`` that is wrong, "" for the
    whole line, and ``reason``, what pydantic says of it."""

    def __init__(self, number: int, error: ValidationError) -> None:
        first = error.errors(include_url=False)[0]
        self.number = number
        self.place = ".".join(str(part) for part in first["loc"])
        self.key = "" if first["type"] == "json_invalid" else self.place.partition(".")[0]
        self.reason = str(first["msg"])
        super().__init__(f"line {number}: {self.place} {self.reason}")


def read_lines(text: str, kind: type[_Line]) -> Iterator[tuple[int, _Line | WrongLine]]:
    """Yield the questions of a file with the numbers of their lines, and what is none."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield number, kind.model_validate_json(line)
            except ValidationError as error:
                yield number, WrongLine(number, error)


def plain(text: str) -> str:
    """Return ``text`` with its white space alike: articles have no-break spaces."""
    return " ".join(text.split())
