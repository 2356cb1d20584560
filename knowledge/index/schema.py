"""The tables, and the migrations that make them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from knowledge.files.identity import INDEX_ID
from knowledge.index.chunks import short_key
from knowledge.index.vectors import in_8_bits
from knowledge.model import ReindexProgress, ReindexStage

__all__ = ["migrate", "migrations"]

migrations = Migrations("knowledge")


def migrate(
    connection: sqlite3.Connection, progress: Callable[[ReindexProgress], None] | None = None
) -> None:
    """Give an index the tables that it lacks, each migration whole or not at all.

    ``progress`` is called before each, where there are articles; what it raises ends it there.
    Raises ``sqlite3.Error``.
    """
    db = Database(connection, execute_plugins=False)
    names = [one.name for one in migrations.pending(db)]
    if not names:
        return
    is_filled = "articles" in db.table_names() and bool(db["articles"].count)
    for done, name in enumerate(names):
        if progress is not None and is_filled:
            progress(ReindexProgress(done, len(names), name, ReindexStage.MIGRATING))
        migrations.apply(db, stop_before=names[done + 1 :])


@migrations()
def m001_index(db: Database) -> None:
    """The first schema."""
    for statement in _INDEX:
        db.conn.execute(statement)
    # No engine has built it yet.
    db.conn.execute("INSERT INTO build VALUES (1, 0, 0, NULL, 0, 0, '[]', hex(randomblob(8)))")


@migrations()
def m002_vectors(db: Database) -> None:
    """Vectors of paragraphs and sentences, kept by text, so that only new text is encoded."""
    for statement in _VECTORS:
        db.conn.execute(statement)


@migrations()
def m003_word_forms(db: Database) -> None:
    """Words as they are spelled, whose vectors tell words of like meaning."""
    for statement in _WORD_FORMS:
        db.conn.execute(statement)


@migrations()
def m004_facts(db: Database) -> None:
    """Typed facts with the words that say them, and the terms that they are looked up by."""
    for statement in _FACTS:
        db.conn.execute(statement)


@migrations()
def m005_questions(db: Database) -> None:
    """Golden questions, by which a reindex and the self-test are judged."""
    for statement in _QUESTIONS:
        db.conn.execute(statement)


@migrations()
def m006_application_id(db: Database) -> None:
    """The mark by which the file is known for an index, even where it is damaged."""
    db.conn.execute(f"PRAGMA application_id = {INDEX_ID}")


@migrations()
def m007_one_encoder(db: Database) -> None:
    """One model for all vectors: those of words, and words as they are spelled, are gone."""
    for statement in _ONE_ENCODER:
        db.conn.execute(statement)


@migrations()
def m008_heading_paths(db: Database) -> None:
    """The headings that a heading stands under."""
    db.conn.execute("ALTER TABLE sections ADD COLUMN above TEXT NOT NULL DEFAULT '[]'")  # JSON list


@migrations()
def m009_postings(db: Database) -> None:
    """Postings of our own in the place of SQLite's full text: see ``knowledge.index.postings``.

    They are made when the engine's new version analyses the articles again.
    """
    for statement in _POSTINGS:
        db.conn.execute(statement)


_POSTINGS = (
    "DROP TABLE terms",
    "DROP TABLE term_counts",
    "DROP TABLE vocabulary",
    "DROP TABLE passages_fts",
    """
    CREATE TABLE postings (
        block INTEGER NOT NULL,        -- of paragraphs, by their rowids
        term TEXT NOT NULL,
        entries BLOB NOT NULL,         -- knowledge.index.postings.Postings
        PRIMARY KEY (block, term)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE lengths (
        block INTEGER PRIMARY KEY,
        lengths BLOB NOT NULL          -- content words of its paragraphs, 16 bits each
    )
    """,
    # How many passages have a word: in their terms, and in those of headings and titles; and, as
    # it is spelled, in either.
    """
    CREATE TABLE words (
        word TEXT PRIMARY KEY,
        body INTEGER NOT NULL,
        context INTEGER NOT NULL,
        spelled INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE contexts (
        article INTEGER NOT NULL REFERENCES articles(id),
        section INTEGER NOT NULL,      -- position; -1 before the first
        terms TEXT NOT NULL,           -- of headings and titles
        PRIMARY KEY (article, section)
    ) WITHOUT ROWID
    """,
    # What has to be taken out of the postings when an article goes.
    """
    CREATE TABLE article_terms (
        article INTEGER NOT NULL REFERENCES articles(id),
        part INTEGER NOT NULL,         -- four of which fill a page
        terms BLOB NOT NULL,           -- compressed: the terms of its paragraphs
        PRIMARY KEY (article, part)
    ) WITHOUT ROWID
    """,
)


@migrations()
def m010_compact(db: Database) -> None:
    """What is cheap to make again is not stored: where words stand, terms of facts; the rest in
    few bytes. An engine of this version puts all but curated facts in again."""
    for statement in _COMPACT:
        db.conn.execute(statement)


@migrations()
def m011_small_vectors(db: Database) -> None:
    """Vectors in 8 bits under numbers, and windows only where there are vectors."""
    for statement in _SMALL_VECTORS:
        db.conn.execute(statement)
    # Packed out here: what SIGINT raises inside a function of SQLite's would be lost.
    vectors = db.conn.execute(
        "SELECT key, model, vector FROM old_vectors WHERE model IS (SELECT encoding FROM build)"
    )
    db.conn.executemany(
        "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
        ((short_key(key), model, in_8_bits(vector)) for key, model, vector in vectors),
    )
    windows = db.conn.execute(
        "SELECT paragraph, position, key FROM old_windows WHERE EXISTS (SELECT 1 FROM vectors)"
    )
    db.conn.executemany(
        "INSERT INTO windows VALUES (?, ?, ?)",
        ((paragraph, position, short_key(key)) for paragraph, position, key in windows),
    )
    for statement in _OLD_VECTORS_GONE:
        db.conn.execute(statement)


@migrations()
def m012_changes(db: Database) -> None:
    """What the last versions of the index changed: see ``knowledge.index.changes``."""
    for statement in _CHANGES:
        db.conn.execute(statement)


_CHANGES = (
    """
    CREATE TABLE changes (
        index_version INTEGER PRIMARY KEY,  -- that they made
        articles TEXT NOT NULL,             -- JSON list: those put in or taken out
        words BLOB NOT NULL                 -- compressed: those of another number of passages
    )
    """,
)

_SMALL_VECTORS = (
    "ALTER TABLE windows RENAME TO old_windows",
    "ALTER TABLE vectors RENAME TO old_vectors",
    """
    CREATE TABLE windows (
        paragraph INTEGER NOT NULL REFERENCES paragraphs(id),
        position INTEGER NOT NULL,     -- see knowledge.index.chunks.Chunk
        key INTEGER NOT NULL,          -- from the text
        PRIMARY KEY (paragraph, position)
    ) WITHOUT ROWID
    """,
    # A table with rowids keeps a vector in its page; without, one in four would overflow.
    """
    CREATE TABLE vectors (
        key INTEGER PRIMARY KEY,
        model TEXT NOT NULL,
        vector BLOB NOT NULL           -- see knowledge.index.vectors
    )
    """,
)

_OLD_VECTORS_GONE = (
    "DROP TABLE old_windows",
    "DROP TABLE old_vectors",
    "CREATE INDEX windows_key ON windows (key)",
    "UPDATE build SET windows = (SELECT count(*) FROM windows)",
)

_COMPACT = (
    # Of what it was read from: knowledge.model.notes.Reading.
    "ALTER TABLE articles ADD COLUMN fingerprint BLOB",
    "ALTER TABLE articles ADD COLUMN remarks TEXT NOT NULL DEFAULT ''",  # JSON list, '' for none
    # Whether rules have yet to look for facts in it; how often facts have joined an index.
    "ALTER TABLE articles ADD COLUMN lacks_facts INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX articles_lacking_facts ON articles (id) WHERE lacks_facts",
    "ALTER TABLE build ADD COLUMN facts_joined INTEGER NOT NULL DEFAULT 0",
    "DROP TABLE sentences",
    "ALTER TABLE paragraphs RENAME COLUMN analysis TO names",  # as pack_names packs them
    "UPDATE paragraphs SET names = ''",
    # Of knowledge.index.packing.
    "ALTER TABLE paragraphs ADD COLUMN sentences BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE facts RENAME TO old_facts",
    """
    CREATE TABLE facts (
        id INTEGER PRIMARY KEY,
        paragraph INTEGER NOT NULL REFERENCES paragraphs(id),
        fact TEXT NOT NULL,            -- stable identifier, from the content
        kind TEXT NOT NULL,
        origin TEXT NOT NULL,
        start INTEGER NOT NULL,        -- character offsets into the paragraph
        "end" INTEGER NOT NULL,
        date_start TEXT,               -- ISO 8601 dates, both included
        date_end TEXT,
        details TEXT NOT NULL          -- JSON object: what is not empty of the rest of a fact
    )
    """,
    """
    INSERT INTO facts
    SELECT id, paragraph, fact, kind, origin, start, "end", date_start, date_end, details
    FROM old_facts WHERE origin = 'curated'
    """,
    "DROP TABLE old_facts",
    "CREATE INDEX facts_paragraph ON facts (paragraph)",
    "CREATE INDEX facts_fact ON facts (fact)",
    "CREATE INDEX facts_date ON facts (date_start) WHERE date_start IS NOT NULL",
    # Those that are looked at for every question.
    "CREATE INDEX facts_curated ON facts (origin) WHERE origin = 'curated'",
)

_ONE_ENCODER = (
    "DROP TABLE word_forms",
    "DROP TABLE spelling_counts",
    "DROP TABLE spellings",
    "DELETE FROM vectors",
    "UPDATE build SET embedded = NULL",
    # The model that some windows have vectors of, which answers then use already; and how often
    # vectors have joined those of the same index.
    "ALTER TABLE build ADD COLUMN encoding TEXT",
    "ALTER TABLE build ADD COLUMN encoded INTEGER NOT NULL DEFAULT 0",
)

_QUESTIONS = (
    """
    CREATE TABLE questions (
        article INTEGER NOT NULL REFERENCES articles(id),
        position INTEGER NOT NULL,
        details TEXT NOT NULL,         -- JSON object: knowledge.model.GoldenQuestion
        PRIMARY KEY (article, position)
    ) WITHOUT ROWID
    """,
)

_FACTS = (
    """
    CREATE TABLE facts (
        id INTEGER PRIMARY KEY,
        article INTEGER NOT NULL REFERENCES articles(id),
        paragraph INTEGER NOT NULL REFERENCES paragraphs(id),
        fact TEXT NOT NULL,            -- stable identifier, from the content
        kind TEXT NOT NULL,
        origin TEXT NOT NULL,
        start INTEGER NOT NULL,        -- character offsets into the paragraph
        "end" INTEGER NOT NULL,
        date_start TEXT,               -- ISO 8601 dates, both included
        date_end TEXT,
        details TEXT NOT NULL,         -- JSON object: the rest of knowledge.model.Fact
        terms TEXT NOT NULL,           -- of its statements and other words
        quoted TEXT NOT NULL           -- terms of the words that say it
    )
    """,
    "CREATE INDEX facts_article ON facts (article)",
    "CREATE INDEX facts_paragraph ON facts (paragraph)",
    "CREATE INDEX facts_fact ON facts (fact)",
    "CREATE INDEX facts_date ON facts (date_start)",
)

_WORD_FORMS = (
    # One row a paragraph, each of its words once. Words are split before they come here.
    """
    CREATE VIRTUAL TABLE spellings USING fts5(words, tokenize = "ascii", detail = none)
    """,
    "CREATE VIRTUAL TABLE spelling_counts USING fts5vocab(spellings, row)",
    """
    CREATE TABLE word_forms (
        word TEXT PRIMARY KEY,
        key BLOB NOT NULL              -- from the word, as a window's is from its text
    ) WITHOUT ROWID
    """,
    "CREATE INDEX word_forms_key ON word_forms (key)",
)

_VECTORS = (
    """
    CREATE TABLE windows (
        paragraph INTEGER NOT NULL REFERENCES paragraphs(id),
        position INTEGER NOT NULL,     -- see knowledge.index.chunks.Chunk
        key BLOB NOT NULL,             -- from the text
        PRIMARY KEY (paragraph, position)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX windows_key ON windows (key)",
    """
    CREATE TABLE vectors (
        model TEXT NOT NULL,
        key BLOB NOT NULL,
        vector BLOB NOT NULL,          -- little-endian 16-bit floats
        PRIMARY KEY (model, key)
    ) WITHOUT ROWID
    """,
    # The model that every window has a vector of; NULL: there is none.
    "ALTER TABLE build ADD COLUMN embedded TEXT",
    "ALTER TABLE build ADD COLUMN windows INTEGER NOT NULL DEFAULT 0",
)

_INDEX = (
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
    """
    CREATE TABLE sections (
        article INTEGER NOT NULL REFERENCES articles(id),
        position INTEGER NOT NULL,
        title TEXT NOT NULL,
        PRIMARY KEY (article, position)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE paragraphs (
        id INTEGER PRIMARY KEY,
        article INTEGER NOT NULL REFERENCES articles(id),
        number INTEGER NOT NULL,       -- from 1 through the article
        section INTEGER,               -- position of its section, NULL before the first
        passage TEXT NOT NULL,         -- stable identifier, from the content
        text TEXT NOT NULL,
        length INTEGER NOT NULL,       -- content words
        analysis TEXT NOT NULL,        -- JSON: knowledge.index.rows.ParagraphRow
        UNIQUE (article, number)
    )
    """,
    "CREATE INDEX paragraphs_passage ON paragraphs (passage)",
    """
    CREATE TABLE sentences (
        paragraph INTEGER NOT NULL REFERENCES paragraphs(id),
        position INTEGER NOT NULL,
        start INTEGER NOT NULL,        -- character offsets into the paragraph
        "end" INTEGER NOT NULL,
        PRIMARY KEY (paragraph, position)
    ) WITHOUT ROWID
    """,
    # Terms are analysed before they come here, so that the tokenizer has only to split at spaces.
    """
    CREATE VIRTUAL TABLE passages_fts USING fts5(
        body,       -- terms of the paragraph
        context,    -- terms of its section's heading and its article's titles
        words,      -- folded words of all of these, for spelling
        tokenize = "ascii tokenchars '.@~'", detail = column
    )
    """,
    "CREATE VIRTUAL TABLE terms USING fts5vocab(passages_fts, col)",
    # Written at the end of a reindex: the virtual table reads a term's whole posting list.
    """
    CREATE TABLE term_counts (
        term TEXT PRIMARY KEY,
        passages INTEGER NOT NULL,     -- with the term in the body, else in the context
        postings INTEGER NOT NULL      -- in both
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE vocabulary (
        word TEXT PRIMARY KEY,
        passages INTEGER NOT NULL      -- how many passages have it
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE build (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        index_version INTEGER NOT NULL,
        engine_version INTEGER NOT NULL,
        built_at TEXT,                 -- ISO 8601, UTC
        passages INTEGER NOT NULL,
        mean_length REAL NOT NULL,     -- content words a paragraph
        languages TEXT NOT NULL,       -- JSON list, most frequent first
        identity TEXT NOT NULL         -- of the file: a new one where it is made anew
    )
    """,
)
