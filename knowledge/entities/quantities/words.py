"""The words of a text as quantities are read in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from knowledge.entities.numerals import Numerals
from knowledge.entities.words import Word
from knowledge.languages import vocabulary

__all__ = ["Number", "QuantityWords"]


class Number(NamedTuple):
    """A number or a range, words ``first`` up to ``end``."""

    first: int
    end: int
    value: float | None
    upper: float | None = None
    is_fraction: bool = False
    is_rough: bool = False


class QuantityWords:
    """The words of a text with its numbers. ``say``: the words of quantities; ``joints``: those of
    ranges of dates, which ranges of numbers share; ``ones``: words for 1; ``articles``: those
    before a fraction."""

    def __init__(self, words: Sequence[Word], numerals: Numerals) -> None:
        self.all = words
        self.numerals = numerals
        language = vocabulary()
        self.say = language.quantities
        self.joints = language.dates
        self.ones = language.numbers.ones
        self.articles = language.numbers.articles

    def may_open(self, folded: str) -> bool:
        """Whether a quantity may begin with a word in letters."""
        return folded in self.say.noons or folded in self.ones or self.numerals.may_open(folded)

    def folded(self, at: int) -> str:
        """Return a word, "" beyond the first and the last."""
        return self.all[at].folded if 0 <= at < len(self.all) else ""
