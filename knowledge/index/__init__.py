"""The index in one SQLite file: its schema and every SQL statement on it.

Derived data only: the file can be deleted at any time and built again from the articles. Readers
see the last committed index, whole, while a writer builds the next one in a single transaction
(write-ahead log).
"""

from __future__ import annotations

from knowledge.index.copying import copy_index
from knowledge.index.facts import FactFilter, IndexedFact
from knowledge.index.pool import OneReader, ReaderPool
from knowledge.index.reader import (
    IndexReader,
    IndexStatistics,
    StoredPassage,
    StoredVector,
    TermCount,
    is_migrated,
    open_for_reading,
)
from knowledge.index.writer import ArticleState, IndexWriter, VectorSet, open_for_writing

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
    "is_migrated",
    "open_for_reading",
    "open_for_writing",
]
