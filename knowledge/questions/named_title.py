"""A title that a question names: "a berth on the night train to Vienna" of the article of that."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from knowledge.languages import vocabulary
from knowledge.questions.content_words import content_words
from knowledge.text.tokens import Token, tokenize

__all__ = ["without_title"]

_FEWEST = 2
"""Content words in a row that a title is known by."""


@lru_cache(maxsize=1_024)
def without_title(question: str, title: str) -> str:
    """Return a question without the words of a title that stand in a row behind a preposition.

    Which article is meant is known where its passages are read: its name in the question takes the
    reader's mind off what is asked. The question stays as it is where it would ask nothing else.
    """
    tokens, named = tuple(tokenize(question)), tuple(tokenize(title))
    words = [token.folded for token in named]
    for first in range(1, len(tokens)):
        last = first
        while last < len(tokens) and _stands_in(words, tokens[first : last + 1]):
            last += 1
        before = tokens[first - 1].folded in vocabulary().function_words.prepositions
        if before and len(content_words(tokens[first:last])) >= _FEWEST:
            rest = (*tokens[: first - 1], *tokens[last:])
            if not content_words(rest):
                return question
            end = tokens[last - 1].span.end
            return f"{question[: tokens[first - 1].span.start].rstrip()}{question[end:]}"
    return question


def _stands_in(words: Sequence[str], part: Sequence[Token]) -> bool:
    sought = [token.folded for token in part]
    return any(words[at : at + len(sought)] == sought for at in range(len(words)))
