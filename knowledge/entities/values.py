"""What the entity finders find: frozen values, places in a text and what they say."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from knowledge.model import Span

__all__ = [
    "Approximation",
    "DateEntity",
    "DatePrecision",
    "NameKind",
    "NamedEntity",
    "PartialDate",
    "QuantityEntity",
    "QuantitySort",
]


class DatePrecision(StrEnum):
    """The finest part that a date gives; ``RELATIVE``: none, it depends on the day of writing."""

    DAY = "day"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"
    RELATIVE = "relative"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as far as a text gives it. ``part``: which third of the month or year, 1 to 3, else 0.

    ``year`` is astronomical (0 is 1 BC); ``years``: how many it covers (10: a decade).
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    part: int = 0
    years: int = 1

    def first_day(self) -> str | None:
        """Return the first day as ISO 8601, ``None`` without a year or before the year 1."""
        if self.year is None or not 1 <= self.year <= 9_999:
            return None
        month, day = self.month or 1, self.day or 1
        if self.part and self.day is None:
            if self.month is None:
                month = 4 * self.part - 3
            else:
                day = 10 * self.part - 9
        return _iso(self.year, month, day)

    def last_day(self) -> str | None:
        """Return the last day as ISO 8601, ``None`` without a year or before the year 1."""
        if self.year is None:
            return None
        year = self.year + self.years - 1
        if not 1 <= year <= 9_999:
            return None
        month, day = self.month or 12, self.day
        if self.part and day is None:
            if self.month is None:
                month = 4 * self.part
            elif self.part < 3:
                day = 10 * self.part
        return _iso(year, month, day or calendar.monthrange(year, month)[1])


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:  # 29 February of another year
        return None


@dataclass(frozen=True, slots=True)
class DateEntity:
    """A date or a range of dates in a text: ``first`` and ``last`` are equal for a single one.

    ``is_yearless``: it names a day or month and no year (``with_year`` gives it one).
    """

    span: Span
    first: PartialDate
    last: PartialDate
    precision: DatePrecision

    @property
    def is_yearless(self) -> bool:
        """Whether a month is given and no year."""
        return self.first.year is None and self.first.month is not None

    @property
    def start(self) -> str | None:
        """The first day, ISO 8601; ``None`` where the text does not tell."""
        return self.first.first_day()

    @property
    def end(self) -> str | None:
        """The last day, ISO 8601; ``None`` where the text does not tell."""
        return self.last.last_day()

    def with_year(self, year: int) -> DateEntity:
        """Return the same with ``year`` where it has none."""
        if not self.is_yearless:
            return self
        first, last = replace(self.first, year=year), replace(self.last, year=year)
        return replace(self, first=first, last=last)


class QuantitySort(StrEnum):
    """What a number measures. ``COUNT``: things; ``SHARE``: percentages and fractions."""

    COUNT = "count"
    SHARE = "share"
    MONEY = "money"
    DURATION = "duration"
    AGE = "age"
    TIME = "time"
    LENGTH = "length"
    AREA = "area"
    MASS = "mass"
    VOLUME = "volume"
    SPEED = "speed"
    TEMPERATURE = "temperature"
    POWER = "power"
    ORDINAL = "ordinal"


class Approximation(StrEnum):
    """How exactly a number is meant."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    UP_TO = "up_to"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class QuantityEntity:
    """A number in a text with what it measures or counts.

    ``span``: all of it as an answer would be quoted, approximation, number, unit and what is
    counted; ``number``: the number alone; ``measure``: number and unit, or number and the noun
    that is counted. ``value`` is ``None`` where none is said ("des milliers"); ``upper`` the other
    end of a range. A share is a fraction of 1; a time of day minutes after midnight; a duration,
    an age or a measure in ``unit``. ``counted``: where the noun phrase stands that is counted.
    """

    span: Span
    number: Span
    measure: Span
    value: float | None
    sort: QuantitySort
    unit: str | None = None
    counted: Span | None = None
    upper: float | None = None
    approximation: Approximation = Approximation.EXACT


class NameKind(StrEnum):
    """What bears a name."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class NamedEntity:
    """A proper name in a text.

    ``kind`` is ``None`` where neither the gazetteer nor what stands around it tells. ``concept``:
    the gazetteer's, where it is one. ``role``: where a title, office or trade of the bearer stands
    right before ("le président russe") or right after, between commas.
    """

    span: Span
    kind: NameKind | None
    concept: str | None = None
    role: Span | None = None
