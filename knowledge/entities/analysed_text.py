"""A text read once: its words, sentences, numbers, dates, quantities and names."""

from __future__ import annotations

from functools import cached_property, lru_cache

from knowledge.entities.dates import read_dates
from knowledge.entities.gazetteer import NameMatch, TokenPlaces, find_names
from knowledge.entities.known_words import TextWords, words_in
from knowledge.entities.names import read_names
from knowledge.entities.numerals import Numerals
from knowledge.entities.quantities import read_quantities
from knowledge.entities.values import DateEntity, NamedEntity, QuantityEntity
from knowledge.entities.words import Word, words_of
from knowledge.model import Span
from knowledge.text.sentences import sentences
from knowledge.text.tokens import Token, is_stop_word

__all__ = ["AnalysedText", "analysed"]

_REMEMBERED = 1_024
"""Texts that are kept: the paragraphs of most articles while they are indexed, and what dozens of
questions bring up; some 50 kB for a paragraph of 100 words."""


class AnalysedText:
    """A text with what is read in it, each at most once, when it is first asked for.

    ``language``: ISO 639-1, ``None`` where it cannot be told: words then mean what they mean in
    any language that is known.
    """

    def __init__(self, text: str, language: str | None = None) -> None:
        self.text = text
        self.language = language

    @cached_property
    def known_words(self) -> TextWords:
        """Its words in order, with what is known of them in its language."""
        return words_in(self.text, self.language)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Its words in order."""
        words, _, spans = self.known_words
        return tuple(
            Token(word.folded, word.lower, *span) for word, span in zip(words, spans, strict=True)
        )

    @cached_property
    def content_words(self) -> tuple[Token, ...]:
        """Those of its words that are no function words of its language."""
        return tuple(
            token
            for token in self.tokens
            if not is_stop_word(token.folded, self.language, lower=token.lower)
        )

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Its sentences, see ``knowledge.text.sentences.sentences``."""
        return sentences(self.text)

    def sentence_at(self, place: Span) -> Span:
        """Return the sentence that ``place`` begins in."""
        return next((s for s in self.sentences if s.start <= place.start < s.end), place)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Its words, numbers and signs, as entities are read in them."""
        return words_of(self.text)

    @cached_property
    def numerals(self) -> Numerals:
        """Its numbers, in digits and in words."""
        return Numerals(self.words, self.language)

    @cached_property
    def known_names(self) -> tuple[NameMatch, ...]:
        """The names in it that the gazetteer knows."""
        _, folded, spans = self.known_words
        return find_names(self.text, TokenPlaces(folded, spans))

    @cached_property
    def dates(self) -> tuple[DateEntity, ...]:
        """The dates that it says, in order, not overlapping."""
        return read_dates(self.text, self.words, self.numerals, self.known_names)

    @cached_property
    def quantities(self) -> tuple[QuantityEntity, ...]:
        """The quantities that it says, in order, not overlapping."""
        return read_quantities(self.words, self.numerals, self.dates)

    @cached_property
    def names(self) -> tuple[NamedEntity, ...]:
        """The proper names in it, in order, not overlapping."""
        return read_names(self.text, self.words, self.known_names)


@lru_cache(maxsize=_REMEMBERED)
def analysed(text: str, language: str | None = None) -> AnalysedText:
    """Return a text with what is read in it, the same object while it is kept."""
    return AnalysedText(text, language)
