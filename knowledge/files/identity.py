"""What a file is, before anything is done with it: ours, another program's, or no database."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from enum import Enum, auto
from pathlib import Path
from typing import Final

__all__ = ["INDEX_ID", "STATE_ID", "FileKind", "identify", "read_only"]

INDEX_ID: Final = int.from_bytes(b"SrcI", "big")
STATE_ID: Final = int.from_bytes(b"SrcS", "big")
"""``application_id`` of our two databases, in their header (https://sqlite.org/fileformat2.html,
1.3.17): “Src” for Sourcier, then I for the index and S for the bot's state. Neither is among those
that SQLite's magic.txt lists. They stand together so that neither is ever taken for the other."""

_MAGIC = b"SQLite format 3\x00"
_HEADER_BYTES = 100
_ID_AT = 68

# What a file of before the ids says of itself: the name of its set of migrations.
_KINDS_BY_SET = {"knowledge": "INDEX", "sourcier.state": "STATE"}


class FileKind(Enum):
    """What lies at a path."""

    ABSENT = auto()
    """Nothing."""
    NO_FILE = auto()
    """A directory, a device: nothing that could be a database."""
    EMPTY = auto()
    """A file of no byte."""
    NO_DATABASE = auto()
    """Text, another format, or a database of which not even the beginning is left."""
    INDEX = auto()
    """An index of articles, if perhaps a damaged one."""
    STATE = auto()
    """What the bot must remember, if perhaps damaged."""
    BLANK = auto()
    """A SQLite database without a table."""
    FOREIGN = auto()
    """A SQLite database of another program."""
    UNREADABLE = auto()
    """A SQLite database that tells nothing of itself: damaged, or held by another program."""


def identify(path: Path) -> FileKind:
    """Return what lies at a path, without changing it or anything beside it.

    Raises OSError where it cannot be read.
    """
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return FileKind.ABSENT
    if not stat.S_ISREG(status.st_mode):
        return FileKind.NO_FILE
    if not status.st_size:
        return FileKind.EMPTY
    if status.st_size < _HEADER_BYTES:
        return FileKind.NO_DATABASE
    # The header is asked first: it tells of a damaged file whose it was.
    known = _kind_by_header(path)
    return known or _kind_by_tables(path)


def _kind_by_header(path: Path) -> FileKind | None:
    """Return what the header of a file says that it is, ``None`` where that is for the tables.

    Its log is left unread, so that nothing is made beside it: what a file is does not change.
    SQLite reads it where it can: if we opened the file, then on POSIX closing it would give up all
    locks of this process on it, those of its connections, too. Another process would take itself
    for the last one and delete the log, so that they would never see again what is committed
    (https://sqlite.org/howtocorrupt.html, 2.2). Raises OSError.
    """
    try:
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            return _kind_of(application)
    except sqlite3.Error:  # it is none, or is damaged
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    if not header.startswith(_MAGIC) or len(header) < _HEADER_BYTES:
        return FileKind.NO_DATABASE
    return _kind_of(int.from_bytes(header[_ID_AT : _ID_AT + 4], "big"))


def read_only(path: Path, *, immutable: bool) -> str:
    """Return the address of a connection that changes nothing.

    ``immutable``: nothing beside the file is made either, as far as what is in its log does not
    have to be read.
    """
    uri = f"{path.resolve().as_uri()}?mode=ro"
    log = path.with_name(f"{path.name}-wal")
    has_log = log.exists() and log.stat().st_size > 0
    return f"{uri}&immutable=1" if immutable and not has_log else uri


def _kind_of(application: int) -> FileKind | None:
    if application == INDEX_ID:
        return FileKind.INDEX
    return FileKind.STATE if application == STATE_ID else None


def _kind_by_tables(path: Path) -> FileKind:
    """Return what the tables of a database say that it is: one of before the ids, or no one's."""
    try:
        address = read_only(path, immutable=True)
        with closing(sqlite3.connect(address, uri=True)) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            known = _kind_of(application)  # in the log, not yet in the header
            if known is not None:
                return known
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
            if application == 0 and not tables:
                return FileKind.BLANK
            if application != 0 or "_sqlite_migrations" not in tables:
                return FileKind.FOREIGN
            names = connection.execute("SELECT DISTINCT migration_set FROM _sqlite_migrations")
            sets = {str(row[0]) for row in names}
    except sqlite3.Error:
        return FileKind.UNREADABLE
    kinds = {_KINDS_BY_SET[name] for name in sets if name in _KINDS_BY_SET}
    return FileKind[kinds.pop()] if len(kinds) == 1 else FileKind.FOREIGN
