"""Whatever the bot is busy with, Discord has its first word within a second, from every handler."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import discord
import pytest
from simcord import InteractionResult
from world import Shown, World, eventually, offer_article, shown, write_article

from bot.interactions.acknowledging import PATIENCE_SECONDS
from bot.services.threads import Threads
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.custom_ids.votes import REASON

QUESTION = "Combien de barils de pétrole en juillet ?"
FILE = ("quokkas.md", b"# Quokkas\n\nQuokkas eat grass.")

COMMANDS: dict[str, dict[str, Any]] = {
    "ask": {"question": QUESTION},
    "check": {"text": QUESTION},
    "fact": {"text": "pétrole"},
    "who": {},
    "numbers": {},
    "quotes": {},
    "sources": {},
    "search": {"words": "Russie"},
    "timeline": {},
    "article": {"title": "sommet"},
    "help": {},
    "privacy": {},
    "forget-me": {},
    "settings": {},
    "unanswered": {},
    "feedback": {},
    "insights": {},
    "reindex": {},
    "selftest": {},
    "status": {},
    "articles list": {},
    "articles add": {"file": FILE},
    "articles replace": {"article": "x", "file": FILE},
    "articles remove": {"article": "x"},
    "articles export": {"article": "x"},
}
"""Every command, with what it needs."""

MENUS = ("Check in the articles", "Ask this", "Delete this answer")

FORGED = {
    "AcceptButton": "aa/1",
    "CancelButton": "ac/1",
    "RemoveButton": "ar/1",
    "UndoButton": "au/1-0",
    "ListPageButton": "al/0",
    "UploadPageButton": "ap/1/AAAAAAAAAAAA/0",
    "ReportButton": "rp/AAAAAAAAAAAA/0",
    "OpinionsButton": "op/0",
    "UnansweredPageButton": "ua/0",
    "ClearButton": "uc/ask",
    "SwitchOnButton": "uk/on",
    "WriteAnswerButton": "uw/1",
    "ReplaceAnswerButton": "ur/2/1/1",
    "SettingSwitch": "st/private/0",
    "ForgetGone": "sg/",
    "SettingsPageButton": "sp/answers",
    "ForgetButton": "fm/yes",
    "DeleteButton": "rm/",
    "DetailsButton": "sd/",
    "EntriesButton": "le/t-AAAAAAAAAA",
    "AskPersonButton": "hp/",
    "SendRequestButton": "hs/0",
    "CancelRequestButton": "hc/",
    "HelperReplyButton": "hr/en/1/0/1",
    "ExampleButton": f"{Prefix.EXAMPLE}/Who met Putin?",
}
"""Buttons that are clicked on a message of their own."""

REAL = {
    "MoreButton": "mo/",
    "ContextButton": "cx/",
    "WhyButton": "wy/",
    "FollowUpButton": "fu/",
    "UpButton": "up/",
    "DownButton": "dn/",
    "ShareButton": "sh/",
    "ArticlePageButton": "pg/",
    "OutlineButton": "ol/",
    "ListButton": "lu/",
}
"""Buttons that are clicked where the bot has put them, by how their ids begin."""


class Busy:
    """Holds all that the bot does in other threads, until it may go on."""

    def __init__(self) -> None:
        self.is_held = False
        self.waiting = 0
        self._go_on = asyncio.Event()

    async def turn(self) -> None:
        if self.is_held:
            self.waiting += 1
            await self._go_on.wait()

    def release(self) -> None:
        self.is_held = False
        self._go_on.set()


@pytest.fixture
async def busy(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Busy]:
    busy, run, to_thread = Busy(), Threads.run, asyncio.to_thread

    async def held_run(self: Threads, *args: Any, **kwargs: Any) -> Any:
        await busy.turn()
        return await run(self, *args, **kwargs)

    async def held_to_thread(*args: Any, **kwargs: Any) -> Any:
        await busy.turn()
        return await to_thread(*args, **kwargs)

    monkeypatch.setattr(Threads, "run", held_run)
    monkeypatch.setattr(asyncio, "to_thread", held_to_thread)
    yield busy
    busy.release()


def test_every_command_and_every_button_is_here(world: World) -> None:
    named = {
        command.qualified_name
        for command in world.bot.tree.walk_commands()
        if isinstance(command, discord.app_commands.Command)
    }
    assert named == set(COMMANDS)
    menus = world.bot.tree.get_commands(type=discord.AppCommandType.message)
    assert {menu.name for menu in menus} == set(MENUS)
    store = world.bot._connection._view_store
    assert {item.__name__ for item in store._dynamic_items.values()} == {
        *FORGED,
        *REAL,
        "SettingMenu",
    }


async def hold(
    world: World, busy: Busy, act: Callable[[], Awaitable[InteractionResult]]
) -> InteractionResult:
    """Act while the bot is busy; return what came of it, acknowledged once, and then answered."""
    before = len(world.sent("POST", "/callback"))
    busy.is_held = True
    with world.hurried():
        result = await act()
        await eventually(lambda: busy.waiting or result.acknowledged)
        world.let_pass(PATIENCE_SECONDS)
        await eventually(lambda: result.acknowledged, 5)
        busy.release()
    await world.env.settle()
    assert len(world.sent("POST", "/callback")) == before + 1, "Discord takes one"
    return result


async def known(world: World, *, is_known: bool) -> None:
    """Let the settings of the server be in memory, or not, as after a start."""
    server = int(world.guild.id)
    await world.bot.services.server_settings.of(server)
    if not is_known:
        world.bot.services.server_settings._known.clear()


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("command", COMMANDS)
async def test_a_command_is_acknowledged(
    world: World, busy: Busy, command: str, is_known: bool
) -> None:
    server = int(world.guild.id)
    kept = offer_article(world.state, server, "x", "x", "# x\n\nWombats dig burrows.")
    world.state.articles.accept(server, [kept.id])
    await known(world, is_known=is_known)
    options = COMMANDS[command]
    result = await hold(world, busy, lambda: world.admin.slash(world.channel, command, **options))
    assert result.response is not None
    assert shown(result.response).text or result.response.attachments


@pytest.mark.parametrize("menu", MENUS)
async def test_a_command_of_a_message_is_acknowledged(world: World, busy: Busy, menu: str) -> None:
    message = await world.member.send(world.channel, QUESTION)
    result = await hold(
        world, busy, lambda: world.member.context_menu(world.channel, menu, message)
    )
    assert result.response is not None
    assert shown(result.response).text


async def with_item(world: World, item: discord.ui.Item[Any]) -> Any:
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.ActionRow(item))
    view.stop()
    found = world.bot.get_channel(int(world.channel.id))
    assert isinstance(found, discord.TextChannel)
    await found.send(view=view)
    return world.channel.history()[-1]


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("custom_id", FORGED.values())
async def test_a_button_is_acknowledged(
    world: World, busy: Busy, custom_id: str, is_known: bool
) -> None:
    message = await with_item(world, discord.ui.Button(label="x", custom_id=custom_id))
    await known(world, is_known=is_known)
    await hold(world, busy, lambda: world.admin.click(message, custom_id=custom_id))


@pytest.mark.parametrize("is_known", [True, False])
async def test_a_menu_is_acknowledged(world: World, busy: Busy, is_known: bool) -> None:
    menu = discord.ui.Select[Any](
        custom_id="sl/language", options=[discord.SelectOption(label="French", value="fr")]
    )
    message = await with_item(world, menu)
    await known(world, is_known=is_known)
    await hold(
        world, busy, lambda: world.admin.select(message, values=["fr"], custom_id="sl/language")
    )
    assert (await world.bot.services.server_settings.of(int(world.guild.id))).language == "fr"


async def page_with(world: World, kind: str) -> Shown:
    """Return a message of the bot that has a button of a kind."""
    if kind == "ol/":
        parts = [text for n in range(60) for text in (f"## Part {n}", f"Text {n}.")]
        write_article(world.knowledge.database.parent / "articles", "long", *parts)
        world.knowledge.reindex()
        result = await world.member.slash(world.channel, "article", title="long")
    elif kind == "lu/":
        result = await world.member.slash(world.channel, "numbers")
    else:
        options = {"private": True} if kind == "sh/" else {}
        result = await world.member.slash(world.channel, "ask", question=QUESTION, **options)
    page = shown(result.response)
    if kind == "pg/":
        context = page.button("In context")
        result = await world.member.click(page.message, custom_id=context)
        page = shown(result.response)
    return page


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("kind", REAL.values())
async def test_a_button_of_an_answer_is_acknowledged(
    world: World, busy: Busy, kind: str, is_known: bool
) -> None:
    page = await page_with(world, kind)
    enabled = [id_ for id_, one in page.buttons.items() if not one.get("disabled")]
    custom_id = next(id_ for id_ in enabled if id_.startswith(kind))
    await known(world, is_known=is_known)
    await hold(world, busy, lambda: world.member.click(page.message, custom_id=custom_id))


async def test_a_reason_is_acknowledged(world: World, busy: Busy) -> None:
    page = await page_with(world, "dn/")
    opened = await world.member.click(page.message, custom_id=page.button("👎"))
    assert opened.modal is not None
    assert opened.modal["custom_id"].startswith(REASON)
    await hold(world, busy, lambda: world.member.submit_modal(opened, {"reason": "Wrong year"}))


@pytest.mark.parametrize("is_known", [True, False])
async def test_a_follow_up_is_acknowledged(world: World, busy: Busy, *, is_known: bool) -> None:
    page = await page_with(world, "fu/")
    opened = await world.member.click(page.message, custom_id=page.button("Follow up"))
    assert opened.modal is not None
    await known(world, is_known=is_known)
    await hold(world, busy, lambda: world.member.submit_modal(opened, {"question": "Et en mai ?"}))


@pytest.mark.parametrize("is_known", [True, False])
async def test_a_reply_to_a_question_is_acknowledged(
    world: World, busy: Busy, *, is_known: bool
) -> None:
    custom_id = f"hr/en/1/0/{world.member.id}"
    message = await with_item(world, discord.ui.Button(label="x", custom_id=custom_id))
    opened = await world.admin.click(message, custom_id=custom_id)
    assert opened.modal is not None
    await known(world, is_known=is_known)
    await hold(world, busy, lambda: world.admin.submit_modal(opened, {"reply": "Yes."}))


@pytest.mark.parametrize("is_known", [True, False])
async def test_an_answer_of_the_team_is_acknowledged(
    world: World, busy: Busy, *, is_known: bool
) -> None:
    today = datetime.now(UTC).date()
    world.state.unanswered.note(int(world.guild.id), "Who cooked?", today)
    message = await with_item(world, discord.ui.Button(label="x", custom_id="uw/1"))
    opened = await world.admin.click(message, custom_id="uw/1")
    assert opened.modal is not None
    await known(world, is_known=is_known)
    typed = {"question": "Who cooked?", "answer": "Nobody."}
    await hold(world, busy, lambda: world.admin.submit_modal(opened, typed))


async def test_what_is_typed_is_answered_while_all_else_is_busy(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Choices cannot be put off: they wait behind nothing but other choices."""
    from bot.services import threads

    go_on = asyncio.Event()
    run = Threads.run

    async def held(self: Threads, *args: Any, **kwargs: Any) -> Any:
        if self is not threads.TYPING:
            await go_on.wait()
        return await run(self, *args, **kwargs)

    monkeypatch.setattr(Threads, "run", held)
    choices = await world.member.autocomplete(world.channel, "fact", "text", "pétrole")
    assert choices
    go_on.set()


def test_the_event_loop_need_not_wait_long_for_other_threads(world: World) -> None:
    assert sys.getswitchinterval() <= 0.001
