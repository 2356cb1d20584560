"""What few articles changed in an index, kept so that whoever has read it need not read it anew."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from knowledge.index.connection import Connection

__all__ = ["MAX_CHANGED_ARTICLES", "MAX_CHANGED_WORDS", "ChangeReader", "ChangeWriter", "Changes"]

MAX_CHANGED_ARTICLES = 200
MAX_CHANGED_WORDS = 20_000
"""Articles and words above which an index is read anew: by then, looking each of them up takes
about as long as reading all that is kept in memory (20,000 facts, 200,000 words)."""

_KEPT = 50
"""Versions of an index whose changes are kept: who asks less often reads it anew."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is not the same in two versions of an index.

    ``articles``: the row ids of those that were put in or taken out; a new article may have the
    row id of one that is gone. ``words``: those that another number of passages has.
    """

    articles: frozenset[int]
    words: frozenset[str]


class ChangeReader(Connection):
    """Queries on changes."""

    def changes(self, since: int, until: int) -> Changes | None:
        """Return what was changed from one version of this index to a later one; ``None`` where
        that is too much or not known any more."""
        rows = self._execute(
            "SELECT articles, words FROM changes WHERE index_version > ? AND index_version <= ?",
            [since, until],
        ).fetchall()
        if since > until or len(rows) != until - since:
            return None
        articles = frozenset[int]().union(*(json.loads(articles) for articles, _ in rows))
        words = frozenset[str]().union(*(_unpacked(words) for _, words in rows))
        if len(articles) > MAX_CHANGED_ARTICLES or len(words) > MAX_CHANGED_WORDS:
            return None
        return Changes(articles, words)


class ChangeWriter(Connection):
    """Changes that wait in memory until ``_write_changes``."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__(connection, path)
        self._forget_changes()

    def _forget_changes(self) -> None:
        """Drop what waits."""
        self._changed_articles: set[int] = set()
        self._changed_words: set[str] = set()

    def _note_article(self, identifier: int) -> None:
        """Remember that an article is put in or taken out."""
        if len(self._changed_articles) <= MAX_CHANGED_ARTICLES:
            self._changed_articles.add(identifier)

    def _note_words(self, words: Collection[str]) -> None:
        """Remember that another number of passages has these words."""
        if len(self._changed_words) <= MAX_CHANGED_WORDS:
            self._changed_words.update(words)

    def _write_changes(self, index_version: int) -> None:
        """Keep what waits as what made this version; where it is too much, nothing at all."""
        articles, words = self._changed_articles, self._changed_words
        self._execute("DELETE FROM changes WHERE index_version <= ?", [index_version - _KEPT])
        if len(articles) <= MAX_CHANGED_ARTICLES and len(words) <= MAX_CHANGED_WORDS:
            self._execute(
                "INSERT INTO changes VALUES (?, ?, ?)",
                [index_version, json.dumps(sorted(articles)), _packed(words)],
            )
        self._forget_changes()


def _packed(words: Collection[str]) -> bytes:
    """Return words, none of which has a space, as bytes."""
    return zlib.compress(" ".join(sorted(words)).encode(), 1)


def _unpacked(packed: bytes) -> list[str]:
    return zlib.decompress(packed).decode().split()
