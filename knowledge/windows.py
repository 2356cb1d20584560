"""Which texts of a paragraph get a vector: the whole under its heading, and each sentence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.language import sentences
from knowledge.model import Article, Paragraph

__all__ = ["Window", "key_of", "windows_of"]


@dataclass(frozen=True, slots=True)
class Window:
    """A text to encode. ``position`` is 0 for the whole paragraph, else its sentence's, from 1.

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


def key_of(text: str) -> bytes:
    """Return the key that the vector of ``text`` is kept under."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def _window(position: int, text: str) -> Window:
    return Window(position, key_of(text), text)
