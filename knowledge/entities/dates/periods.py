"""Dates of many years: decades, centuries."""

from __future__ import annotations

import re

from knowledge.entities.dates.words import DatePoint, DateWords
from knowledge.entities.values import DatePrecision, PartialDate

__all__ = ["century", "decade", "decade_in_words"]

_ROMAN = re.compile(r"(m{0,2}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3}))(?:e|er|eme)?")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


def decade(words: DateWords, at: int) -> DatePoint | None:
    """Return "1960s", "the 60s"."""
    follows = at + 1
    if words.folded(follows) != "s" or words.all[follows].gap not in ("", "'"):
        return None
    year = words.number(at, 0, 2090)
    if year is None or year % 10 or len(words.folded(at)) not in (2, 4):
        return None
    return DatePoint(at, at + 2, _decade_of(year), DatePrecision.DECADE)


def _decade_of(year: int) -> PartialDate:
    return PartialDate(1900 + year if year < 100 else year, years=10)


def decade_in_words(words: DateWords, at: int) -> DatePoint | None:
    """Return "the sixties", "années 60", "années soixante"."""
    word = words.folded(at)
    if word in words.say.decades:
        if words.folded(at - 1) not in ("the", "early", "late", "mid"):
            return None
        return DatePoint(at, at + 1, _decade_of(words.say.decades[word]), DatePrecision.DECADE)
    if word != "annees":
        return None
    year = words.number(at + 1, 10, 2090)
    if year is not None and year % 10 == 0 and len(words.folded(at + 1)) in (2, 4):
        return DatePoint(at, at + 2, _decade_of(year), DatePrecision.DECADE)
    if at + 1 >= len(words.all):
        return None
    numeral = words.numerals.at(at + 1)
    value = 0 if numeral is None else int(numeral.value or 0)
    if numeral is None or value not in range(10, 100, 10):
        return None
    return DatePoint(at, numeral.end, _decade_of(value), DatePrecision.DECADE)


def century(words: DateWords, at: int) -> DatePoint | None:
    """Return "XIXe siècle", "19th century", "nineteenth-century", "dix-neuvième siècle"."""
    for size in (1, 2, 3):
        if words.folded(at + size) not in words.say.centuries:
            continue
        number = _century_number(words, at, size)
        if number is not None and 0 < number <= 30:
            first = PartialDate(100 * (number - 1) + 1, years=100)
            return DatePoint(at, at + size + 1, first, DatePrecision.CENTURY)
    return None


def _century_number(words: DateWords, at: int, size: int) -> int | None:
    word = words.all[at]
    if word.is_number:
        return words.numerals.ordinal(at) if size == 2 else None
    if size == 1:
        return _roman(word.folded) or words.numerals.ordinal_word(at)
    last = words.numerals.ordinal_word(at + size - 1)
    first = words.numerals.at(at)
    if size == 2 and last is not None and first is not None and first.value is not None:
        return int(first.value) + last if first.end == at + 1 else None
    if size == 2 and last is None and words.folded(at + 1) in ("e", "eme"):
        return _roman(word.folded)
    return None


def _roman(word: str) -> int | None:
    match = _ROMAN.fullmatch(word)
    if match is None or not match[1]:
        return None
    total = previous = 0
    for letter in reversed(match[1]):
        value = _ROMAN_VALUES[letter]
        total += value if value >= previous else -value
        previous = max(previous, value)
    return total
