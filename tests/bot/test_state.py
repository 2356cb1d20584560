"""What is remembered survives, and what cannot be is said in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.state import State, StateError


def test_commands_are_remembered_for_each_application(tmp_path: Path) -> None:
    state = State(tmp_path / "folder" / "state.db")
    assert state.commands.fingerprint(1) is None
    state.commands.remember(1, "one")
    state.commands.remember(2, "two")
    state.commands.remember(1, "three")
    again = State(state.path)
    assert (again.commands.fingerprint(1), again.commands.fingerprint(2)) == ("three", "two")


def test_a_file_that_is_no_state_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_bytes(b"this is not a database, not at all" * 100)
    with pytest.raises(StateError, match=r"state\.db cannot be used as the bot's state"):
        State(path)


def test_a_place_that_cannot_be_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StateError, match="SOURCIER_STATE"):
        State(tmp_path / "file" / "state.db")
