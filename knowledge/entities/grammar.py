"""What the finders of names share: function words, and where a sentence opens."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.entities.cues import load_cues
from knowledge.entities.words import Word

__all__ = ["ARTICLES", "OF", "opens_sentence"]

OF = frozenset("de du d des of".split())
ARTICLES = frozenset("le la les l the un une a an".split())
_SENTENCE_ENDS = frozenset('.!?…:;«“"')


def opens_sentence(words: Sequence[Word], at: int) -> bool:
    """Whether a word is the first of its sentence, which any word writes with a capital."""
    if at == 0 or words[at].gap == ".":
        return True
    before = words[at - 1]
    if before.kind != "sign":
        return False
    if before.folded == "." and at > 1:
        initial = words[at - 2]
        if initial.is_capital and initial.end - initial.start == 1:
            return False
        if initial.folded in load_cues().titles:
            return False
    return before.folded in _SENTENCE_ENDS
