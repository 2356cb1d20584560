"""Where a sentence opens, as far as the words before tell."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.entities.words import Word
from knowledge.languages import vocabulary

__all__ = ["opens_sentence"]

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
        if initial.folded in vocabulary().names.titles:
            return False
    return before.folded in _SENTENCE_ENDS
