"""Nearest words of the index for a word that it does not have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.languages import vocabulary
from knowledge.text.tokens import has_digit

__all__ = ["Speller", "Suggestion", "allowed_typos"]

_MAX_SUGGESTIONS = 3
_BITS = 32


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word of the index and its distance in typos from what was written."""

    word: str
    typos: int


def allowed_typos(word: str) -> int:
    """Return how many typos a word may have: none to 4 letters, one to 8, two beyond; none in
    words with digits (the rules of Meilisearch and Typesense)."""
    if len(word) <= 4 or has_digit(word):
        return 0
    return 1 if len(word) <= 8 else 2


@dataclass(frozen=True, slots=True)
class Speller:
    """Corrects words against a vocabulary of folded words. Never changes.

    ``passages``: how many passages have each word of the vocabulary. Distance is optimal string
    alignment: insertions, deletions, substitutions and transpositions of neighbours count one each.
    """

    passages: Mapping[str, int]
    _by_length: Mapping[int, _Words]

    @classmethod
    def of(cls, vocabulary: Iterable[tuple[str, int]]) -> Speller:
        """Return the speller of words, each with the number of passages that have it. Those with
        digits are never suggested."""
        passages = dict(vocabulary)
        by_length = {length: _Words.of(words) for length, words in _by_length(passages).items()}
        return cls(passages, by_length)

    def changed(self, passages: Mapping[str, int]) -> Speller:
        """Return the speller of the same vocabulary, but that these words have other numbers of
        passages; one of 0 is not in it."""
        new = [word for word, number in passages.items() if number and word not in self.passages]
        gone = [word for word, number in passages.items() if not number and word in self.passages]
        after = {**self.passages, **passages}
        for word, number in passages.items():
            if not number:
                del after[word]
        by_length = dict(self._by_length)
        new_by_length, gone_by_length = _by_length(new), _by_length(gone)
        for length in {*new_by_length, *gone_by_length}:
            known = by_length.get(length, _NO_WORDS)
            by_length[length] = known.changed(
                gone_by_length.get(length, ()), new_by_length.get(length, ())
            )
        return Speller(after, by_length)

    def suggest(self, word: str) -> tuple[Suggestion, ...]:
        """Return the nearest words within the typos that ``word`` is allowed, at most three.

        All are at the same distance; those with the same first letter come first, then the
        more frequent. None where a function word is nearer, or is the word with letters swapped:
        that was meant.
        """
        typos = allowed_typos(word)
        if not typos:
            return ()
        [letters] = _letters([word])
        near: list[tuple[str, int]] = []
        for most in range(1, typos + 1):  # most have one, and words near by two are many more
            near = near or self._near(word, letters, most)
        if not near:
            return ()
        best = min(distance for _, distance in near)
        if _is_misspelt_stop_word(word, best):
            return ()
        nearest = [candidate for candidate, distance in near if distance == best]
        nearest.sort(key=lambda w: (w[0] != word[0], -self.passages[w], w))
        return tuple(Suggestion(candidate, best) for candidate in nearest[:_MAX_SUGGESTIONS])

    def _near(self, word: str, letters: np.uint32, typos: int) -> list[tuple[str, int]]:
        """Return the words that are at most so many typos from ``word``, which has ``letters``, and
        how many."""
        return [
            (candidate, int(distance))
            for length in range(len(word) - typos, len(word) + typos + 1)
            if length in self._by_length
            for candidate, distance, _ in process.extract(
                word,
                self._by_length[length].with_like(letters, typos),
                scorer=OSA.distance,
                score_cutoff=typos,
                limit=None,
            )
        ]


@dataclass(frozen=True, slots=True)
class _Words:
    """Words of one length, and which letters each has: see ``_letters``."""

    words: Sequence[str]
    letters: NDArray[np.uint32]

    @classmethod
    def of(cls, words: Sequence[str]) -> _Words:
        return cls(words, _letters(words))

    def with_like(self, letters: np.uint32, typos: int) -> list[str]:
        """Return the words that lack at most so many of some letters and have at most so many
        further ones. None nearer is left out: a typo takes one letter and brings one at most.
        """
        different = np.bitwise_count(self.letters ^ letters)
        near = np.flatnonzero(different <= 2 * typos)  # few, and quickly: all are looked through
        own = self.letters[near]
        missing, further = np.bitwise_count(letters & ~own), np.bitwise_count(own & ~letters)
        places: list[int] = near[(missing <= typos) & (further <= typos)].tolist()
        return [self.words[place] for place in places]

    def changed(self, gone: Collection[str], new: Sequence[str]) -> _Words:
        """Return these words without those that are ``gone``, and with ``new`` ones."""
        words, letters = self.words, self.letters
        if gone:
            among = frozenset(gone)
            kept = [at for at, word in enumerate(words) if word not in among]
            words, letters = [words[at] for at in kept], letters[kept]
        if new:
            words, letters = [*words, *new], np.concatenate((letters, _letters(new)))
        return _Words(words, letters)


_NO_WORDS = _Words((), np.zeros(0, dtype=np.uint32))


def _by_length(words: Iterable[str]) -> dict[int, list[str]]:
    """Return the words that may be suggested, by their length."""
    by_length: dict[int, list[str]] = defaultdict(list)
    for word in words:
        if word and (word.isalpha() or not has_digit(word)):
            by_length[len(word)].append(word)
    return by_length


def _letters(words: Sequence[str]) -> NDArray[np.uint32]:
    """Return the letters of words of one length as sets of 32 bits: those from a to z have one
    each, which letters of other scripts share."""
    length = len(words[0])
    characters = np.array(words, dtype=f"U{length}").view(np.uint32).reshape(len(words), length)
    bits = np.left_shift(np.uint32(1), characters % np.uint32(_BITS))
    return np.bitwise_or.reduce(bits, axis=1)


@cache
def _stop_words() -> list[str]:
    return sorted(vocabulary().function_words.words)


def _is_misspelt_stop_word(word: str, typos: int) -> bool:
    near = process.extract(word, _stop_words(), scorer=OSA.distance, score_cutoff=typos, limit=None)
    return any(
        distance < typos or sorted(stop_word) == sorted(word) for stop_word, distance, _ in near
    )
