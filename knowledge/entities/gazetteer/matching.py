"""Finding the gazetteer's names in a text: the longest name at each word, where its rules hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from knowledge.entities.gazetteer.lexicon import (
    FIRST_NON_LATIN,
    Lexicon,
    Name,
    Rule,
    bare_arabic,
    load_lexicon,
)
from knowledge.languages import vocabulary
from knowledge.model import Span
from knowledge.text.tokens import fold

__all__ = ["NameMatch", "TokenPlaces", "find_names", "may_name"]

_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_LATIN = "a-zA-Z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_WORD = re.compile(
    rf"[{_LATIN}]++(?![^\W_]|[\u0300-\u036f\u064b-\u0652])|"  # most words, quickly: as the last
    rf"(?P<run>[{_UNSPACED}]+(?:\ [{_UNSPACED}]+)*)|[^\W_{_UNSPACED}\u02bc][^\W_{_UNSPACED}\u02bc"
    r"\u0300-\u036f\u064b-\u0652]*(?:[\u0300-\u036f\u064b-\u0652]+[^\W_"
    rf"{_UNSPACED}\u02bc]*)*"
)
_FIRST_ARABIC, _FIRST_UNSPACED = "\u0600", "\u3040"
# Text of which both make the same words, with the same spans: Latin without the letters and figures
# that decompose into more than letters, and without numbers that have a sign inside.
_IS_READ_ALIKE = re.compile(
    "(?:[\x00-/:-\xa9\xab\xac\xae-\xb1\xb4-\xb8\xbb\xbf-\u013e\u0141-\u0148\u014a-\u024f"
    "\u2009-\u2027\u202f\u20ac]++|[0-9]++(?![ \u00a0\u202f\u2009.,'’][0-9]))*+"
)
_GAP = re.compile(r"[\s\-‐‑–.,&'’ʼ·/(]{1,3}")

# What a name's own words may stand apart by, and the words before months and abbreviations.
_ARTICLES = frozenset("l la le les aux the los las el il gli die den der das dem lo os as".split())
_CLEAR_ARTICLES = frozenset({"l", "the", "die", "der"})  # not "il": "y a-t-il eu"
_MONTH_PREPOSITIONS = frozenset(
    """
    en fin debut mi courant depuis mois jusqu in since last next until till early late mid during
    this by of im seit ende anfang mitte bis de desde hasta em dal fino vanaf sinds eind begin
    do od w we mes mese mes maand monat
    """.split()
)
_ARABIC_PROCLITICS = re.compile("^(?:[وف]?(?:لل|[بكل]?ال)|[وف]?[بكل]|[وف])")
_DAY_OR_YEAR = re.compile(r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|er|e|o)?|1\d{3}|20\d{2}")


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A name in a text.

    ``concept``: what it names, in ASCII: "kp", "un", "month6" (ISO 3166 alpha-2 in lower case
    for countries and territories). ``is_metonym``: whether it names a capital, a seat of power
    or a nickname that stands for the concept.
    """

    span: Span
    concept: str
    is_metonym: bool


class TokenPlaces(NamedTuple):
    """The tokens of a text as ``knowledge.text.tokens`` parts it: each ``folded``, and from where
    to where it stands."""

    folded: Sequence[str]
    spans: Sequence[tuple[int, int]]


class _Words:
    """The words of a text, folded; of text without spaces between words, a whole run of it.

    ``tokens``: those of the text, if it is parted already.
    """

    __slots__ = ("_runs", "_spans", "folded", "text")

    def __init__(self, text: str, tokens: TokenPlaces | None = None) -> None:
        self.text = text
        self.folded: Sequence[str]
        self._spans: Sequence[tuple[int, int]]
        self._runs: frozenset[int] = frozenset()
        if tokens is not None and _IS_READ_ALIKE.fullmatch(text):
            self.folded, self._spans = tokens
        else:
            matches = list(_WORD.finditer(text))
            self.folded = [_fold_word(match[0]) for match in matches]
            self._spans = [match.span() for match in matches]
            if not text.isascii():
                self._runs = frozenset(
                    at for at, match in enumerate(matches) if match.lastgroup is not None
                )

    def __len__(self) -> int:
        return len(self.folded)

    def start(self, at: int) -> int:
        return self._spans[at][0]

    def end(self, at: int) -> int:
        return self._spans[at][1]

    def is_run(self, at: int) -> bool:
        return at in self._runs

    def is_capitalised(self, at: int) -> bool:
        return self.text[self.start(at)].isupper()

    def between(self, before: int, after: int) -> str:
        """Return what stands between two words that follow each other."""
        return self.text[self.end(before) : self.start(after)]


