"""The index in one SQLite file: its schema and every SQL statement on it.

Derived data only: the file can be deleted at any time and built again from the articles. Readers
see the last committed index, whole, while a writer builds the next one in a single transaction
(write-ahead log).
"""

from __future__ import annotations

from knowledge.store.copying import copy_index
from knowledge.store.damage import discard_damaged, says_index
from knowledge.store.facts import FactFilter, IndexedFact
from knowledge.store.pool import OneReader, ReaderPool
from knowledge.store.reader import (
    IndexReader,
    IndexStatistics,
    StoredPassage,
    StoredVector,
    TermCount,
    is_migrated,
    open_for_reading,
)
from knowledge.store.writer import ArticleState, IndexWriter, VectorSet, open_for_writing

__all__ = [
    "ArticleState",
    "FactFilter",
    "IndexReader",
    "IndexStatistics",
    "IndexWriter",
    "IndexedFact",
    "OneReader",
    "ReaderPool",
    "StoredPassage",
    "StoredVector",
    "TermCount",
    "VectorSet",
    "copy_index",
    "discard_damaged",
    "is_migrated",
    "open_for_reading",
    "open_for_writing",
    "says_index",
]
