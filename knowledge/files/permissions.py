"""Files and directories for their owner alone, whatever the umask is.

What is asked in a server and what its admins upload is nobody else's on the machine. Where a
file system has no such permissions (Windows), nothing is done.
"""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path

__all__ = [
    "make_directory",
    "make_file",
    "narrow",
    "narrow_database",
    "remove_side_files",
    "side_files",
]

_SIDE_FILES = ("-journal", "-wal", "-shm")
_OWNER_FILE = 0o600
_OWNER_DIRECTORY = 0o700

_log = logging.getLogger(__name__)


def side_files(database: Path) -> list[Path]:
    """Return what SQLite puts beside a database, whether or not it is there."""
    file = database.resolve()
    return [file.with_name(file.name + ending) for ending in _SIDE_FILES]


def remove_side_files(database: Path) -> None:
    """Delete what a database that is gone left beside it: SQLite would take it for the next one's.

    Raises OSError.
    """
    for left in side_files(database):
        left.unlink(missing_ok=True)


def make_directory(path: Path) -> None:
    """Make a directory, and those above it, for its owner alone; leave one that is there.

    Raises OSError.
    """
    if path.is_dir():
        return
    make_directory(path.parent)
    try:
        path.mkdir(mode=_OWNER_DIRECTORY)
    except FileExistsError:
        if not path.is_dir():
            raise
    else:
        narrow(path)  # a umask may have taken from its owner, too


def make_file(path: Path) -> None:
    """Make an empty file for its owner alone. Raises FileExistsError where there is one, OSError.

    A database that is begun in it has its side files for its owner alone: SQLite gives them the
    permissions of the database.
    """
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, _OWNER_FILE)
    os.close(handle)
    narrow(path)


def narrow(path: Path) -> None:
    """Take a file or directory of ours from everybody but its owner, as far as that is possible."""
    if os.name != "posix":
        return
    try:
        mode = path.stat().st_mode
        wanted = _OWNER_DIRECTORY if stat.S_ISDIR(mode) else _OWNER_FILE
        if stat.S_IMODE(mode) & ~wanted or not mode & stat.S_IRUSR:
            path.chmod(wanted)
    except FileNotFoundError:
        return
    except OSError as error:  # it is somebody else's
        _log.warning("%s is not for its owner alone, which could not be changed: %s", path, error)


def narrow_database(path: Path) -> None:
    """Do the same with a database and what SQLite has put beside it."""
    file = path.resolve()
    narrow(file)
    for beside in side_files(file):
        narrow(beside)
