"""Which texts of a paragraph get a vector.

The whole under its heading, each sentence, and what curated facts say of a sentence in other
words and languages.
"""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.index import Chunk, key_of, position_of_wording
from knowledge.model import Article, Paragraph
from knowledge.text.tokens import sentences

__all__ = ["chunks_of"]


def chunks_of(article: Article, paragraph: Paragraph) -> Iterator[Chunk]:
    """Yield the chunks of a paragraph."""
    heading = article.section_of(paragraph) or article.title
    yield _chunk(0, f"{heading}. {paragraph.text}")
    spans = sentences(paragraph.text)
    for position, span in enumerate(spans, start=1):
        yield _chunk(position, span.of(paragraph.text))
    wordings = 0
    for fact in article.facts:
        if fact.passage != paragraph.id:
            continue
        said_by = [i for i, span in enumerate(spans, start=1) if span.end > fact.span.start][:1]
        for _, statement in sorted(fact.statements.items()):
            wordings += 1
            yield _chunk(position_of_wording(wordings, (said_by or [1])[0]), statement)


def _chunk(position: int, text: str) -> Chunk:
    return Chunk(position, key_of(text), text)
