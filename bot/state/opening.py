"""The database that a state is in, whichever it is."""

from __future__ import annotations

from pathlib import Path

from bot.database_url import DatabaseUrl
from bot.extras import how_to_install
from bot.state.database import StateDatabase, StateError
from bot.state.file import StateFile

__all__ = ["open_database", "without_driver"]


def open_database(place: Path | DatabaseUrl) -> StateDatabase:
    """Open the file or the database that a state is in; make it, or bring it to the schema of
    today, where need be. Raises StateError, as where the driver of PostgreSQL is missing."""
    if isinstance(place, Path):
        return StateFile(place)
    try:
        from bot.state.server import StateServer  # which the extra alone can import
    except ImportError as error:
        raise StateError(without_driver(place)) from error
    return StateServer(place)


def without_driver(url: DatabaseUrl) -> str:
    """Say that a database cannot be opened for want of its driver, and what to do."""
    return f"{url} cannot be opened. {how_to_install('postgres')}"
