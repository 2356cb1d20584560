"""Vectors for what the index holds or is about to hold, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from knowledge.entities.analysis import ENGINE_VERSION, spellings
from knowledge.index import IndexReader, IndexWriter, VectorSet
from knowledge.indexing.chunks import chunks_of
from knowledge.model import Article, ReindexProgress, ReindexStage
from knowledge.neural.encoders import Encoder, Encoders

__all__ = ["encode_articles", "encode_index", "vectors_of"]

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
    articles = (reader.article(slug) for slug in slugs)
    encode_articles(writer, articles, len(slugs), encoders, progress)
    with writer.transaction():
        writer.finish(ENGINE_VERSION, encoders.model, vectors_of(encoders))


def encode_articles(
    writer: IndexWriter,
    articles: Iterable[Article],
    total: int,
    encoders: Encoders,
    progress: Callable[[ReindexProgress], None] | None,
) -> None:
    """Keep the vectors of ``total`` articles that the index lacks. Changes no answer by itself.

    ``progress`` is called after each batch and each article; what it raises ends the encoding.
    """
    for done, article in enumerate(articles):
        for part in _encode_article(writer, article, encoders):
            if progress is not None:
                moment = ReindexProgress(done, total, article.slug, ReindexStage.ENCODING, part)
                progress(moment if part < 1 else replace(moment, done=done + 1, part=0.0))


def _encode_article(writer: IndexWriter, article: Article, encoders: Encoders) -> Iterator[float]:
    """Encode what an article lacks; yield the part of it that is done, 1 last and once."""
    chunks = [chunk for p in article.paragraphs for chunk in chunks_of(article, p)]
    missing: list[tuple[Encoder, list[str]]] = []
    if encoders.passages is not None:
        texts = [chunk.text for chunk in chunks]
        missing.append((encoders.passages, writer.without_vector(encoders.passages.model, texts)))
    if encoders.likeness is not None:
        sentences = [chunk.text for chunk in chunks if chunk.position >= _SENTENCES]
        words = {word for p in article.paragraphs for word in spellings(p.text, article.language)}
        texts = [*sentences, *sorted(words)]
        missing.append((encoders.likeness, writer.without_vector(encoders.likeness.model, texts)))
    total = sum(len(texts) for _, texts in missing)
    done = 0
    for encoder, texts in missing:
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            vectors = encoder.encode_passages(batch)
            with writer.transaction():
                writer.put_vectors(encoder.model, zip(batch, vectors, strict=True))
            done += len(batch)
            if done < total:
                yield done / total
    yield 1.0
