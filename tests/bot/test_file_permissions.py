"""What the bot writes on its machine is its owner's alone."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from stored import file_of
from world import World, offer_article, write_article

import bot.app.opening
from bot.app.opening import open_knowledge
from bot.settings import Settings
from bot.state import State
from bot.state.backup import back_up, restore
from knowledge import KnowledgeBase

pytestmark = pytest.mark.skipif(os.name != "posix", reason="there are no such permissions")


@pytest.fixture(params=[0o000, 0o022, 0o777], ids=oct)
def _umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def modes(directory: Path) -> dict[str, str]:
    """Return the permissions of what is below a directory, and of itself (“.”)."""
    return {
        str(path.relative_to(directory)): oct(stat.S_IMODE(path.stat().st_mode))
        for path in (directory, *directory.rglob("*"))
    }


def assert_owner_s(directory: Path) -> None:
    for name, mode in modes(directory).items():
        wanted = 0o700 if (directory / name).is_dir() else 0o600
        assert mode == oct(wanted), name


@pytest.mark.usefixtures("_umask")
def test_a_state_its_backups_and_what_is_put_aside_are_the_owner_s(tmp_path: Path) -> None:
    state = State(tmp_path / "made" / "data" / "state.db")
    with state.database.writing() as connection:  # so that there is a journal or a log
        connection.exec_driver_sql("insert into server_settings values (1, '{}')")
        assert_owner_s(tmp_path / "made")
        connection.rollback()
    (tmp_path / "kept").mkdir(mode=0o700)
    (tmp_path / "kept").chmod(0o700)
    back_up(file_of(state), tmp_path / "kept" / "backup.db")
    assert restore(tmp_path / "kept" / "backup.db", file_of(state))
    assert restore(tmp_path / "kept" / "backup.db", tmp_path / "made" / "new" / "state.db") is None
    file_of(state).write_bytes(b"no database" * 1_000)
    assert restore(tmp_path / "kept" / "backup.db", file_of(state))
    assert_owner_s(tmp_path / "made")
    assert_owner_s(tmp_path / "kept")


@pytest.mark.usefixtures("_umask")
def test_an_index_is_the_owner_s(tmp_path: Path) -> None:
    with KnowledgeBase.open(tmp_path / "made" / "data" / "knowledge.db") as base:
        base.reindex(rebuild=True)
        with closing(sqlite3.connect(base.database)) as other:  # holds log and memory open
            other.execute("select * from build").fetchall()
            beside = base.open_beside(base.database.parent / "other" / "1.db", base.sources)
            beside.close()
            assert len(modes(tmp_path / "made")) >= 6
            assert_owner_s(tmp_path / "made")


async def test_articles_and_indexes_of_servers_are_the_owner_s(
    world: World, tmp_path: Path
) -> None:
    server = int(world.guild.id)
    before = os.umask(0)
    try:
        offered = offer_article(world.state, server, "quokkas", "Quokkas", "# Quokkas\n\nText.")
        world.state.articles.accept(server, [offered.id])
        base = world.bot.services.bases.write_out(server)
        assert base is not None
        base.reindex()
    finally:
        os.umask(before)
    directory = tmp_path / "knowledge.servers"
    assert any(name.endswith(".md") for name in modes(directory))
    assert_owner_s(directory)


async def test_what_was_open_to_others_is_narrowed(world: World, tmp_path: Path) -> None:
    server = int(world.guild.id)
    offered = offer_article(world.state, server, "quokkas", "Quokkas", "# Quokkas\n\nText.")
    world.state.articles.accept(server, [offered.id])
    world.bot.services.bases.write_out(server)
    await world.bot.close()
    directory = tmp_path / "knowledge.servers"
    for name in modes(tmp_path):
        path = tmp_path / name
        path.chmod(0o755 if path.is_dir() else 0o644)
    await world.restart()
    await world.env.settle()
    for path in (file_of(world.state), world.knowledge.database):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert_owner_s(directory)
    assert modes(tmp_path)["."] == oct(0o755), "a directory of somebody else"


def test_only_our_own_directory_is_narrowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, other = tmp_path / "sourcier", tmp_path / "other"
    monkeypatch.setattr(bot.app.opening, "DATA_DIRECTORY", ours)
    write_article(tmp_path, "quokkas", "Quokkas live on Rottnest Island.")
    for directory in (ours, other):
        directory.mkdir(mode=0o755)
        settings = Settings(
            database=directory / "knowledge.db",
            state=directory / "state.db",
            articles=(tmp_path / "quokkas.md",),
        )
        open_knowledge(settings).close()
    assert stat.S_IMODE(ours.stat().st_mode) == 0o700
    assert stat.S_IMODE(other.stat().st_mode) == 0o755


def test_a_file_of_somebody_else_is_used_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    state = State(tmp_path / "state.db")
    file_of(state).chmod(0o640)

    def refused(*_: object, **__: object) -> None:
        raise PermissionError("not yours")

    monkeypatch.setattr(Path, "chmod", refused)
    assert State(file_of(state)).servers.of(1).private is False
    assert "is not for its owner alone" in caplog.text
