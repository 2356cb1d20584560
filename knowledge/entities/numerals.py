"""Number words of French and English, and numbers in digits, to values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from knowledge.entities.words import Word
from knowledge.languages import LANGUAGES, merged
from knowledge.model import Span

__all__ = ["Numeral", "digits_value", "numeral_at", "ordinal_value", "spelled_numbers"]

_TENS = merged("tens")
_SCALES = {word: float(value) for word, value in merged("scales").items()}
_COLLECTIVES = merged("collectives")
_PLURAL_COLLECTIVES = frozenset(
    word for one in LANGUAGES.values() for word in one.plural_collectives
)
_FRACTIONS = {word: 1 / denominator for word, denominator in merged("fractions").items()}
_ALONE = frozenset("moitie half".split())
_ARTICLES = frozenset("un une a an one le la du des".split())

_UNITS: dict[str, int] = {
    **{word: value for one in LANGUAGES.values() for value, word in enumerate(one.small_numbers)},
    "une": 1,
}
_ONES = frozenset("un une one".split())

_ORDINALS = merged("ordinals")
for _word, _value in {**_UNITS, **_TENS, "cent": 100, "hundred": 100, "mille": 1000}.items():
    _stem = _word.removesuffix("e") if _value else ""
    if _stem and _word not in _ONES:
        _ORDINALS.setdefault(f"{_stem}ieme", int(_value))
        _ORDINALS.setdefault(f"{_word}th", int(_value))
        _ORDINALS.setdefault(f"{_word.removesuffix('t')}th", int(_value))
        _ORDINALS.setdefault(f"{_word.removesuffix('y')}ieth", int(_value))
_ORDINALS["unieme"] = 1
_ORDINAL_ENDINGS = frozenset("e er ere eme ieme st nd rd th".split())


class Numeral(NamedTuple):
    """A number from word ``first`` up to word ``end``; ``value`` ``None``: "des milliers"."""

    first: int
    end: int
    value: float | None
    is_fraction: bool = False
    is_rough: bool = False


def digits_value(written: str) -> float:
    """Return the value of a number in digits, its thousands grouped or not, any decimal mark."""
    kept: list[str] = []
    groups = "".join(" " if c in " \u00a0\u202f\u2009'’" else c for c in written).split(" ")
    if len(groups) > 1:
        kept = ["".join(groups).replace(",", ".")]
    else:
        parts = written.replace(",", ".").split(".")
        is_grouped = len(parts) > 1 and all(len(part) == 3 for part in parts[1:])
        is_grouped = is_grouped and 1 <= len(parts[0]) <= 3 and parts[0] != "0"
        is_whole = is_grouped or len(parts) == 1
        kept = parts if is_whole else ["".join(parts[:-1]), ".", parts[-1]]
    return float("".join(kept)[:300])


def ordinal_value(word: Word, following: Word | None) -> int | None:
    """Return what an ordinal in letters or the digits of one ("8e", "3rd") stand for."""
    if word.is_number:
        if following is None or following.gap or not word.folded.isdecimal():
            return None
        return int(word.folded[:9]) if following.folded in _ORDINAL_ENDINGS else None
    return _ORDINALS.get(word.folded) or _ORDINALS.get(word.folded.removesuffix("s"))


def numeral_at(words: Sequence[Word], at: int) -> Numeral | None:
    """Return the longest number that starts at a word: digits, words, or both ("2,5 millions").

    "un", "une" and "one" alone are none: whoever reads units decides.
    """
    word = words[at]
    if word.is_number:
        value = digits_value(word.folded)
        return _with_scale(words, Numeral(at, at + 1, value))
    if not word.is_word:
        return None
    return (
        _fraction(words, at)
        or _collective(words, at)
        or _spelled(words, at)
        or (_plural(words, at))
    )


def spelled_numbers(words: Sequence[Word]) -> Iterator[tuple[Span, int]]:
    """Yield the whole numbers that are written in letters, in order, with what they stand for.

    Neither fractions nor rough ones ("une dizaine"), nor "un" and "one" alone.
    """
    at = 0
    while at < len(words):
        numeral = numeral_at(words, at)
        if numeral is None:
            at += 1
            continue
        is_exact = not numeral.is_fraction and not numeral.is_rough
        if not words[at].is_number and is_exact and numeral.value is not None:
            span = Span(words[numeral.first].start, words[numeral.end - 1].end)
            if numeral.value.is_integer():
                yield span, int(numeral.value)
        at = numeral.end


def _continues(words: Sequence[Word], at: int) -> bool:
    return at < len(words) and words[at].is_word and words[at].gap in (" ", "-")


def _with_scale(words: Sequence[Word], numeral: Numeral) -> Numeral:
    at, value = numeral.end, numeral.value
    while value is not None and at < len(words) and words[at].is_word:
        scale = _SCALES.get(words[at].folded)
        is_tight = words[at].gap == "" and words[at].folded in ("m", "bn", "k")
        if is_tight:
            scale = {"m": 1e6, "bn": 1e9, "k": 1e3}[words[at].folded]
        if scale is None or not (is_tight or words[at].gap in (" ", "-")):
            break
        value *= scale
        at += 1
    if at == numeral.end and _continues(words, at) and value is not None:
        fraction = _FRACTIONS.get(words[at].folded)
        if fraction is not None and value < 10 and words[at].folded not in _ALONE:
            return Numeral(numeral.first, at + 1, value * fraction, is_fraction=True)
    return numeral._replace(end=at, value=value)


def _fraction(words: Sequence[Word], at: int) -> Numeral | None:
    word = words[at].folded
    if word in _ALONE:
        return Numeral(at, at + 1, _FRACTIONS[word], is_fraction=True)
    if not _continues(words, at + 1):
        return None
    following = words[at + 1].folded
    if following not in _FRACTIONS or following in _ALONE:
        return None
    if word in _ARTICLES and following not in ("quarts", "thirds", "fifths", "tenths"):
        after = words[at + 2].folded if at + 2 < len(words) else ""
        if following in ("third", "quarter", "tiers", "quart") and after in (
            "of", "de", "des", "du", "d", "le", "la", "les",
        ):  # fmt: skip
            return Numeral(at, at + 2, _FRACTIONS[following], is_fraction=True)
        return None
    value = _UNITS.get(word)
    if value is None or not 1 < value < 10:
        return None
    return Numeral(at, at + 2, value * _FRACTIONS[following], is_fraction=True)


def _collective(words: Sequence[Word], at: int) -> Numeral | None:
    word = words[at].folded
    if word in ("une", "un", "a", "one") and _continues(words, at + 1):
        following = words[at + 1].folded
        if following in _COLLECTIVES:
            is_rough = following not in ("dozen", "douzaine")
            return Numeral(at, at + 2, float(_COLLECTIVES[following]), is_rough=is_rough)
        if word in ("a", "un", "one") and following in ("hundred", *_SCALES):
            scale = 100 if following == "hundred" else _SCALES[following]
            rest = _spelled(words, at + 1)
            if rest is not None and rest.value is not None:
                return rest._replace(first=at)
            return Numeral(at, at + 2, float(scale))
    return None


def _plural(words: Sequence[Word], at: int) -> Numeral | None:
    """Return "dizaines", "thousands", which say no number, with a scale behind ("de milliers")."""
    if words[at].folded in _PLURAL_COLLECTIVES:
        return Numeral(at, at + 1, None, is_rough=True)
    return None


def _spelled(words: Sequence[Word], at: int) -> Numeral | None:
    """Return a number in words: "quatre-vingt-dix-sept mille", "two hundred and five"."""
    total, current, end, size = 0.0, 0.0, at, 0
    position = at
    while position < len(words) and words[position].is_word:
        word = words[position]
        if position > at and word.gap not in (" ", "-"):
            break
        folded = word.folded
        if folded in ("et", "and") and size:
            if not _joins(words, position, current or total):
                break
            position += 1
            continue
        following = _next_value(folded, current, total, is_first=size == 0)
        if following is None:
            break
        current, total = following
        size += 1
        position += 1
        end = position
        if folded in _COLLECTIVES:
            break
    if size == 0 or (size == 1 and words[at].folded in _ONES):
        return None
    return _with_scale(words, Numeral(at, end, total + current))


def _joins(words: Sequence[Word], at: int, value: float) -> bool:
    """Whether "et" or "and" stands inside a number."""
    if not _continues(words, at + 1):
        return False
    following = words[at + 1].folded
    if words[at].folded == "et":
        return following in ("un", "une", "onze") and value % 100 in (20, 30, 40, 50, 60, 70)
    return value >= 100 and value % 100 == 0 and (following in _UNITS or following in _TENS)


def _next_value(
    word: str, current: float, total: float, *, is_first: bool
) -> tuple[float, float] | None:
    """Return the number with one more word, ``None`` where the word does not continue it."""
    if word in _UNITS:
        is_free = is_first or (current % 100 == 0 and current + total > 0)
        if is_free or _may_add(current % 100, _UNITS[word]):
            return current + _UNITS[word], total
        return None
    if word in _TENS:
        if word in ("vingt", "vingts") and current % 100 == 4:
            return current + 76, total
        if is_first or (current % 100 == 0 and current + total > 0):
            return current + _TENS[word], total
        return None
    if word in ("cent", "cents", "hundred"):
        return (max(current, 1.0) * 100, total) if current < 100 else None
    if word in _COLLECTIVES and 1 < current < 20 and not total:
        return current * _COLLECTIVES[word], total
    return _scaled(word, current, total, is_first=is_first)


def _may_add(rest: float, unit: int) -> bool:
    """Whether a number that ends on ``rest`` goes on with ``unit``: "soixante" with "douze"."""
    if rest in (10, 70, 90) and 7 <= unit <= 9:
        return True
    if rest in (60, 80) and 10 <= unit < 20:
        return True
    return rest >= 20 and rest % 10 == 0 and 0 < unit < 10


def _scaled(
    word: str, current: float, total: float, *, is_first: bool
) -> tuple[float, float] | None:
    scale = _SCALES.get(word)
    if scale is None or word == "bn" or (is_first and word not in ("mille", "mil")):
        return None
    if current == 0 and total:
        return (0.0, total * scale) if total < scale else None
    return 0.0, total + max(current, 1.0) * scale
