"""What stands beside a date and makes it another: its era, and which part of it is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knowledge.entities.dates.words import DatePoint, DateWords
from knowledge.entities.values import DatePrecision

__all__ = ["with_era", "with_part"]


def with_era(words: DateWords, point: DatePoint) -> DatePoint:
    """Take "av. J.-C.", "BC" in: the year lies before our era."""
    at = point.end
    written = [words.folded(at + i) for i in range(6)]
    size = 0
    if written[0] in ("bc", "bce"):
        size = 1
    elif written[0] in ("ad", "ce") and words.all[at].end - words.all[at].start == 2:
        return point._replace(end=at + 1) if words.all[at].is_capital else point
    elif written[0] in ("av", "avant", "apr", "apres"):
        letters = [word for word in written[1:] if word not in (".", "-")]
        if letters[:2] == ["j", "c"]:
            size = next(i for i, word in enumerate(written) if word == "c") + 1
            size += written[size : size + 1] == ["."]
        if written[0].startswith("ap") and size:
            return point._replace(end=at + size)
    if not size or point.date.year is None:
        return point
    year = 1 - point.date.year
    if point.date.years > 1:
        year -= point.date.years - 1
    return point._replace(end=at + size, date=replace(point.date, year=year))


def with_part(words: DateWords, point: DatePoint, earlier: Sequence[DatePoint]) -> DatePoint:
    """Take "début", "mi-", "late" in, and "au début de l'année"."""
    bound = earlier[-1].end if earlier else 0
    if point.precision in (DatePrecision.DAY, DatePrecision.RELATIVE):
        return point
    at = point.first - 1
    while at >= bound and words.folded(at) in words.say.of and point.first - at <= 4:
        at -= 1
    part = words.say.parts.get(words.folded(at))
    if at < bound or part is None or not words.all[at].is_word:
        return point
    return point._replace(first=at, date=replace(point.date, part=part))
