"""The state file copied while the bot is running, and put back.

Both go through SQLite's own backup, which copies one committed state whatever is written meanwhile,
and through a file beside the target that is checked before it takes its name.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from bot.state.database import StateError
from bot.state.file_migrations import migrate, unknown_migrations
from bot.state.sentences import WHY_NO_STATE, newer
from knowledge import (
    FileKind,
    beside,
    give_name,
    identify,
    make_directory,
    narrow_database,
    remove_left_over,
    remove_side_files,
)

__all__ = ["back_up", "restore"]

_PATIENCE_SECONDS = 10.0

_WHAT = {
    FileKind.EMPTY: "it is empty",
    FileKind.BLANK: "it has no table",
    FileKind.INDEX: "it is an index of articles",
    FileKind.FOREIGN: "it is another program's database",
}


def back_up(state: Path, target: Path, *, overwrite: bool = False) -> None:
    """Copy the state file to ``target``, which is there whole or not at all.

    Safe while the bot is running, which waits for a copy no longer than for any other write.

    Raises StateError where there is no state, where it is damaged, where ``target`` is there
    already (unless ``overwrite``) or cannot be written.
    """
    if not state.is_file():
        raise StateError(
            f"There is no state at {state}: the bot has not run yet, or SOURCIER_STATE names "
            "another file."
        )
    if target.exists() and (target.is_dir() or target.samefile(state)):
        raise StateError(f"{target} cannot be the backup. Choose another name.")
    if target.exists() and not overwrite:
        raise StateError(f"{target} is there already. Choose another name, or add --overwrite.")
    with _in_words(target):
        if identify(target) in (FileKind.INDEX, FileKind.FOREIGN):
            raise StateError(f"{target} is another database, no backup. Choose another name.")
        remove_left_over(state.parent)
        with beside(target) as copy:
            _copy_whole(state, copy)
            try:
                give_name(copy, target, overwrite=overwrite)
            except FileExistsError:
                raise StateError(f"{target} is there already. Choose another name.") from None


def restore(backup: Path, state: Path) -> Path | None:
    """Put a backup in the place of the state file; return where that was kept, ``None``: none was.

    The backup is checked, and brought to the schema of today, before anything is touched. A bot
    that is running sees the old state or the new one, whole: the file is rewritten in one
    transaction. It has to be restarted all the same, since it knows some of its state by heart;
    what it writes in the moment between the copy and the rewriting is lost.

    Raises StateError where the backup is none, is damaged or was made by a newer version, or where
    the state cannot be written.
    """
    if not backup.is_file():
        raise StateError(f"There is no file {backup}.")
    if state.exists() and backup.samefile(state):
        raise StateError(f"{backup} is the state itself.")
    with _in_words(state):
        kind = identify(state)
        if kind in (FileKind.NO_FILE, FileKind.INDEX, FileKind.FOREIGN):
            raise StateError(f"{state} {WHY_NO_STATE[kind]}")
        make_directory(state.parent)
        with beside(state) as copy:
            _copy_whole(backup, copy)
            with closing(sqlite3.connect(copy)) as connection:
                migrate(Database(connection))
            if not state.exists():
                remove_side_files(state)
                copy.replace(state)
                return None
            aside = _put_aside(state)
            _put_back(copy, state)
            narrow_database(state)
            return aside


@contextmanager
def _in_words(path: Path) -> Generator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StateError(f"{path} cannot be written or read: {error}.") from error


def _copy(source: Path, target: Path) -> None:
    """Copy one committed state of a database. Raises sqlite3.Error."""
    uri = f"{source.resolve().as_uri()}?mode=rw"  # what a killed writer left may have to be undone
    with closing(sqlite3.connect(uri, uri=True)) as old, closing(sqlite3.connect(target)) as new:
        end = time.monotonic() + _PATIENCE_SECONDS

        def wait(status: int, _remaining: int, _total: int) -> None:
            if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > end:
                raise sqlite3.OperationalError("another process is writing to it")

        old.backup(new, progress=wait, sleep=0.02)


def _copy_whole(source: Path, copy: Path) -> None:
    """Copy what is a whole state of a version that we can read. Raises StateError where it is not,
    sqlite3.Error where it is in use."""
    if (kind := identify(source)) in _WHAT:
        raise StateError(f"{source} is no state of Sourcier: {_WHAT[kind]}.")
    try:
        _copy(source, copy)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        raise StateError(f"{source} is damaged or no SQLite file ({error}).") from error
    with closing(sqlite3.connect(copy)) as connection:
        try:
            connection.execute("pragma journal_mode = delete")
            faults = [row[0] for row in connection.execute("pragma integrity_check(1)")]
            unknown = unknown_migrations(Database(connection)) if faults == ["ok"] else []
        except sqlite3.DatabaseError as error:
            faults, unknown = [str(error)], []
    if faults != ["ok"]:
        raise StateError(f"{source} is damaged or no SQLite file ({faults[0]}).")
    if unknown is None:
        raise StateError(f"{source} is no state of Sourcier.")
    if unknown:
        raise StateError(newer(str(source), ", ".join(unknown)))


def _put_aside(state: Path) -> Path:
    """Copy the present state to a name of its own, even where it is damaged."""
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    aside = state.with_name(f"{state.name}.before-restore-{moment}")
    with beside(aside) as copy:
        try:
            _copy(state, copy)
            _in_one_file(copy)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # in use: not damaged
                raise
            shutil.copyfile(state, copy)
        give_name(copy, aside)
    return aside


def _put_back(copy: Path, state: Path) -> None:
    """Rewrite the state in one transaction; where it is damaged, put the copy in its place."""
    try:
        _copy(copy, state)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        remove_side_files(state)
        copy.replace(state)


def _in_one_file(copy: Path) -> None:
    """Let a copy need nothing beside it, as the running state does."""
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("pragma journal_mode = delete")
