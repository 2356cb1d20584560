"""Copies that were being made when their process was killed do not stay; others do."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from stored import file_of

from bot.state import State
from bot.state.backup import back_up, restore
from knowledge import remove_left_over

_AT_WORK = """
import sys, time
from pathlib import Path
from bot.state import backup, file

def hold(*_, **__):
    print("copied", flush=True)
    time.sleep(600)

backup.give_name = backup._put_back = file.give_name = hold
act, *paths = sys.argv[1:]
if act == "begin":
    file.StateFile(*map(Path, paths))
else:
    getattr(backup, act)(*map(Path, paths))
"""


@contextmanager
def at_work(act: str, *paths: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a process that has made its copy and has not named it yet."""
    command = [sys.executable, "-c", _AT_WORK, act, *map(str, paths)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "copied\n"
        try:
            yield process
        finally:
            process.kill()


def names(path: Path) -> set[str]:
    return {one.name for one in path.iterdir()}


@pytest.fixture
def state(tmp_path: Path) -> State:
    state = State(tmp_path / "data" / "state.db")
    state.servers.change(1, private=True)
    back_up(file_of(state), tmp_path / "backup.db")
    return state


@pytest.mark.parametrize("act", ["back_up", "restore"])
@pytest.mark.parametrize("next_act", ["back_up", "restore"])
def test_a_killed_one_s_copies_go_at_the_next(
    state: State, tmp_path: Path, act: str, next_act: str
) -> None:
    paths = [file_of(state), tmp_path / "data" / "second.db"]
    if act == "restore":
        paths = [tmp_path / "backup.db", file_of(state)]
    # What a user has named alike is not ours.
    mine = {"state.db.original", "state.db.20240101", ".sourcier-copy-mine.db"}
    for name in mine:
        (tmp_path / "data" / name).write_text("precious")
    before = names(tmp_path / "data")
    with at_work(act, *paths) as process:
        left = names(tmp_path / "data") - before
        assert left, "there is a copy"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert names(tmp_path / "data") - before == left
    if next_act == "restore":
        aside = restore(tmp_path / "backup.db", file_of(state))
        assert aside is not None
        before.add(aside.name)
    else:
        back_up(file_of(state), tmp_path / "elsewhere.db")
    assert names(tmp_path / "data") == before
    assert state.servers.of(1).private


def test_one_that_is_being_made_is_left_to_its_process(state: State, tmp_path: Path) -> None:
    with at_work("back_up", file_of(state), tmp_path / "data" / "second.db") as process:
        there = names(tmp_path / "data")
        back_up(file_of(state), tmp_path / "data" / "third.db")
        assert names(tmp_path / "data") == there | {"third.db"}
        process.send_signal(signal.SIGKILL)
        process.wait()
    back_up(file_of(state), tmp_path / "data" / "fourth.db")
    assert names(tmp_path / "data") == {"state.db", "third.db", "fourth.db"}


def test_one_that_was_killed_before_its_copy_began_goes_too(state: State, tmp_path: Path) -> None:
    (tmp_path / ".sourcier-copy-abcdefgh").mkdir()
    begun = tmp_path / ".sourcier-copy-ijklmnop"
    begun.mkdir()
    (begun / "lock").touch()
    full = tmp_path / ".sourcier-copy-somebody"  # that has what we never put there
    full.mkdir()
    (full / "lock").touch()
    (full / "precious").touch()
    back_up(file_of(state), tmp_path / "second.db")
    assert names(tmp_path) == {"backup.db", "second.db", "data", full.name}
    assert (full / "precious").exists()


def test_a_first_start_that_was_killed_is_followed_by_another(tmp_path: Path) -> None:
    path = tmp_path / "data" / "state.db"
    with at_work("begin", path) as process:
        assert not path.exists(), "whole or not at all"
        process.send_signal(signal.SIGKILL)
        process.wait()
    State(path).servers.change(1, private=True)
    assert names(path.parent) == {"state.db"}
    assert State(path).servers.of(1).private


def test_what_cannot_be_looked_into_hinders_nothing(tmp_path: Path) -> None:
    remove_left_over(tmp_path / "nowhere")
    link = tmp_path / ".sourcier-copy-abcdefgh"
    link.symlink_to(tmp_path)
    remove_left_over(tmp_path)
    assert link.is_symlink()
    assert names(tmp_path) == {link.name}
