"""Which texts of a paragraph get a vector.

The whole and each sentence, under the article's title and the paragraph's headings: a sentence by
itself often does not say what it is about. For the same reason an item of a list stands below the
words that introduce the list, and a cell beside the first of its row. Further wordings have one,
too: the question that a paragraph answers, and what curated facts say of a sentence in other words
and languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowledge.index import Chunk, key_of, position_of_wording
from knowledge.model import Article, Paragraph, Span, question_above
from knowledge.text.layout import cells_of, introduction

__all__ = ["above", "chunks_of", "said_beside"]

_MAX_INTRODUCTION = 200
"""Characters of what introduces a list that stand above each of its items."""


def chunks_of(article: Article, paragraph: Paragraph, sentences: Sequence[Span]) -> Iterator[Chunk]:
    """Yield the chunks of a paragraph with these sentences."""
    headings = article.headings_of(paragraph)
    before = above(article.title, headings)
    yield _chunk(0, before + paragraph.text)
    for position, span in enumerate(sentences, start=1):
        beside = said_beside(paragraph.text, span)
        yield _chunk(position, before + beside + span.of(paragraph.text))
    yield from _wordings(article, paragraph, sentences, question_above(headings))


def above(title: str, headings: Sequence[str]) -> str:
    """Return what stands before every text of a paragraph: its article's title and its headings."""
    return "".join(f"{heading.rstrip('.')}. " for heading in (title, *headings))


def said_beside(text: str, part: Span) -> str:
    """Return what a part of a list or of a row needs before it to be understood."""
    beside = _beside(text)
    return "" if beside is None or part.start < beside.end else f"{beside.of(text)} "


def _beside(text: str) -> Span | None:
    if cells := cells_of(text):
        return cells[0].whole
    before = introduction(text)
    if before is None or before.end <= _MAX_INTRODUCTION:
        return before
    return Span(before.end - _MAX_INTRODUCTION, before.end)


def _wordings(
    article: Article, paragraph: Paragraph, sentences: Sequence[Span], question: str | None
) -> Iterator[Chunk]:
    wordings = [] if question is None else [(1, question)]
    for fact in article.facts:
        if fact.passage == paragraph.id:
            said_by = (i for i, span in enumerate(sentences, start=1) if span.end > fact.span.start)
            first = next(said_by, 1)
            wordings += [(first, statement) for _, statement in sorted(fact.statements.items())]
    for number, (sentence, words) in enumerate(wordings, start=1):
        yield _chunk(position_of_wording(number, sentence), words)


def _chunk(position: int, text: str) -> Chunk:
    return Chunk(position, key_of(text), text)
