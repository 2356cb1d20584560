"""The index in one SQLite file: its schema and every SQL statement on it.

Derived data only: the file can be deleted at any time and built again from the articles. Readers
see the last committed index, whole, while a writer builds the next one in a single transaction
(write-ahead log).
"""

from __future__ import annotations

from knowledge.index.changes import Changes
from knowledge.index.chunks import Chunk, key_of, position_of_wording, sentence_of
from knowledge.index.copying import copy_index
from knowledge.index.damage import IndexMark, discard_damaged, mark_of, says_index
from knowledge.index.facts import FactFilter, FactOrder, IndexedFact
from knowledge.index.pool import OneReader, ReaderPool
from knowledge.index.postings import BLOCK, COUNTED, IN_CONTEXT, JoinedPostings
from knowledge.index.questions import AskingHeading
from knowledge.index.reader import (
    IndexReader,
    IndexStatistics,
    StoredPassage,
    StoredVector,
    is_migrated,
    open_for_reading,
)
from knowledge.index.rows import ArticleRows, ParagraphRow
from knowledge.index.terms import MAX_VOCABULARY, STRETCH, Stretch
from knowledge.index.vectors import stacked
from knowledge.index.writer import ArticleState, IndexWriter, open_for_writing

__all__ = [
    "BLOCK",
    "COUNTED",
    "IN_CONTEXT",
    "MAX_VOCABULARY",
    "STRETCH",
    "ArticleRows",
    "ArticleState",
    "AskingHeading",
    "Changes",
    "Chunk",
    "FactFilter",
    "FactOrder",
    "IndexMark",
    "IndexReader",
    "IndexStatistics",
    "IndexWriter",
    "IndexedFact",
    "JoinedPostings",
    "OneReader",
    "ParagraphRow",
    "ReaderPool",
    "StoredPassage",
    "StoredVector",
    "Stretch",
    "copy_index",
    "discard_damaged",
    "is_migrated",
    "key_of",
    "mark_of",
    "open_for_reading",
    "open_for_writing",
    "position_of_wording",
    "says_index",
    "sentence_of",
    "stacked",
]
