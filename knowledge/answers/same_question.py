"""Questions that the articles ask themselves, and answer."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from knowledge.languages import vocabulary
from knowledge.text.spelling import allowed_typos
from knowledge.text.tokens import Token, is_stop_word, tokenize

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
    if not ours or not _same_content(_content(ours), _content(theirs)):
        return False
    different = set(_function_words(ours)).symmetric_difference(_function_words(theirs))
    openers = vocabulary().questions.openers
    slight = [word for word in different if len(word) <= _SLIGHT and word not in openers]
    return len(different) == len(slight) <= 1


def _content(tokens: Sequence[Token]) -> list[str]:
    return [token.folded for token in tokens if not _is_function_word(token)]


def _function_words(tokens: Sequence[Token]) -> list[str]:
    return [token.folded for token in tokens if _is_function_word(token)]


def _is_function_word(token: Token) -> bool:
    return is_stop_word(token.folded, None, lower=token.lower)


def _same_content(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    return len(ours) == len(theirs) and all(
        OSA.distance(one, other) <= allowed_typos(one)
        for one, other in zip(ours, theirs, strict=True)
    )
