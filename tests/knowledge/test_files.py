"""Files of ours on disk: what lies at a path, copies that are whole or not there, permissions."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from bases import MakeBase

from knowledge.files.beside import beside, give_name, remove_left_over
from knowledge.files.identity import STATE_ID, FileKind, identify
from knowledge.files.permissions import make_directory, make_file, narrow_database
from knowledge.index import copy_index, discard_damaged
from knowledge.model.errors import IndexUnavailable

ARTICLE = "---\ntitle: A\nlanguage: fr\n---\n\nLe chat dort.\n"

needs_permissions = pytest.mark.skipif(os.name != "posix", reason="no owner alone here")


def database(*statements: str) -> Callable[[Path], object]:
    """Return what makes a database of some statements."""

    def make(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    return make


def migrated(name: str) -> Callable[[Path], object]:
    return database(
        "CREATE TABLE _sqlite_migrations (migration_set TEXT)",
        f"INSERT INTO _sqlite_migrations VALUES ('{name}')",
    )


def scratched(path: Path) -> None:
    database("CREATE TABLE x (y)")(path)
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"\xff" * (len(content) - 100))


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda path: None, FileKind.ABSENT),
        (Path.mkdir, FileKind.NO_FILE),
        (Path.touch, FileKind.EMPTY),
        (lambda path: path.write_text("Bonjour"), FileKind.NO_DATABASE),
        (database("CREATE TABLE x (y)", "DROP TABLE x"), FileKind.BLANK),
        (database("CREATE TABLE x (y)"), FileKind.FOREIGN),
        (database("PRAGMA application_id = 77", "CREATE TABLE x (y)"), FileKind.FOREIGN),
        (database(f"PRAGMA application_id = {STATE_ID}"), FileKind.STATE),
        (migrated("knowledge"), FileKind.INDEX),  # of before the ids
        (migrated("sourcier.state"), FileKind.STATE),
        (migrated("somebody"), FileKind.FOREIGN),
        (scratched, FileKind.UNREADABLE),
    ],
)
def test_what_lies_at_a_path_is_told_and_nothing_is_changed(
    tmp_path: Path, make: Callable[[Path], object], kind: FileKind
) -> None:
    path = tmp_path / "file.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    assert identify(path) is kind
    assert (path.read_bytes() if path.is_file() else None) == before
    assert {one.name for one in tmp_path.iterdir()} <= {"file.db"}


def test_an_index_is_known_by_its_id(make_base: MakeBase) -> None:
    assert identify(make_base(a=ARTICLE).database) is FileKind.INDEX


@pytest.mark.parametrize(
    ("size", "kind"), [(None, FileKind.INDEX), (60, FileKind.NO_DATABASE)], ids=["whole", "cut"]
)
def test_nothing_is_made_beside_a_database_with_a_log(
    make_base: MakeBase, tmp_path: Path, size: int | None, kind: FileKind
) -> None:
    database = make_base(a=ARTICLE).database
    path = tmp_path / "alone" / "copy.db"
    path.parent.mkdir()
    path.write_bytes(database.read_bytes()[:size])
    path.with_name("copy.db-wal").write_bytes(b"log")
    assert identify(path) is kind
    assert sorted(one.name for one in path.parent.iterdir()) == ["copy.db", "copy.db-wal"]


def test_a_file_takes_its_name_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "kept"
    with beside(target) as copy:
        copy.write_text("new")
        assert not target.exists()
        give_name(copy, target)
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_that_is_there_is_replaced_only_where_that_is_said(tmp_path: Path) -> None:
    target = tmp_path / "kept"
    target.write_text("old")
    with beside(target) as copy:
        copy.write_text("new")
        with pytest.raises(FileExistsError):
            give_name(copy, target)
        assert target.read_text() == "old"
        give_name(copy, target, overwrite=True)
    assert target.read_text() == "new"


def test_without_links_a_file_takes_its_name_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", refused)
    target = tmp_path / "kept"
    for _ in range(2):
        with beside(target) as copy:
            copy.write_text("new")
            if target.exists():
                with pytest.raises(FileExistsError):
                    give_name(copy, target)
            else:
                give_name(copy, target)
    assert target.read_text() == "new"


def test_what_was_given_up_leaves_nothing(tmp_path: Path) -> None:
    def given_up() -> None:
        with beside(tmp_path / "kept") as copy:
            copy.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        given_up()
    assert not list(tmp_path.iterdir())


WRITING = """
import os, sys
from pathlib import Path
from knowledge.files.beside import beside
with beside(Path(sys.argv[1])) as copy:
    copy.write_text("half")
    print("begun", flush=True)
    sys.stdin.read()
    os._exit(1)  # as one that is killed
