"""Words of a text: where they stand, how they are folded and stemmed."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol, cast

import snowballstemmer  # pyright: ignore[reportMissingTypeStubs]

from knowledge.languages import is_function_word
from knowledge.model import Span

__all__ = [
    "Token",
    "fold",
    "has_digit",
    "is_number",
    "is_stop_word",
    "parted",
    "read_word",
    "stems",
    "tokenize",
]

_SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

# Scripts that write no space between words are indexed by overlapping pairs of characters.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
)
# Vowel signs and accents that follow their letter: parts of words that ``\w`` leaves out.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09d7"
    "\u0a01-\u0a03\u0a3c-\u0a51\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57"
    "\u0b82\u0bbe-\u0bd7\u0c00-\u0c04\u0c3c-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6"
    "\u0d00-\u0d03\u0d3b-\u0d57\u0d81-\u0d83\u0dca-\u0df3"
)
# Where a word may be parted at the end of a line: it shows nothing, and the word goes on.
_SOFT_HYPHEN = "\u00ad"
# Exponents and marks of notes, which are no digits of what they stand behind.
_RAISED = "⁰¹²³⁴-⁹"
_NOTE_LETTERS = "ᵃᵇᶜᵈ"
_DIGIT_GROUP_SEPARATORS = " \u00a0\u202f\u2009.,'’"
_NUMBER_END = rf"(?![^\W{_RAISED}{_NOTE_LETTERS}])"
_LATIN = "a-zA-Z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_WORD = re.compile(
    rf"""
    [{_LATIN}]++(?![^\W_]|[{_MARKS}{_SOFT_HYPHEN}])  # most words, quickly: as the last but one
    | (?<!\w)\d{{1,3}}(?:([{_DIGIT_GROUP_SEPARATORS}])\d{{3}})(?:\1\d{{3}})*{_NUMBER_END}  # 10 933
    | \d+[.,]\d+{_NUMBER_END}                                                            # 2,5
    | \d+(?=[{_NOTE_LETTERS}](?!\w))
    | [{_UNSPACED}]+
    | (?:(?![{_UNSPACED}{_RAISED}])[^\W_][{_MARKS}{_SOFT_HYPHEN}]*)+
      (?:(?<![^\W_]{{3}})(?<!\d)[²³](?!\w))?                                       # m², cm³
    | [{_RAISED}]+
    """,
    re.VERBOSE,
)
_UNSPACED_RUN = re.compile(rf"[{_UNSPACED}]{{3,}}")
_GROUPED = re.compile(rf"\d{{1,3}}(?:[{_DIGIT_GROUP_SEPARATORS}]\d{{3}})+")
MAX_WORD_CHARACTERS = 200
"""Of a word that counts: SQLite cuts a term of more than 32,768 bytes inside a character, and no
word that people write is nearly as long."""

_REMEMBERED = 100_000
"""Words that are kept as they were read: those of a large index recur, and few are rarer."""

_LETTERS = {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i"}


class Token(NamedTuple):
    """A word of a text: its folded form, its spelling in lower case, and where it stands."""

    folded: str
    lower: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


def fold(text: str) -> str:
    """Return ``text`` in lower case without accents, ligatures and soft hyphens (NFKD, marks
    removed).

    Case is folded after the decomposition, which gives capitals ("ℍ" is "H"), and what that gives
    is decomposed again, as Unicode's own folding by compatibility does.
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = (c for c in decomposed if c != _SOFT_HYPHEN and not unicodedata.combining(c))
    return "".join(_LETTERS.get(c, c) for c in kept)


def is_number(word: str) -> bool:
    """Whether a folded word starts with a digit ("2023", "10933", "8e"): it has no stem."""
    return word[:1].isdigit()


def has_digit(word: str) -> bool:
    """Whether a word has a digit anywhere ("2023", "8e", "covid19")."""
    return any(character.isdigit() for character in word)


@lru_cache(maxsize=_REMEMBERED)
def is_stop_word(folded: str, language: str | None, *, lower: str = "") -> bool:
    """Whether a word carries no content in ``language`` (``None``: any known).

    ``lower`` is the word as written, in lower case: where it has accents, they count ("maïs" is
    not "mais").
    """
    return is_function_word(folded, language, lower)


