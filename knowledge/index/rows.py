"""What the writer stores of an article: rows that are finished when they come here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from knowledge.index.chunks import Chunk
from knowledge.model import Article, Fact, Paragraph, Span

__all__ = ["ArticleRows", "ParagraphRow"]


@dataclass(frozen=True, slots=True)
class ParagraphRow:
    """A paragraph with the terms that it is found by.

    ``length``: its content words. ``names``: text that the index keeps as it is. ``body``: terms of
    its text; ``context``: terms of its heading and its article's titles; ``words``: folded
    words of all of these. No term and no word has a space.
    """

    paragraph: Paragraph
    length: int
    names: str
    sentences: tuple[Span, ...]
    chunks: tuple[Chunk, ...]
    body: tuple[str, ...]
    context: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArticleRows:
    """An article as it was read from ``file``, with all that the index holds of it.

    ``engine_version``: of what made the rows. ``title``: the terms of its title. The facts of
    ``article`` are among ``facts``, which are all unless it ``lacks_facts``.
    """

    article: Article
    file: Path
    engine_version: int
    title: tuple[str, ...]
    paragraphs: tuple[ParagraphRow, ...]
    facts: tuple[Fact, ...]
    lacks_facts: bool = False
