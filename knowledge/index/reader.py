"""Read-only queries on the index."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.files.identity import read_only
from knowledge.index.changes import ChangeReader
from knowledge.index.connection import (
    LOCK_WAIT_SECONDS,
    explained,
    is_current,
    require_index,
    unbuilt,
)
from knowledge.index.facts import FactFilter, FactReader
from knowledge.index.packing import unpack_spans
from knowledge.index.questions import QuestionReader
from knowledge.index.sizes import SizeReader
from knowledge.index.terms import TermReader
from knowledge.model import (
    Article,
    ArticleSummary,
    FactOrigin,
    IndexStatus,
    Paragraph,
    Section,
    Span,
    heading_path,
)
from knowledge.model.errors import ArticleNotFound

__all__ = [
    "IndexReader",
    "IndexStatistics",
    "StoredPassage",
    "StoredVector",
    "is_migrated",
    "open_for_reading",
]


@dataclass(frozen=True, slots=True)
class IndexStatistics:
    """Figures of the whole index that scores need. ``identity`` is the file's.

    ``embedded``: the model that every chunk has a vector of; ``encoding``: the one that some have
    (the same, once they all do); ``encoded``: how often vectors have joined; ``facts_joined``: how
    often facts have; ``lacks_facts``: whether some are yet to join.
    """

    identity: str
    engine_version: int
    index_version: int
    passages: int
    mean_length: float
    languages: tuple[str, ...]
    chunks: int
    embedded: str | None
    encoding: str | None
    encoded: int
    facts_joined: int
    lacks_facts: bool

    @property
    def state(self) -> tuple[str, int]:
        """Another for each committed index."""
        return self.identity, self.index_version

    @property
    def facts_state(self) -> tuple[str, int, int]:
        """Another for each committed index, and where facts have joined it."""
        return *self.state, self.facts_joined


@dataclass(frozen=True, slots=True)
class StoredVector:
    """A vector of a passage: ``position`` as in ``knowledge.index.chunks.Chunk``, ``packed``
    as in ``knowledge.index.vectors``."""

    rowid: int
    position: int
    packed: bytes


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A paragraph with all that scoring and citing it takes.

    ``headings``: those that it stands under, the outermost first. ``names``: as they were put
    (``ParagraphRow``). ``context``: the terms of its headings and of its article's titles.
    """

    rowid: int
    passage: str
    article: str
    language: str
    title: str
    url: str | None
    headings: tuple[str, ...]
    number: int
    text: str
    length: int
    sentences: tuple[Span, ...]
    names: str
    context: tuple[str, ...]

    @property
    def section(self) -> str | None:
        """Its headings as one text, ``None`` before the first."""
        return heading_path(self.headings)


def _read_only(path: Path) -> str:
    """Return the address of a read-only connection.

    In a directory where nobody of ours can write, SQLite cannot keep its notes on readers beside
    the file either, and need not: nothing can change it.
    """
    return read_only(path, immutable=not os.access(path.resolve().parent, os.W_OK))


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        _read_only(path), uri=True, timeout=LOCK_WAIT_SECONDS, check_same_thread=False
    )


def is_migrated(path: Path) -> bool:
    """Whether the index at ``path`` has the tables of today. One whose making was cut short, which
    is undone when it is opened for writing, has not. Raises IndexUnavailable."""
    require_index(path)
    try:
        with closing(_connect(path)) as connection:
            return is_current(connection)
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_READONLY_ROLLBACK":
            return False
        raise explained(path, error) from error


def open_for_reading(path: Path, *, was_index: bool = False) -> IndexReader:
    """Open the index read-only. The connection may be used from one thread at a time.
    ``was_index``: see ``require_index``.

    Raises IndexLost where there is none or it is damaged, IndexUnavailable where it cannot be
    used.
    """
    require_index(path, was_index=was_index)
    try:
        connection = _connect(path)
        connection.execute("PRAGMA query_only = ON")
        if not is_current(connection):
            connection.close()
            raise unbuilt(path)
    except sqlite3.Error as error:
        raise explained(path, error) from error
    return IndexReader(connection, path)


