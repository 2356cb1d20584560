"""Which questions ask the same in other words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz

from knowledge.neural.encoder import Encoder
from knowledge.text.tokens import is_stop_word, tokenize

__all__ = ["group_alike"]

_ALIKE_WORDS = 75.0
"""The least likeness of content words, of 100: typos and a word more pass, another word does not
("wifi password" and "whats wifi pasword", but not "next meeting" and "next event")."""

_ALIKE_MEANING = 0.78
"""The least cosine: close translations pass ("What wine was served?" and "Quel vin a été servi ?"
have 0.81), a question about something else in the same words does not ("the next meeting" and "the
next event" have 0.77)."""


def group_alike(
    questions: Sequence[str], encoder: Encoder | None = None
) -> tuple[tuple[int, ...], ...]:
    """Return groups of questions, by position: each joins the first that leads a group like it.

    Who leads depends on the order, so that the most important questions come first. Groups and
    what is in them keep the order. Takes a few milliseconds a question with an encoder,
    and time that grows with the number of questions times that of groups: for some hundreds.
    """
    words = [_content(question) for question in questions]
    vectors = _vectors(questions, encoder)
    groups: list[list[int]] = []
    for position in range(len(questions)):
        group = _leader(position, groups, words, vectors)
        if group is None:
            groups.append([position])
        else:
            group.append(position)
    return tuple(map(tuple, groups))


def _leader(
    position: int,
    groups: Sequence[list[int]],
    words: Sequence[str],
    vectors: np.ndarray | None,
) -> list[int] | None:
    """Return the first group whose first question is like the one at ``position``."""
    for group in groups:
        first = group[0]
        if fuzz.token_sort_ratio(words[first], words[position]) >= _ALIKE_WORDS:
            return group
        if vectors is not None and float(vectors[first] @ vectors[position]) >= _ALIKE_MEANING:
            return group
    return None


def _content(question: str) -> str:
    """Return the words that carry a question, or all where none does."""
    every = list(tokenize(question))
    carrying = [token for token in every if not is_stop_word(token.folded, None, lower=token.lower)]
    return " ".join(token.folded for token in carrying or every)


def _vectors(questions: Sequence[str], encoder: Encoder | None) -> np.ndarray | None:
    if encoder is None or not questions:
        return None
    packed = b"".join(encoder.encode_queries(questions))
    vectors = np.frombuffer(packed, dtype="<f2").reshape(len(questions), encoder.dimension)
    return vectors.astype(np.float32)
