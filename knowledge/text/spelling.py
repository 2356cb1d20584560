"""Nearest words of the index for a word that it does not have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.languages import vocabulary
from knowledge.text.tokens import has_digit

__all__ = ["Speller", "Suggestion", "allowed_typos"]

_MAX_SUGGESTIONS = 3


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


class Speller:
    """Corrects words against a vocabulary of folded words.

    Distance is optimal string alignment: insertions, deletions, substitutions and transpositions
    of neighbours count one each.
    """

    def __init__(self, vocabulary: Iterable[tuple[str, int]]) -> None:
        """``vocabulary``: words, each with the number of passages that have it."""
        self._passages = {word: passages for word, passages in vocabulary if not has_digit(word)}
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in self._passages:
            self._by_length[len(word)].append(word)

    def suggest(self, word: str) -> tuple[Suggestion, ...]:
        """Return the nearest words within the typos that ``word`` is allowed, at most three.

        All are at the same distance; those with the same first letter come first, then the
        more frequent. None where a function word is nearer, or is the word with letters swapped:
        that was meant.
        """
        typos = allowed_typos(word)
        if not typos:
            return ()
        near = [
            (candidate, int(distance))
            for length in range(len(word) - typos, len(word) + typos + 1)
            for candidate, distance, _ in process.extract(
                word,
                self._by_length.get(length, ()),
                scorer=OSA.distance,
                score_cutoff=typos,
                limit=None,
            )
        ]
        if not near:
            return ()
        best = min(distance for _, distance in near)
        if _is_misspelt_stop_word(word, best):
            return ()
        nearest = [candidate for candidate, distance in near if distance == best]
        nearest.sort(key=lambda w: (w[0] != word[0], -self._passages[w], w))
        return tuple(Suggestion(candidate, best) for candidate in nearest[:_MAX_SUGGESTIONS])


@cache
def _stop_words() -> list[str]:
    return sorted(vocabulary().function_words.words)


def _is_misspelt_stop_word(word: str, typos: int) -> bool:
    near = process.extract(word, _stop_words(), scorer=OSA.distance, score_cutoff=typos, limit=None)
    return any(
        distance < typos or sorted(stop_word) == sorted(word) for stop_word, distance, _ in near
    )
