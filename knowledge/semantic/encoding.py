"""Vectors for what the index holds or is about to hold, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable

from knowledge.model import Article, ReindexProgress, ReindexStage
from knowledge.semantic.encoder import Encoder
from knowledge.store import IndexReader, IndexWriter
from knowledge.windows import windows_of

__all__ = ["encode_article", "encode_index"]

_BATCH = 16


def encode_index(
    writer: IndexWriter,
    reader: IndexReader,
    encoder: Encoder,
    progress: Callable[[ReindexProgress], None] | None,
) -> None:
    """Give every window of the index a vector; it is used from then on.

    What was encoded stays where this is given up, so that it goes on from there.
    """
    slugs = [summary.slug for summary in reader.articles()]
    for done, slug in enumerate(slugs, start=1):
        encode_article(writer, reader.article(slug), encoder)
        if progress is not None:
            progress(ReindexProgress(done, len(slugs), slug, ReindexStage.ENCODING))
    with writer.transaction():
        writer.finish(encoder.model)


def encode_article(writer: IndexWriter, article: Article, encoder: Encoder) -> None:
    """Keep the vectors of an article that the index lacks. Changes no answer by itself."""
    windows = [window for p in article.paragraphs for window in windows_of(article, p)]
    missing = writer.without_vector(encoder.model, windows)
    for start in range(0, len(missing), _BATCH):
        batch = missing[start : start + _BATCH]
        vectors = encoder.encode_passages([window.text for window in batch])
        with writer.transaction():
            keyed = zip((window.key for window in batch), vectors, strict=True)
            writer.put_vectors(encoder.model, keyed)
