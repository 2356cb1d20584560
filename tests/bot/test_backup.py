"""The state is copied while the bot writes, and put back whole."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from stored import file_of
from world import World

from bot.state import State, StateError
from bot.state.backup import back_up, restore


@pytest.fixture
def full(tmp_path: Path) -> State:
    state = State(tmp_path / "data" / "state.db")
    state.servers.change(1, private=True)
    return state


def names(path: Path) -> list[str]:
    return sorted(one.name for one in path.iterdir())


def test_what_was_backed_up_is_restored(full: State, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    back_up(file_of(full), backup)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    full.servers.change(1, private=False)
    aside = restore(backup, file_of(full))
    assert full.servers.of(1).private  # through the object that was there before
    assert aside is not None
    assert aside.parent == file_of(full).parent
    assert not State(aside).servers.of(1).private
    assert names(file_of(full).parent) == sorted([file_of(full).name, aside.name])
    assert names(tmp_path) == ["backup.db", "data"]


def test_a_backup_is_restored_where_there_is_no_state(full: State, tmp_path: Path) -> None:
    back_up(file_of(full), tmp_path / "backup.db")
    new = tmp_path / "new" / "state.db"
    assert restore(tmp_path / "backup.db", new) is None
    assert State(new).servers.of(1).private


def test_a_backup_is_not_written_over_an_older_one_unawares(full: State, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    backup.write_text("precious")
    with pytest.raises(StateError, match="--overwrite"):
        back_up(file_of(full), backup)
    assert backup.read_text() == "precious"
    back_up(file_of(full), backup, overwrite=True)
    assert State(backup).servers.of(1).private


def test_one_that_comes_in_between_is_not_overwritten(
    full: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = tmp_path / "backup.db"

    def meanwhile(_: object) -> list[str]:
        backup.write_text("precious")
        return []

    monkeypatch.setattr("bot.state.backup.unknown_migrations", meanwhile)
    with pytest.raises(StateError, match="is there already"):
        back_up(file_of(full), backup)
    assert backup.read_text() == "precious"
    assert names(tmp_path) == ["backup.db", "data"]


def test_a_backup_needs_a_state_and_another_name(full: State, tmp_path: Path) -> None:
    with pytest.raises(StateError, match="There is no state at"):
        back_up(tmp_path / "nothing.db", tmp_path / "backup.db")
    with pytest.raises(StateError, match="Choose another name"):
        back_up(file_of(full), file_of(full), overwrite=True)
    with pytest.raises(StateError, match="Choose another name"):
        back_up(file_of(full), tmp_path, overwrite=True)
    with pytest.raises(StateError, match="cannot be written"):
        back_up(file_of(full), tmp_path / "nowhere" / "backup.db")
    assert names(tmp_path) == ["data"]


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)


def test_a_damaged_state_is_not_backed_up(full: State, tmp_path: Path) -> None:
    damage(file_of(full))
    with pytest.raises(StateError, match="damaged"):
        back_up(file_of(full), tmp_path / "backup.db")
    assert names(tmp_path) == ["data"]


@pytest.mark.parametrize("wreck", ["pages", "everything"])
def test_a_damaged_state_is_replaced_and_kept_aside(
    full: State, tmp_path: Path, wreck: str
) -> None:
    back_up(file_of(full), tmp_path / "backup.db")
    if wreck == "pages":
        damage(file_of(full))
    else:
        file_of(full).write_bytes(b"no database at all" * 1_000)
    broken = file_of(full).read_bytes()
    aside = restore(tmp_path / "backup.db", file_of(full))
    assert State(file_of(full)).servers.of(1).private
    assert aside is not None
    assert aside.read_bytes()[4096:] == broken[4096:]


def test_what_is_no_backup_leaves_the_state_alone(full: State, tmp_path: Path) -> None:
    before = file_of(full).read_bytes()
    text, other, newer = tmp_path / "text", tmp_path / "other.db", tmp_path / "newer.db"
    text.write_text("no database, whatever its name says " * 100)
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("create table cats (name)")
    back_up(file_of(full), newer)
    with closing(sqlite3.connect(newer)) as connection, connection:
        connection.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values "
            "('sourcier.state', '999_of_tomorrow', '')"
        )
    for path, why in (
        (text, "no SQLite file"),
        (other, "no state of Sourcier"),
        (newer, r"newer version of Sourcier \(999_of_tomorrow\)"),
        (tmp_path / "nothing", "There is no file"),
        (file_of(full), "is the state itself"),
    ):
        with pytest.raises(StateError, match=why):
            restore(path, file_of(full))
    assert file_of(full).read_bytes() == before
    assert names(file_of(full).parent) == [file_of(full).name]


def test_an_older_state_is_brought_up_to_date(full: State, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    back_up(file_of(full), old)
    with closing(sqlite3.connect(old)) as connection, connection:
        connection.execute("drop table reports")
        connection.execute("delete from _sqlite_migrations where name = '006_reports'")
    restore(old, file_of(full))
    assert full.reports.find(1, "x") is None  # the table is there
    with closing(sqlite3.connect(old)) as connection:
        tables = [row[0] for row in connection.execute("select name from sqlite_master")]
    assert "reports" not in tables  # the backup itself was left as it was


def test_copies_of_a_state_that_is_written_to_are_whole(full: State, tmp_path: Path) -> None:
    """Both channels of a server change together; no copy has one of them alone."""
    ending = threading.Event()

    def write() -> None:
        number = 0
        while not ending.wait(0.002):
            number += 1
            channels = frozenset({number})
            full.servers.change(2, allowed_channels=channels, denied_channels=channels)

    writing = threading.Thread(target=write)
    writing.start()
    try:
        for number in range(10):
            back_up(file_of(full), tmp_path / f"{number}.db")
    finally:
        ending.set()
        writing.join()
    for number in range(10):
        settings = State(tmp_path / f"{number}.db").servers.of(2)
        assert settings.allowed_channels == settings.denied_channels


def test_a_state_in_use_is_waited_for_and_then_given_up(
    full: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(file_of(full), tmp_path / "backup.db")
    monkeypatch.setattr("bot.state.backup._PATIENCE_SECONDS", 0.3)
    with closing(sqlite3.connect(file_of(full), isolation_level=None)) as connection:
        connection.execute("pragma locking_mode = exclusive")
        connection.execute("begin exclusive")
        for act in (
            lambda: back_up(file_of(full), tmp_path / "second.db"),
            lambda: restore(tmp_path / "backup.db", file_of(full)),
        ):
            with pytest.raises(StateError, match="another process"):
                act()
    assert full.servers.of(1).private
    assert names(tmp_path) == ["backup.db", "data"]


def test_a_backup_is_one_file_that_needs_nothing_beside_it(full: State, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    with closing(sqlite3.connect(file_of(full))) as reading:  # so that the log is there
        reading.execute("select count(*) from server_settings").fetchone()
        full.servers.change(7, private=True)
        back_up(file_of(full), backup)
    assert names(tmp_path) == ["backup.db", "data"]
    backup.chmod(0o400)
    with closing(sqlite3.connect(f"{backup.as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
        assert copy.execute("select count(*) from server_settings where server = 7").fetchone()[0]
        assert copy.execute("pragma journal_mode").fetchone() == ("delete",)


def test_what_another_state_left_beside_it_is_not_taken_for_the_restored_one_s(
    full: State, tmp_path: Path
) -> None:
    """A log without its file, as after a deletion by hand, is not replayed into another file."""
    back_up(file_of(full), tmp_path / "backup.db")
    with closing(sqlite3.connect(file_of(full))) as reading:
        reading.execute("begin")
        reading.execute("select count(*) from server_settings").fetchone()
        full.servers.change(1, private=False)
        log = file_of(full).with_name(file_of(full).name + "-wal").read_bytes()
    assert log
    file_of(full).unlink()
    file_of(full).with_name(file_of(full).name + "-wal").write_bytes(log)
    assert restore(tmp_path / "backup.db", file_of(full)) is None
    assert State(file_of(full)).servers.of(1).private


_RESTORER = """
import sys
from pathlib import Path
from bot.state.backup import restore
while True:
    for name in sys.argv[2:]:
        restore(Path(name), Path(sys.argv[1]))
        print("restored", flush=True)
