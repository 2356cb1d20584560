"""Two dates that make a range: from one to the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knowledge.entities.dates.points import year_after
from knowledge.entities.dates.words import DatePoint, DateWords
from knowledge.entities.values import DateEntity, DatePrecision, PartialDate
from knowledge.model import Span

__all__ = ["joined"]


def joined(words: DateWords, points: Sequence[DatePoint]) -> list[DateEntity]:
    """Return single dates as entities, two that are the ends of a range as one."""
    found: list[DateEntity] = []
    position = 0
    while position < len(points):
        point = points[position]
        position += 1
        first, last, end = point.date, point.date, point.end
        start = point.first
        if position < len(points) and _is_range(words, point, points[position]):
            following = points[position]
            position += 1
            last, end = following.date, following.end
            first = _completed(first, last)
        else:
            start, first = _days_before(words, point, found)
            end, last = _rest_after(words, point)
            first = _completed(first, last)
            while position < len(points) and points[position].first < end:
                position += 1
        if last.month is not None and point.precision is DatePrecision.SEASON:
            last = _season_end(last)
        span = Span(words.all[start].start, words.all[end - 1].end)
        found.append(DateEntity(span, first, last, point.precision))
    return found


def _season_end(season: PartialDate) -> PartialDate:
    """Return the last month of a season, a winter's in the next year."""
    month = (season.month or 0) + 2
    if month > 12 and season.year is not None:
        return replace(season, year=season.year + 1, month=month - 12)
    return replace(season, month=month)


def _completed(first: PartialDate, last: PartialDate) -> PartialDate:
    """Give the first date of a range the year that only the last one has."""
    if first.year is None and first.month is not None and last.year is not None:
        return replace(first, year=last.year)
    return first


def _is_range(words: DateWords, point: DatePoint, following: DatePoint) -> bool:
    relative = DatePrecision.RELATIVE
    if point.precision is relative or following.precision is relative:
        return False
    between = [words.folded(i) for i in range(point.end, following.first)]
    if not between:
        return words.all[following.first].gap in ("-", "–")
    between = [word for word in between if word not in ("l", "le", "la", "the", "en", "annee")]
    if len(between) == 1 and between[0] in ("-", "–", "—", *words.say.to):
        return True
    if between == ["jusqu", "a"] or between == ["jusqu", "au"]:
        return True
    if len(between) == 1 and between[0] in words.say.and_words:
        before = {words.folded(point.first - i) for i in (1, 2)}
        return not words.say.between.isdisjoint(before)
    return False


def _days_before(
    words: DateWords, point: DatePoint, earlier: Sequence[DateEntity]
) -> tuple[int, PartialDate]:
    """Take the first day of "du 3 au 5 mai" in."""
    at = point.first
    if point.precision is not DatePrecision.DAY or point.date.day is None:
        return at, point.date
    if words.folded(at - 1) in ("le", "the"):
        at -= 1
    is_tight = words.all[at].gap in ("-", "–")
    size = 0 if is_tight else 1
    if not is_tight and words.folded(at - 1) not in (*words.say.to, *words.say.and_words, "-", "–"):
        return point.first, point.date
    day = words.number(at - 1 - size, 1, 31)
    if day is None or (earlier and words.all[at - 1 - size].start < earlier[-1].span.end):
        return point.first, point.date
    if not is_tight and words.folded(at - 1) in words.say.and_words:
        before = {words.folded(at - 3), words.folded(at - 4)}
        if "les" not in before and words.say.between.isdisjoint(before):
            return point.first, point.date
    return at - 1 - size, replace(point.date, day=day)


def _rest_after(words: DateWords, point: DatePoint) -> tuple[int, PartialDate]:
    """Take the rest of "1939-45" and "May 3-5" in."""
    at = point.end
    if at < len(words.all) and words.all[at].gap in ("-", "–"):
        if point.precision is DatePrecision.YEAR and point.date.year is not None:
            rest = words.number(at, 1, 99)
            if rest is not None and len(words.folded(at)) == 2 and rest > point.date.year % 100:
                year = point.date.year - point.date.year % 100 + rest
                return at + 1, replace(point.date, year=year)
        elif point.precision is DatePrecision.DAY and point.date.year is None:
            day = words.number(at, 1, 31)
            if day is not None and point.date.day is not None and day > point.date.day:
                end, year = year_after(words, at + 1)
                return end, replace(point.date, day=day, year=year)
    return at, point.date
