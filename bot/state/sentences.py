"""Why a file cannot be the bot's state, in sentences that say what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from knowledge import FileKind, identify

__all__ = ["WHY_NO_STATE", "explained", "newer", "problem_with"]

_ELSEWHERE = "It was left as it is. Let SOURCIER_STATE name another file."
_RESTORE = (
    "If it was what the bot must remember, put a backup in its place with “sourcier restore FILE”"
)
WHY_NO_STATE = {
    FileKind.NO_FILE: f"is no file, so that it cannot be the bot's state. {_ELSEWHERE}",
    FileKind.EMPTY: (
        f"is empty: nothing of what it may have held is left. {_RESTORE}, or delete it to begin "
        "anew without settings and uploaded articles."
    ),
    FileKind.BLANK: (
        f"is a SQLite file without any table. {_RESTORE}, or move it away to begin anew without "
        "settings and uploaded articles."
    ),
    FileKind.NO_DATABASE: (
        "is no SQLite file, so that it cannot be used as the bot's state. It was left as it is. "
        f"{_RESTORE}; else let SOURCIER_STATE name another file."
    ),
    FileKind.INDEX: f"is an index of articles, not the bot's state. {_ELSEWHERE}",
    FileKind.FOREIGN: f"is another program's database, not the bot's state. {_ELSEWHERE}",
    FileKind.UNREADABLE: (
        "is a SQLite file that cannot be read: it is damaged, in use or another program's. It was "
        f"left as it is. {_RESTORE}; else let SOURCIER_STATE name another file."
    ),
}
"""What is said, after its name, of what is neither a state nor a place for a new one."""


def problem_with(path: Path) -> str | None:
    """Return why the bot could not use what lies at the path of its state. Makes nothing there."""
    try:
        kind = identify(path)
    except OSError as error:
        return explained(path, error)
    return f"{path} {WHY_NO_STATE[kind]}" if kind in WHY_NO_STATE else None


def newer(name: str, schema: str) -> str:
    """Say of a state that a newer version has made, and what of its schema is not known."""
    return f"{name} was made by a newer version of Sourcier ({schema}). Update Sourcier first."


def explained(path: Path, error: sqlite3.Error | OSError) -> str:
    """Say why a state cannot be used, and what to do."""
    code = getattr(error, "sqlite_errorname", "")
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return (
            f"{path}, what the bot must remember, is damaged ({error}). Put a backup in its place "
            "with “sourcier restore FILE”, or move it away to begin anew."
        )
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return f"{path} is held by another process. Try again when that has ended."
    if code.startswith("SQLITE_CANTOPEN") and not path.exists():
        return (
            f"{path}, what the bot must remember, is not there any more. Put it back, or restart "
            "the bot to begin anew."
        )
    return (
        f"{path} cannot be used as the bot's state ({error}). Check its permissions and the room "
        "on its disk, or let SOURCIER_STATE name another file."
    )
