"""The words of a text, each read once for all texts of its language: those of an index recur."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from knowledge.entities.numerals import tells_number
from knowledge.text.tokens import Token, is_stop_word, parted, read_word, stems

__all__ = ["KnownWord", "TextWords", "words_in"]

_REMEMBERED = 200_000
"""Words that are kept, of all languages together: few of a large index are rarer."""


class KnownWord(NamedTuple):
    """A word of a language.

    ``folded``, ``lower``: see ``Token``. ``terms``: what the index finds it by, none where it
    carries no content. ``tells_number``: whether a text with it may write a number in letters.
    """

    folded: str
    lower: str
    terms: tuple[str, ...]
    tells_number: bool


class TextWords(NamedTuple):
    """The words of a text in order, each of them ``folded``, and from where to where it stands."""

    words: Sequence[KnownWord]
    folded: Sequence[str]
    spans: Sequence[tuple[int, int]]


class _Table(dict[str, KnownWord]):
    """The words of a language as they are written, each read when it is first asked for."""

    def __init__(self, language: str | None) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, written: str) -> KnownWord:
        folded, lower = read_word(written)
        is_function = is_stop_word(folded, self._language, lower=lower)
        token = Token(folded, lower, 0, len(lower))
        terms = () if is_function else stems(token, self._language or "")
        word = KnownWord(folded, lower, terms, tells_number(folded, self._language))
        if sum(map(len, _tables.values())) >= _REMEMBERED:
            for table in list(_tables.values()):
                table.clear()
        self[written] = word
        return word


_tables: dict[str | None, _Table] = {}


def words_in(text: str, language: str | None) -> TextWords:
    """Return the words of a text, as ``knowledge.text.tokens.tokenize`` parts it."""
    table = _tables.get(language) or _tables.setdefault(language, _Table(language))
    written, spans = parted(text)
    words = [*map(table.__getitem__, written)]
    folded = [word[0] for word in words]
    if "" in folded:
        kept = [at for at, word in enumerate(folded) if word]
        words, spans = [words[at] for at in kept], [spans[at] for at in kept]
        folded = [word[0] for word in words]
    return TextWords(words, folded, spans)
