"""The index in one SQLite file: its schema and every SQL statement on it.

Derived data only: the file can be deleted at any time and built again from the articles. Readers
see the last committed index, whole, while a writer builds the next one in a single transaction
(write-ahead log).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from knowledge.analysis import ENGINE_VERSION, Analysis, analyse
from knowledge.errors import ArticleNotFound, IndexUnavailable, ReindexInProgress
from knowledge.language import sentences
from knowledge.model import Article, ArticleSummary, IndexStatus, Paragraph, Section, Span

__all__ = [
    "MAX_VOCABULARY",
    "ArticleState",
    "IndexStatistics",
    "StoredPassage",
    "open_for_reading",
    "open_for_writing",
]

MAX_VOCABULARY = 200_000
"""Words and stems that spelling correction chooses from: the most frequent of the index."""

_LOCK_WAIT_SECONDS = 5.0
_MAX_SQL_PARAMETERS = 500


def _execute(db: Database, sql: str, parameters: Sequence[object] = ()) -> sqlite3.Cursor:
    return db.execute(sql, parameters)  # pyright: ignore[reportUnknownMemberType]


migrations = Migrations("knowledge")


@migrations()
def m001_index(db: Database) -> None:
    """The first schema."""
    _execute(
        db,
        """
        CREATE TABLE articles (
            id INTEGER PRIMARY KEY,
            slug TEXT NOT NULL UNIQUE,
            file TEXT NOT NULL,
            content_hash TEXT NOT NULL,
            engine_version INTEGER NOT NULL,
            title TEXT NOT NULL,
            titles TEXT NOT NULL,          -- JSON object: language -> title
            language TEXT NOT NULL,
            source TEXT,
            url TEXT,
            published TEXT,                -- ISO 8601 date
            reference_date TEXT            -- ISO 8601 date
        )
        """,
    )
    _execute(
        db,
        """
        CREATE TABLE sections (
            article INTEGER NOT NULL REFERENCES articles(id),
            position INTEGER NOT NULL,
            title TEXT NOT NULL,
            PRIMARY KEY (article, position)
        ) WITHOUT ROWID
        """,
    )
    _execute(
        db,
        """
        CREATE TABLE paragraphs (
            id INTEGER PRIMARY KEY,
            article INTEGER NOT NULL REFERENCES articles(id),
            number INTEGER NOT NULL,       -- from 1 through the article
            section INTEGER,               -- position of its section, NULL before the first
            passage TEXT NOT NULL,         -- stable identifier, from the content
            text TEXT NOT NULL,
            length INTEGER NOT NULL,       -- content words
            UNIQUE (article, number)
        )
        """,
    )
    _execute(db, "CREATE INDEX paragraphs_passage ON paragraphs (passage)")
    _execute(
        db,
        """
        CREATE TABLE sentences (
            paragraph INTEGER NOT NULL REFERENCES paragraphs(id),
            position INTEGER NOT NULL,
            start INTEGER NOT NULL,        -- character offsets into the paragraph
            "end" INTEGER NOT NULL,
            PRIMARY KEY (paragraph, position)
        ) WITHOUT ROWID
        """,
    )
    # Terms are analysed before they come here, so that the tokenizer has only to split at spaces.
    _execute(
        db,
        """
        CREATE VIRTUAL TABLE passages_fts USING fts5(
            body,       -- terms of the paragraph
            context,    -- terms of its section's heading and its article's titles
            words,      -- folded words of all of these, for spelling
            tokenize = "ascii tokenchars '.@~'", detail = column
        )
        """,
    )
    _execute(db, "CREATE VIRTUAL TABLE terms USING fts5vocab(passages_fts, col)")
    _execute(
        db,
        """
        CREATE TABLE vocabulary (
            word TEXT PRIMARY KEY,
            passages INTEGER NOT NULL      -- how many passages have it
        ) WITHOUT ROWID
        """,
    )
    _execute(
        db,
        """
        CREATE TABLE build (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            index_version INTEGER NOT NULL,
            engine_version INTEGER NOT NULL,
            built_at TEXT,                 -- ISO 8601, UTC
            passages INTEGER NOT NULL,
            mean_length REAL NOT NULL,     -- content words a paragraph
            languages TEXT NOT NULL        -- JSON list, most frequent first
        )
        """,
    )
    _execute(db, "INSERT INTO build VALUES (1, 0, ?, NULL, 0, 0, '[]')", [ENGINE_VERSION])


@dataclass(frozen=True, slots=True)
class ArticleState:
    """What a reindex compares: the version of an article that the index holds."""

    file: Path
    content_hash: str
    engine_version: int


@dataclass(frozen=True, slots=True)
class IndexStatistics:
    """Figures of the whole index that scores need."""

    index_version: int
    passages: int
    mean_length: float
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A paragraph with all that scoring and citing it takes.

    ``body`` and ``context`` are its analysed terms, in the order of the text.
    """

    rowid: int
    passage: str
    article: str
    language: str
    title: str
    url: str | None
    section: str | None
    number: int
    text: str
    length: int
    sentences: tuple[Span, ...]
    body: tuple[str, ...]
    context: tuple[str, ...]


