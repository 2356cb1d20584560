"""What a sentence denies is no answer to who, which or when."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.languages import vocabulary
from knowledge.model import Span
from knowledge.text.sentences import clauses
from knowledge.text.tokens import tokenize

__all__ = ["is_denied_of", "is_negated"]

_SHORTENED = ("n't", "n’t")
_BEFORE = 2
"""Words before an answer that may deny it."""


def is_negated(text: str) -> bool:
    """Whether a text has a word that denies: "not", "jamais", "isn't"."""
    negations = vocabulary().function_words.negations
    lower = text.lower()
    return any(token.folded in negations for token in tokenize(text)) or any(
        ending in lower for ending in _SHORTENED
    )


def is_denied_of(text: str, sentences: Sequence[Span], answer: Span) -> bool:
    """Whether the clause of ``answer`` denies what it says of it: after it, as "Visitors" of
    "Visitors may not fish from the pier, only members may", or right before it, as of "not by Bill"
    and "neither Ann nor Bo"."""
    for sentence in sentences:
        if not sentence.overlaps(answer):
            continue
        for clause in clauses(text, sentence):
            if clause.overlaps(answer):
                before = text[clause.start : max(clause.start, answer.start)].split()
                return is_negated(text[answer.end : clause.end]) or is_negated(
                    " ".join(before[-_BEFORE:])
                )
    return False
