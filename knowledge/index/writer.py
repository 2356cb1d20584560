"""The one writer of the index."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from knowledge.files.identity import INDEX_ID, FileKind
from knowledge.files.permissions import (
    make_directory,
    make_file,
    narrow_database,
    remove_side_files,
)
from knowledge.index.chunks import Chunk, key_of
from knowledge.index.connection import (
    LOCK_WAIT_SECONDS,
    explained,
    is_current,
    require_index,
)
from knowledge.index.facts import FactWriter
from knowledge.index.packing import pack_spans
from knowledge.index.reader import IndexReader
from knowledge.index.rows import ArticleRows, ParagraphRow
from knowledge.index.terms import TermWriter
from knowledge.index.vectors import in_8_bits
from knowledge.model import Article, Fact, ReindexProgress
from knowledge.model.errors import IndexUnavailable
from knowledge.model.notes import NoteKind, Reading, Remark
from knowledge.model.sizes import is_worth_compacting

__all__ = [
    "ArticleState",
    "IndexWriter",
    "open_for_writing",
]


@dataclass(frozen=True, slots=True)
class ArticleState:
    """What a reindex compares: the version of an article that the index holds. ``file``: the path
    of the one that it is in, as text, since there are very many; ``reading``: what it was read
    from, where that can tell that it is the same; ``lacks_facts``: rules have yet to look for facts
    in it."""

    file: str
    content_hash: str
    engine_version: int
    reading: Reading | None
    lacks_facts: bool


def _reading(fingerprint: bytes, remarks: str) -> Reading:
    if not remarks:
        return Reading(fingerprint)
    kept = (
        (suffix, Remark(NoteKind(kind), line, message))
        for suffix, kind, line, message in json.loads(remarks)
    )
    return Reading(fingerprint, tuple(kept))


def _stored(reading: Reading | None) -> tuple[bytes | None, str]:
    if reading is None:
        return None, ""
    rows = [[suffix, one.kind, one.line, one.message] for suffix, one in reading.remarks]
    return reading.fingerprint, json.dumps(rows, ensure_ascii=False) if rows else ""


def open_for_writing(
    path: Path, progress: Callable[[ReindexProgress], None] | None = None
) -> IndexWriter:
    """Open the index for a reindex, creating or migrating it where needed.

    ``progress`` is called while one is migrated that has articles; what it raises ends that: the
    steps that were whole are kept, and the next call goes on from there.

    Raises IndexUnavailable where the file cannot be used, and IndexLocked where another process
    is writing to it. What is no index is not touched.
    """
    try:
        kind = require_index(path)
        make_directory(path.parent)
        if kind is FileKind.ABSENT:
            with suppress(FileExistsError):  # another process begins it, too
                make_file(path.resolve())
                remove_side_files(path)  # of an index that was deleted without them
        narrow_database(path)
        connection = sqlite3.connect(path, timeout=LOCK_WAIT_SECONDS)
    except (OSError, sqlite3.Error) as error:
        raise IndexUnavailable(
            f"The index {path} cannot be opened: {error}.", lasts=True
        ) from error
    try:
        if kind is not FileKind.INDEX:  # before the log, so that it is in the file from the start
            connection.execute(f"PRAGMA application_id = {INDEX_ID}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        if not is_current(connection):
            from knowledge.index.schema import migrate  # slow to import

            migrate(connection, progress)
    except sqlite3.Error as error:
        connection.close()
        raise explained(path, error) from error
    except BaseException:
        connection.close()
        raise
    return IndexWriter(connection, path)


class IndexWriter(FactWriter, TermWriter):
    """The one writer: everything between ``transaction`` and its end is seen at once or never."""

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Hold the write lock; commit at the end, roll back on any exception.

        Raises IndexLocked where another process holds it, IndexUnavailable where SQLite fails (a
        full disk), IndexLost where the file turns out to be damaged.
        """
        connection = self._connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield
            self._write_terms()
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            raise explained(self._path, error) from error
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        self._forget_terms()
        self._forget_changes()
        # A failed disk may fail here, too; the log is then rolled back when it is next opened.
        with suppress(sqlite3.Error):
            self._connection.rollback()

    def index_version(self) -> int:
        """Return how many reindexes have changed something."""
        return self._rows("SELECT index_version FROM build")[0]["index_version"]

    def embedded(self) -> str | None:
        """Return the model that the whole index has vectors of."""
        return self._rows("SELECT embedded FROM build")[0]["embedded"]

    def engine_version(self) -> int:
        """Return the version of the engine that built the index."""
        return self._rows("SELECT engine_version FROM build")[0]["engine_version"]

    def article_states(self) -> dict[str, ArticleState]:
        """Return the indexed version of every article, by slug."""
        rows = self._execute(
            "SELECT slug, file, content_hash, engine_version, fingerprint, remarks, lacks_facts "
            "FROM articles"
        )
        return {
            slug: ArticleState(
                file,
                content_hash,
                engine_version,
                None if fingerprint is None else _reading(fingerprint, remarks),
                bool(lacks_facts),
            )
            for slug, file, content_hash, engine_version, fingerprint, remarks, lacks_facts in rows
        }

    def note_reading(self, slug: str, file: Path, reading: Reading | None) -> None:
        """Keep where an article is now that has not changed, and what it was read from."""
        self._execute(
            "UPDATE articles SET file = ?, fingerprint = ?, remarks = ? WHERE slug = ?",
            [str(file), *_stored(reading), slug],
        )

    def reading(self) -> IndexReader:
        """Return queries through this connection, which see what is not committed yet.

        They end with it and are not to be closed.
        """
        return IndexReader(self._connection, self._path)

    def put(self, rows: ArticleRows) -> None:
        """Store an article, in the place of its earlier version where there is one."""
        article = rows.article
        self.remove(article.slug)
        fingerprint, remarks = _stored(article.reading)
        identifier = self._insert(
            "articles",
            {
                "slug": article.slug,
                "file": str(rows.file),
                "content_hash": article.content_hash,
                "fingerprint": fingerprint,
                "remarks": remarks,
                "lacks_facts": rows.lacks_facts,
                "engine_version": rows.engine_version,
                "title": article.title,
                "titles": json.dumps(dict(article.titles), ensure_ascii=False),
                "language": article.language,
                "source": article.source,
                "url": article.url,
                "published": article.published and article.published.isoformat(),
                "reference_date": article.reference_date and article.reference_date.isoformat(),
            },
        )
        self._insert_all(
            "sections",
            ("article", "position", "title", "above"),
            (
                (identifier, one.position, one.title, json.dumps(one.above, ensure_ascii=False))
                for one in article.sections
            ),
        )
        first = self._rows("SELECT coalesce(max(id), 0) + 1 AS id FROM paragraphs")[0]["id"]
        self._put_paragraphs(identifier, first, rows.paragraphs)
        rowids = range(first, first + len(rows.paragraphs))
        self._put_terms(identifier, rowids, rows)
        paragraphs = [row.paragraph for row in rows.paragraphs]
        self._put_facts(
            {one.id: rowid for rowid, one in zip(rowids, paragraphs, strict=True)},
            {one.id: one.text for one in paragraphs},
            rows.facts,
        )
        self._insert_all(
            "questions",
            ("article", "position", "details"),
            (
                (identifier, position, json.dumps(asdict(question), ensure_ascii=False))
                for position, question in enumerate(article.questions)
            ),
        )

    def _put_paragraphs(self, identifier: int, first: int, rows: Sequence[ParagraphRow]) -> None:
        """Store the paragraphs of an article from the rowid ``first`` on."""
        numbered = list(enumerate(rows, first))
        self._insert_all(
            "paragraphs",
            (
                "id",
                "article",
                "number",
                "section",
                "passage",
                "text",
                "length",
                "names",
                "sentences",
            ),
            (
                (
                    rowid,
                    identifier,
                    row.paragraph.number,
                    row.paragraph.section,
                    row.paragraph.id,
                    row.paragraph.text,
                    row.length,
                    row.names,
                    pack_spans(row.sentences),
                )
                for rowid, row in numbered
            ),
        )
        self._insert_all(
            "windows",
            ("paragraph", "position", "key"),
            ((rowid, chunk.position, chunk.key) for rowid, row in numbered for chunk in row.chunks),
        )

    def remove(self, slug: str) -> None:
        """Remove an article and all that is stored of it, if it is there."""
        rows = self._rows("SELECT id FROM articles WHERE slug = ?", [slug])
        if not rows:
            return
        parameters = [rows[0]["id"]]
        mine = "(SELECT id FROM paragraphs WHERE article = ?)"
        self._remove_terms(rows[0]["id"])
        self._execute(f"DELETE FROM windows WHERE paragraph IN {mine}", parameters)
        self._execute(f"DELETE FROM facts WHERE paragraph IN {mine}", parameters)
        self._execute("DELETE FROM questions WHERE article = ?", parameters)
        self._execute("DELETE FROM paragraphs WHERE article = ?", parameters)
        self._execute("DELETE FROM sections WHERE article = ?", parameters)
        self._execute("DELETE FROM articles WHERE id = ?", parameters)

    def compact(self) -> None:
        """Give the pages of the file that nothing is in back to the file system, where they are
        many. Questions are answered meanwhile; the file is whole at any moment. Where another
        process has it, or there is no room for a copy, it stays as it is."""
        free, pages = (
            self._execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("freelist_count", "page_count")
        )
        if not is_worth_compacting(free, pages):
            return
        with suppress(sqlite3.OperationalError):
            self._execute("VACUUM")
            self._execute("PRAGMA wal_checkpoint(TRUNCATE)")  # else the copy stays beside it

    def lacking_facts(self, limit: int) -> list[str]:
        """Return the first slugs of articles that rules have yet to look for facts in."""
        rows = self._rows(
            "SELECT slug FROM articles WHERE lacks_facts ORDER BY id LIMIT ?", [limit]
        )
        return [row["slug"] for row in rows]

    def count_lacking_facts(self) -> int:
        """Return how many these are."""
        (row,) = self._rows("SELECT count(*) AS articles FROM articles WHERE lacks_facts")
        return row["articles"]

    def add_facts(self, article: Article, facts: Iterable[Fact]) -> None:
        """Store what rules have found in an article that lacked it."""
        rowids = self._rows(
            "SELECT p.id, p.passage FROM paragraphs AS p JOIN articles AS a ON a.id = p.article "
            "WHERE a.slug = ?",
            [article.slug],
        )
        self._put_facts(
            {row["passage"]: row["id"] for row in rowids},
            {paragraph.id: paragraph.text for paragraph in article.paragraphs},
            facts,
        )
        self._execute("UPDATE articles SET lacks_facts = 0 WHERE slug = ?", [article.slug])

    def join_facts(self) -> None:
        """Have facts read anew into memory: all that were to be added are there."""
        self._execute("UPDATE build SET facts_joined = facts_joined + 1")

    def without_vector(self, model: str, texts: Iterable[str]) -> list[str]:
        """Return those of ``texts``, each once, that have no vector of ``model`` yet."""
        by_key = {key_of(text): text for text in texts}
        known = "SELECT key FROM vectors WHERE model = ? AND key IN ({marks})"
        for row in self._rows_among(known, list(by_key), [model]):
            del by_key[row["key"]]
        return list(by_key.values())

    def put_vectors(self, model: str, vectors: Iterable[tuple[str, bytes]]) -> None:
        """Keep vectors, as the encoder gave them, by their texts; answers use them from the commit
        on."""
        for text, vector in vectors:
            self._execute(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                [key_of(text), model, in_8_bits(vector)],
            )
        self._execute("UPDATE build SET encoding = ?, encoded = encoded + 1", [model])

    def put_windows(self, chunks: Mapping[str, Iterable[Chunk]]) -> None:
        """Store which chunks paragraphs have, by the identifiers of these, where an index without
        vectors has none of them."""
        added = self._connection.executemany(
            "INSERT OR IGNORE INTO windows SELECT id, ?, ? FROM paragraphs WHERE passage = ?",
            (
                (chunk.position, chunk.key, passage)
                for passage, own in chunks.items()
                for chunk in own
            ),
        ).rowcount
        self._execute("UPDATE build SET windows = windows + ?", [max(added, 0)])

    def finish(self, engine_version: int, model: str | None) -> int:
        """Bring terms and figures up to date; return the new index version.

        ``engine_version`` is that of every row, ``model`` the one whose vectors the index is to
        have, if any. Vectors of others, and of text that is gone, are dropped.
        """
        if model is None:
            self._execute("DELETE FROM windows")
        self._execute(
            "DELETE FROM vectors WHERE model IS NOT ? OR key NOT IN (SELECT key FROM windows)",
            [model],
        )
        self._write_terms()
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
                languages = ?,
                windows = (SELECT count(*) FROM windows),
                embedded = ?,
                encoding = (SELECT model FROM vectors LIMIT 1)
            """,
            [
                engine_version,
                datetime.now(UTC).isoformat(timespec="seconds"),
                json.dumps([row["language"] for row in languages]),
                model if self._has_all_vectors(model) else None,
            ],
        )
        version = self.index_version()
        self._write_changes(version)
        return version

    def _has_all_vectors(self, model: str | None) -> bool:
        missing = self._rows(
            "SELECT 1 FROM windows "
            "WHERE key NOT IN (SELECT key FROM vectors WHERE model IS ?) "
            "UNION ALL SELECT 1 FROM paragraphs WHERE id NOT IN (SELECT paragraph FROM windows) "
            "LIMIT 1",
            [model],
        )
        return not missing
