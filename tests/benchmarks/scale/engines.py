"""Sourcier and its peers behind one interface."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing, contextmanager
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from knowledge import AnsweringProcesses, Encoder, KnowledgeBase, load_encoder, load_reader
from knowledge.text.tokens import is_stop_word, tokenize
from scale.corpus import Passage, read, real_texts
from scale.made_vectors import MixingEncoder

Place = tuple[str, int]
"""The slug of an article and the number of a paragraph."""

FOUND = 5
_REAL_TEXTS = 300
_PATIENCE_SECONDS = 600.0
_WORD = re.compile(r"\w+")


class Engine(Protocol):
    """An index in a folder, and questions to it."""

    def build(self, corpus: Path, folder: Path) -> None:
        """Index a corpus into an empty folder."""
        ...

    def open(self, folder: Path, corpus: Path) -> Callable[[str], list[Place]]:
        """Return what finds the five best paragraphs for a question; any thread may call it."""
        ...


class Models(StrEnum):
    """What answers go by: words alone; both models; or words and meaning without reading, by
    vectors that are made (``scale.made_vectors``)."""

    NONE = "words"
    BOTH = "models"
    MADE = "made"


class Sourcier:
    """The whole way to an answer: spelling, ranking, quotations, verdict."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._encoder = _encoder(models)
        self._reader = load_reader() if models is Models.BOTH else None

    def build(self, corpus: Path, folder: Path) -> None:
        """Index a corpus into an empty folder."""
        with self._base(folder, corpus) as base:
            base.reindex()

    def open(self, folder: Path, corpus: Path) -> Callable[[str], list[Place]]:
        """Return what finds the five best paragraphs."""
        base = KnowledgeBase.open(database_of(folder), [corpus], self._encoder, self._reader)

        def ask(question: str) -> list[Place]:
            return [(one.article, one.paragraph) for one in base.ask(question).citations]

        return ask

    @contextmanager
    def open_apart(
        self, folder: Path, corpus: Path, processes: int
    ) -> Generator[Callable[[str], list[Place]]]:
        """Yield what finds them by so many processes. Raises TimeoutError where they are late."""
        reads = self._models is Models.BOTH
        with (
            KnowledgeBase.open(database_of(folder), [corpus], self._encoder, self._reader) as base,
            AnsweringProcesses(
                processes,
                base.database,
                load_encoder=partial(_encoder, self._models),
                load_reader=load_reader if reads else None,
            ) as pool,
        ):
            if not pool.wait_until_ready(_PATIENCE_SECONDS):
                raise TimeoutError("The processes have not opened the index.")

            def ask(question: str) -> list[Place]:
                found = pool.ask(base, question).citations
                return [(one.article, one.paragraph) for one in found]

            yield ask

    def _base(self, folder: Path, corpus: Path) -> KnowledgeBase:
        return KnowledgeBase(database_of(folder), [corpus], self._encoder, self._reader)


def _encoder(models: Models) -> Encoder | None:
    encoder = None if models is Models.NONE else load_encoder()
    if encoder is None or models is Models.BOTH:
        return encoder
    return MixingEncoder(encoder, real_texts(_REAL_TEXTS))


def database_of(folder: Path) -> Path:
    """Return the file of Sourcier's index in its folder."""
    return folder / "knowledge.db"


