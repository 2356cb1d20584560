"""Numbers in words and in digits, to values: French and English, with the words of others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from knowledge.entities.words import Word
from knowledge.languages import known_languages, vocabulary
from knowledge.languages.language import Numbers
from knowledge.model import Span

__all__ = [
    "Numeral",
    "Numerals",
    "belongs_to_number",
    "digits_value",
    "tells_number",
    "value_alone",
]

_TIGHT_SCALES = {"m": 1e6, "bn": 1e9, "k": 1e3}
"""Behind digits, with nothing between."""
_MAX_DIGITS = 300
_COLLECTING = ("une", "un", "a", "one")
_JOINING = ("et", "and")
_LETTERS = re.compile(r"[^\W\d_]+")


class Numeral(NamedTuple):
    """A number from word ``first`` up to word ``end``; ``value`` ``None``: "des milliers"."""

    first: int
    end: int
    value: float | None
    is_fraction: bool = False
    is_rough: bool = False


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """Number words as they are looked up. ``units``: those up to 20; ``openers``: those that a
    number may begin with; ``parts``: these, but for those that only fractions do, and those that it
    may go on with; ``telling``: those of
    which every whole number in letters has one ("un" alone is none); ``bare_articles``: openers
    only of fractions; ``ordinals``: all, by what each stands for."""

    numbers: Numbers
    units: Mapping[str, int]
    openers: frozenset[str]
    parts: frozenset[str]
    telling: frozenset[str]
    bare_articles: frozenset[str]
    ordinals: Mapping[str, int]


@cache
def _lexicon(language: str | None) -> _Lexicon:
    numbers = vocabulary(language).numbers
    units = {**numbers.small, **dict.fromkeys(numbers.ones, 1)}
    openers = (
        frozenset((*units, *numbers.tens))
        | numbers.hundreds
        | numbers.bare_scales
        | numbers.articles
        | numbers.halves
        | numbers.plural_collectives
    )
    counting = (*units, *numbers.tens, *numbers.hundreds, *numbers.scales, *numbers.collectives)
    telling = frozenset(counting) - numbers.ones
    others = (*units, *numbers.tens, *numbers.hundreds, *numbers.bare_scales, *numbers.halves)
    bare_articles = numbers.articles.difference(others, numbers.plural_collectives, _COLLECTING)
    further = (counting, numbers.fractions, _TIGHT_SCALES, _COLLECTING, _JOINING)
    parts = (openers - bare_articles).union(*further)
    ordinals: dict[str, int] = {}
    for one in known_languages().values():
        ordinals |= _ordinals(one.numbers)
    return _Lexicon(numbers, units, openers, parts, telling, bare_articles, ordinals)


def _ordinals(numbers: Numbers) -> dict[str, int]:
    """Return the ordinals that a language has, and those that its rules make of number words."""
    found = dict(numbers.ordinals)
    bare = {word: numbers.scales[word] for word in numbers.bare_scales}
    cardinals = {**numbers.small, **numbers.tens, **dict.fromkeys(numbers.hundreds, 100), **bare}
    for word, value in cardinals.items():
        if value and word not in numbers.ones:
            for rule in numbers.ordinal_rules:
                ending, added = rule.split(">")
                found.setdefault(word.removesuffix(ending) + added, value)
    return found


def tells_number(folded: str, language: str | None) -> bool:
    """Whether a text with this word may write a whole number in letters; without such a word it
    writes none (``Numerals.spelled``)."""
    telling = _lexicon(language).telling
    if folded.isalpha():
        return folded in telling
    return not telling.isdisjoint(_LETTERS.findall(folded))  # "20mille"


def belongs_to_number(folded: str, language: str | None) -> bool:
    """Whether a number in letters may begin with a word, or go on with it."""
    return not folded.isalpha() or folded in _lexicon(language).parts


@lru_cache(maxsize=1_024)
def value_alone(folded: str, language: str | None) -> int | None:
    """Return the whole number that a word is for itself, where the words beside it belong to none;
    ``None`` where it is none."""
    word = Word(folded, folded, 0, len(folded), "word", is_capital=False, gap="")
    return next((value for _, value in Numerals((word,), language).spelled()), None)


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
    return float("".join(kept)[:_MAX_DIGITS])


class Numerals:
    """The numbers among the words of a text in ``language``, each read once."""

    def __init__(self, words: Sequence[Word], language: str | None = None) -> None:
        self._words = words
        self._say = _lexicon(language)
        self._found: dict[int, Numeral | None] = {}

    def at(self, at: int) -> Numeral | None:
        """Return the longest number that starts at a word: digits, words, or both ("2,5 millions").

        "un", "une" and "one" alone are none: whoever reads units decides.
        """
        if at not in self._found:
            self._found[at] = self._read(at)
        return self._found[at]

    def ordinal(self, at: int) -> int | None:
        """Return what an ordinal in letters or the digits of one ("8e", "3rd") stand for."""
        word = self._words[at]
        if word.is_number:
            following = self._words[at + 1] if at + 1 < len(self._words) else None
            if following is None or following.gap or not word.folded.isdecimal():
                return None
            is_ordinal = following.folded in self._say.numbers.ordinal_endings
            return int(word.folded[:9]) if is_ordinal else None
        return self.ordinal_word(at)

    def may_open(self, folded: str) -> bool:
        """Whether a number, an article before one or an ordinal may begin with a word."""
        ordinals = self._say.ordinals
        return (
            folded in self._say.openers
            or folded in ordinals
            or (folded[-1:] == "s" and folded.removesuffix("s") in ordinals)
        )

    def ordinal_word(self, at: int) -> int | None:
        """Return what an ordinal in letters stands for."""
        word, ordinals = self._words[at].folded, self._say.ordinals
        return ordinals.get(word) or ordinals.get(word.removesuffix("s"))

    def spelled(self) -> Iterator[tuple[Span, int]]:
        """Yield the whole numbers that are written in letters, in order, with what they stand for.

        Neither fractions nor rough ones ("une dizaine"), nor "un" and "one" alone.
        """
        at, openers = 0, self._say.openers
        while at < len(self._words):
            word = self._words[at]
            is_number = word.kind == "number"
            numeral = self.at(at) if is_number or word.folded in openers else None
            if numeral is None:
                at += 1
                continue
            is_exact = not numeral.is_fraction and not numeral.is_rough
            if not is_number and is_exact and numeral.value is not None:
                span = Span(self._words[at].start, self._words[numeral.end - 1].end)
                if numeral.value.is_integer():
                    yield span, int(numeral.value)
            at = numeral.end

    def _read(self, at: int) -> Numeral | None:
        word = self._words[at]
        if word.is_number:
            return self._with_scale(Numeral(at, at + 1, digits_value(word.folded)))
        if not word.is_word or word.folded not in self._say.openers:
            return None
        if word.folded in self._say.bare_articles and self._folded(at + 1) not in (
            self._say.numbers.fractions
        ):
            return None
        return self._fraction(at) or self._collective(at) or self._spelled(at) or self._plural(at)

    def _continues(self, at: int) -> bool:
        return (
            at < len(self._words) and self._words[at].is_word and self._words[at].gap in (" ", "-")
        )

    def _folded(self, at: int) -> str:
        return self._words[at].folded if at < len(self._words) else ""

    def _with_scale(self, numeral: Numeral) -> Numeral:
        words, numbers = self._words, self._say.numbers
        at, value = numeral.end, numeral.value
        while value is not None and at < len(words) and words[at].is_word:
            word = words[at]
            is_tight = word.gap == "" and word.folded in _TIGHT_SCALES
            scale = _TIGHT_SCALES[word.folded] if is_tight else numbers.scales.get(word.folded)
            if scale is None or not (is_tight or word.gap in (" ", "-")):
                break
            value *= scale
            at += 1
        if at == numeral.end and self._continues(at) and value is not None:
            denominator = numbers.fractions.get(words[at].folded)
            is_counted = words[at].folded not in numbers.halves
            if denominator is not None and value < 10 and is_counted:
                return Numeral(numeral.first, at + 1, value * (1 / denominator), is_fraction=True)
        return numeral._replace(end=at, value=value)

    def _fraction(self, at: int) -> Numeral | None:
        numbers, word = self._say.numbers, self._words[at].folded
        if word in numbers.halves:
            return Numeral(at, at + 1, 1 / numbers.fractions[word], is_fraction=True)
        if not self._continues(at + 1):
            return None
        following = self._folded(at + 1)
        if following not in numbers.fractions or following in numbers.halves:
            return None
        share = 1 / numbers.fractions[following]
        if word in numbers.articles:
            is_one = following in ("third", "quarter", "tiers", "quart") and (
                self._folded(at + 2) in ("of", "de", "des", "du", "d", "le", "la", "les")
            )
            return Numeral(at, at + 2, share, is_fraction=True) if is_one else None
        value = self._say.units.get(word)
        if value is None or not 1 < value < 10:
            return None
        return Numeral(at, at + 2, value * share, is_fraction=True)

    def _collective(self, at: int) -> Numeral | None:
        numbers, word = self._say.numbers, self._words[at].folded
        if word not in _COLLECTING or not self._continues(at + 1):
            return None
        following = self._folded(at + 1)
        if following in numbers.collectives:
            is_rough = following not in numbers.exact_collectives
            value = float(numbers.collectives[following])
            return Numeral(at, at + 2, value, is_rough=is_rough)
        if word != "une" and (following == "hundred" or following in numbers.scales):
            rest = self._spelled(at + 1)
            if rest is not None and rest.value is not None:
                return rest._replace(first=at)
            return Numeral(at, at + 2, float(numbers.scales.get(following, 100)))
        return None

    def _plural(self, at: int) -> Numeral | None:
        """Return "dizaines", "thousands", which say no number."""
        if self._words[at].folded in self._say.numbers.plural_collectives:
            return Numeral(at, at + 1, None, is_rough=True)
        return None

    def _spelled(self, at: int) -> Numeral | None:
        """Return a number in words: "quatre-vingt-dix-sept mille", "two hundred and five"."""
        words, numbers = self._words, self._say.numbers
        total, current, end, size = 0.0, 0.0, at, 0
        position = at
        while position < len(words) and words[position].is_word:
            word = words[position]
            if position > at and word.gap not in (" ", "-"):
                break
            folded = word.folded
            if folded in _JOINING and size:
                if not self._joins(position, current or total):
                    break
                position += 1
                continue
            following = self._next_value(folded, current, total, is_first=size == 0)
            if following is None:
                break
            current, total = following
            size += 1
            position += 1
            end = position
            if folded in numbers.collectives:
                break
        if size == 0 or (size == 1 and words[at].folded in numbers.ones):
            return None
        return self._with_scale(Numeral(at, end, total + current))

    def _joins(self, at: int, value: float) -> bool:
        """Whether "et" or "and" stands inside a number."""
        if not self._continues(at + 1):
            return False
        following = self._folded(at + 1)
        if self._folded(at) == "et":
            return following in ("un", "une", "onze") and value % 100 in (20, 30, 40, 50, 60, 70)
        is_number = following in self._say.units or following in self._say.numbers.tens
        return value >= 100 and value % 100 == 0 and is_number

    def _next_value(
        self, word: str, current: float, total: float, *, is_first: bool
    ) -> tuple[float, float] | None:
        """Return the number with one more word, ``None`` where the word does not continue it."""
        numbers, units = self._say.numbers, self._say.units
        is_free = is_first or (current % 100 == 0 and current + total > 0)
        if word in units:
            is_next = is_free or _may_add(current % 100, units[word])
            return (current + units[word], total) if is_next else None
        if word in numbers.tens:
            if word in ("vingt", "vingts") and current % 100 == 4:
                return current + 76, total
            return (current + numbers.tens[word], total) if is_free else None
        if word in numbers.hundreds:
            return (max(current, 1.0) * 100, total) if current < 100 else None
        if word in numbers.collectives and 1 < current < 20 and not total:
            return current * numbers.collectives[word], total
        return self._scaled(word, current, total, is_first=is_first)

    def _scaled(
        self, word: str, current: float, total: float, *, is_first: bool
    ) -> tuple[float, float] | None:
        numbers = self._say.numbers
        scale = numbers.scales.get(word)
        if scale is None or word == "bn" or (is_first and word not in numbers.bare_scales):
            return None
        if current == 0 and total:
            return (0.0, total * scale) if total < scale else None
        return 0.0, total + max(current, 1.0) * scale


def _may_add(rest: float, unit: int) -> bool:
    """Whether a number that ends on ``rest`` goes on with ``unit``: "soixante" with "douze"."""
    if rest in (10, 70, 90) and 7 <= unit <= 9:
        return True
    if rest in (60, 80) and 10 <= unit < 20:
        return True
    return rest >= 20 and rest % 10 == 0 and 0 < unit < 10