@lru_cache(maxsize=50_000)
def _fold_word(word: str) -> str:
    if word >= _FIRST_UNSPACED:
        return word
    folded = "".join(c for c in fold(word) if c.isalnum()) or word
    return bare_arabic(folded) if folded >= _FIRST_ARABIC else folded


def find_names(text: str, tokens: TokenPlaces | None = None) -> tuple[NameMatch, ...]:
    """Return the names in ``text``, in order, the longest at each place, never overlapping.

    Case, accents, hyphens and apostrophes do not matter, unless a word is a name only as spelled.
    Works on any text; about 20 µs for a question. The first call reads the tables. With its
    ``tokens``, most texts are not parted into words once more.
    """
    latin = load_lexicon(is_latin=True)
    may_begin = latin.longest
    words = _Words(text, tokens)
    found: list[NameMatch] = []
    taken = 0
    for at in [
        at
        for at, folded in enumerate(words.folded)
        if folded in may_begin or folded >= FIRST_NON_LATIN
    ]:
        folded = words.folded[at]
        is_latin = folded < FIRST_NON_LATIN
        if at < taken or (is_latin and not _may_name(latin, words.folded, at)):
            continue
        lexicon = latin if is_latin else load_lexicon(is_latin=False)
        if folded not in lexicon.longest and folded < _FIRST_ARABIC:
            continue
        if words.is_run(at):
            found += _in_run(words, at, lexicon)
            continue
        match = _at_word(words, at, lexicon)
        if match is not None:
            name, count = match
            taken = at + count
            if name.concept:
                span = Span(words.start(at), words.end(taken - 1))
                found.append(NameMatch(span, name.concept, name.is_metonym))
    return tuple(found)


# Text whose words, but for numbers, are the same here as for ``knowledge.text.tokens``.
_PLAIN = re.compile("[\x00-\xa9\xab\xac\xae-\xb1\xb4-\xb8\xbb-\u024f\u2009-\u2027\u202f\u20ac]*")


def may_name(text: str, folded: Sequence[str]) -> bool:
    """Whether ``text`` may have a name in it, told quickly from its words, folded (the tokens of
    ``knowledge.text.tokens``); where it may not, ``find_names`` finds none."""
    if _PLAIN.fullmatch(text) is None:
        return True
    latin = load_lexicon(is_latin=True)
    longest = latin.longest
    return any(word in longest and _may_name(latin, folded, at) for at, word in enumerate(folded))


def _may_name(latin: Lexicon, folded: Sequence[str], at: int) -> bool:
    """Whether the word at a place is a name, or it and the next one begin one."""
    word = folded[at]
    return word in latin.words or (
        at + 1 < len(folded) and f"{word} {folded[at + 1]}" in latin.beginnings
    )


def _at_word(words: _Words, at: int, lexicon: Lexicon) -> tuple[Name, int] | None:
    """Return the longest name that starts at a word, and how many words it takes."""
    first = words.folded[at]
    longest = lexicon.longest.get(first)
    if longest is None:
        first = _without_proclitics(first, lexicon)
        longest = lexicon.longest.get(first, 0)
    if longest > 1 and (
        at + 1 == len(words) or f"{first} {words.folded[at + 1]}" not in lexicon.beginnings
    ):
        longest = 1
    for count in range(_joined(words, at, longest), 0, -1):
        key = " ".join([first, *words.folded[at + 1 : at + count]])
        name = lexicon.words.get(key)
        if name is not None and (not name.rules or _holds(name, words, at, count)):
            return name, count
    return None


def _joined(words: _Words, at: int, longest: int) -> int:
    """Return how many words, at most ``longest``, follow each other within one phrase."""
    count = 1
    while count < longest and at + count < len(words) and not words.is_run(at + count):
        if not _GAP.fullmatch(words.text, words.end(at + count - 1), words.start(at + count)):
            break
        count += 1
    return count


def _without_proclitics(word: str, lexicon: Lexicon) -> str:
    match = _ARABIC_PROCLITICS.match(word)
    if match is None:
        return word
    for end in range(1, match.end() + 1):
        if word[end:] in lexicon.longest:
            return word[end:]
    return word


