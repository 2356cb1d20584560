"""A path that names the wrong file: said what it is, and nothing in it is touched."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from stored import file_of

from bot.cli.check import inspect
from bot.settings import Settings
from bot.state import State, StateError
from bot.state.backup import back_up, restore
from bot.state.sentences import problem_with
from knowledge import INDEX_ID, STATE_ID, FileKind, IndexUnavailable, KnowledgeBase, identify


def make_foreign(path: Path, mode: str = "delete") -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"pragma journal_mode = {mode}")
        connection.execute("create table cats (name)")
        connection.execute("insert into cats values ('Félix')")


def make_foreign_with_id(path: Path) -> None:
    make_foreign(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma application_id = 252006674")  # a Fossil repository


def make_migrated_by_another(path: Path) -> None:
    """A program that uses the same library for its migrations, with tables named as ours."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("create table _sqlite_migrations (id, migration_set, name, applied_at)")
        connection.execute("insert into _sqlite_migrations values (1, 'cats', '001_articles', '')")
        connection.execute("create table articles (id)")


def make_index(path: Path) -> None:
    KnowledgeBase.open(path).close()


def make_state(path: Path) -> None:
    State(path).servers.change(1, private=True)


def make_cut_state(path: Path) -> None:
    make_state(path)
    path.write_bytes(path.read_bytes()[:5_000])


FOREIGN = "another program's database"
NOT_OURS: dict[str, tuple[Callable[[Path], object], str]] = {
    "foreign": (make_foreign, FOREIGN),
    "foreign with a log": (lambda path: make_foreign(path, "wal"), FOREIGN),
    "foreign with an id": (make_foreign_with_id, FOREIGN),
    "migrated by another": (make_migrated_by_another, FOREIGN),
    "text": (lambda path: path.write_text("Dear diary, " * 100), "is no SQLite file"),
    "a short text": (lambda path: path.write_text("SQLite format 3"), "is no SQLite file"),
    "garbage": (lambda path: path.write_bytes(b"\xff\x00" * 4_000), "is no SQLite file"),
    "a directory": (Path.mkdir, "is no file"),
}
AS_STATE = {
    **NOT_OURS,
    "an index": (make_index, "is an index of articles"),
    "empty": (Path.touch, r"is empty.*“sourcier restore FILE”, or delete it to begin anew"),
    "a truncated state": (make_cut_state, r"is damaged.*“sourcier restore FILE”"),
}
AS_INDEX = {**NOT_OURS, "a state": (make_state, "what the bot must remember")}


def content(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): b"" if path.is_dir() else path.read_bytes()
        for path in directory.rglob("*")
    }


@pytest.mark.parametrize("kind", AS_STATE)
def test_what_is_no_state_is_named_and_left_alone(tmp_path: Path, kind: str) -> None:
    make, sentence = AS_STATE[kind]
    path = tmp_path / "state.db"
    make(path)
    before = content(tmp_path)
    with pytest.raises(StateError, match=sentence) as refused:
        State(path)
    assert content(tmp_path) == before
    advice = str(refused.value).replace("delete it to begin anew", "")
    assert "delete" not in advice
    if kind not in ("a directory", "a truncated state"):  # the settings refuse a directory before
        assert problem_with(path) == str(refused.value)
        findings = inspect(
            Settings(state=path, database=tmp_path / "knowledge.db", semantic=False, reader=False)
        )
        assert findings["state_problem"] == str(refused.value)


@pytest.mark.parametrize("kind", AS_INDEX)
def test_what_is_no_index_is_named_and_left_alone(tmp_path: Path, kind: str) -> None:
    make, sentence = AS_INDEX[kind]
    path = tmp_path / "data" / "knowledge.db"
    path.parent.mkdir()
    make(path)
    before = content(path.parent)
    acts = [
        lambda: KnowledgeBase.open(path),
        lambda: KnowledgeBase(path, ()).reindex(),
        lambda: KnowledgeBase(path, ()).reindex(rebuild=True),
        lambda: KnowledgeBase(path, ()).ask("Qui ?"),
    ]
    for act in acts:
        with pytest.raises(IndexUnavailable, match=sentence) as refused:
            act()
        assert refused.value.lasts
        assert "delete" not in str(refused.value)
        assert content(path.parent) == before


@pytest.mark.parametrize(
    "kind", [kind for kind in AS_INDEX if kind not in ("text", "a short text", "garbage")]
)
def test_the_index_of_a_server_is_no_other_file_either(tmp_path: Path, kind: str) -> None:
    make, sentence = AS_INDEX[kind]
    (tmp_path / "servers").mkdir()
    path = tmp_path / "servers" / "1.db"
    make(path)
    before = content(path.parent)
    common = KnowledgeBase.open(tmp_path / "knowledge.db")
    with common, pytest.raises(IndexUnavailable, match=sentence):
        common.open_beside(path, common.sources)
    assert content(path.parent) == before


@pytest.mark.parametrize("kind", ["foreign", "foreign with a log", "an index", "a directory"])
def test_nothing_is_restored_over_what_is_not_ours(tmp_path: Path, kind: str) -> None:
    make, sentence = AS_STATE[kind]
    make_state(tmp_path / "mine.db")
    backup = tmp_path / "backup.db"
    back_up(tmp_path / "mine.db", backup)
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "state.db"
    make(path)
    before = content(path.parent)
    with pytest.raises(StateError, match=sentence):
        restore(backup, path)
    if kind != "a directory":
        with pytest.raises(StateError, match="Choose another name"):
            back_up(tmp_path / "mine.db", path, overwrite=True)
    assert content(path.parent) == before


