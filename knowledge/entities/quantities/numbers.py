"""What belongs to a number: the other end of a range, and how exactly it is meant."""

from __future__ import annotations

from functools import cache

from knowledge.entities.numerals import Numeral, digits_value
from knowledge.entities.quantities.words import Number, QuantityWords
from knowledge.entities.values import Approximation
from knowledge.languages import vocabulary

__all__ = ["approximated", "ranged"]


@cache
def _approximations() -> tuple[tuple[tuple[str, ...], Approximation], ...]:
    """Return the phrases before a number, the longest first, and what they mean."""
    phrases = [
        (tuple(phrase.split()), Approximation(meaning))
        for meaning, written in vocabulary().quantities.approximations.items()
        for phrase in written
    ]
    return tuple(sorted(phrases, key=lambda phrase: -len(phrase[0])))


def ranged(words: QuantityWords, numeral: Numeral, limit: int) -> Number:
    """Take the other end of a range in: "entre 10 et 11 millions", "2-3", "from 5 to 6"."""
    whole = Number(
        numeral.first, numeral.end, numeral.value, None, numeral.is_fraction, numeral.is_rough
    )
    end = numeral.end
    if numeral.value is None or end >= len(words.all):
        return whole
    joint = words.all[end]
    at = end
    if joint.gap not in ("-", "–") or not joint.is_number:
        is_between = words.folded(numeral.first - 1) in words.joints.between
        joints = words.say.to | words.joints.and_words if is_between else words.say.to
        if joint.folded not in joints and joint.folded not in ("-", "–", "%"):
            return whole
        at += 1
        if joint.folded == "%" and at < len(words.all):
            if words.folded(at) not in joints and words.folded(at) not in ("-", "–"):
                return whole
            at += 1
    if at >= len(words.all) or words.all[at].gap == ".":
        return whole
    other = words.numerals.at(at)
    if other is None or other.value is None or words.all[other.end - 1].end > limit:
        return whole
    low, high = numeral.value, other.value
    digits = digits_value(words.folded(at)) if words.all[at].is_number else other.value
    scale = other.value / max(digits, 1.0)
    if high > low * 1000 and scale >= 1000:
        low *= scale  # "10 et 11 millions": the scale belongs to both
    if high <= low:
        return whole
    return Number(numeral.first, other.end, low, high, numeral.is_fraction, is_rough=False)


def approximated(words: QuantityWords, number: Number, bound: int) -> tuple[int, Approximation]:
    """Return where a number starts with what is said of it before, and how exactly it is meant.

    ``bound``: the first word that may belong to it.
    """
    at = number.first
    plain = Approximation.ABOUT if number.is_rough else Approximation.EXACT
    if number.upper is not None:
        plain = Approximation.RANGE
    start = at
    is_after_article = at > bound and words.all[at - 1].folded in ("la", "les", "l", "le", "the")
    if is_after_article and number.is_fraction:
        start = at - 1
    for phrase, meaning in _approximations():
        size = len(phrase)
        begin = start - size
        if begin >= bound and all(words.all[begin + i].folded == phrase[i] for i in range(size)):
            return begin, meaning if plain is not Approximation.RANGE else plain
    if number.upper is not None and at > bound and words.folded(at - 1) in words.joints.between:
        return at - 1, plain
    if words.folded(number.end) in words.say.about_after:
        return start, Approximation.ABOUT
    return start, plain
