"""The terms of paragraphs in the index, and every SQL statement on them."""

from __future__ import annotations

import sqlite3
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.index.changes import ChangeWriter
from knowledge.index.connection import Connection, damaged
from knowledge.index.postings import (
    BLOCK,
    IN_BODY,
    IN_CONTEXT,
    JoinedPostings,
    PostingChanges,
    Postings,
    codes_of,
    joined,
    merged,
)
from knowledge.index.rows import ArticleRows, ParagraphRow

__all__ = [
    "MAX_VOCABULARY",
    "STRETCH",
    "Stretch",
    "TermReader",
    "TermWriter",
    "are_terms_whole",
]

STRETCH = 4 * BLOCK

MAX_VOCABULARY = 200_000
"""Words and stems that spelling correction chooses from: the most frequent of the index."""

_MAX_CHANGES = 1_000_000
"""Postings that wait in memory until they are written, with what comes of them some 100 MB."""
_BATCH = 500
_BLOCKS = STRETCH // BLOCK
_COUNT_BITS = 32
_PART = 980
_BEFORE_SECTIONS = -1
_PASSAGES = "max(body, context, spelled)"
_IS_SPELLED = "substr(word, 1, 1) NOT IN ('@', '~')"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Paragraphs whose rowids begin at ``first``, and their postings of some terms.

    ``lengths``: by place, see ``TermReader.lengths``. Large enough that a question among a million
    paragraphs is not spent on beginning with the next ones, small enough for a core's cache.
    """

    first: int
    lengths: NDArray[np.uint16]
    postings: Mapping[str, JoinedPostings]


class TermReader(Connection):
    """Queries on terms."""

    _kept_lengths: tuple[tuple[str, int], dict[int, NDArray[np.uint16]]] | None = None

    def vocabulary(self) -> list[tuple[str, int]]:
        """Return the ``MAX_VOCABULARY`` most frequent folded words and stems of the index, with how
        many passages have each; of equally frequent ones the first."""
        return self._execute(
            f"SELECT word, {_PASSAGES} AS passages FROM words WHERE {_IS_SPELLED} "
            "ORDER BY passages DESC, word LIMIT ?",
            [MAX_VOCABULARY],
        ).fetchall()

    def vocabulary_after(self, word: str, passages: int, limit: int) -> list[tuple[str, int]]:
        """Return the ``limit`` words that come after a word with so many passages in the order of
        ``vocabulary``, whether the index has it or not."""
        found: list[tuple[str, int]] = []
        while len(found) < limit and passages > 0:
            # By their primary key: of words as rare as those at the end there are many.
            found += self._execute(
                f"SELECT word, {_PASSAGES} AS passages FROM words "
                f"WHERE word > ? AND passages = ? AND {_IS_SPELLED} ORDER BY word LIMIT ?",
                [word, passages, limit - len(found)],
            )
            word, passages = "", passages - 1
        return found

    def passages_of(self, words: Iterable[str]) -> dict[str, int]:
        """Return how many passages have each of ``words``, as ``vocabulary`` counts them; 0 where
        the index lacks one or it is none of the vocabulary."""
        found = dict.fromkeys(words, 0)
        rows = self._rows_among(
            f"SELECT word, {_PASSAGES} AS passages FROM words "
            f"WHERE word IN ({{marks}}) AND {_IS_SPELLED}",
            list(found),
        )
        return found | {row["word"]: row["passages"] for row in rows}

    def term_counts(self, terms: Iterable[str]) -> dict[str, int]:
        """Return how many passages have each of ``terms`` in their text, or, where none has, in a
        heading or title: a word of the title is as rare in the text as it is there. Terms that the
        index lacks are left out.
        """
        rows = self._rows_among(
            "SELECT word, body, context FROM words WHERE word IN ({marks}) AND body + context > 0",
            list(dict.fromkeys(terms)),
        )
        return {row["word"]: row["body"] or row["context"] for row in rows}

    def postings(self, terms: Sequence[str], state: tuple[str, int]) -> Iterator[Stretch]:
        """Yield the stretches of paragraphs that have any of ``terms``. ``state``: see
        ``lengths``. Raises IndexLost where they are damaged."""
        for first, lengths in self.lengths(state).items():
            marks = ", ".join("?" for _ in range(_BLOCKS))
            rows = self._tuples_among(
                "SELECT term, block, entries FROM postings "
                f"WHERE block IN ({marks}) AND term IN ({{marks}})",
                terms,
                range(first // BLOCK, first // BLOCK + _BLOCKS),
            )
            found: dict[str, list[tuple[int, bytes]]] = defaultdict(list)
            for term, block, entries in rows:
                found[term].append((block * BLOCK - first, entries))
            if not found:
                continue
            try:
                postings = {term: joined(sorted(parts)) for term, parts in found.items()}
            except (TypeError, ValueError) as error:  # TypeError: they are no bytes
                raise damaged(self._path, str(error)) from error
            if any(own.places.max() >= len(lengths) for own in postings.values()):
                raise damaged(self._path, "postings of paragraphs that are not there")
            yield Stretch(first, lengths, postings)

    def lengths(self, state: tuple[str, int]) -> Mapping[int, NDArray[np.uint16]]:
        """Return the lengths of the paragraphs of each stretch, by the first rowid that it may
        have, in content words; 0 where there is none. They are kept for as long as ``state``
        (``IndexStatistics.state``) is the same: 2 bytes a paragraph. Raises IndexLost where they
        are damaged."""
        if self._kept_lengths is None or self._kept_lengths[0] != state:
            rows = self._execute("SELECT block, lengths FROM lengths ORDER BY block")
            try:
                lengths = {
                    first * STRETCH: _side_by_side(first * _BLOCKS, blocks)
                    for first, blocks in groupby(rows, key=lambda row: row[0] // _BLOCKS)
                }
            except (TypeError, ValueError) as error:  # TypeError: they are no bytes
                raise damaged(self._path, str(error)) from error
            self._kept_lengths = (state, lengths)
        return self._kept_lengths[1]


def _side_by_side(first: int, blocks: Iterable[tuple[int, bytes]]) -> NDArray[np.uint16]:
    """Return the lengths of paragraphs from those of some blocks; ``first``: the first block that
    there may be. Raises TypeError and ValueError where these are no lengths of a block."""
    found = {block - first: np.frombuffer(packed, dtype="<u2") for block, packed in blocks}
    if any(len(own) > BLOCK for own in found.values()):
        raise ValueError("lengths of more paragraphs than a block has")
    last = max(found)
    lengths = np.zeros(last * BLOCK + len(found[last]), dtype=np.uint16)
    for block, own in found.items():
        lengths[block * BLOCK : block * BLOCK + len(own)] = own
    return lengths


class TermWriter(ChangeWriter):
    """Terms that are put in and taken out; they wait in memory until ``_write_terms``."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__(connection, path)
        self._forget_terms()

    def _forget_terms(self) -> None:
        """Drop what waits."""
        self._postings = PostingChanges()
        self._lengths: dict[int, int] = {}
        self._taken_body = Counter[str]()
        self._taken_context = Counter[str]()
        self._spelled = Counter[str]()

    def lost_terms(self) -> bool:
        """Whether a migration has left paragraphs without any terms."""
        (lost,) = self._execute(
            "SELECT EXISTS (SELECT 1 FROM paragraphs) AND NOT EXISTS (SELECT 1 FROM lengths)"
        ).fetchone()
        return bool(lost)

    def _put_terms(self, identifier: int, rowids: Sequence[int], rows: ArticleRows) -> None:
        """Index the terms of an article; ``rowids``: those of its paragraphs, in their order."""
        self._note_article(identifier)
        title = frozenset(rows.title)
        terms: list[_Terms] = []
        for rowid, row in zip(rowids, rows.paragraphs, strict=True):
            codes = codes_of(row.body, row.context, title)
            self._postings.put(rowid, codes)
            self._lengths[rowid] = min(row.length, BLOCK - 1)
            terms.append(_Terms.of(rowid, row))
            self._spelled.update(terms[-1].spelled)
        contexts = {row.paragraph.section: row.context for row in rows.paragraphs}
        self._connection.executemany(
            "INSERT INTO contexts VALUES (?, ?, ?)",
            [
                (identifier, _BEFORE_SECTIONS if section is None else section, " ".join(terms))
                for section, terms in contexts.items()
            ],
        )
        packed = _packed(terms)
        self._connection.executemany(
            "INSERT INTO article_terms VALUES (?, ?, ?)",
            [
                (identifier, part, packed[start : start + _PART])
                for part, start in enumerate(range(0, len(packed), _PART))
            ],
        )
        self._write_if_many()

    def _remove_terms(self, identifier: int) -> None:
        """Take the terms of an article out."""
        self._note_article(identifier)
        parts = self._execute(
            "SELECT terms FROM article_terms WHERE article = ? ORDER BY part", [identifier]
        )
        for terms in _unpacked(b"".join(part for (part,) in parts)):
            self._postings.take(terms.rowid, terms.body | terms.context)
            self._lengths[terms.rowid] = 0
            self._taken_body.update(terms.body)
            self._taken_context.update(terms.context)
            self._spelled.subtract(terms.spelled)
        self._execute("DELETE FROM article_terms WHERE article = ?", [identifier])
        self._execute("DELETE FROM contexts WHERE article = ?", [identifier])
        self._write_if_many()

    def _write_if_many(self) -> None:
        if len(self._postings) >= _MAX_CHANGES:
            self._write_terms()

    def _write_terms(self) -> None:
        """Write what waits."""
        for block, changes in groupby(self._postings.by_term(), key=lambda change: change[0]):
            while batch := {term: own for _, term, own in islice(changes, _BATCH)}:
                self._write_postings(block, batch)
        self._write_lengths()
        self._write_counts()
        self._forget_terms()

    def _write_postings(self, block: int, changes: dict[str, Postings]) -> None:
        rows = self._rows_among(
            "SELECT term, entries FROM postings WHERE block = ? AND term IN ({marks})",
            list(changes),
            [block],
        )
        stored = {row["term"]: Postings.unpacked(row["entries"]) for row in rows}
        after = {term: merged(stored.get(term), own) for term, own in changes.items()}
        self._connection.executemany(
            "INSERT OR REPLACE INTO postings VALUES (?, ?, ?)",
            [(block, term, left.packed()) for term, left in after.items() if left is not None],
        )
        self._connection.executemany(
            "DELETE FROM postings WHERE block = ? AND term = ?",
            [(block, term) for term, left in after.items() if left is None],
        )

    def _write_lengths(self) -> None:
        rowids = sorted(self._lengths)
        for block, group in groupby(rowids, key=lambda rowid: rowid // BLOCK):
            own = list(group)
            found = self._execute("SELECT lengths FROM lengths WHERE block = ?", [block]).fetchone()
            stored = np.frombuffer(b"" if found is None else found[0], dtype="<u2")
            lengths = np.zeros(max(len(stored), own[-1] % BLOCK + 1), dtype="<u2")
            lengths[: len(stored)] = stored
            lengths[[rowid % BLOCK for rowid in own]] = [self._lengths[rowid] for rowid in own]
            if lengths.any() or self._rows(
                "SELECT 1 FROM postings WHERE block = ? LIMIT 1", [block]
            ):
                self._execute(
                    "INSERT OR REPLACE INTO lengths VALUES (?, ?)", [block, lengths.tobytes()]
                )
            else:  # rowids grow: it would stay empty, and be looked into by each question
                self._execute("DELETE FROM lengths WHERE block = ?", [block])

    def _write_counts(self) -> None:
        body, context = self._postings.counts(IN_BODY), self._postings.counts(IN_CONTEXT)
        body.subtract(self._taken_body)
        context.subtract(self._taken_context)
        words = sorted({*body, *context, *self._spelled})
        counted = (
            (word, body.get(word, 0), context.get(word, 0), self._spelled.get(word, 0))
            for word in words
        )
        # Most words of a changed article were there before.
        changes = [(word, *counts) for word, *counts in counted if any(counts)]
        self._note_words([word for word, *_ in changes])
        self._connection.executemany(
            """
            INSERT INTO words VALUES (?, ?, ?, ?) ON CONFLICT (word) DO UPDATE SET
                body = body + excluded.body,
                context = context + excluded.context,
                spelled = spelled + excluded.spelled
            """,
            changes,
        )
        self._connection.executemany(
            "DELETE FROM words WHERE word = ? AND max(body, context, spelled) <= 0",
            [(word,) for word, *counts in changes if min(counts) < 0],
        )


@dataclass(frozen=True, slots=True)
class _Terms:
    """What is indexed of a paragraph, each term once."""

    rowid: int
    body: frozenset[str]
    context: frozenset[str]
    spelled: frozenset[str]

    @classmethod
    def of(cls, rowid: int, row: ParagraphRow) -> _Terms:
        return cls(rowid, frozenset(row.body), frozenset(row.context), frozenset(row.words))


def _packed(terms: Iterable[_Terms]) -> bytes:
    """Return the terms of an article's paragraphs as bytes: four lines each."""
    lines: list[str] = []
    for one in terms:
        lines.append(str(one.rowid))
        lines += (" ".join(sorted(words)) for words in (one.body, one.context, one.spelled))
    return zlib.compress("\n".join(lines).encode(), 1)


def _unpacked(packed: bytes) -> Iterator[_Terms]:
    lines = zlib.decompress(packed).decode().split("\n") if packed else []
    for at in range(0, len(lines) - 3, 4):
        body, context, spelled = (frozenset(line.split()) for line in lines[at + 1 : at + 4])
        yield _Terms(int(lines[at]), body, context, spelled)


def are_terms_whole(connection: sqlite3.Connection) -> bool:
    """Whether every term has as many postings as are counted of it, in order and of paragraphs that
    are there; or there are none yet. Reads all of them."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'postings'").fetchone():
        return True
    sizes = dict(connection.execute("SELECT block, length(lengths) / 2 FROM lengths"))
    counted = Counter[str]()
    for block, term, packed in connection.execute("SELECT block, term, entries FROM postings"):
        try:
            own = Postings.unpacked(packed)
        except ValueError:
            return False
        if own.places[-1] >= sizes.get(block, 0) or (own.places[1:] <= own.places[:-1]).any():
            return False
        body = int(np.count_nonzero(own.codes & IN_BODY))
        counted[term] += (body << _COUNT_BITS) + int(np.count_nonzero(own.codes & IN_CONTEXT))
    words = connection.execute("SELECT word, body, context FROM words WHERE body + context > 0")
    return counted == {word: (body << _COUNT_BITS) + context for word, body, context in words}
