"""An index that is damaged, gone or held by another program while the bot runs."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from world import World, eventually, offer_article, shown, write_article

from bot.services.index_maintenance import HEAL_SECONDS
from bot.state import State

QUESTION = "Combien de barils de pétrole en juillet ?"


def garbage(path: Path) -> None:
    path.write_bytes(b"\xff\x00garbage" * 20_000)


def half(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def pages(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:4_096] + b"\xff" * (len(whole) - 4_096))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def deleted(path: Path) -> None:
    for one in path.parent.glob(f"{path.name}*"):
        if one.is_file():
            one.unlink()


def deleted_alone(path: Path) -> None:
    path.unlink()


def replaced(path: Path) -> None:
    other = path.with_suffix(".other")
    garbage(other)
    other.replace(path)


LOSSES = [garbage, half, pages, empty, deleted, deleted_alone, replaced]
each_loss = pytest.mark.parametrize("lose", LOSSES, ids=lambda lose: lose.__name__)
Lose = Callable[[Path], None]


def folded(path: Path) -> None:
    """Bring the log into the file, so that what is done to it is done to all there is."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")


async def reindex(world: World) -> str:
    result = await world.admin.slash(world.channel, "reindex")
    return shown(result.response).text


def asides(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.name}.damaged-*"))


@each_loss
async def test_a_reindex_heals_what_became_of_the_index(
    world: World, articles: Path, lose: Lose
) -> None:
    write_article(articles, "wombats", "Wombats dig burrows.")
    await reindex(world)
    folded(world.knowledge.database)
    lose(world.knowledge.database)
    assert "2 added" in await reindex(world)
    assert "barils" in (await world.ask(QUESTION)).text
    assert "burrows" in (await world.ask("What do wombats dig?")).text
    assert "Nothing has changed" in await reindex(world)
    (aside,) = asides(world.knowledge.database) or [None]
    assert (aside is not None) == (lose in (garbage, replaced)), "what does not say that it is ours"


@each_loss
async def test_the_bot_heals_an_index_that_a_question_met_with(
    world: World, lose: Lose, caplog: pytest.LogCaptureFixture
) -> None:
    folded(world.knowledge.database)
    lose(world.knowledge.database)
    told = await world.ask(QUESTION)
    assert told.text.startswith("I cannot read the articles at the moment. Try again in a minute.")
    world.let_pass(HEAL_SECONDS + 1)
    await eventually(lambda: not world.knowledge.seems_lost)
    await world.env.settle()
    assert "barils" in (await world.ask(QUESTION)).text
    assert len(world.env.errors) == 1
    assert "was not brought up to date" not in caplog.text


async def test_of_what_was_put_aside_the_last_is_kept(world: World) -> None:
    database = world.knowledge.database
    mine = database.with_name(f"{database.name}.damaged-by-me")
    mine.write_text("precious")
    earlier = database.with_name(f"{database.name}.damaged-20200101T000000")
    earlier.write_text("an earlier one")
    garbage(database)
    broken = database.read_bytes()
    await reindex(world)
    assert mine.read_text() == "precious"
    assert [one.read_bytes() for one in asides(database) if one != mine] == [broken]


async def test_the_index_of_a_server_is_healed_alike(world: World) -> None:
    server = int(world.guild.id)
    offered = offer_article(
        world.state, server, "quokkas", "Quokkas", "# Quokkas\n\nThey eat figs."
    )
    world.state.articles.accept(server, [offered.id])
    world.bot.services.bases._own.add(server)
    await reindex(world)
    database = world.bot.services.bases.of(server).database
    for lose in (garbage, half, deleted):
        folded(database)
        lose(database)
        assert "2 added" in await reindex(world)
        assert "figs" in (await world.ask("What do quokkas eat?")).text
    folded(database)
    garbage(database)
    assert "Try again in a minute" in (await world.ask("What do quokkas eat?")).text
    world.let_pass(HEAL_SECONDS + 1)
    await eventually(lambda: not world.bot.services.bases.lost())
    await world.env.settle()
    assert "figs" in (await world.ask("What do quokkas eat?")).text
    garbage(database)  # and at a start
    await world.restart()
    await world.env.settle()
    assert "figs" in (await world.ask("What do quokkas eat?")).text
    assert len(world.env.errors) == 1


@pytest.mark.parametrize("whose", ["another program", "the bot"])
async def test_another_file_in_the_place_of_the_index_is_left_alone(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture, whose: str
) -> None:
    other = tmp_path / "other.db"
    if whose == "the bot":
        State(other).servers.change(1, private=True)
    else:
        with closing(sqlite3.connect(other)) as connection, connection:
            connection.execute("create table cats (name)")
    before = other.read_bytes()
    deleted(world.knowledge.database)
    other.replace(world.knowledge.database)
    for _ in range(2):
        told = await reindex(world)
        assert "waiting does not help" in told
        (reference,) = re.findall(r"Reference ([0-9A-F]{6})", told)
        assert reference in caplog.text
    told = (await world.ask(QUESTION)).text
    assert "waiting does not help" in told
    sentence = "what the bot must remember" if whose == "the bot" else "another program's database"
    assert sentence in caplog.text
    assert "SOURCIER_DATABASE" in caplog.text
    world.let_pass(HEAL_SECONDS + 1)
    await world.env.settle()
    assert world.knowledge.database.read_bytes() == before
    assert asides(world.knowledge.database) == []
    assert len(world.env.errors) == 3


@pytest.mark.parametrize(("code", "words"), [("en-US", "Another program"), ("fr", "Un autre")])
async def test_an_index_that_another_program_holds_is_said_to_be_held(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    locale: list[str],
    code: str,
    words: str,
) -> None:
    locale[0] = code
    monkeypatch.setattr("knowledge.index.writer.LOCK_WAIT_SECONDS", 0.05)
    with closing(sqlite3.connect(world.knowledge.database, isolation_level=None)) as other:
        other.execute("begin immediate")
        told = await reindex(world)
    assert told.startswith(words)
    assert f"using the index file {world.knowledge.database}" in caplog.text
    assert "Traceback" not in caplog.text
    assert len(world.env.errors) == 1
    assert "barils" in (await world.ask(QUESTION)).text
