"""Pictures are in nobody's way: drawn one at a time, equal ones once, in a process of their own."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from world import World, eventually, shown, write_article

from bot.extras import is_installed
from bot.services.drawing import drawer as drawing
from bot.services.drawing import store as storing
from bot.services.drawing.drawer import Drawer, DrawingFailed
from bot.services.drawing.pictures import MAX_WAITING, Pictures, TooManyPictures
from bot.services.drawing.store import PictureStore
from bot.services.drawing.timeline import Entry, Sheet

pytestmark = pytest.mark.skipif(
    not is_installed("picture"), reason="the extra “picture” is not installed"
)

PNG = b"\x89PNG\r\n\x1a\n"
SHEET = Sheet("Timeline", (), (Entry("2023-01-02", "2023-01-03", "January", "Text."),), "[…]")


def sheet(number: int) -> Sheet:
    return replace(SHEET, title=f"Timeline {number}")


class Gate:
    """A drawer that draws when it is told to, and counts."""

    def __init__(self) -> None:
        self.drawn: list[str] = []
        self.opened = threading.Event()

    def draw(self, sheet: Sheet) -> bytes:
        self.drawn.append(sheet.title)
        assert self.opened.wait(60)
        return PNG + sheet.title.encode()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    gate = Gate()
    monkeypatch.setattr(Drawer, "draw", lambda _, sheet: gate.draw(sheet))
    return gate


async def test_equal_pictures_are_drawn_once(tmp_path: Path, gate: Gate) -> None:
    pictures = Pictures(tmp_path / "pictures")
    wanted = [asyncio.create_task(pictures.picture(sheet(n % 2))) for n in range(40)]
    await eventually(lambda: pictures.waiting == 2)
    gate.opened.set()
    assert len(set(await asyncio.gather(*wanted))) == 2
    again = Pictures(tmp_path / "pictures")  # as after a restart
    assert await again.picture(sheet(1)) == PNG + b"Timeline 1"
    assert sorted(gate.drawn) == ["Timeline 0", "Timeline 1"]


async def test_one_is_drawn_at_a_time_and_so_many_wait(tmp_path: Path, gate: Gate) -> None:
    pictures = Pictures(tmp_path / "pictures")
    wanted = [asyncio.create_task(pictures.picture(sheet(n))) for n in range(MAX_WAITING)]
    await eventually(lambda: pictures.waiting == MAX_WAITING)
    await eventually(lambda: gate.drawn)
    assert len(gate.drawn) == 1
    with pytest.raises(TooManyPictures):
        await pictures.picture(sheet(-1))
    equal = asyncio.create_task(pictures.picture(sheet(3)))  # which is waited for already
    gate.opened.set()
    await asyncio.gather(*wanted)
    assert await equal == PNG + b"Timeline 3"
    assert len(gate.drawn) == MAX_WAITING
    assert await pictures.picture(sheet(-1)) == PNG + b"Timeline -1"


async def test_who_gives_up_takes_nobody_s_picture_away(tmp_path: Path, gate: Gate) -> None:
    pictures = Pictures(tmp_path / "pictures")
    first = asyncio.create_task(pictures.picture(SHEET))
    second = asyncio.create_task(pictures.picture(SHEET))
    await eventually(lambda: gate.drawn)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    gate.opened.set()
    assert await second == PNG + b"Timeline"


@pytest.mark.skipif(sys.platform == "win32", reason="there are other permissions there")
def test_pictures_are_kept_for_their_owner_alone(tmp_path: Path) -> None:
    directory = tmp_path / "pictures"
    before = os.umask(0)
    try:
        PictureStore(directory).keep("a", PNG)
    finally:
        os.umask(before)
    (file,) = directory.iterdir()
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("damage", [b"", b"x", PNG * 9])
def test_a_damaged_picture_is_none(tmp_path: Path, damage: bytes) -> None:
    store = PictureStore(tmp_path / "pictures")
    store.keep("a", PNG)
    assert store.find("a") == PNG
    (file,) = (tmp_path / "pictures").iterdir()
    file.write_bytes(damage)
    assert store.find("a") is None
    store.keep("a", PNG)
    assert store.find("a") == PNG


def test_old_pictures_and_too_many_give_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = tmp_path / "pictures"
    store = PictureStore(directory)
    monkeypatch.setattr(storing, "MAX_BYTES", 3 * (len(PNG) + 32))
    for age, key in enumerate("abcde"):
        store.keep(key, PNG)
        path = directory / f"{key}.picture"
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 1_000 + age))
    store.tidy()
    assert [key for key in "abcde" if store.find(key)] == ["c", "d", "e"]
    old = (directory / "e.picture").stat().st_mtime - storing.KEPT_DAYS * 86_400
    os.utime(directory / "e.picture", (old, old))
    unfinished = directory / "tmpx"
    unfinished.write_bytes(b"half")
    os.utime(unfinished, (old, old))
    assert store.find("e") is None
    store.tidy()
    assert sorted(path.name for path in directory.iterdir()) == ["c.picture", "d.picture"]


def test_a_place_where_nothing_can_be_kept_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "pictures").touch()
    store = PictureStore(tmp_path / "pictures")
    store.keep("a", PNG)
    assert store.find("a") is None


def test_the_process_that_draws_is_kept_and_started_again_where_it_ended() -> None:
    drawer = Drawer()
    first = drawer.draw(SHEET)
    (process,) = drawer._running
    assert first.startswith(PNG)
    assert drawer.draw(SHEET) == first
    assert drawer._running == [process]
    process.kill()
    process.wait()
    assert drawer.draw(SHEET) == first
    (other,) = drawer._running
    drawer.close()
    assert other.returncode is not None, "it is no zombie"
    with pytest.raises(DrawingFailed):
        drawer.draw(SHEET)


def test_what_lies_where_the_bot_was_started_is_no_module_of_that_process(
    among_foreign_modules: None,
) -> None:
    drawer = Drawer()
    assert drawer.draw(SHEET).startswith(PNG)
    drawer.close()


def test_a_picture_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    drawer = Drawer()
    drawer.draw(SHEET)
    (process,) = drawer._running
    process.send_signal(signal.SIGSTOP)
    monkeypatch.setattr(drawing, "DRAWING_SECONDS", 0.05)
    with pytest.raises(DrawingFailed):
        drawer.draw(SHEET)
    assert process.returncode is not None
    monkeypatch.undo()
    assert drawer.draw(SHEET).startswith(PNG), "the next one is drawn"
    drawer.close()


def test_a_sheet_that_cannot_be_drawn_costs_itself_alone() -> None:
    drawer = Drawer()
    with pytest.raises(DrawingFailed):
        drawer.draw(replace(SHEET, entries=()))
    assert drawer.draw(SHEET).startswith(PNG)
    drawer.close()


def test_a_drawer_that_nobody_closes_leaves_no_process() -> None:
    drawer = Drawer()
    drawer.draw(SHEET)
    (process,) = drawer._running
    del drawer
    assert process.returncode is not None


async def test_behind_too_many_a_list_comes_without_its_picture_and_says_so(
    world: World, gate: Gate, locale: list[str]
) -> None:
    world.bot.services.pictures.waiting = MAX_WAITING
    for code, said in (("en-US", "Without its picture: too many"), ("fr", "Sans son image")):
        locale[0] = code
        result = await world.member.slash(world.channel, "timeline")
        page: Any = result.response
        assert said in shown(page).text
        assert not page.attachments
        assert len(shown(page).buttons) > 2
    assert not gate.drawn


async def test_every_button_is_acknowledged_and_answered_while_pictures_are_drawn(
    world: World, gate: Gate, articles: Path
) -> None:
    """As many as the pool of threads has, and more: none of them is in another's way."""
    answer = await world.ask("Combien de barils de pétrole en juillet ?")
    numbers = await world.member.slash(world.channel, "numbers")
    with world.hurried():
        crowd = [
            world.guild.add_member(world.env.create_user(f"member{number}"))
            for number in range(MAX_WAITING)
        ]
        drawing = [
            await member.slash(world.channel, "timeline", **{"from": f"20{year}"})
            for year, member in enumerate(crowd, start=10)
        ]
        await eventually(lambda: world.bot.services.pictures.waiting)
        labels = ["In context", "More", "Why?", "👍"]
        clicked = [
            await world.member.click(answer.message, custom_id=answer.button(label))
            for label in labels
        ]
        page: Any = numbers.response
        turned = await world.member.click(page, custom_id=shown(page).button("Next"))
        asked = await world.member.slash(world.channel, "ask", question="Who met Putin?")
        typed = await world.member.slash(world.channel, "search", words="Russie")
        await eventually(lambda: all(one.response for one in [*clicked, asked, typed]))
        await eventually(lambda: turned.acknowledged)
        assert not any(one.acknowledged for one in drawing), "no time has passed"
        world.let_pass(1.0)
        await eventually(lambda: all(one.acknowledged for one in drawing))
        gate.opened.set()
        await eventually(lambda: all(one.response and one.response.components for one in drawing))
    await world.env.settle()
    assert not world.env.errors


async def test_a_picture_changes_with_what_is_in_it(world: World, articles: Path) -> None:
    for day in ("3 May 2021", "4 May 2021"):
        write_article(articles, "wombats", f"On {day} the wombats dug a burrow.")
        world.knowledge.reindex()
        result = await world.member.slash(world.channel, "timeline", **{"from": "2021-05"})
        page: Any = result.response
        assert [one.filename for one in page.attachments] == ["timeline.png"]
    directory = world.knowledge.database.with_suffix(".pictures")
    assert len(list(directory.iterdir())) == 2
