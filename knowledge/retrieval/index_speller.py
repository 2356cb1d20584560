"""The speller of an index, kept in memory and brought up to date by what changed."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.index import MAX_VOCABULARY, IndexReader, IndexStatistics
from knowledge.text.spelling import Speller

__all__ = ["IndexSpeller"]


@dataclass(frozen=True, slots=True)
class _Read:
    """A speller, and of which index it is (``IndexStatistics``)."""

    identity: str
    index_version: int
    speller: Speller


class IndexSpeller:
    """Corrects words against the vocabulary of an index. Safe to use from several threads.

    The vocabulary is read when it is first needed; whoever needs it meanwhile waits. Of an index
    that few articles have changed since, only the words are read that they changed: the speller is
    the one that reading all of them anew would give.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read: _Read | None = None

    @property
    def is_read(self) -> bool:
        """Whether the vocabulary of some version of the index is in memory."""
        return self._read is not None

    def begin_with(self, other: IndexSpeller) -> None:
        """Have in memory what another has, of an earlier version of the index."""
        self._read = other._read

    def of(self, reader: IndexReader, statistics: IndexStatistics) -> Speller:
        """Return the speller of the index that ``reader`` sees. Raises ``sqlite3.Error``."""
        with self._lock:
            read = self._read
            if read is None or (read.identity, read.index_version) != statistics.state:
                speller = None if read is None else _caught_up(read, reader, statistics)
                read = _Read(*statistics.state, speller or Speller.of(reader.vocabulary()))
                self._read = read
            return read.speller


def _caught_up(read: _Read, reader: IndexReader, statistics: IndexStatistics) -> Speller | None:
    """Return the speller with what has changed since; ``None`` where all has to be read anew."""
    if read.identity != statistics.identity:
        return None
    changes = reader.changes(read.index_version, statistics.index_version)
    if changes is None:
        return None
    changed = _among_most_frequent(read.speller.passages, reader.passages_of(changes.words), reader)
    return None if changed is None else read.speller.changed(changed)


def _among_most_frequent(
    known: Mapping[str, int], counted: Mapping[str, int], reader: IndexReader
) -> Mapping[str, int] | None:
    """Return what changes in the ``MAX_VOCABULARY`` most frequent words where ``counted`` words
    have other numbers of passages, 0 for one that is not among them any more; ``None`` where there
    are more words than that for the first time.

    Words that are not in memory come after the last one that is, unless they have changed.
    """
    if len(known) < MAX_VOCABULARY:
        return counted if _size(known, counted) <= MAX_VOCABULARY else None
    least = min(known.values())
    last = max(word for word, number in known.items() if number == least)
    changed = {
        word: number if (-number, word) <= (-least, last) else 0 for word, number in counted.items()
    }
    size = _size(known, changed)
    if size < MAX_VOCABULARY:
        changed |= reader.vocabulary_after(last, least, MAX_VOCABULARY - size)
    elif size > MAX_VOCABULARY:
        changed |= dict.fromkeys(_last({**known, **changed}, size - MAX_VOCABULARY), 0)
    return changed


def _size(known: Mapping[str, int], changed: Mapping[str, int]) -> int:
    """Return how many words there are after a change."""
    return len(known) + sum((number > 0) - (word in known) for word, number in changed.items())


def _last(passages: Mapping[str, int], limit: int) -> list[str]:
    """Return the ``limit`` least frequent words, of equally frequent ones the last."""
    found: list[str] = []
    number = 1
    while len(found) < limit:
        own = sorted((word for word, one in passages.items() if one == number), reverse=True)
        found += own[: limit - len(found)]
        number += 1
    return found
