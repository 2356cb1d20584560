"""What an indexing program and the processes that make rows for it say to each other.

Rows come back as tuples of texts and numbers: what has them made has their articles, and objects
would take four times as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.entities.analysis import ENGINE_VERSION
from knowledge.index import ArticleRows, Chunk, ParagraphRow
from knowledge.model import Article, Paragraph, Span

__all__ = [
    "Articles",
    "Made",
    "PackedRows",
    "RowsOpening",
    "packed",
    "sendable",
    "unpacked",
]

_PackedParagraph = tuple[
    int,
    str,
    tuple[tuple[int, int], ...],
    tuple[tuple[int, int, str], ...],
    str,
    str,
    str,
]

PackedRows = tuple[str, tuple[_PackedParagraph, ...]]
"""The rows of an article without the article: terms of its title, and for each paragraph length,
names, sentences, chunks, terms of the text and of what is above, words."""


@dataclass(frozen=True, slots=True)
class RowsOpening:
    """What a process is told first. ``steps_back``: how far it stands back for others, in steps of
    ``nice``; ``with_chunks``: see ``knowledge.indexing.rows.rows_of``."""

    steps_back: int
    with_chunks: bool


@dataclass(frozen=True, slots=True)
class Articles:
    """Some articles whose rows, without facts that are found by rules, are to be made."""

    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """The rows of the articles that were sent first of those not answered yet."""

    rows: tuple[PackedRows, ...]


def sendable(article: Article) -> Article:
    """Return what rows are made of, without what cannot be sent or is for this process alone."""
    facts = tuple(replace(fact, statements=dict(fact.statements)) for fact in article.facts)
    return replace(article, titles=dict(article.titles), facts=facts, questions=(), reading=None)


def packed(rows: ArticleRows) -> PackedRows:
    """Return rows so that they can be sent."""
    return _joined(rows.title), tuple(map(_packed, rows.paragraphs))


def unpacked(article: Article, file: Path, packed: PackedRows) -> ArticleRows:
    """Return the rows of an article that was read from ``file``. Raises ValueError where they are
    those of another."""
    title, paragraphs = packed
    return ArticleRows(
        article=article,
        file=file,
        engine_version=ENGINE_VERSION,
        title=_split(title),
        paragraphs=tuple(
            _unpacked(paragraph, own)
            for paragraph, own in zip(article.paragraphs, paragraphs, strict=True)
        ),
        facts=article.facts,
        lacks_facts=True,
    )


def _packed(row: ParagraphRow) -> _PackedParagraph:
    return (
        row.length,
        row.names,
        tuple((span.start, span.end) for span in row.sentences),
        tuple((chunk.position, chunk.key, chunk.text) for chunk in row.chunks),
        _joined(row.body),
        _joined(row.context),
        _joined(row.words),
    )


def _unpacked(paragraph: Paragraph, packed: _PackedParagraph) -> ParagraphRow:
    length, names, sentences, chunks, body, context, words = packed
    return ParagraphRow(
        paragraph=paragraph,
        length=length,
        names=names,
        sentences=tuple(Span(start, end) for start, end in sentences),
        chunks=tuple(Chunk(*chunk) for chunk in chunks),
        body=_split(body),
        context=_split(context),
        words=_split(words),
    )


def _joined(words: Sequence[str]) -> str:
    """Return words as one text: none of them has a space, nor is empty."""
    return " ".join(words)


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split(" ")) if words else ()
