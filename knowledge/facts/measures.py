"""Dates and quantities as facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from knowledge.entities import (
    AnalysedText,
    Approximation,
    DateEntity,
    DatePrecision,
    QuantityEntity,
    QuantitySort,
)
from knowledge.facts.found import Found
from knowledge.model import FactKind, Span

__all__ = ["dated", "find_dates", "find_quantities"]

_OF = re.compile(r"^(?:de |d['’]|of )")
_AHEAD = re.compile(r"\b(?:d['’]ici(?: (?:à|au|le|fin|début))?|by|until) $", re.IGNORECASE)
# An ordinal counts nothing, and a time of day is no measure.
_NO_QUANTITY = (QuantitySort.ORDINAL, QuantitySort.TIME)


def find_dates(text: AnalysedText, reference: date | None) -> Iterator[Found]:
    """Yield the dates of a text that can be told to the year.

    One without a year is the last such day up to ``reference``; where there is no reference, it
    is left out, as is one that is still to come (“d’ici juin”, “by June”).
    """
    for mention in text.dates:
        resolved = dated(mention, reference)
        if resolved is None:
            continue
        start, end, is_inferred = resolved
        if is_inferred and _AHEAD.search(text.text[: mention.span.start]):
            continue
        yield Found(
            kind=FactKind.DATE,
            span=mention.span,
            label=_label(start, end),
            value=start,
            date_start=start,
            date_end=end,
            precision=mention.precision.value,
            is_year_inferred=is_inferred,
        )


def _label(start: str, end: str) -> str:
    """Return the days in short: a whole month or year by its own name."""
    if start == end:
        return start
    for size, first, last in ((4, "-01-01", "-12-31"), (7, "-01", end[7:])):
        is_whole = start[:size] == end[:size] and start[size:] == first and end[size:] == last
        if is_whole and (size == 4 or end[8:] >= "28"):
            return start[:size]
    return f"{start} – {end}"


def dated(mention: DateEntity, reference: date | None) -> tuple[str, str, bool] | None:
    """Return first day, last day, and whether the year is inferred; ``None`` if it is unknown."""
    if mention.precision is DatePrecision.RELATIVE:
        return None
    is_inferred = mention.is_yearless
    if is_inferred:
        if reference is None:
            return None
        this_year = mention.with_year(reference.year)
        is_past = this_year.start is not None and this_year.start <= reference.isoformat()
        mention = this_year if is_past else mention.with_year(reference.year - 1)
    start, end = mention.start, mention.end
    if start is None or end is None or start > end:
        return None
    return start, end, is_inferred


def find_quantities(text: AnalysedText) -> Iterator[Found]:
    """Yield the numbers of a text with what they measure or count."""
    taken = [mention.span for mention in text.dates]
    for mention in text.quantities:
        if mention.sort in _NO_QUANTITY or mention.value is None:
            continue
        if mention.span.overlaps_any(taken):
            continue
        if not _says_what(mention):
            continue
        yield Found(
            kind=FactKind.QUANTITY,
            span=mention.span,
            label=mention.span.of(text.text),
            value=_value(text.text, mention),
            unit=_unit(text.text, mention),
            counted=None if mention.counted is None else mention.counted.of(text.text),
            approx=mention.approximation.value,
        )


def _says_what(mention: QuantityEntity) -> bool:
    """Whether it says what is measured or counted: a bare small number is rarely a figure."""
    if mention.unit is not None or mention.counted is not None:
        return True
    if mention.sort is not QuantitySort.COUNT:
        return True
    return mention.approximation is not Approximation.EXACT or (mention.value or 0) >= 1_000


def _value(text: str, mention: QuantityEntity) -> float | tuple[float, float]:
    """Return the number as it is written: a percentage is of 100."""
    is_percentage = mention.sort is QuantitySort.SHARE and any(
        sign in mention.measure.of(text).lower() for sign in ("%", "pour cent", "percent")
    )
    scale = 100 if is_percentage else 1
    low = round((mention.value or 0) * scale, 9)
    return low if mention.upper is None else (low, round(mention.upper * scale, 9))


def _unit(text: str, mention: QuantityEntity) -> str | None:
    """Return what follows or precedes the number within its measure."""
    after = Span(mention.number.end, max(mention.number.end, mention.measure.end)).of(text)
    before = Span(min(mention.measure.start, mention.number.start), mention.number.start).of(text)
    return _OF.sub("", after.strip()) or before.strip() or None
