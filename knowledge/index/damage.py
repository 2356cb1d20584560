"""An index that is damaged: whether it is, and how it makes room for a new one."""

from __future__ import annotations

import logging
import re
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from knowledge.files.identity import FileKind, identify
from knowledge.files.permissions import remove_side_files
from knowledge.index.connection import LOCK_WAIT_SECONDS, explained, require_index
from knowledge.index.terms import are_terms_whole
from knowledge.model.errors import IndexUnavailable

__all__ = ["IndexMark", "discard_damaged", "mark_of", "says_index"]

_log = logging.getLogger(__name__)

_MEANS_DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_ASIDE = re.compile(r"\.damaged-\d{8}T\d{6}")


def says_index(path: Path) -> bool:
    """Whether what lies at a path says of itself that it is an index. Raises IndexUnavailable."""
    try:
        return identify(path) is FileKind.INDEX
    except OSError as error:
        raise IndexUnavailable(f"The index {path} cannot be read: {error}.", lasts=True) from error


IndexMark = tuple[tuple[int, int, int] | None, ...]
"""What tells that nobody has written to an index since: see ``mark_of``."""


def mark_of(path: Path) -> IndexMark:
    """Return the number, the size and the time of the last change of an index file and of its log,
    ``None`` for one that is not there."""
    return tuple(_mark(one) for one in (path, path.with_name(f"{path.name}-wal")))


def _mark(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def _is_damaged(path: Path, *, thorough: bool) -> bool:
    """Whether an index is one no more. It is read from one end to the other; ``thorough``: and its
    postings compared with what is counted of them.

    Raises IndexLocked where another program holds it, IndexUnavailable where it cannot be read.
    """
    address = f"{path.resolve().as_uri()}?mode=rw"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=LOCK_WAIT_SECONDS)) as connection:
            if connection.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
                return True
            return thorough and not are_terms_whole(connection)
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "").startswith(_MEANS_DAMAGE):
            return True
        raise explained(path, error) from error


def discard_damaged(path: Path, *, is_ours: bool, thorough: bool = True) -> bool:
    """Make room for a new index where one is missing or damaged; whether there is room now.
    ``thorough``: look for damage in its postings, too, which takes some times as long.

    A file that says that it is an index is deleted: it is derived. One that does not is put aside
    (``NAME.damaged-TIME``, one of which is kept) where ``is_ours``: where it can only be what has
    become of an index. Another program's database, and the bot's state, are never touched.

    Raises IndexUnavailable, IndexLocked.
    """
    try:
        kind = identify(path)
        if is_ours and kind is FileKind.EMPTY:
            path.unlink()
        elif is_ours and kind in (FileKind.NO_DATABASE, FileKind.UNREADABLE):
            _put_aside(path)
        elif require_index(path) not in (FileKind.ABSENT, FileKind.EMPTY):
            if not _is_damaged(path, thorough=thorough):
                return False
            _log.warning("The index %s was damaged: it is made again from the articles", path)
            path.unlink()
        remove_side_files(path)  # after the file itself: without it they mean nothing
    except OSError as error:
        raise IndexUnavailable(
            f"The index {path} is damaged and cannot be removed: {error}.", lasts=True
        ) from error
    return True


def _put_aside(path: Path) -> None:
    for earlier in path.parent.glob(f"{path.name}.damaged-*"):
        if _ASIDE.fullmatch(earlier.name.removeprefix(path.name)):
            with suppress(OSError):
                earlier.unlink()
    aside = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S}")
    path.replace(aside)
    _log.warning("What had become of the index %s was put aside as %s", path, aside.name)