"""


def test_what_a_killed_process_left_is_removed_and_no_copy_that_is_being_written(
    tmp_path: Path,
) -> None:
    target = tmp_path / "kept"
    command = [sys.executable, "-c", WRITING, str(target)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writing:
        assert writing.stdout is not None
        assert writing.stdout.readline() == b"begun\n"
        remove_left_over(tmp_path)
        (held,) = tmp_path.iterdir()
        assert (held / "copy.db").read_text() == "half"
        writing.communicate()
    assert list(tmp_path.iterdir()) == [held]
    (tmp_path / ".sourcier-copy-abcdefgh").mkdir()  # of one that was killed before it had a lock
    remove_left_over(tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_only_looks_like_a_copy_stays(tmp_path: Path) -> None:
    other = tmp_path / ".sourcier-copy-abcdefgh"
    other.mkdir()
    (other / "mine.txt").touch()
    remove_left_over(tmp_path)
    assert (other / "mine.txt").exists()


@needs_permissions
def test_files_and_directories_are_for_their_owner_alone(tmp_path: Path) -> None:
    umask = os.umask(0o777)
    try:
        make_directory(tmp_path / "a" / "b")
        make_file(tmp_path / "a" / "b" / "file")
    finally:
        os.umask(umask)
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode)
        for path in (tmp_path / "a", tmp_path / "a" / "b", tmp_path / "a" / "b" / "file")
    }
    assert modes == {"a": 0o700, "b": 0o700, "file": 0o600}
    with pytest.raises(FileExistsError):
        make_directory(tmp_path / "a" / "b" / "file")


@needs_permissions
def test_a_database_is_narrowed_with_what_is_beside_it(tmp_path: Path) -> None:
    paths = [tmp_path / "x.db", tmp_path / "x.db-wal", tmp_path / "x.db-shm"]
    for path in paths[:2]:
        path.touch()
        path.chmod(0o644)
    narrow_database(paths[0])
    assert [stat.S_IMODE(path.stat().st_mode) for path in paths[:2]] == [0o600, 0o600]
    assert not paths[2].exists()


def test_an_index_may_begin_as_a_copy(make_base: MakeBase, tmp_path: Path) -> None:
    base = make_base(a=ARTICLE)
    database = tmp_path / "servers" / "1.db"
    with base.open_beside(database, []) as copy:
        assert copy.ask("Que fait le chat ?").citations[0].text == "Le chat dort."
        assert copy.database == database
    assert not list(database.parent.glob(".sourcier-copy-*"))


def test_of_an_index_that_is_not_there_no_copy_is_made(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable):
        copy_index(tmp_path / "nowhere.db", tmp_path / "copy.db")
    (tmp_path / "file").touch()
    with pytest.raises(IndexUnavailable, match="cannot be made"):
        copy_index(tmp_path / "nowhere.db", tmp_path / "file" / "copy.db")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_what_has_become_of_an_index_is_put_aside_once(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    (tmp_path / "index.db.damaged-20200101T000000").touch()
    (tmp_path / "index.db.damaged-mine").touch()
    path.write_text("what is left of it")
    (tmp_path / "index.db-wal").touch()
    assert discard_damaged(path, is_ours=True)
    mine, aside = sorted(tmp_path.iterdir(), key=lambda left: left.stat().st_size)
    assert mine.name == "index.db.damaged-mine"
    assert aside.read_text() == "what is left of it"


@pytest.mark.parametrize("make", [database("CREATE TABLE x (y)"), migrated("sourcier.state")])
@pytest.mark.parametrize("is_ours", [True, False])
def test_no_room_is_made_where_another_file_lies(
    tmp_path: Path, make: Callable[[Path], object], *, is_ours: bool
) -> None:
    path = tmp_path / "index.db"
    make(path)
    before = path.read_bytes()
    with pytest.raises(IndexUnavailable):
        discard_damaged(path, is_ours=is_ours)
    assert path.read_bytes() == before
