"""What makes a number another one: a sign before it, a half behind it or behind its unit."""

from __future__ import annotations

from functools import cache

from knowledge.entities.quantities.words import Number, QuantityWords
from knowledge.languages import vocabulary

__all__ = ["half_size", "signed", "with_half"]

_MINUS, _PLUS = "-−–‑", "+"


@cache
def _halves() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(phrase.split()) for phrase in vocabulary().numbers.and_half)


def half_size(words: QuantityWords, at: int) -> int:
    """Return how many words "et demi", "and a half" take at a word, 0 where it is none."""
    first = words.folded(at)
    for phrase in _halves():
        if phrase[0] != first:
            continue
        following = words.all[at : at + len(phrase)]
        if [word.folded for word in following] == list(phrase) and following[0].gap == " ":
            return len(phrase)
    return 0


def with_half(words: QuantityWords, number: Number) -> Number:
    """Take a half in that stands before the unit: "two and a half hours", "2 millions et demi"."""
    size = half_size(words, number.end)
    if not size or number.value is None or number.upper is not None or number.is_fraction:
        return number
    scale = vocabulary().numbers.scales.get(words.folded(number.end - 1), 1)
    return number._replace(end=number.end + size, value=number.value + scale / 2)


def signed(words: QuantityWords, number: Number, bound: int) -> Number:
    """Take a sign in that stands right before a number, and apart from the word before it.

    ``bound``: the first word that may belong to it. The stroke of a range ("5-6"), of a name
    ("COVID-19") and of a list is no sign.
    """
    at = number.first - 1
    if at < max(bound, 1) or words.all[at].kind != "sign" or words.all[at + 1].gap:
        return number
    sign, before = words.all[at], words.all[at - 1]
    is_apart = sign.gap == " " or before.folded == "("
    if sign.folded not in _MINUS + _PLUS or not is_apart or before.is_number:
        return number
    if number.value is None or number.upper is not None:
        return number
    factor = 1.0 if sign.folded == _PLUS else -1.0
    return number._replace(first=at, value=factor * number.value)
