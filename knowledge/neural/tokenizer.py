"""Text to numbered subword tokens, each with the characters that it covers.

A unigram model (Kudo, "Subword Regularization", 2018) as SentencePiece trains it: of all ways to
cut a word into known tokens, the most probable. A space is part of the word that follows it, as
``▁``; a character that no token has is one unknown token.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from knowledge.model import Span

__all__ = ["SubwordTokenizer"]

_SPACE = "▁"
_CACHED_WORDS = 50_000


class SubwordTokenizer:
    """Cuts texts. Safe to use from several threads.

    ``scores``: the logarithm of each token's probability by the token; their order numbers them.
    ``replaced``: what a character is read as, where not as itself. ``unknown``: the number of what
    no token has. ``special``: numbers of tokens that no text can hold (marks of start and end).
    """

    def __init__(
        self,
        pieces: Sequence[str],
        scores: Sequence[float],
        replaced: Mapping[str, str],
        *,
        unknown: int,
        special: frozenset[int],
    ) -> None:
        self._known = {
            piece: (number, score)
            for number, (piece, score) in enumerate(zip(pieces, scores, strict=True))
            if number not in special and number != unknown
        }
        self._replaced = dict(replaced)
        self._unknown = (unknown, min(scores) - 10)
        self._longest = max(map(len, self._known), default=1)
        self._cut = lru_cache(maxsize=_CACHED_WORDS)(self._cut_word)

    def __call__(self, text: str) -> tuple[list[int], list[Span | None]]:
        """Return the numbers of the tokens of ``text`` in order, and the characters of each;
        ``None`` for one that covers nothing but the space before a word."""
        numbers: list[int] = []
        spans: list[Span | None] = []
        for word, places in self._words(text):
            at = 0
            for number, length in self._cut(word):
                covered = places[at : at + length]
                if at == 0 and word[0] == _SPACE:
                    covered = covered[1:]
                numbers.append(number)
                spans.append(Span(covered[0], covered[-1] + 1) if covered else None)
                at += length
        return numbers, spans

    def _words(self, text: str) -> list[tuple[str, list[int]]]:
        """Return words with their space, and where each character comes from."""
        words: list[tuple[list[str], list[int]]] = [([_SPACE], [0])]
        after_space = True
        for place, original in enumerate(text):
            for character in self._replaced.get(original, original):
                if character in {" ", _SPACE}:
                    if not after_space:
                        words.append(([_SPACE], [place]))
                    after_space = True
                else:
                    words[-1][0].append(character)
                    words[-1][1].append(place)
                    after_space = False
        if len(words[-1][0]) == 1:
            words.pop()
        return [("".join(characters), places) for characters, places in words]

    def _cut_word(self, word: str) -> tuple[tuple[int, int], ...]:
        """Return number and length of each token, by the best way to reach each character."""
        length = len(word)
        known, longest = self._known, self._longest
        unknown, penalty = self._unknown
        best = [0.0] + [float("-inf")] * length
        last: list[tuple[int, int]] = [(unknown, 1)] * (length + 1)
        for start in range(length):
            reached = best[start]
            for end in range(start + 1, min(length, start + longest) + 1):
                found = known.get(word[start:end])
                if found is not None and reached + found[1] > best[end]:
                    best[end] = reached + found[1]
                    last[end] = (found[0], end - start)
            if reached + penalty > best[start + 1]:
                best[start + 1] = reached + penalty
                last[start + 1] = (unknown, 1)
        cut: list[tuple[int, int]] = []
        end = length
        while end > 0:
            cut.append(last[end])
            end -= last[end][1]
        return tuple(reversed(cut))
