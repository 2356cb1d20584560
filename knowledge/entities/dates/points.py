"""Single dates: days, months, years, seasons, and those that depend on the day of writing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from knowledge.entities.dates.periods import century, decade, decade_in_words
from knowledge.entities.dates.words import DatePoint, DateWords
from knowledge.entities.values import DateEntity, DatePrecision, PartialDate
from knowledge.languages import vocabulary
from knowledge.model import Span
from knowledge.text.tokens import is_stop_word

__all__ = ["beginnings", "numeric_dates", "point_at", "year_after"]

_NUMERIC = re.compile(r"(?<![\d.,/-])(\d{1,4})([-/.])(\d{1,2})\2(\d{2,4})(?![\d/-]|[.,]\d)")


def numeric_dates(text: str) -> list[DateEntity]:
    """Return days in digits: "2023-09-13", "13/09/2023"."""
    found: list[DateEntity] = []
    for match in _NUMERIC.finditer(text):
        first, month, last = int(match[1]), int(match[3]), int(match[4])
        year, day = (first, last) if len(match[1]) == 4 else (last, first)
        if month > 12 and day <= 12 and len(match[1]) != 4:
            day, month = month, day  # month first, as Americans write
        date = PartialDate(year, month, day)
        is_whole = len(match[1]) == 4 or len(match[4]) == 4
        if is_whole and 1 <= month <= 12 and date.first_day() is not None:
            found.append(DateEntity(Span(*match.span()), date, date, DatePrecision.DAY))
    return found


@cache
def _openers() -> frozenset[str]:
    """Return the words that a date may begin with, but for months and centuries."""
    say = vocabulary().dates
    relative = say.relative | say.nearby_before | say.periods | {"cette"}
    decades = {"annees", "decennie", "decade", *say.decades}
    return frozenset((*relative, *decades, *say.weekdays, *say.seasons))


def beginnings(words: DateWords) -> Iterator[int]:
    """Yield the words at which ``point_at`` may find a date, in order."""
    openers, centuries, months = _openers(), words.say.centuries, words.months
    folded = [word.folded for word in words.all]
    size = len(folded)
    before_century = {
        at - back for at in range(size) if folded[at] in centuries for back in (1, 2, 3)
    }
    for at, word in enumerate(words.all):
        is_opener = word.kind == "number" or folded[at] in openers or word.start in months
        if is_opener or at in before_century:
            yield at


def point_at(words: DateWords, at: int) -> DatePoint | None:
    """Return the date that begins at a word, as far as no other belongs to it."""
    word = words.all[at]
    if word.is_number:
        return _day_first(words, at) or century(words, at) or decade(words, at) or _year(words, at)
    if not word.is_word:
        return None
    if word.start in words.months:
        return _month_first(words, at)
    folded = word.folded
    if folded in words.say.weekdays:
        return _weekday(words, at)
    if folded in ("annees", "decennie", "decade") or folded in words.say.decades:
        return decade_in_words(words, at)
    if folded in words.say.seasons:
        return _season(words, at)
    return century(words, at) or _relative(words, at)


def _weekday(words: DateWords, at: int) -> DatePoint:
    follows = at + 1
    if words.folded(follows) == ",":
        follows += 1
    if follows < len(words.all):
        point = _day_first(words, follows) or (
            _month_first(words, follows) if words.month(follows) else None
        )
        if point is not None and point.precision is DatePrecision.DAY:
            return point._replace(first=at)
    return DatePoint(at, at + 1, PartialDate(), DatePrecision.RELATIVE)


def _day_first(words: DateWords, at: int) -> DatePoint | None:
    """Return "13 septembre 2023", "1er mai", "the 3rd of May"."""
    found = words.day(at)
    if found is None:
        return None
    day, follows = found
    if words.folded(follows) in words.say.before_month:
        follows += 1
    month = words.month(follows)
    if month is None or words.all[follows].gap not in (" ", "-", "'"):
        return None
    end, year = year_after(words, follows + 1)
    return DatePoint(at, end, PartialDate(year, month, day), DatePrecision.DAY)


def _month_first(words: DateWords, at: int) -> DatePoint:
    """Return "septembre 2023", "May 3, 2023", "May 3rd", "avril"."""
    month = words.months[words.all[at].start]
    follows = at + 1
    if words.folded(follows) == "." and words.all[follows].gap == "":
        follows += 1  # "Sept. 12"
    found = words.day(follows)
    if found is not None and words.all[follows].gap in (" ", "-"):
        day, end = found
        after = words.folded(end)
        if end >= len(words.all) or after not in ("h", "heures", "ans", "%"):
            end, year = year_after(words, end)
            return DatePoint(at, end, PartialDate(year, month, day), DatePrecision.DAY)
    end, year = year_after(words, follows)
    if year is None:
        end = at + 1
    return DatePoint(at, end, PartialDate(year, month), DatePrecision.MONTH)


def year_after(words: DateWords, at: int) -> tuple[int, int | None]:
    """Return where a day or month ends with the year behind it, and the year."""
    follows = at
    if words.folded(follows) in (",", "de", "of", "del"):
        follows += 1
    year = words.year(follows)
    if year is None or words.all[follows].gap not in (" ", "-"):
        return at, None
    return follows + 1, year


def _year(words: DateWords, at: int) -> DatePoint | None:
    year = words.year(at)
    if year is None and _is_before_era(words, at + 1):
        year = words.number(at, 1, 99)
    if year is None or (words.all[at].gap == "" and words.folded(at - 1) in ("$", "€", "£")):
        return None
    before = words.folded(at - 1)
    is_after_range = at > 1 and words.all[at].gap in ("-", "–") and words.year(at - 1)
    strong = before in words.say.before_years
    is_dated = before in ("an", "annee", "year") or (
        before in ("en", "in") and _is_free(words, at + 1)
    )
    if year < 1000 and not is_dated and not _is_before_era(words, at + 1):
        return None
    if not strong and not is_after_range and not _is_free(words, at + 1):
        return None
    if words.all[at].gap == "" and before not in ("(", "[", "«", "“", '"', ""):
        return None
    return DatePoint(at, at + 1, PartialDate(year), DatePrecision.YEAR)


def _is_before_era(words: DateWords, at: int) -> bool:
    if words.folded(at) in ("bc", "bce"):
        return True
    following = (words.folded(at + 1), words.folded(at + 2))
    return words.folded(at) in ("av", "avant") and "j" in following


def _is_free(words: DateWords, at: int) -> bool:
    """Whether the word there is not one that a number before it would count or measure."""
    if at >= len(words.all):
        return True
    word = words.all[at]
    if word.kind == "sign":
        return word.folded not in "%€$£°"
    if word.is_number:
        return word.gap in ("-", "–")
    if word.gap == "":
        return False
    return (
        word.is_capital
        or word.folded in ("av", "bc", "ad", "apr")
        or (is_stop_word(word.folded, None) and word.folded not in ("d", "de"))
        or word.start in words.months
    )


def _season(words: DateWords, at: int) -> DatePoint | None:
    follows = at + 1
    if words.folded(follows) in ("de", "of"):
        follows += 1
    year = words.year(follows)
    if year is None or year < 1000 or words.all[follows].gap != " ":
        return None
    month = words.say.seasons[words.folded(at)]
    return DatePoint(at, follows + 1, PartialDate(year, month), DatePrecision.SEASON)


def _relative(words: DateWords, at: int) -> DatePoint | None:
    word, following = words.folded(at), words.folded(at + 1)
    if word in words.say.relative:
        size = 2 if word == "aujourd" and following == "hui" else 1
    elif (
        (word in words.say.nearby_before and following in words.say.periods)
        or (word in words.say.nearby_before and following in words.say.weekdays)
        or (word in words.say.periods and following in words.say.nearby)
        or (word == "cette" and following in ("annee", "semaine"))
    ):
        size = 2
    else:
        return None
    return DatePoint(at, at + size, PartialDate(), DatePrecision.RELATIVE)
