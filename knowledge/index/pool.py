"""Read-only connections that threads take turns with."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from knowledge.index.connection import unbuilt
from knowledge.index.reader import IndexReader, IndexStatistics, open_for_reading
from knowledge.model.errors import IndexLost

__all__ = ["OneReader", "ReaderPool"]

_FileIdentity = tuple[int, int]


class ReaderPool:
    """Opens as many readers as are used at once, and keeps them for the next.

    A file that was deleted or replaced is noticed: its readers are not used again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.seems_lost = False
        """Whether a reader has met with an index that is missing or damaged."""
        self.was_read = False
        """Whether there was a whole index here."""
        self._idle: list[tuple[_FileIdentity | None, IndexReader]] = []
        self._lock = threading.Lock()

    @contextmanager
    def snapshot(self) -> Generator[tuple[IndexReader, IndexStatistics]]:
        """Lend a reader that sees one committed state of the index throughout.

        Raises IndexLost where there is none, or none that is whole; IndexUnavailable where it
        cannot be used.
        """
        identity = self._identity()
        try:
            reader = self._take(identity) or open_for_reading(self._path, was_index=self.was_read)
            try:
                with reader.snapshot():
                    yield reader, self._whole(reader.statistics())
            except BaseException:
                reader.close()
                raise
        except IndexLost:
            self.seems_lost = True
            raise
        with self._lock:
            self._idle.append((identity, reader))

    def _whole(self, statistics: IndexStatistics) -> IndexStatistics:
        """Return them where the first build has ended: before, nothing can be said to be in no
        article. Raises IndexLost."""
        if statistics.index_version == 0:
            raise unbuilt(self._path)
        self.was_read = True
        return statistics

    def close(self) -> None:
        """Close the readers that are not in use."""
        with self._lock:
            idle, self._idle = self._idle, []
        for _, reader in idle:
            reader.close()

    def _take(self, identity: _FileIdentity | None) -> IndexReader | None:
        with self._lock:
            stale = [reader for known, reader in self._idle if known != identity]
            self._idle = [(known, reader) for known, reader in self._idle if known == identity]
            reader = self._idle.pop()[1] if self._idle else None
        for gone in stale:
            gone.close()
        return reader

    def _identity(self) -> _FileIdentity | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino


class OneReader(ReaderPool):
    """Lends one reader that belongs to somebody else, such as what a writer has not committed.

    For one thread.
    """

    def __init__(self, path: Path, reader: IndexReader) -> None:
        super().__init__(path)
        self._reader = reader

    @contextmanager
    def snapshot(self) -> Generator[tuple[IndexReader, IndexStatistics]]:
        """Lend the reader as it is."""
        yield self._reader, self._reader.statistics()