def _holds(name: Name, words: _Words, at: int, count: int) -> bool:
    """Whether a name's rules hold where it stands."""
    rules = name.rules
    end = words.end(at + count - 1)
    written = words.text[words.start(at) : end]
    is_capitalised = words.is_capitalised(at + count - 1)
    previous = words.folded[at - 1] if at else ""
    return not (
        (rules & Rule.CAPITAL and not is_capitalised)
        or (rules & Rule.LOWER and is_capitalised)
        or (rules & Rule.UPPER and not written.isupper())
        or (rules & Rule.DOTTED and not (written.isupper() and written.count(".") == count - 1))
        or (rules & Rule.EXACT and written.lower() != name.spelling)
        or (rules & Rule.PREFIX and words.text[end : end + 1] not in {"-", "‑", "‐", "–"})
        or (rules & Rule.INSIDE and (at == 0 or not words.between(at - 1, at).isspace()))
        or (rules & Rule.APART and _is_beside_capital(words, at, count))
        or (rules & Rule.NUMBERED and not _is_dated(words, at, count))
        or (
            rules & Rule.DATED
            and previous not in _MONTH_PREPOSITIONS
            and not _is_dated(words, at, count)
        )
        or (rules & Rule.ABBREVIATION and not _is_abbreviation(written, previous))
    )


def _is_abbreviation(written: str, previous: str) -> bool:
    if written.isupper() or (len(written) > 3 and written[0].isupper()):
        return True
    return previous in (_ARTICLES if len(written) > 2 else _CLEAR_ARTICLES)


def _is_beside_capital(words: _Words, at: int, count: int) -> bool:
    function_words = vocabulary().function_words.words
    for here, before, after in ((at - 1, at - 1, at), (at + count, at + count - 1, at + count)):
        if not 0 <= here < len(words):
            continue
        word, gap = words.folded[here], words.between(before, after)
        is_adjoining = gap in {" ", "\u00a0"} or (gap == ". " and len(word) == 1)
        if is_adjoining and words.is_capitalised(here) and word not in function_words:
            return True
    return False


def _is_dated(words: _Words, at: int, count: int) -> bool:
    for near, step in ((at - 1, -1), (at + count, 1)):
        if 0 <= near < len(words) and words.folded[near] in {"de", "of", "del"}:
            near += step
        if 0 <= near < len(words) and _DAY_OR_YEAR.fullmatch(words.folded[near]):
            return True
    return False


def _in_run(words: _Words, at: int, lexicon: Lexicon) -> Iterator[NameMatch]:
    """Yield the names in text without spaces between words, wherever they stand."""
    run, offset = words.folded[at], words.start(at)
    start = 0
    if run[0] in "月월" and at and words.end(at - 1) == offset:
        month = words.folded[at - 1]
        if month.isdecimal() and 1 <= int(month) <= 12:
            span = Span(words.start(at - 1), offset + 1)
            yield NameMatch(span, f"month{int(month)}", is_metonym=False)
            start = 1
    after_name = 0
    while start < len(run):
        match = _at_character(run, start, after_name, lexicon)
        if match is None:
            start += 1
            continue
        name, length = match
        after_name = start + length
        if name.rules & Rule.PAIR:
            for i, concept in enumerate(name.concept.split("+")):
                span = Span(offset + start + i, offset + start + i + 1)
                yield NameMatch(span, concept, is_metonym=False)
        elif name.concept:
            yield NameMatch(
                Span(offset + start, offset + after_name), name.concept, name.is_metonym
            )
        start = after_name


def _at_character(
    run: str, start: int, after_name: int, lexicon: Lexicon
) -> tuple[Name, int] | None:
    longest = lexicon.longest_run.get(run[start], 0)
    before = run[start - 1 : start]
    if _is_hangul(run[start]) and _is_hangul(before) and start != after_name:
        return None  # within a Korean word; particles follow names, nothing precedes them
    for length in range(min(longest, len(run) - start), 0, -1):
        name = lexicon.runs.get(run[start : start + length])
        if name is None:
            continue
        end = start + length
        cuts_katakana = (_is_katakana(run[start]) and _is_katakana(before)) or (
            _is_katakana(run[end - 1]) and _is_katakana(run[end : end + 1])
        )
        if not cuts_katakana:
            return name, length
    return None


def _is_hangul(character: str) -> bool:
    return "\uac00" <= character <= "\ud7af"


def _is_katakana(character: str) -> bool:
    return "\u30a1" <= character <= "\u30fa" or character == "ー"
