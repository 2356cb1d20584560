"""What is remembered survives, and what cannot be is said in words."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from bot.state import State, StateError, StoredReport
from bot.state.reports import KEPT


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
    with pytest.raises(StateError, match=r"state\.db is no SQLite file"):
        State(path)


def test_a_state_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = State(tmp_path / "state.db").path
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values "
            "('sourcier.state', '999_of_tomorrow', '')"
        )
    with pytest.raises(StateError, match=r"newer version of Sourcier \(999_of_tomorrow\)"):
        State(path)


def test_a_place_that_cannot_be_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StateError, match="SOURCIER_STATE"):
        State(tmp_path / "file" / "state.db")


def test_reports_are_kept_for_their_server_alone_and_the_latest_of_them(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    report = StoredReport({"en": [["one"], ["two"]]}, 7)
    first = state.reports.keep(1, report)
    assert state.reports.find(1, first) == report
    assert state.reports.find(2, first) is None
    elsewhere = state.reports.keep(2, report)
    later = [state.reports.keep(1, report) for _ in range(KEPT)]
    assert state.reports.find(1, first) is None
    assert all(state.reports.find(1, one) == report for one in later)
    assert state.reports.find(2, elsewhere) == report


def test_changes_of_two_admins_are_both_kept_whichever_process_makes_them(tmp_path: Path) -> None:
    one, other = State(tmp_path / "state.db"), State(tmp_path / "state.db")
    with ThreadPoolExecutor() as pool:
        for turn in range(20):
            changes = [
                pool.submit(one.servers.change, turn, private=True),
                pool.submit(other.servers.change, turn, language="fr"),
            ]
            for change in changes:
                change.result()
    found = {(one.servers.of(turn).private, one.servers.of(turn).language) for turn in range(20)}
    assert found == {(True, "fr")}
