"""Where a syllable begins and ends in scripts that write no space between words.

Thai and Lao vowels stand before, above, below and behind their consonant, and marks above it: bold
that begins or ends between them looks broken.
"""

from __future__ import annotations

import unicodedata

from knowledge.model import Span

__all__ = ["on_syllables"]

_LEADING = frozenset("เแโใไເແໂໃໄ")
"""Vowels that are written before the consonant that they follow in speech."""

_TRAILING = frozenset("ะาำๅๆฯະາຳໆ")
"""Vowels and signs that are written behind it."""


def on_syllables(text: str, span: Span) -> Span:
    """Return ``span`` with what of a syllable stands beside it."""
    start, end = span.start, span.end
    while start > 0 and (_hangs_on(text[start]) or text[start - 1] in _LEADING):
        start -= 1
    while end < len(text) and (_hangs_on(text[end]) or text[end - 1] in _LEADING):
        end += 1
    return Span(start, end)


def _hangs_on(character: str) -> bool:
    return character in _TRAILING or unicodedata.category(character) in ("Mn", "Mc")
