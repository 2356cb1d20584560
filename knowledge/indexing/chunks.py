"""Which texts of a paragraph get a vector.

The whole and each sentence, under the article's title and the paragraph's heading: a sentence by
itself often does not say what it is about. And what curated facts say of a sentence in other words
and languages, which says it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowledge.index import Chunk, key_of, position_of_wording
from knowledge.model import Article, Paragraph, Span

__all__ = ["chunks_of"]


def chunks_of(article: Article, paragraph: Paragraph, sentences: Sequence[Span]) -> Iterator[Chunk]:
    """Yield the chunks of a paragraph with these sentences."""
    headings = (article.title, article.section_of(paragraph))
    above = "".join(f"{heading}. " for heading in headings if heading)
    yield _chunk(0, above + paragraph.text)
    for position, span in enumerate(sentences, start=1):
        yield _chunk(position, above + span.of(paragraph.text))
    wordings = 0
    for fact in article.facts:
        if fact.passage != paragraph.id:
            continue
        said_by = [i for i, span in enumerate(sentences, start=1) if span.end > fact.span.start][:1]
        for _, statement in sorted(fact.statements.items()):
            wordings += 1
            yield _chunk(position_of_wording(wordings, (said_by or [1])[0]), statement)


def _chunk(position: int, text: str) -> Chunk:
    return Chunk(position, key_of(text), text)
