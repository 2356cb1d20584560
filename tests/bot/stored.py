"""What a state holds, behind the back of the bot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.state import State

__all__ = ["file_of", "sql"]


def file_of(state: State) -> Path:
    """Return the file that a state is in. Skips the test where it is in none."""
    if not isinstance(state.place, Path):
        pytest.skip("This is about the file that a state is in.")
    return state.place


def sql(state: State, statement: str, **values: object) -> list[Any]:
    """Run a statement, commit, and return its rows."""
    with state.database.writing() as connection:
        result = connection.execute(text(statement), values)
        return list(result.all()) if result.returns_rows else []