def open_for_writing(path: Path) -> IndexWriter:
    """Open the index for a reindex, creating or migrating it where needed.

    Raises IndexUnavailable where the file cannot be used, and ReindexInProgress where another
    process is writing to it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=_LOCK_WAIT_SECONDS)
    except (OSError, sqlite3.Error) as error:
        raise IndexUnavailable(f"The index {path} cannot be opened: {error}.") from error
    db = Database(connection, execute_plugins=False)
    try:
        if db.journal_mode != "wal":
            db.enable_wal()
        _execute(db, "PRAGMA synchronous = NORMAL")
        if migrations.pending(db):
            migrations.apply(db)
    except sqlite3.Error as error:
        db.close()
        raise _explained(path, error) from error
    return IndexWriter(db, path)


def open_for_reading(path: Path) -> IndexReader:
    """Open the index read-only. The connection may be used from one thread at a time.

    Raises IndexUnavailable where there is none or it cannot be used.
    """
    try:
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro",
            uri=True,
            timeout=_LOCK_WAIT_SECONDS,
            check_same_thread=False,
        )
        db = Database(connection, execute_plugins=False)
        _execute(db, "PRAGMA query_only = ON")
        if migrations.pending(db):
            db.close()
            raise IndexUnavailable(f"The index {path} is not built yet. Run “sourcier index”.")
    except sqlite3.Error as error:
        raise _explained(path, error) from error
    return IndexReader(db, path)


def _explained(path: Path, error: sqlite3.Error) -> IndexUnavailable | ReindexInProgress:
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return ReindexInProgress("Another process is rebuilding the index. Try again shortly.")
    if isinstance(error, sqlite3.OperationalError) and "unable to open" in str(error):
        return IndexUnavailable(f"There is no index at {path}. Run “sourcier index”.")
    return IndexUnavailable(
        f"The index {path} cannot be used ({error}). It holds derived data only: delete the file "
        "and run “sourcier index”."
    )


class _Connection:
    def __init__(self, db: Database, path: Path) -> None:
        self._db = db
        self._path = path

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def _rows(self, sql: str, parameters: Sequence[object] = ()) -> list[dict[str, Any]]:
        cursor = self._execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def _execute(self, sql: str, parameters: Sequence[object] = ()) -> sqlite3.Cursor:
        return _execute(self._db, sql, parameters)

    def statistics(self) -> IndexStatistics:
        """Return the figures that scores need."""
        (row,) = self._rows("SELECT index_version, passages, mean_length, languages FROM build")
        return IndexStatistics(
            row["index_version"],
            row["passages"],
            row["mean_length"],
            tuple(json.loads(row["languages"])),
        )


class IndexWriter(_Connection):
    """The one writer: everything between ``transaction`` and its end is seen at once or never."""

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Hold the write lock; commit at the end, roll back on any exception.

        Raises ReindexInProgress where another process holds it.
        """
        connection = self._db.conn
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise _explained(self._path, error) from error
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()
            raise

    def article_states(self) -> dict[str, ArticleState]:
        """Return the indexed version of every article, by slug."""
        rows = self._rows("SELECT slug, file, content_hash, engine_version FROM articles")
        return {
            row["slug"]: ArticleState(Path(row["file"]), row["content_hash"], row["engine_version"])
            for row in rows
        }

    def passages_of(self, slug: str) -> set[str]:
        """Return the stable identifiers of an article's paragraphs."""
        rows = self._rows(
            "SELECT passage FROM paragraphs "
            "WHERE article = (SELECT id FROM articles WHERE slug = ?)",
            [slug],
        )
        return {row["passage"] for row in rows}

    def put(self, article: Article, file: Path) -> None:
        """Store an article, in the place of its earlier version where there is one."""
        self.remove(article.slug)
        identifier = self._insert(
            "articles",
            {
                "slug": article.slug,
                "file": str(file),
                "content_hash": article.content_hash,
                "engine_version": ENGINE_VERSION,
                "title": article.title,
                "titles": json.dumps(dict(article.titles), ensure_ascii=False),
                "language": article.language,
                "source": article.source,
                "url": article.url,
                "published": article.published and article.published.isoformat(),
                "reference_date": article.reference_date and article.reference_date.isoformat(),
            },
        )
        for section in article.sections:
            self._insert(
                "sections",
                {"article": identifier, "position": section.position, "title": section.title},
            )
        for paragraph in article.paragraphs:
            self._put_paragraph(identifier, article, paragraph)

    def _put_paragraph(self, identifier: int, article: Article, paragraph: Paragraph) -> None:
        body = analyse(paragraph.text, article.language)
        headings = [(article.title, article.language)]
        headings += [(title, language) for language, title in article.titles.items()]
        if (section := article.section_of(paragraph)) is not None:
            headings.append((section, article.language))
        context = [analyse(text, language) for text, language in headings]
        rowid = self._insert(
            "paragraphs",
            {
                "article": identifier,
                "number": paragraph.number,
                "section": paragraph.section,
                "passage": paragraph.id,
                "text": paragraph.text,
                "length": len(body.words),
            },
        )
        for position, span in enumerate(sentences(paragraph.text)):
            self._insert(
                "sentences",
                {"paragraph": rowid, "position": position, "start": span.start, "end": span.end},
            )
        self._insert(
            "passages_fts",
            {
                "rowid": rowid,
                "body": " ".join(_terms(body)),
                "context": " ".join(term for heading in context for term in _terms(heading)),
                "words": " ".join(word for part in (body, *context) for word in part.folded),
            },
        )

    def remove(self, slug: str) -> None:
        """Remove an article and all that is stored of it, if it is there."""
        rows = self._rows("SELECT id FROM articles WHERE slug = ?", [slug])
        if not rows:
            return
        parameters = [rows[0]["id"]]
        mine = "(SELECT id FROM paragraphs WHERE article = ?)"
        self._execute(f"DELETE FROM passages_fts WHERE rowid IN {mine}", parameters)
        self._execute(f"DELETE FROM sentences WHERE paragraph IN {mine}", parameters)
        self._execute("DELETE FROM paragraphs WHERE article = ?", parameters)
        self._execute("DELETE FROM sections WHERE article = ?", parameters)
        self._execute("DELETE FROM articles WHERE id = ?", parameters)

    def finish(self) -> int:
        """Bring figures and vocabulary up to date; return the new index version."""
        self._execute("DELETE FROM vocabulary")
        self._execute(
            "INSERT INTO vocabulary SELECT term, max(doc) AS passages FROM terms "
            "WHERE term >= '0' AND term < '@' OR term >= 'a' AND term < '~' OR term > '~~' "
            "GROUP BY term ORDER BY passages DESC, term LIMIT ?",
            [MAX_VOCABULARY],
        )
        languages = self._rows(
            "SELECT language FROM articles GROUP BY language ORDER BY count(*) DESC, language"
        )
        self._execute(
            """
            UPDATE build SET
                index_version = index_version + 1,
                engine_version = ?,
                built_at = ?,
                passages = (SELECT count(*) FROM paragraphs),
                mean_length = coalesce((SELECT avg(length) FROM paragraphs), 0),
                languages = ?
            """,
            [
                ENGINE_VERSION,
                datetime.now(UTC).isoformat(timespec="seconds"),
                json.dumps([row["language"] for row in languages]),
            ],
        )
        return self.statistics().index_version

    def _insert(self, table: str, values: Mapping[str, object]) -> int:
        columns = ", ".join(f'"{column}"' for column in values)
        marks = ", ".join("?" for _ in values)
        cursor = self._execute(
            f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(values.values())
        )
        return cast(int, cursor.lastrowid)


