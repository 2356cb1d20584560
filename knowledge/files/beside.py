"""A file that is written beside its target and takes its name when it is whole.

What a process that was killed leaves of it is removed by the next one, and nothing that is still
being written: each lies in a directory of its own with a file that its process holds locked.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from knowledge.files.permissions import make_file, narrow, side_files

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

__all__ = ["beside", "give_name", "remove_left_over"]

_PREFIX = ".sourcier-copy-"
_PATTERN = f"{_PREFIX}????????"  # what mkdtemp appends
_COPY = "copy.db"
_LOCK = "lock"


@contextmanager
def beside(target: Path) -> Generator[Path]:
    """Yield an empty file on the disk of ``target``, its owner's alone; it is gone afterwards
    unless it got a name. What others have left there is removed. Raises OSError."""
    remove_left_over(target.parent)
    directory, lock = _hold(target.parent)
    copy = directory / _COPY
    try:
        make_file(copy)
        yield copy
    finally:
        _remove_copy(directory)
        os.close(lock)  # before it is removed, for Windows
        _remove(directory)


def give_name(copy: Path, target: Path, *, overwrite: bool = False) -> None:
    """Give a finished copy its name, on a disk that has it for good.

    Raises FileExistsError where ``target`` is there, unless ``overwrite``; OSError.
    """
    with copy.open("rb+") as file:
        os.fsync(file.fileno())
    if overwrite:
        copy.replace(target)
        return
    try:
        os.link(copy, target)  # unlike a renaming, never in the place of another file
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if target.exists():
            raise FileExistsError(target) from None
        copy.rename(target)


def remove_left_over(directory: Path) -> None:
    """Remove what processes that were killed have left in a directory, as far as that may be."""
    with suppress(OSError):
        for left in directory.glob(_PATTERN):
            if left.is_dir() and not left.is_symlink():
                _remove_unless_held(left)


def _hold(parent: Path) -> tuple[Path, int]:
    """Make a directory and hold its lock. Raises OSError."""
    while True:
        directory = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        narrow(directory)
        try:
            lock = os.open(directory / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
        except FileNotFoundError:  # somebody took it for one that was left
            continue
        narrow(directory / _LOCK)
        if _locked(lock) is not False and _is(directory / _LOCK, lock):
            return directory, lock
        os.close(lock)


def _locked(handle: int) -> bool | None:
    """Lock a file; whether it is ours, ``None`` where the file system has no locks."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return None
    return True


def _is(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _remove_unless_held(directory: Path) -> None:
    try:
        lock = os.open(directory / _LOCK, os.O_RDWR)
    except FileNotFoundError:  # killed before it had a lock, or just begun: then it is begun again
        with suppress(OSError):
            directory.rmdir()
        return
    except OSError:  # somebody else's
        return
    try:
        if _locked(lock) is not True:
            return
        _remove_copy(directory)
        if sys.platform != "win32":
            _remove(directory)
    finally:
        os.close(lock)
    _remove(directory)


def _remove_copy(directory: Path) -> None:
    copy = directory / _COPY
    for path in (copy, *side_files(copy)):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _remove(directory: Path) -> None:
    with suppress(OSError):
        (directory / _LOCK).unlink(missing_ok=True)
        directory.rmdir()