class IndexReader(ChangeReader, FactReader, QuestionReader, SizeReader, TermReader):
    """Read-only queries. Inside ``snapshot`` all of them see the same index."""

    def statistics(self) -> IndexStatistics:
        """Return the figures that scores need."""
        (row,) = self._rows(
            "SELECT *, EXISTS (SELECT 1 FROM articles WHERE lacks_facts) AS lacks_facts FROM build"
        )
        return IndexStatistics(
            row["identity"],
            row["engine_version"],
            row["index_version"],
            row["passages"],
            row["mean_length"],
            tuple(json.loads(row["languages"])),
            row["windows"],
            row["embedded"],
            row["encoding"],
            row["encoded"],
            row["facts_joined"],
            bool(row["lacks_facts"]),
        )

    def copy_to(self, path: Path) -> None:
        """Fill an empty file with the committed state of the index. Raises ``sqlite3.Error``."""
        with closing(sqlite3.connect(path)) as copy:
            self._connection.backup(copy)

    @contextmanager
    def snapshot(self) -> Generator[None]:
        """Hold one committed state of the index for all queries inside.

        Raises IndexUnavailable where the file turns out to be damaged.
        """
        connection = self._connection
        try:
            connection.execute("BEGIN")
            try:
                yield
            finally:
                connection.rollback()
        except sqlite3.Error as error:
            raise explained(self._path, error) from error

    def status(self) -> IndexStatus:
        """Return what ``sourcier check`` and ``/status`` show."""
        (row,) = self._rows(
            """
            SELECT build.*, (SELECT count(*) FROM articles) AS articles,
                (SELECT count(*) FROM facts) AS facts,
                (SELECT count(*) FROM articles WHERE lacks_facts) AS lacking_facts,
                (SELECT count(*) FROM questions) AS questions
            FROM build
            """
        )
        return IndexStatus(
            articles=row["articles"],
            paragraphs=row["passages"],
            facts=row["facts"],
            lacking_facts=row["lacking_facts"],
            questions=row["questions"],
            index_version=row["index_version"],
            engine_version=row["engine_version"],
            built_at=row["built_at"],
            embedded=row["embedded"],
            sqlite_version=sqlite3.sqlite_version,
        )

    def vectors(self, model: str, rowids: Sequence[int] | None = None) -> list[StoredVector]:
        """Return the vectors of ``model``: of the passages ``rowids``, else of the whole index."""
        sql = (
            "SELECT w.paragraph, w.position, v.vector FROM windows AS w "
            "JOIN vectors AS v ON v.key = w.key AND v.model = ?"
        )
        parameters: list[object] = [model]
        if rowids is not None:
            sql += f" WHERE w.paragraph IN ({', '.join('?' for _ in rowids)})"
            parameters += rowids
        sql += " ORDER BY w.paragraph, w.position"
        return [StoredVector(*row) for row in self._execute(sql, parameters)]

    def whole_vectors(self, model: str) -> Iterator[tuple[int, int, bytes]]:
        """Yield the rowid of each passage, ascending, with the key and the vector of ``model`` of
        its whole text, where there is one."""
        yield from self._execute(
            "SELECT w.paragraph, w.key, v.vector FROM windows AS w "
            "JOIN vectors AS v ON v.key = w.key AND v.model = ? WHERE w.position = 0 "
            "ORDER BY w.paragraph",
            [model],
        )

    def vectors_of(self, model: str, keys: Sequence[int]) -> dict[int, bytes]:
        """Return the vectors of ``model`` that are there under some keys, by these."""
        rows = self._tuples_among(
            "SELECT key, vector FROM vectors WHERE model = ? AND key IN ({marks})", keys, [model]
        )
        return dict(rows)

    def passages(self, rowids: Sequence[int]) -> list[StoredPassage]:
        """Return stored passages in the order of ``rowids``; one that is gone is left out."""
        rows = self._rows_among(_PASSAGE + "WHERE p.id IN ({marks})", rowids)
        found = {row["id"]: _passage(row) for row in rows}
        return [found[rowid] for rowid in rowids if rowid in found]

    def texts(self, rowids: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Yield the rowids and the texts of stored passages, in no order."""
        sql = "SELECT id, text FROM paragraphs WHERE id IN ({marks})"
        yield from self._tuples_among(sql, rowids)

    def passage(self, identifier: str) -> StoredPassage | None:
        """Return the passage of a stable identifier, ``None`` where no article has it."""
        rows = self._rows(_PASSAGE + "WHERE p.passage = ? LIMIT 1", [identifier])
        return _passage(rows[0]) if rows else None

    def articles(self) -> tuple[ArticleSummary, ...]:
        """Return all articles, by slug."""
        rows = self._rows(
            """
            SELECT slug, title, titles, language, (
                SELECT count(*) FROM paragraphs WHERE article = articles.id
            ) AS paragraphs FROM articles ORDER BY slug
            """
        )
        return tuple(ArticleSummary(**row | {"titles": json.loads(row["titles"])}) for row in rows)

    def first_slugs(self, limit: int) -> list[str]:
        """Return the slugs of the first articles, in their order."""
        rows = self._rows("SELECT slug FROM articles ORDER BY slug LIMIT ?", [limit])
        return [row["slug"] for row in rows]

    def title(self, slug: str) -> str:
        """Return an article's title; its slug where there is no such article."""
        rows = self._rows("SELECT title FROM articles WHERE slug = ?", [slug])
        return rows[0]["title"] if rows else slug

    def count_paragraphs(self, slug: str) -> int:
        """Return how many paragraphs an article has."""
        (row,) = self._rows(
            "SELECT count(*) AS paragraphs FROM paragraphs "
            "WHERE article = (SELECT id FROM articles WHERE slug = ?)",
            [slug],
        )
        return row["paragraphs"]

    def article(self, slug: str) -> Article:
        """Return a whole article. Raises ArticleNotFound."""
        rows = self._rows("SELECT * FROM articles WHERE slug = ?", [slug])
        if not rows:
            raise ArticleNotFound(f"There is no article “{slug}”.")
        row = rows[0]
        sections = self._rows(
            "SELECT position, title, above FROM sections WHERE article = ? ORDER BY position",
            [row["id"]],
        )
        paragraphs = self._rows(
            "SELECT passage AS id, number, section, text FROM paragraphs "
            "WHERE article = ? ORDER BY number",
            [row["id"]],
        )
        return Article(
            slug=row["slug"],
            title=row["title"],
            language=row["language"],
            sections=tuple(
                Section(one["position"], one["title"], tuple(json.loads(one["above"])))
                for one in sections
            ),
            paragraphs=tuple(Paragraph(**paragraph) for paragraph in paragraphs),
            content_hash=row["content_hash"],
            titles=json.loads(row["titles"]),
            source=row["source"],
            url=row["url"],
            published=_date(row["published"]),
            reference_date=_date(row["reference_date"]),
            facts=self.facts(FactFilter(article=slug, origin=FactOrigin.CURATED)),
            questions=self.questions(slug),
        )


_PASSAGE = """
SELECT p.id, p.passage, p.number, p.text, p.length, p.names, p.sentences, a.slug, a.language,
    a.title, a.url, s.title AS heading, s.above, c.terms AS context
FROM paragraphs AS p
JOIN articles AS a ON a.id = p.article
JOIN contexts AS c ON c.article = p.article AND c.section = coalesce(p.section, -1)
LEFT JOIN sections AS s ON s.article = p.article AND s.position = p.section
"""


def _passage(row: Mapping[str, Any]) -> StoredPassage:
    return StoredPassage(
        rowid=row["id"],
        passage=row["passage"],
        article=row["slug"],
        language=row["language"],
        title=row["title"],
        url=row["url"],
        headings=_headings(row),
        number=row["number"],
        text=row["text"],
        length=row["length"],
        sentences=unpack_spans(row["sentences"]),
        names=row["names"],
        context=tuple(row["context"].split()),
    )


def _headings(row: Mapping[str, Any]) -> tuple[str, ...]:
    return () if row["heading"] is None else (*json.loads(row["above"]), row["heading"])


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
