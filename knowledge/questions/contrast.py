"""What a follow-up asks about in the place of something else: "in winter" for "in summer"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from knowledge.model import Answer, Span
from knowledge.questions.content_words import content_words
from knowledge.text.tokens import Token, tokenize

__all__ = ["Answering", "Contrast"]


@dataclass(frozen=True, slots=True)
class Contrast:
    """The folded words that came in, and those that made way for them."""

    own: frozenset[str]
    replaced: frozenset[str]

    @classmethod
    def between(cls, previous: str, reading: str) -> Contrast | None:
        """Return how two questions differ; ``None`` where no word took another's place."""
        before, now = _words(previous), _words(reading)
        own, replaced = now - before, before - now
        return cls(own, replaced) if own and replaced else None

    def is_of_replaced(self, text: str, span: Span) -> bool:
        """Whether a stretch of ``text`` stands nearer to a word that made way than to a new one."""
        tokens = list(tokenize(text))
        own = _distance(tokens, span, self.own)
        replaced = _distance(tokens, span, self.replaced)
        return replaced is not None and own is not None and replaced < own


class Answering(Protocol):
    """Answers a question, with bold where ``contrast`` says, if it has one."""

    def __call__(self, question: str, contrast: Contrast | None = None, /) -> Answer:
        """Answer ``question``."""
        ...


def _words(text: str) -> frozenset[str]:
    return frozenset(token.folded for token in content_words(list(tokenize(text))))


def _distance(tokens: list[Token], span: Span, words: frozenset[str]) -> int | None:
    """Return how many words lie between a stretch and the nearest of ``words``; ``None``: none."""
    inside = [i for i, token in enumerate(tokens) if token.span.overlaps(span)]
    places = [i for i, token in enumerate(tokens) if token.folded in words]
    if not inside or not places:
        return None
    return min(max(inside[0] - i, i - inside[-1], 0) for i in places)