"""


def test_a_kill_while_restoring_leaves_one_of_both(full: State, tmp_path: Path) -> None:
    other = State(tmp_path / "other.db")
    for server in range(200):
        full.servers.change(server, private=True)
        other.servers.change(server, private=False)
    backups = [tmp_path / "one.db", tmp_path / "two.db"]
    back_up(file_of(full), backups[0])
    back_up(file_of(other), backups[1])
    for moment in (0.0, 0.004, 0.011, 0.023):
        command = [sys.executable, "-c", _RESTORER, str(file_of(full)), *map(str, backups)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            try:
                process.wait(moment)
            except subprocess.TimeoutExpired:
                process.kill()
            process.wait()
        seen = {State(file_of(full)).servers.of(server).private for server in range(200)}
        assert len(seen) == 1


async def test_a_running_bot_goes_on_with_what_was_restored(world: World, tmp_path: Path) -> None:
    world.state.servers.change(int(world.guild.id), private=True)
    back_up(file_of(world.state), tmp_path / "backup.db")
    world.state.servers.change(int(world.guild.id), private=False)
    restore(tmp_path / "backup.db", file_of(world.state))
    assert "barils" in (await world.ask("Combien de barils de pétrole en juillet ?")).text
    await world.restart()
    assert world.state.servers.of(int(world.guild.id)).private
