"""What the reader is shown of a passage: under which title, below which question."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.model import question_above
from knowledge.neural.reader.protocol import Readable

__all__ = ["laid_out"]


def laid_out(title: str, headings: Sequence[str], text: str) -> tuple[Readable, int]:
    """Return a passage's ``text`` under its path of headings, or under its article's title where
    it has none, and how many characters stand before it.

    The title before the headings took room from them, and two hits of a hundred. A question that
    the passage answers is read with it: below a heading the answer was not taken for one.
    """
    question = question_above(headings)
    path = headings if question is None else headings[:-1]
    before = "" if question is None else f"{question} "
    return Readable(". ".join(path) or title, before + text), len(before)