@pytest.mark.parametrize("kind", ["foreign", "foreign with a log", "an index", "empty", "text"])
def test_nothing_but_a_state_is_backed_up_or_restored(tmp_path: Path, kind: str) -> None:
    (tmp_path / "data").mkdir()
    wrong = tmp_path / "data" / "wrong.db"
    AS_STATE[kind][0](wrong)
    make_state(tmp_path / "state.db")
    before = content(tmp_path)
    with pytest.raises(StateError, match=r"no state of Sourcier|no SQLite file"):
        restore(wrong, tmp_path / "state.db")
    with pytest.raises(StateError, match=r"no state of Sourcier|no SQLite file"):
        back_up(wrong, tmp_path / "backup.db")
    assert content(tmp_path) == before


@pytest.mark.parametrize("kind", ["empty", "a truncated state", "garbage"])
def test_a_state_that_was_lost_is_restored(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "data" / "state.db"
    make_state(path)
    back_up(path, tmp_path / "backup.db")
    path.unlink()
    AS_STATE[kind][0](path)
    broken = path.read_bytes()
    aside = restore(tmp_path / "backup.db", path)
    assert aside is not None
    assert kind == "empty" or aside.read_bytes() == broken
    assert State(path).servers.of(1).private


def test_a_database_that_another_program_has_open_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "cats.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("create table cats (name)")
        connection.commit()
        kept = [path, path.with_name("cats.db-wal")]
        before = [one.read_bytes() for one in kept]
        assert before[1], "all that it holds is in its log"
        with pytest.raises(StateError, match=FOREIGN):
            State(path)
        with pytest.raises(IndexUnavailable, match=FOREIGN):
            KnowledgeBase.open(path)
        assert [one.read_bytes() for one in kept] == before


def application_id(path: Path) -> int:
    return int.from_bytes(path.read_bytes()[68:72], "big")


def test_both_files_say_what_they_are_and_a_damaged_one_still_does(tmp_path: Path) -> None:
    state, index = tmp_path / "state.db", tmp_path / "knowledge.db"
    make_state(state)
    make_index(index)
    assert (application_id(state), application_id(index)) == (STATE_ID, INDEX_ID)
    assert STATE_ID != INDEX_ID
    for path, kind in ((state, FileKind.STATE), (index, FileKind.INDEX)):
        path.write_bytes(path.read_bytes()[:100] + b"\xff" * 10_000)
        assert identify(path) is kind


def forget_the_id(path: Path, name: str) -> None:
    """Make a file one that an earlier version has written."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("pragma journal_mode = delete")
        connection.execute("pragma application_id = 0")
        connection.execute("delete from _sqlite_migrations where name = ?", (name,))


def test_files_of_before_are_known_and_get_their_ids(tmp_path: Path) -> None:
    state, index = tmp_path / "state.db", tmp_path / "knowledge.db"
    make_state(state)
    make_index(index)
    forget_the_id(state, "007_application_id")
    forget_the_id(index, "m006_application_id")
    assert (application_id(state), application_id(index)) == (0, 0)
    with pytest.raises(StateError, match="is an index of articles"):
        State(index)
    with pytest.raises(IndexUnavailable, match="what the bot must remember"):
        KnowledgeBase.open(state)
    back_up(state, tmp_path / "backup.db")
    assert State(state).servers.of(1).private
    make_index(index)
    assert identify(state) is FileKind.STATE
    assert identify(index) is FileKind.INDEX
    with closing(sqlite3.connect(index)) as connection:
        assert connection.execute("pragma application_id").fetchone() == (INDEX_ID,)
    restore(tmp_path / "backup.db", tmp_path / "new.db")
    assert application_id(tmp_path / "new.db") == STATE_ID


def test_a_state_that_was_deleted_meanwhile_leaves_no_empty_one(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    file_of(state).unlink()
    with pytest.raises(StateError, match="is not there any more"):
        state.servers.of(1)
    assert list(tmp_path.iterdir()) == []
    assert not State(file_of(state)).servers.of(1).private


def test_what_a_deleted_file_left_beside_it_is_not_taken_for_the_new_one_s(tmp_path: Path) -> None:
    for path, make in (
        (tmp_path / "state.db", make_state),
        (tmp_path / "knowledge.db", make_index),
    ):
        make(path)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma wal_autocheckpoint = 0")
            with connection:
                connection.execute("create table left_over (x)")
            log = path.with_name(f"{path.name}-wal").read_bytes()
        path.unlink()
        path.with_name(f"{path.name}-wal").write_bytes(log)
        make(path)
        with closing(sqlite3.connect(path)) as connection:
            tables = {row[0] for row in connection.execute("select name from sqlite_master")}
        assert "left_over" not in tables


def test_a_state_behind_a_link_is_made_where_the_link_leads(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    link = tmp_path / "state.db"
    link.symlink_to(tmp_path / "disk" / "real.db")
    make_state(link)
    assert link.is_symlink()
    assert State(tmp_path / "disk" / "real.db").servers.of(1).private
