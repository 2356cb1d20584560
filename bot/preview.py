"""``sourcier preview``: the real bot in a local page that looks like Discord.

SimCord stands in for Discord: it runs the unmodified client against a model of Discord in memory
and shows it in a page. Nothing leaves the machine, and no token is needed.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import discord

from bot.client import SourcierBot
from bot.layouts import GREEN, notice
from bot.logs import configure_logging
from bot.opening import open_knowledge
from bot.running import run_until_signalled
from bot.settings import Settings
from bot.state import State
from knowledge.base import KnowledgeBase
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    import simcord

__all__ = ["preview_available", "run_preview"]

# What the page itself needs (SimCord's extra “preview”).
_MODULES = ("simcord", "markdown_it", "linkify_it", "regex", "PIL", "av")

_SETTLE_SECONDS = 120.0
_SIZE = (1_100, 800)

_WELCOME = (
    "Type **/ask** and a question, or reply to this message with one. For example:\n"
    "> Combien de barils de pétrole en juillet ?\n\n"
    "At the top of the page you can be the admin, who may also type **/reindex**."
)

_MISSING = "The preview is not installed. Install it with: pip install 'sourcier[preview]'"


def preview_available() -> bool:
    """Whether the extra ``preview`` is installed."""
    return all(importlib.util.find_spec(module) is not None for module in _MODULES)


class _PortInUse(Exception):
    """Another program listens on the port that was asked for."""


def _furnish(env: simcord.Env) -> tuple[simcord.ChannelHandle, list[simcord.MemberActor]]:
    """Make a server with two channels, a member and an admin; return where and who to be."""
    guild = env.create_guild("Sourcier")
    channel = guild.create_text_channel("questions")
    guild.create_text_channel("general")
    admins = guild.create_role("Admins", permissions=discord.Permissions(administrator=True))
    member = guild.add_member(env.create_user("camille", global_name="Camille"))
    admin = guild.add_member(env.create_user("alex", global_name="Alex (admin)"), roles=[admins])
    return channel, [member, admin]


async def _welcome(bot: SourcierBot, channel_id: int) -> None:
    """Take the bot's own name and say how to ask it: a page that is empty invites nobody."""
    if bot.user is not None:
        await bot.user.edit(username="Sourcier")
    channel = bot.get_partial_messageable(channel_id)
    await channel.send(view=notice(_WELCOME, GREEN))


async def _show(
    knowledge: KnowledgeBase, port: int | None, state: Path, opened: Callable[[str], None]
) -> None:
    import simcord

    bot = SourcierBot(knowledge, State(state))
    async with simcord.run(bot, check_errors=False, settle_timeout=_SETTLE_SECONDS) as env:
        channel, viewers = _furnish(env)
        await _welcome(bot, channel.id)
        preview = env.preview(
            channel,
            viewers=viewers,
            layout="channel",
            width=_SIZE[0],
            height=_SIZE[1],
            port=port,
        )
        try:
            await preview.__aenter__()
        except simcord.SetupError as error:
            if isinstance(error.__cause__, OSError):
                raise _PortInUse from error
            raise
        try:
            opened(preview.url)
            await preview.wait_closed()
        finally:
            bot.give_up_reindexes()
            await preview.close()


def run_preview(settings: Settings, *, port: int | None = None, open_browser: bool = True) -> int:
    """Show the bot in a local page until the page or the program is ended. Returns the exit code.

    0: ended from the page, by Ctrl-C or by SIGTERM. 1: it could not start, and standard error
    says why. ``port`` is any free one where it is ``None``.
    """
    if not preview_available():
        print(_MISSING, file=sys.stderr)  # noqa: T201 - whoever tries it reads it
        return 1
    configure_logging(settings.log_level, settings.token)

    def opened(url: str) -> None:
        # The address carries a key: whoever has it can act as the two members.
        print(f"Sourcier is at {url}\nCtrl-C ends it.", flush=True)  # noqa: T201 - as above
        if open_browser:
            webbrowser.open(url)

    # The world is new at every start, and so is what its Discord knows about commands.
    with tempfile.TemporaryDirectory(prefix="sourcier-") as folder:
        state = Path(folder) / "state.db"
        try:
            with open_knowledge(settings) as knowledge:
                run_until_signalled(_show(knowledge, port, state, opened))
        except KeyboardInterrupt:
            return 0
        except _PortInUse:
            print(  # noqa: T201 - as above
                f"Port {port} is in use by another program: choose another one with --port.",
                file=sys.stderr,
            )
            return 1
        except KnowledgeError as error:
            print(error, file=sys.stderr)  # noqa: T201 - as above
            return 1
    return 0
