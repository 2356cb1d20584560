"""Questions that the articles ask themselves, and answer."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from knowledge.languages import vocabulary
from knowledge.questions.content_words import content_words
from knowledge.text.spelling import allowed_typos
from knowledge.text.tokens import Token, tokenize

__all__ = ["is_same_question"]

_SLIGHT = 2
"""Letters of a function word that may be there or not: "a", "le", "of". No negation is so short
without another word beside it."""


def is_same_question(asked: str, written: str) -> bool:
    """Whether a question is one that an article asks: in the same words but for typos.

    The content words are the same, one by one, so that cats are no dogs; and so are the function
    words, the question words and negations among them, but for one short one.
    """
    ours, theirs = tuple(tokenize(asked)), tuple(tokenize(written))
    if not ours or not _same_content(content_words(ours), content_words(theirs)):
        return False
    different = _function_words(ours) ^ _function_words(theirs)
    openers = vocabulary().questions.openers
    slight = [word for word in different if len(word) <= _SLIGHT and word not in openers]
    return len(different) == len(slight) <= 1


def _function_words(tokens: Sequence[Token]) -> frozenset[str]:
    content = content_words(tokens)
    return frozenset(token.folded for token in tokens if token not in content)


def _same_content(ours: Sequence[Token], theirs: Sequence[Token]) -> bool:
    return len(ours) == len(theirs) and all(
        OSA.distance(one.folded, other.folded) <= allowed_typos(one.folded)
        for one, other in zip(ours, theirs, strict=True)
    )
