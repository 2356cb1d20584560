"""What a sentence denies is no answer to who, which or when."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.languages import vocabulary
from knowledge.model import Span
from knowledge.text.sentences import clauses
from knowledge.text.tokens import tokenize

__all__ = ["is_denied_of", "is_negated"]

_SHORTENED = ("n't", "n’t")


def is_negated(text: str) -> bool:
    """Whether a text has a word that denies: "not", "jamais", "isn't"."""
    negations = vocabulary().function_words.negations
    lower = text.lower()
    return any(token.folded in negations for token in tokenize(text)) or any(
        ending in lower for ending in _SHORTENED
    )


def is_denied_of(text: str, sentences: Sequence[Span], answer: Span) -> bool:
    """Whether the rest of the clause after ``answer`` denies what it says of it: "Visitors" of
    "Visitors may not fish from the pier, only members may"."""
    for sentence in sentences:
        if not sentence.overlaps(answer):
            continue
        for clause in clauses(text, sentence):
            if clause.overlaps(answer):
                return is_negated(text[answer.end : clause.end])
    return False