class IndexReader(_Connection):
    """Read-only queries. Inside ``snapshot`` all of them see the same index."""

    @contextmanager
    def snapshot(self) -> Generator[None]:
        """Hold one committed state of the index for all queries inside.

        Raises IndexUnavailable where the file turns out to be damaged.
        """
        connection = self._db.conn
        try:
            connection.execute("BEGIN")
            try:
                yield
            finally:
                connection.rollback()
        except sqlite3.Error as error:
            raise _explained(self._path, error) from error

    def status(self) -> IndexStatus:
        """Return what ``sourcier check`` and ``/status`` show."""
        (row,) = self._rows(
            "SELECT build.*, (SELECT count(*) FROM articles) AS articles FROM build"
        )
        return IndexStatus(
            articles=row["articles"],
            paragraphs=row["passages"],
            index_version=row["index_version"],
            engine_version=row["engine_version"],
            built_at=row["built_at"],
            sqlite_version=sqlite3.sqlite_version,
        )

    def vocabulary(self) -> list[tuple[str, int]]:
        """Return the folded words and the stems of the index, with how many passages have each."""
        rows = self._rows("SELECT word, passages FROM vocabulary")
        return [(row["word"], row["passages"]) for row in rows]

    def passage_counts(self, terms: Iterable[str]) -> dict[str, int]:
        """Return in how many passages each of ``terms`` stands; those that stand nowhere left out.

        Mentions in the text count; only where there is none, those in headings and titles do: a
        word of the title is as rare in the text as it is there.
        """
        counts: dict[str, int] = {}
        for start in range(0, len(wanted := list(dict.fromkeys(terms))), _MAX_SQL_PARAMETERS):
            part = wanted[start : start + _MAX_SQL_PARAMETERS]
            marks = ", ".join("?" for _ in part)
            rows = self._rows(
                f"SELECT term, col, doc FROM terms WHERE term IN ({marks}) AND col <> 'words' "
                "ORDER BY col = 'body'",
                part,
            )
            counts.update((row["term"], row["doc"]) for row in rows)
        return counts

    def candidates(self, terms: Sequence[str], limit: int, scan: int) -> list[int]:
        """Return the rowids of the ``limit`` passages that match ``terms`` best, of ``scan`` read.

        Any of the terms will do; SQLite's own BM25 orders them (its weights are rough: headings
        count half, and the order is only used to choose).
        """
        if not terms:
            return []
        match = " OR ".join('"' + term.replace('"', '""') + '"' for term in terms)
        rows = self._rows(
            """
            SELECT rowid FROM (
                SELECT rowid, bm25(passages_fts, 1.0, 0.5) AS rank FROM passages_fts
                WHERE passages_fts MATCH ? LIMIT ?
            ) ORDER BY rank, rowid LIMIT ?
            """,
            [f"{{body context}} : ({match})", scan, limit],
        )
        return [row["rowid"] for row in rows]

    def passages(self, rowids: Sequence[int]) -> list[StoredPassage]:
        """Return stored passages in the order of ``rowids``; one that is gone is left out."""
        found: dict[int, StoredPassage] = {}
        for start in range(0, len(rowids), _MAX_SQL_PARAMETERS):
            part = rowids[start : start + _MAX_SQL_PARAMETERS]
            marks = ", ".join("?" for _ in part)
            rows = self._rows(_PASSAGE + f"WHERE p.id IN ({marks})", part)
            found.update((row["id"], _passage(row)) for row in rows)
        return [found[rowid] for rowid in rowids if rowid in found]

    def passage(self, identifier: str) -> StoredPassage | None:
        """Return the passage of a stable identifier, ``None`` where no article has it."""
        rows = self._rows(_PASSAGE + "WHERE p.passage = ? LIMIT 1", [identifier])
        return _passage(rows[0]) if rows else None

    def articles(self) -> tuple[ArticleSummary, ...]:
        """Return all articles, by slug."""
        rows = self._rows(
            """
            SELECT slug, title, language, (
                SELECT count(*) FROM paragraphs WHERE article = articles.id
            ) AS paragraphs FROM articles ORDER BY slug
            """
        )
        return tuple(ArticleSummary(**row) for row in rows)

    def article(self, slug: str) -> Article:
        """Return a whole article. Raises ArticleNotFound."""
        rows = self._rows("SELECT * FROM articles WHERE slug = ?", [slug])
        if not rows:
            raise ArticleNotFound(f"There is no article “{slug}”.")
        row = rows[0]
        sections = self._rows(
            "SELECT position, title FROM sections WHERE article = ? ORDER BY position", [row["id"]]
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
            sections=tuple(Section(**section) for section in sections),
            paragraphs=tuple(Paragraph(**paragraph) for paragraph in paragraphs),
            content_hash=row["content_hash"],
            titles=json.loads(row["titles"]),
            source=row["source"],
            url=row["url"],
            published=_date(row["published"]),
            reference_date=_date(row["reference_date"]),
        )


def _terms(analysis: Analysis) -> Iterator[str]:
    for part in (*analysis.words, *analysis.names):
        yield from part.terms


_PASSAGE = """
SELECT p.id, p.passage, p.number, p.text, p.length, a.slug, a.language, a.title, a.url,
    s.title AS section, f.body, f.context, (
        SELECT json_group_array(json_array(start, "end")) FROM (
            SELECT start, "end" FROM sentences WHERE paragraph = p.id ORDER BY position
        )
    ) AS sentences
FROM paragraphs AS p
JOIN articles AS a ON a.id = p.article
JOIN passages_fts AS f ON f.rowid = p.id
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
        section=row["section"],
        number=row["number"],
        text=row["text"],
        length=row["length"],
        sentences=tuple(Span(start, end) for start, end in json.loads(row["sentences"])),
        body=tuple(row["body"].split()),
        context=tuple(row["context"].split()),
    )


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
