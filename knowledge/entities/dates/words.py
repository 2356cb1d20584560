"""The words of a text as dates are read in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from knowledge.entities.gazetteer import NameMatch
from knowledge.entities.numerals import Numerals
from knowledge.entities.values import DatePrecision, PartialDate
from knowledge.entities.words import Word
from knowledge.languages import vocabulary

__all__ = ["DatePoint", "DateWords"]


class DatePoint(NamedTuple):
    """One date: words ``first`` up to ``end``."""

    first: int
    end: int
    date: PartialDate
    precision: DatePrecision


class DateWords:
    """The words of a text with its numbers, and the months that the gazetteer finds in it.

    ``say``: the words of dates.
    """

    def __init__(
        self, words: Sequence[Word], numerals: Numerals, names: Iterable[NameMatch]
    ) -> None:
        self.all = words
        self.numerals = numerals
        self.say = vocabulary().dates
        self.months = {
            name.span.start: int(name.concept.removeprefix("month"))
            for name in names
            if name.concept.startswith("month")
        }

    def folded(self, at: int) -> str:
        """Return a word, "" beyond the first and the last."""
        return self.all[at].folded if 0 <= at < len(self.all) else ""

    def month(self, at: int) -> int | None:
        """Return the month that a word begins to name."""
        return self.months.get(self.all[at].start) if 0 <= at < len(self.all) else None

    def number(self, at: int, low: int, high: int) -> int | None:
        """Return the whole number between two bounds that stands at a word in plain digits."""
        if not 0 <= at < len(self.all) or not self.all[at].is_number:
            return None
        written = self.all[at].folded
        if not written.isdecimal() or len(written) > 4:
            return None
        return int(written) if low <= int(written) <= high else None

    def day(self, at: int) -> tuple[int, int] | None:
        """Return a day of the month and the word after it."""
        day = self.number(at, 1, 31)
        if day is None:
            return None
        return day, at + 2 if self.numerals.ordinal(at) is not None else at + 1

    def year(self, at: int) -> int | None:
        """Return the year of three or four digits at a word."""
        year = self.number(at, 1, 2099)
        return year if year is not None and len(self.folded(at)) in (3, 4) else None
