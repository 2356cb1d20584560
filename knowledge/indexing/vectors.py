"""Vectors for what the index holds or is about to hold, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from knowledge.entities.analysis import ENGINE_VERSION, spellings
from knowledge.index import IndexReader, IndexWriter, VectorSet
from knowledge.indexing.chunks import chunks_of
from knowledge.model import Article, ReindexProgress, ReindexStage
from knowledge.neural.encoders import Encoder, Encoders

__all__ = ["encode_article", "encode_index", "vectors_of"]

_BATCH = 16
_SENTENCES = 1
"""The first chunk that the model of likeness compares: whole paragraphs are not its strength."""


def vectors_of(encoders: Encoders) -> tuple[VectorSet, ...]:
    """Return which vectors an index has by these models."""
    sets: list[VectorSet] = []
    if encoders.passages is not None:
        sets.append(VectorSet(encoders.passages.model, 0))
    if encoders.likeness is not None:
        sets.append(VectorSet(encoders.likeness.model, _SENTENCES))
    return tuple(sets)


def encode_index(
    writer: IndexWriter,
    reader: IndexReader,
    encoders: Encoders,
    progress: Callable[[ReindexProgress], None] | None,
) -> None:
    """Give every chunk and word of the index its vectors; they are used from then on.

    What was encoded stays where this is given up, so that it goes on from there.
    """
    slugs = [summary.slug for summary in reader.articles()]
    for done, slug in enumerate(slugs, start=1):
        encode_article(writer, reader.article(slug), encoders)
        if progress is not None:
            progress(ReindexProgress(done, len(slugs), slug, ReindexStage.ENCODING))
    with writer.transaction():
        writer.finish(ENGINE_VERSION, encoders.model, vectors_of(encoders))


def encode_article(writer: IndexWriter, article: Article, encoders: Encoders) -> None:
    """Keep the vectors of an article that the index lacks. Changes no answer by itself."""
    chunks = [chunk for p in article.paragraphs for chunk in chunks_of(article, p)]
    if encoders.passages is not None:
        _encode(writer, encoders.passages, [chunk.text for chunk in chunks])
    if encoders.likeness is not None:
        sentences = [chunk.text for chunk in chunks if chunk.position >= _SENTENCES]
        words = {word for p in article.paragraphs for word in spellings(p.text, article.language)}
        _encode(writer, encoders.likeness, [*sentences, *sorted(words)])


def _encode(writer: IndexWriter, encoder: Encoder, texts: Sequence[str]) -> None:
    missing = writer.without_vector(encoder.model, texts)
    for start in range(0, len(missing), _BATCH):
        batch = missing[start : start + _BATCH]
        vectors = encoder.encode_passages(batch)
        with writer.transaction():
            writer.put_vectors(encoder.model, zip(batch, vectors, strict=True))
