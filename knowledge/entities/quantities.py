"""Quantities in a text, French and English: a number, its unit, and what it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from knowledge.entities.dates import dates
from knowledge.entities.numerals import Numeral, digits_value, numeral_at, ordinal_value
from knowledge.entities.units import Unit, units
from knowledge.entities.values import Approximation, DatePrecision, QuantityEntity, QuantitySort
from knowledge.entities.words import Word, words_of
from knowledge.model import Span
from knowledge.text.tokens import is_stop_word

__all__ = ["quantities"]

_APPROXIMATIONS: tuple[tuple[tuple[str, ...], Approximation], ...] = (
    (("au", "moins"), Approximation.AT_LEAST),
    (("at", "least"), Approximation.AT_LEAST),
    (("no", "fewer", "than"), Approximation.AT_LEAST),
    (("plus", "de"), Approximation.MORE_THAN),
    (("plus", "d"), Approximation.MORE_THAN),
    (("plus", "des"), Approximation.MORE_THAN),
    (("plus", "du"), Approximation.MORE_THAN),
    (("more", "than"), Approximation.MORE_THAN),
    (("over",), Approximation.MORE_THAN),
    (("moins", "de"), Approximation.UP_TO),
    (("moins", "d"), Approximation.UP_TO),
    (("less", "than"), Approximation.UP_TO),
    (("fewer", "than"), Approximation.UP_TO),
    (("jusqu", "a"), Approximation.UP_TO),
    (("up", "to"), Approximation.UP_TO),
    (("at", "most"), Approximation.UP_TO),
    (("au", "plus"), Approximation.UP_TO),
    (("environ",), Approximation.ABOUT),
    (("quelque",), Approximation.ABOUT),
    (("quelques",), Approximation.ABOUT),
    (("pres", "de"), Approximation.ABOUT),
    (("pres", "d"), Approximation.ABOUT),
    (("approximativement",), Approximation.ABOUT),
    (("presque",), Approximation.ABOUT),
    (("around",), Approximation.ABOUT),
    (("about",), Approximation.ABOUT),
    (("approximately",), Approximation.ABOUT),
    (("roughly",), Approximation.ABOUT),
    (("nearly",), Approximation.ABOUT),
    (("almost",), Approximation.ABOUT),
    (("some",), Approximation.ABOUT),
)
_ABOUT_AFTER = frozenset("environ approximately".split())
_OF = frozenset({"de", "d", "of"})
_OF_THE = frozenset({"de", "d", "of", "des", "du"})
_PRENOMINAL = frozenset(
    """
    autres grand grande grands grandes petit petits petite petites premier premiers premiere
    premieres dernier derniers derniere dernieres nouveau nouveaux nouvelle nouvelles principaux
    principales jeunes vieux anciens anciennes bons bonnes beaux belles
    """.split()
)
_AGE_BEFORE = frozenset("age agee ages agees aged".split())
_NOONS = {"midi": 720.0, "noon": 720.0, "minuit": 0.0, "midnight": 0.0}
_BEFORE_NOON = frozenset("a at vers until avant apres by".split())
_UNITS_OF_TWO = {
    ("pour", "cent"): "%", ("per", "cent"): "%", ("us", "dollars"): "$",
    ("°", "c"): "°", ("°", "f"): "°",
}  # fmt: skip
_AFTER_OF = frozenset("la l le les the ses his".split())
_ONES = frozenset("un une one".split())
_MAX_NOUNS = 3


class _Number(NamedTuple):
    """A number or a range, words ``first`` up to ``end``."""

    first: int
    end: int
    value: float | None
    upper: float | None = None
    is_fraction: bool = False
    is_rough: bool = False


@lru_cache(maxsize=4_096)
def quantities(text: str) -> tuple[QuantityEntity, ...]:
    """Return the quantities that ``text`` says, in order, not overlapping.

    Numbers inside dates are none. About half a millisecond for a paragraph; the same text is read
    once.
    """
    words = words_of(text)
    taken = [date.span for date in dates(text) if date.precision is not DatePrecision.RELATIVE]
    found: list[QuantityEntity] = []
    at = bound = 0
    while at < len(words):
        while taken and taken[0].end <= words[at].start:
            taken.pop(0)
        if taken and taken[0].start <= words[at].start:
            at += 1
            bound = at
            continue
        limit = taken[0].start if taken else len(text)
        entity, end = _quantity_at(words, at, bound, limit)
        if entity is not None:
            found.append(entity)
            while end < len(words) and words[end].start < entity.span.end:
                end += 1
            bound = end
        at = max(end, at + 1)
    return tuple(found)


def _quantity_at(
    words: Sequence[Word], at: int, bound: int, limit: int
) -> tuple[QuantityEntity | None, int]:
    """Return the quantity whose number starts at a word, and the word after all of it."""
    word = words[at]
    following = words[at + 1] if at + 1 < len(words) else None
    if word.is_number and word.gap in ("", "-", "'") and at and words[at - 1].is_word:
        return None, at + 1  # "COVID-19", "A380"
    if (ordinal := ordinal_value(word, following)) is not None:
        return _ordinal(words, at, ordinal)
    if (clock := _time_of_day(words, at)) is not None:
        return clock
    numeral = numeral_at(words, at)
    if numeral is None:
        return _one(words, at, bound) if word.folded in _ONES else (None, at + 1)
    if words[numeral.end - 1].end > limit:
        return None, at + 1
    return _measured(words, _ranged(words, numeral, limit), bound)


def _ordinal(words: Sequence[Word], at: int, value: int) -> tuple[QuantityEntity, int]:
    size = 2 if words[at].is_number else 1
    number = Span(words[at].start, words[at + size - 1].end)
    noun = _noun_end(words, at + size, is_plural=False)
    measure = Span(number.start, words[noun - 1].end)
    counted = Span(words[at + size].start, words[noun - 1].end) if noun > at + size else None
    sort = QuantitySort.ORDINAL
    return QuantityEntity(measure, number, measure, float(value), sort, None, counted), at + size


def _time_of_day(words: Sequence[Word], at: int) -> tuple[QuantityEntity, int] | None:
    word = words[at]
    if word.folded in _NOONS:
        is_dated = at > 0 and words[at - 1].folded in _BEFORE_NOON
        return _clock(words, at, at + 1, _NOONS[word.folded]) if is_dated else None
    if not word.is_number or not word.folded.isdecimal() or len(word.folded) > 2:
        return None
    hour = int(word.folded)
    if hour > 24:
        return None
    end, minutes = _hour_end(words, at)
    mark = end or at + 1
    after = words[mark].folded if mark < len(words) else ""
    if after in ("am", "pm") and words[mark].gap in ("", " "):
        hour = hour % 12 + 12 * (after == "pm")
        return _clock(words, at, mark + 1, 60.0 * hour + minutes)
    return _clock(words, at, end, 60.0 * hour + minutes) if end else None


def _hour_end(words: Sequence[Word], at: int) -> tuple[int, int]:
    """Return where "14 h 30", "14:30", "à 14 heures" end, and the minutes; 0: not there."""
    following = [words[at + i].folded if at + i < len(words) else "" for i in range(1, 5)]
    if following[0] not in ("h", "heures", "heure", ":"):
        return 0, 0
    minute = following[1]
    if minute.isdecimal() and len(minute) == 2 and int(minute) < 60:
        is_tight = not (words[at + 1].gap or words[at + 2].gap)
        return (at + 3, int(minute)) if is_tight or following[0] != ":" else (0, 0)
    if following[0] == "h":
        return at + 2, 0
    before = words[at - 1].folded if at else ""
    is_of_day = following[1] == "du" and following[2] in ("matin", "soir")
    is_time = following[0] != ":" and (before in ("a", "vers") or is_of_day)
    return (at + 2, 0) if is_time else (0, 0)


def _clock(words: Sequence[Word], at: int, end: int, value: float) -> tuple[QuantityEntity, int]:
    span = Span(words[at].start, words[end - 1].end)
    return QuantityEntity(span, span, span, value, QuantitySort.TIME, "minute of day"), end


def _one(words: Sequence[Word], at: int, bound: int) -> tuple[QuantityEntity | None, int]:
    """Return "un an", "one week": "un" is a number before a unit only."""
    following = words[at + 1] if at + 1 < len(words) else None
    if following is not None and following.gap == " " and len(following.folded) > 1:
        unit = units().get(following.folded)
        if unit is not None and unit.sort is not QuantitySort.POWER:
            return _measured(words, _Number(at, at + 1, 1.0), bound)
    return None, at + 1


def _ranged(words: Sequence[Word], numeral: Numeral, limit: int) -> _Number:
    """Take the other end of a range in: "entre 10 et 11 millions", "2-3", "from 5 to 6"."""
    whole = _Number(
        numeral.first, numeral.end, numeral.value, None, numeral.is_fraction, numeral.is_rough
    )
    end = numeral.end
    if numeral.value is None or end >= len(words):
        return whole
    joint = words[end]
    before = words[numeral.first - 1].folded if numeral.first else ""
    at = end
    if joint.gap not in ("-", "–") or not joint.is_number:
        is_between = joint.folded in ("et", "and") and before in ("entre", "between")
        is_sign = joint.folded in ("-", "–", "%")
        if not (joint.folded in ("a", "to", "ou", "or") or is_between or is_sign):
            return whole
        at += 1
        if joint.folded == "%" and at < len(words):
            is_between = words[at].folded in ("et", "and") and before in ("entre", "between")
            if not (is_between or words[at].folded in ("a", "to", "ou", "or", "-", "–")):
                return whole
            at += 1
    if at >= len(words) or words[at].gap == ".":
        return whole
    other = numeral_at(words, at)
    if other is None or other.value is None or words[other.end - 1].end > limit:
        return whole
    low, high = numeral.value, other.value
    scale = other.value / max(digits_value(words[at].folded), 1.0) if words[at].is_number else 1.0
    if high > low * 1000 and scale >= 1000:
        low *= scale  # "10 et 11 millions": the scale belongs to both
    if high <= low:
        return whole
    return _Number(numeral.first, other.end, low, high, numeral.is_fraction, is_rough=False)


def _measured(words: Sequence[Word], number: _Number, bound: int) -> tuple[QuantityEntity, int]:
    first, approximation = _approximated(words, number, bound)
    number_first, end = number.first, number.end
    unit, measure_end = _unit_after(words, end, is_scaled=(number.value or 0.0) >= 1e5)
    if unit is None and number.first > bound:
        unit = _currency_before(words, number.first)
        if unit is not None:
            number_first = number.first - 1
            first = min(first, number_first)
    counted_first, measure_end, counted_end = _what_is_counted(
        words, number, measure_end, is_measure=unit is not None
    )
    counted = None
    if counted_end > counted_first:
        counted = Span(words[counted_first].start, words[counted_end - 1].end)
    entity = QuantityEntity(
        span=Span(words[first].start, words[max(counted_end, measure_end) - 1].end),
        number=Span(words[number.first].start, words[number.end - 1].end),
        measure=Span(words[number_first].start, words[measure_end - 1].end),
        value=number.value,
        sort=QuantitySort.SHARE if number.is_fraction else QuantitySort.COUNT,
        counted=counted,
        upper=number.upper,
        approximation=approximation,
    )
    if unit is not None:
        entity = _in_unit(words, entity, unit, first, measure_end)
    return entity, max(number.end, measure_end)


def _what_is_counted(
    words: Sequence[Word], number: _Number, end: int, *, is_measure: bool
) -> tuple[int, int, int]:
    """Return where the noun starts that is counted, where the measure and where its noun ends.

    ``end``: where number and unit end.
    """
    if is_measure or number.is_fraction:
        return end + 1, end, _of_what(words, end)
    noun = end
    if end < len(words) and words[end].folded in _OF and _may_follow(words, end):
        noun += 1
    noun_end = _noun_end(words, noun, is_plural=True)
    if noun_end == noun:
        return end, end, end
    return noun, noun_end, _of_what(words, noun_end)


def _in_unit(
    words: Sequence[Word], entity: QuantityEntity, unit: Unit, first: int, end: int
) -> QuantityEntity:
    sort, value, upper = unit.sort, entity.value, entity.upper
    if sort is QuantitySort.SHARE:
        value = None if value is None else value / 100
        upper = None if upper is None else upper / 100
    elif sort is QuantitySort.DURATION and _is_age(words, first, end):
        sort = QuantitySort.AGE
    return replace(entity, sort=sort, unit=unit.name, value=value, upper=upper)


def _currency_before(words: Sequence[Word], at: int) -> Unit | None:
    """Return the currency of the sign before a number: "$5"."""
    unit = units().get(words[at - 1].folded) if words[at - 1].kind == "sign" else None
    return unit if unit is not None and unit.sort is QuantitySort.MONEY else None


def _approximated(words: Sequence[Word], number: _Number, bound: int) -> tuple[int, Approximation]:
    at = number.first
    plain = Approximation.ABOUT if number.is_rough else Approximation.EXACT
    if number.upper is not None:
        plain = Approximation.RANGE
    start = at
    is_after_article = at > bound and words[at - 1].folded in ("la", "les", "l", "le", "the")
    if is_after_article and number.is_fraction:
        start = at - 1
    for phrase, meaning in _APPROXIMATIONS:
        size = len(phrase)
        begin = start - size
        if begin >= bound and all(words[begin + i].folded == phrase[i] for i in range(size)):
            return begin, meaning if plain is not Approximation.RANGE else plain
    if number.upper is not None and at > bound and words[at - 1].folded in ("entre", "between"):
        return at - 1, plain
    if number.end < len(words) and words[number.end].folded in _ABOUT_AFTER:
        return start, Approximation.ABOUT
    return start, plain


def _unit_after(words: Sequence[Word], at: int, *, is_scaled: bool) -> tuple[Unit | None, int]:
    end = at
    if is_scaled and at < len(words) and words[at].folded in _OF:
        at += 1
    if at >= len(words) or words[at].gap not in ("", " ", "-"):
        return None, end
    following = words[at + 1].folded if at + 1 < len(words) else ""
    if (words[at].folded, following) in _UNITS_OF_TWO:
        return units()[_UNITS_OF_TWO[words[at].folded, following]], at + 2
    unit = units().get(words[at].folded)
    if unit is None or words[at].folded == "second":  # "the second", an ordinal
        return None, end
    return _compound(words, at, unit)


def _compound(words: Sequence[Word], at: int, unit: Unit) -> tuple[Unit, int]:
    """Take "²", "/h", "carrés" behind a unit in."""
    end = at + 1
    if end >= len(words):
        return unit, end
    following = words[end]
    if following.gap == "" and following.folded in ("²", "³"):
        return units().get(words[at].folded + following.folded, unit), end + 1
    if following.folded == "/" and end + 1 < len(words) and words[end + 1].gap == "":
        return Unit(f"{unit.name} per {words[end + 1].folded}", QuantitySort.SPEED), end + 2
    if following.gap == " " and unit.sort is QuantitySort.LENGTH:
        if following.folded in ("carre", "carres", "square"):
            return Unit(f"square {unit.name}", QuantitySort.AREA), end + 1
        if following.folded in ("cube", "cubes"):
            return Unit(f"cubic {unit.name}", QuantitySort.VOLUME), end + 1
    return unit, end


def _is_age(words: Sequence[Word], first: int, end: int) -> bool:
    if any(words[i].folded in _AGE_BEFORE for i in range(max(0, first - 3), first)):
        return True
    following = [words[i].folded for i in range(end, min(end + 2, len(words)))]
    return following[:1] == ["old"] or following == ["d", "age"]


def _may_follow(words: Sequence[Word], at: int) -> bool:
    return at + 1 < len(words) and words[at + 1].is_word and words[at + 1].gap in (" ", "'", "-")


def _is_function_word(word: Word) -> bool:
    return is_stop_word(word.folded, None, lower=word.lower) or word.folded in _ABOUT_AFTER


def _is_noun(words: Sequence[Word], at: int) -> bool:
    """Whether a word may be the noun that a number counts, or part of its phrase."""
    if at >= len(words):
        return False
    word = words[at]
    return word.is_word and word.gap in (" ", "-", "'") and not _is_function_word(word)


def _noun_end(words: Sequence[Word], at: int, *, is_plural: bool) -> int:
    """Return the end of the noun phrase without complement that starts at a word; ``at``: none."""
    if not _is_noun(words, at):
        if at < len(words) and words[at].folded == "autres" and _is_noun(words, at + 1):
            return at + 2
        return at
    end = at + 1
    if not is_plural:
        return end
    if words[at].folded in _PRENOMINAL and _is_noun(words, end):
        end += 1
    while end - at < _MAX_NOUNS and _is_noun(words, end):
        is_head = words[end - 1].folded[-1:] in "sx"
        is_also = words[end].folded[-1:] in "sx" and not words[end].is_capital
        if is_head and not is_also:
            break
        if not is_head and not any(
            _is_noun(words, i) and words[i].folded[-1:] == "s"
            for i in range(end, min(at + _MAX_NOUNS, len(words)))
            if all(_is_noun(words, k) for k in range(end, i))
        ):
            break
        end += 1
    return end


def _of_what(words: Sequence[Word], at: int) -> int:
    """Return the end of "de farine de blé", "of the world's oil" behind a measure; ``at``: none."""
    end = at
    for _ in range(2):
        if end >= len(words) or words[end].folded not in _OF_THE or words[end].gap != " ":
            break
        noun = end + 1
        if noun < len(words) and words[noun].folded in _AFTER_OF:
            noun += 1
        if not _is_noun(words, noun) and not (
            noun < len(words) and words[noun].folded in ("plus", "moins")
        ):
            break
        if words[noun].gap == ".":
            break
        end = noun + 1
    return end