def tokenize(text: str) -> Iterator[Token]:
    """Yield the words of ``text`` in order.

    Words are split at apostrophes (so that elided articles come off) and hyphens; a number
    written with separated thousands is one word of its digits alone ("10 933" gives ``10933``);
    scripts without spaces give overlapping pairs of characters. Of an endless word its first
    ``MAX_WORD_CHARACTERS`` count; its span is all of it.
    """
    for written, (start, end) in zip(*parted(text), strict=True):
        folded, lower = read_word(written)
        if folded:
            yield Token(folded, lower, start, end)


def parted(text: str) -> tuple[Sequence[str], Sequence[tuple[int, int]]]:
    """Return the words of ``text`` as they are written, the first ``MAX_WORD_CHARACTERS`` of each,
    and from where to where each stands. Of some nothing is left when they are read."""
    spans = [match.span() for match in _WORD.finditer(text)]
    if not text.isascii() and _UNSPACED_RUN.search(text):
        spans = [part for span in spans for part in _pairs(text, *span)]
    return [text[start:end][:MAX_WORD_CHARACTERS] for start, end in spans], spans


def _pairs(text: str, start: int, end: int) -> Sequence[tuple[int, int]]:
    """Return where the pairs are in a run of characters that no space parts, else the word."""
    if _UNSPACED_RUN.fullmatch(text, start, end):
        return [(at, at + 2) for at in range(start, end - 1)]
    return [(start, end)]


@lru_cache(maxsize=_REMEMBERED)
def read_word(written: str) -> tuple[str, str]:
    """Return a word folded, "" where nothing of it is left, and in lower case."""
    folded = _number(written) if written[0].isdigit() else _joined(fold(written))
    return folded[:MAX_WORD_CHARACTERS], _lower(written) if folded else ""


def _lower(word: str) -> str:
    """Return a word in lower case; styled letters ("𝐖𝐡𝐨") are those that they stand for."""
    word = word.replace(_SOFT_HYPHEN, "")
    if word.isascii() or unicodedata.is_normalized("NFKC", word):
        return word.lower()
    lower = _joined(unicodedata.normalize("NFKC", word).lower())
    return lower[:MAX_WORD_CHARACTERS] or word.lower()


def _joined(word: str) -> str:
    """Return a word without the spaces and signs that decomposition gave ("ﷺ" is four words)."""
    if word.isalnum():
        return word
    return "".join(c for c in word if c.isalnum() or not c.isascii())


def _number(word: str) -> str:
    if _GROUPED.fullmatch(word):
        return "".join(c for c in fold(word) if c.isdigit())
    return fold(word).replace(",", ".").replace(" ", "")


_stemmers = threading.local()  # a Snowball stemmer keeps the word that it works on in itself


def _stem(word: str, language: str) -> str:
    algorithm = _SNOWBALL.get(language)
    if algorithm is None:
        return word
    stemmer: _Stemmer | None = getattr(_stemmers, algorithm, None)
    if stemmer is None:
        stemmer = cast(_Stemmer, snowballstemmer.stemmer(algorithm))  # pyright: ignore[reportUnknownMemberType]
        setattr(_stemmers, algorithm, stemmer)
    return stemmer.stemWord(word) or word  # of some words nothing would be left


class _Stemmer(Protocol):
    """What is used of snowballstemmer, which carries no types."""

    def stemWord(self, word: str) -> str:  # noqa: N802
        """Return the stem of a word in lower case."""
        ...


def stems(token: Token, language: str) -> tuple[str, ...]:
    """Return the index terms of a word: its Snowball stem with and without its accents.

    Members leave accents out and Snowball's French rules depend on them, so that both readings
    are kept: the folded stem of the word as spelled, and the stem of the folded word. One term
    where they agree, where ``language`` has no stemmer, and for numbers.
    """
    if is_number(token.folded):
        return (token.folded,)
    return _stems(token.folded, token.lower, language)


_UNACCENTED_PARTICIPLE = re.compile(r"(?<=\w\w)ees?$")  # "exportees", where Snowball wants "ées"


@lru_cache(maxsize=2 * _REMEMBERED)
def _stems(folded: str, lower: str, language: str) -> tuple[str, ...]:
    stem = _stem(lower, language)
    spelled = _joined(fold(stem)) or folded
    plain = folded
    if language == "fr" and folded.endswith(("ee", "ees")):
        plain = _UNACCENTED_PARTICIPLE.sub("e", folded)
    bare = stem if plain == lower else _stem(plain, language)
    return (spelled,) if spelled == bare else (spelled, bare)
