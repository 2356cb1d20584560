"""How alike two texts are, and what pairs of them there are among many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from knowledge.text.tokens import tokenize

__all__ = ["Candidate", "best_pairs", "changed_part", "likeness"]

_SPELLED_ALIKE = 80
"""The least likeness in characters, of 100, that counts where hardly a word is the same."""

_MAX_CHARACTERS = 160
_AROUND = 50

Candidate: TypeAlias = "tuple[float, int, int, int]"
"""A pair of an old and a new thing: minus its likeness, its distance, both positions."""


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are, from 0 to 1: the share of their words that both have in
    order, or of their characters where these are nearly all the same."""
    words = Indel.normalized_similarity(_words(one), _words(other))
    letters = fuzz.ratio(one, other)
    return max(words, letters / 100 if letters >= _SPELLED_ALIKE else 0.0)


def _words(text: str) -> list[str]:
    return [token.folded for token in tokenize(text)]


def best_pairs(candidates: Iterable[Candidate]) -> dict[int, int]:
    """Return old positions with their new ones, each once: the most alike first, then the
    nearest."""
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, old, new in sorted(candidates):
        if old not in pairs and new not in taken:
            pairs[old] = new
            taken.add(new)
    return pairs


def changed_part(text: str, other: str | None = None) -> str:
    """Return the words of ``text`` that differ from ``other``, with some around them.

    In one line, of at most 160 characters; “…” stands where text was left out.
    """
    text = " ".join(text.split())
    if len(text) <= _MAX_CHARACTERS:
        return text
    first = 0 if other is None else _common(text, " ".join(other.split()))
    start = _word_start(text, max(first - _AROUND, 0))
    end = min(start + _MAX_CHARACTERS - 4, len(text))
    if end < len(text):
        end = max(text.rfind(" ", start + 1, end), start + _AROUND)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return f"{before}{text[start:end].strip()}{after}"


def _common(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    for position, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return position
    return min(len(one), len(other))


def _word_start(text: str, position: int) -> int:
    return 0 if position == 0 else text.rfind(" ", 0, position + 1) + 1