class Tantivy:
    """tantivy: French stop words and stemmer, no accents."""

    def build(self, corpus: Path, folder: Path) -> None:
        """Index a corpus into an empty folder."""
        import tantivy

        schema = tantivy.SchemaBuilder()
        schema.add_text_field("article", stored=True, tokenizer_name="raw")
        schema.add_unsigned_field("number", stored=True)
        schema.add_text_field("text", tokenizer_name="french")
        index = tantivy.Index(schema.build(), path=str(folder))
        index.register_tokenizer("french", self._analyser())
        writer = index.writer()
        for passage in read(corpus):
            writer.add_document(
                tantivy.Document(article=passage.article, number=passage.number, text=passage.text)
            )
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path, corpus: Path) -> Callable[[str], list[Place]]:
        """Return what finds the five best paragraphs."""
        import tantivy

        index = tantivy.Index.open(str(folder))
        index.register_tokenizer("french", self._analyser())
        searcher = index.searcher()

        def ask(question: str) -> list[Place]:
            query = index.parse_query(" ".join(_WORD.findall(question)), ["text"])
            documents = (searcher.doc(at) for _, at in searcher.search(query, FOUND).hits)
            return [(one["article"][0], one["number"][0]) for one in documents]

        return ask

    def _analyser(self) -> Any:
        from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

        builder = TextAnalyzerBuilder(Tokenizer.simple())
        for part in (
            Filter.lowercase(),
            Filter.stopword("french"),
            Filter.stemmer("french"),
            Filter.ascii_fold(),
        ):
            builder = builder.filter(part)
        return builder.build()


class Bm25s:
    """bm25s: French stop words and stemmer, its scores in memory."""

    def build(self, corpus: Path, folder: Path) -> None:
        """Index a corpus into an empty folder."""
        import bm25s

        passages = list(read(corpus))
        index = bm25s.BM25()
        index.index(self._tokens([passage.text for passage in passages]), show_progress=False)
        index.save(str(folder), corpus=[f"{one.article}\t{one.number}" for one in passages])

    def open(self, folder: Path, corpus: Path) -> Callable[[str], list[Place]]:
        """Return what finds the five best paragraphs."""
        import bm25s

        index = bm25s.BM25.load(str(folder), load_corpus=True)

        def ask(question: str) -> list[Place]:
            documents, _ = index.retrieve(self._tokens([question]), k=FOUND, show_progress=False)
            places = (one["text"].split("\t") for one in documents[0])
            return [(article, int(number)) for article, number in places]

        return ask

    def _tokens(self, texts: list[str]) -> Any:
        import bm25s
        import Stemmer

        stemmer = Stemmer.Stemmer("french")
        return bm25s.tokenize(texts, stopwords="fr", stemmer=stemmer, show_progress=False)


class FullText:
    """FTS5 of SQLite, its stop words left out of the question."""

    def build(self, corpus: Path, folder: Path) -> None:
        """Index a corpus into an empty folder."""
        with closing(sqlite3.connect(folder / "fts.db")) as connection, connection:
            connection.execute(
                "CREATE VIRTUAL TABLE passages USING fts5(article UNINDEXED, number UNINDEXED, "
                "text, tokenize = 'unicode61 remove_diacritics 2')"
            )
            connection.executemany("INSERT INTO passages VALUES (?, ?, ?)", _rows(read(corpus)))

    def open(self, folder: Path, corpus: Path) -> Callable[[str], list[Place]]:
        """Return what finds the five best paragraphs."""
        local = threading.local()

        def ask(question: str) -> list[Place]:
            if not hasattr(local, "connection"):
                local.connection = sqlite3.connect(folder / "fts.db")
            words = [
                token.folded
                for token in tokenize(question)
                if not is_stop_word(token.folded, None, lower=token.lower)
            ]
            match = " OR ".join(f'"{word}"' for word in words)
            return local.connection.execute(
                "SELECT article, number FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?",
                [match, FOUND],
            ).fetchall()

        return ask


def _rows(passages: Iterable[Passage]) -> Iterable[tuple[str, int, str]]:
    return ((one.article, one.number, one.text) for one in passages)


def engine(name: str, models: Models) -> Engine:
    """Return the engine of a name in ``NAMES``; only Sourcier has models."""
    return Sourcier(models) if name == "sourcier" else _PEERS[name]()


_PEERS: dict[str, type[Tantivy | Bm25s | FullText]] = {
    "tantivy": Tantivy,
    "bm25s": Bm25s,
    "fts5": FullText,
}
NAMES: Sequence[str] = ("sourcier", *_PEERS)
