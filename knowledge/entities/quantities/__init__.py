"""Quantities in a text, French and English: a number, its unit, and what it counts.

``numbers`` and ``exactness`` read what belongs to a number, ``measures`` its unit, ``nouns`` what
it counts or measures, ``times`` the time of day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge.entities.numerals import Numerals
from knowledge.entities.quantities.exactness import half_size, signed, with_half
from knowledge.entities.quantities.measures import currency_before, in_unit, unit_after
from knowledge.entities.quantities.nouns import noun_end, what_is_counted
from knowledge.entities.quantities.numbers import approximated, ranged
from knowledge.entities.quantities.times import time_of_day
from knowledge.entities.quantities.words import Number, QuantityWords
from knowledge.entities.units import units
from knowledge.entities.values import DateEntity, DatePrecision, QuantityEntity, QuantitySort
from knowledge.entities.words import Word
from knowledge.model import Span

__all__ = ["read_quantities"]


def read_quantities(
    words: Sequence[Word], numerals: Numerals, dates: Iterable[DateEntity]
) -> tuple[QuantityEntity, ...]:
    """Return the quantities that the words of a text say, in order, not overlapping.

    Numbers inside ``dates`` are none. About half a millisecond for a paragraph.
    """
    reader = QuantityWords(words, numerals)
    taken = [date.span for date in dates if date.precision is not DatePrecision.RELATIVE]
    found: list[QuantityEntity] = []
    at = bound = 0
    while at < len(words):
        word = words[at]
        while taken and taken[0].end <= word.start:
            taken.pop(0)
        if taken and taken[0].start <= word.start:
            at += 1
            bound = at
            continue
        if word.kind != "number" and not reader.may_open(word.folded):
            at += 1
            continue
        limit = taken[0].start if taken else words[-1].end
        entity, end = _quantity_at(reader, at, bound, limit)
        if entity is not None:
            found.append(entity)
            while end < len(words) and words[end].start < entity.span.end:
                end += 1
            bound = end
        at = max(end, at + 1)
    return tuple(found)


def _quantity_at(
    words: QuantityWords, at: int, bound: int, limit: int
) -> tuple[QuantityEntity | None, int]:
    """Return the quantity whose number starts at a word, and the word after all of it."""
    word = words.all[at]
    if word.is_number and word.gap in ("", "-", "'") and at and words.all[at - 1].is_word:
        return None, at + 1  # "COVID-19", "A380"
    if (ordinal := words.numerals.ordinal(at)) is not None:
        return _ordinal(words, at, ordinal)
    if (clock := time_of_day(words, at)) is not None:
        return clock
    numeral = words.numerals.at(at)
    if numeral is None and word.folded in words.articles and half_size(words, at + 2):
        return _one(words, at, bound)  # "a mile and a half"
    if numeral is None:
        return _one(words, at, bound) if word.folded in words.ones else (None, at + 1)
    if words.all[numeral.end - 1].end > limit:
        return None, at + 1
    return _measured(words, ranged(words, numeral, limit), bound)


def _ordinal(words: QuantityWords, at: int, value: int) -> tuple[QuantityEntity, int]:
    size = 2 if words.all[at].is_number else 1
    number = Span(words.all[at].start, words.all[at + size - 1].end)
    noun = noun_end(words, at + size, is_plural=False)
    measure = Span(number.start, words.all[noun - 1].end)
    first = at + size
    counted = Span(words.all[first].start, words.all[noun - 1].end) if noun > first else None
    sort = QuantitySort.ORDINAL
    return QuantityEntity(measure, number, measure, float(value), sort, None, counted), first


def _one(words: QuantityWords, at: int, bound: int) -> tuple[QuantityEntity | None, int]:
    """Return "un an", "one week": "un" is a number before a unit only."""
    following = words.all[at + 1] if at + 1 < len(words.all) else None
    if following is not None and following.gap == " " and len(following.folded) > 1:
        unit = units().get(following.folded)
        if unit is not None and unit.sort is not QuantitySort.POWER:
            return _measured(words, Number(at, at + 1, 1.0), bound)
    return None, at + 1


def _measured(words: QuantityWords, number: Number, bound: int) -> tuple[QuantityEntity, int]:
    number = signed(words, with_half(words, number), bound)
    first, approximation = approximated(words, number, bound)
    number_first, end = number.first, number.end
    unit, measure_end = unit_after(words, end, is_scaled=abs(number.value or 0.0) >= 1e5)
    if unit is None and number.is_fraction and words.folded(end) in words.articles:
        unit, measure_end = unit_after(words, end + 1, is_scaled=False)  # "half a tonne"
        measure_end = end if unit is None else measure_end
    if unit is not None and number.value is not None and (half := half_size(words, measure_end)):
        measure_end += half  # "deux heures et demie"
        number = number._replace(value=number.value + 0.5)
    if unit is None and number.first > bound:
        unit = currency_before(words, number.first)
        if unit is not None:
            number_first = number.first - 1
            first = min(first, number_first)
    counted_first, measure_end, counted_end = what_is_counted(
        words, number, measure_end, is_measure=unit is not None
    )
    counted = None
    if counted_end > counted_first:
        counted = Span(words.all[counted_first].start, words.all[counted_end - 1].end)
    entity = QuantityEntity(
        span=Span(words.all[first].start, words.all[max(counted_end, measure_end) - 1].end),
        number=Span(words.all[number.first].start, words.all[number.end - 1].end),
        measure=Span(words.all[number_first].start, words.all[measure_end - 1].end),
        value=number.value,
        sort=QuantitySort.SHARE if number.is_fraction else QuantitySort.COUNT,
        counted=counted,
        upper=number.upper,
        approximation=approximation,
    )
    if unit is not None:
        entity = in_unit(words, entity, unit, first, measure_end)
    return entity, max(number.end, measure_end)
