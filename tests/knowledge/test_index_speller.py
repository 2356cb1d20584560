"""The vocabulary in memory follows that of the index, whichever of its words are kept."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.index import IndexReader
from knowledge.index.changes import ChangeWriter
from knowledge.index.schema import migrate
from knowledge.retrieval.index_speller import IndexSpeller

WORDS = st.text("ab1@", min_size=1, max_size=3)
COUNTS = st.dictionaries(WORDS, st.integers(1, 3), min_size=4, max_size=12)
CHANGES = st.dictionaries(WORDS, st.integers(0, 3), max_size=3)


class Index(ChangeWriter):
    """An index that has nothing but words."""

    version = 0

    def become(self, counts: dict[str, int]) -> None:
        """Have a version of these words, each with its number of passages."""
        before = dict(self._execute("SELECT word, body FROM words").fetchall())
        self._execute("DELETE FROM words")
        self._insert_all(
            "words",
            ("word", "body", "context", "spelled"),
            [(word, number, 0, 0) for word, number in counts.items()],
        )
        self.version += 1
        self._execute("UPDATE build SET index_version = ?", [self.version])
        self._note_words({word for word, _ in counts.items() ^ before.items()})
        self._write_changes(self.version)


@pytest.fixture(scope="module")
def index() -> Index:
    connection = sqlite3.connect(":memory:")
    migrate(connection)
    return Index(connection, Path("index.db"))


@given(counts=COUNTS, rounds=st.lists(CHANGES, min_size=1, max_size=4), limit=st.integers(1, 8))
def test_it_is_the_one_that_is_read_anew(
    index: Index, counts: dict[str, int], rounds: list[dict[str, int]], limit: int
) -> None:
    reader = IndexReader(index._connection, Path("index.db"))
    speller = IndexSpeller()
    with (
        patch("knowledge.retrieval.index_speller.MAX_VOCABULARY", limit),
        patch("knowledge.index.terms.MAX_VOCABULARY", limit),
    ):
        for changes in ({}, *rounds):
            counts |= changes
            index.become({word: number for word, number in counts.items() if number})
            known = speller.of(reader, reader.statistics())
            fresh = IndexSpeller().of(reader, reader.statistics())
            assert known.passages == fresh.passages
            for word in ("aabab", "babab", "aaaab"):
                assert known.suggest(word) == fresh.suggest(word)
