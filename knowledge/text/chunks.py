"""Which texts of a paragraph get a vector.

The whole under its heading, each sentence, and what curated facts say of a sentence in other
words and languages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.model import Article, Paragraph
from knowledge.text.tokens import sentences

__all__ = ["Window", "key_of", "sentence_of", "windows_of"]

_WORDINGS = 100_000
"""Sentences of a paragraph at most, as far as positions tell them apart."""


@dataclass(frozen=True, slots=True)
class Window:
    """A text to encode. ``position`` is 0 for the whole paragraph; for a sentence, and for another
    wording of it, ``sentence_of`` tells which one, from 1.

    ``key`` comes from the text alone, so that equal texts share a vector.
    """

    position: int
    key: bytes
    text: str


def windows_of(article: Article, paragraph: Paragraph) -> Iterator[Window]:
    """Yield the windows of a paragraph."""
    heading = article.section_of(paragraph) or article.title
    yield _window(0, f"{heading}. {paragraph.text}")
    spans = sentences(paragraph.text)
    for position, span in enumerate(spans, start=1):
        yield _window(position, span.of(paragraph.text))
    wordings = 0
    for fact in article.facts:
        if fact.passage != paragraph.id:
            continue
        said_by = [i for i, span in enumerate(spans, start=1) if span.end > fact.span.start][:1]
        for _, statement in sorted(fact.statements.items()):
            wordings += 1
            yield _window(wordings * _WORDINGS + (said_by or [1])[0], statement)


def sentence_of(position: int) -> int:
    """Return the sentence, from 1, that the window at ``position`` is a wording of; 0: none, it is
    the whole paragraph."""
    return position % _WORDINGS


def key_of(text: str) -> bytes:
    """Return the key that the vector of ``text`` is kept under."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def _window(position: int, text: str) -> Window:
    return Window(position, key_of(text), text)
