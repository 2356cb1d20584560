"""Vectors for what the index holds or is about to hold, a block of texts at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from knowledge.entities import analysed
from knowledge.entities.analysis import ENGINE_VERSION
from knowledge.index import Chunk, IndexReader, IndexWriter
from knowledge.indexing.chunks import chunks_of
from knowledge.model import Article, ReindexProgress, ReindexStage
from knowledge.neural.encoder import Encoder

__all__ = ["encode_articles", "encode_index"]

_MAX_KEPT = 1_000
"""Paragraphs whose chunks are held in memory at most until they are kept."""

_BLOCK = 256
"""Texts that are encoded, and then kept, together: some seconds' work."""


def encode_index(
    writer: IndexWriter,
    reader: IndexReader,
    encoder: Encoder,
    progress: Callable[[ReindexProgress], None] | None,
) -> None:
    """Give every chunk of the index its vector; each is used as soon as it is kept.

    What was kept stays where this is given up, so that it goes on from there.
    """
    slugs = [summary.slug for summary in reader.articles()]
    articles = (reader.article(slug) for slug in slugs)
    _encode(writer, articles, len(slugs), encoder, progress, are_indexed=True)
    with writer.transaction():
        writer.finish(ENGINE_VERSION, encoder.model)


def encode_articles(
    writer: IndexWriter,
    articles: Iterable[Article],
    total: int,
    encoder: Encoder,
    progress: Callable[[ReindexProgress], None] | None,
) -> None:
    """Keep the vectors of ``total`` articles that the index lacks, before it has the articles.

    ``progress`` is called after each batch; what it raises ends the encoding.
    """
    _encode(writer, articles, total, encoder, progress, are_indexed=False)


def _encode(
    writer: IndexWriter,
    articles: Iterable[Article],
    total: int,
    encoder: Encoder,
    progress: Callable[[ReindexProgress], None] | None,
    *,
    are_indexed: bool,
) -> None:
    """Keep vectors; where the articles ``are_indexed``, also which chunks they have, which an index
    without vectors does not."""
    tell = None if progress is None else _Telling(progress, total)
    for block in _blocks(writer, articles, encoder.model):
        advance = None if tell is None or not block.texts else tell.of(block)
        vectors = encoder.encode_passages(block.texts, advance) if block.texts else []
        with writer.transaction():
            if are_indexed:
                writer.put_windows(block.chunks)
            if block.texts:
                writer.put_vectors(encoder.model, zip(block.texts, vectors, strict=True))
    if tell is not None:
        tell.end()


@dataclass(frozen=True, slots=True)
class _Block:
    """Texts of some articles, or of a part of one: from ``start`` to ``end``, in articles.

    ``chunks``: those of the paragraphs that came since the last block, by their identifiers.
    """

    texts: list[str]
    chunks: dict[str, list[Chunk]]
    start: float
    end: float
    article: str


def _blocks(writer: IndexWriter, articles: Iterable[Article], model: str) -> Iterator[_Block]:
    """Yield what lacks a vector: whole articles together, a long one in parts."""
    waiting: list[str] = []
    chunks: dict[str, list[Chunk]] = {}
    start, done, slug = 0.0, 0, ""
    for done, article in enumerate(articles, start=1):
        slug = article.slug
        own = dict(_chunks(article))
        chunks |= own
        texts = (chunk.text for some in own.values() for chunk in some)
        new = writer.without_vector(model, texts)
        waiting = list(dict.fromkeys([*waiting, *new]))
        while len(waiting) >= _BLOCK:
            now, waiting = waiting[:_BLOCK], waiting[_BLOCK:]
            end = done - min(1.0, len(waiting) / max(len(new), 1))
            yield _Block(now, chunks, start, end, slug)
            start, chunks = end, {}
        if len(chunks) >= _MAX_KEPT:  # all have vectors
            yield _Block([], chunks, start, start, slug)
            chunks = {}
    if waiting or chunks:
        yield _Block(waiting, chunks, start, done, slug)


def _chunks(article: Article) -> Iterator[tuple[str, list[Chunk]]]:
    for paragraph in article.paragraphs:
        sentences = analysed(paragraph.text, article.language).sentences
        yield paragraph.id, list(chunks_of(article, paragraph, sentences))


class _Telling:
    """Tells how far the encoding is, and how fast it goes."""

    def __init__(self, progress: Callable[[ReindexProgress], None], total: int) -> None:
        self._progress = progress
        self._total = total
        self._began = time.monotonic()
        self._texts = 0
        self._slug = ""
        self._position = 0.0
        self._started: float | None = None

    def of(self, block: _Block) -> Callable[[int], None]:
        """Return what takes how many more texts of a block are done."""
        done = 0
        self._slug = block.article
        if self._started is None:
            self._started = block.start  # where an encoding that was given up goes on

        def advance(count: int) -> None:
            nonlocal done
            done += count
            self._texts += count
            position = block.start + done / len(block.texts) * (block.end - block.start)
            self._tell(position)

        return advance

    def end(self) -> None:
        """Tell that all is done, unless that was told with the last batch."""
        if self._position < self._total:
            self._tell(self._total)

    def _tell(self, position: float) -> None:
        self._position = position
        whole = int(position)
        elapsed = max(time.monotonic() - self._began, 1e-3)
        done = 0.0 if self._started is None else position - self._started
        left = elapsed * (self._total - position) / done if done > 0 else None
        self._progress(
            ReindexProgress(
                whole,
                self._total,
                self._slug,
                ReindexStage.ENCODING,
                position - whole,
                self._texts / elapsed,
                left,
            )
        )
