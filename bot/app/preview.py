"""``sourcier preview``: the real bot in a local page that looks like Discord.

SimCord stands in for Discord: it runs the unmodified client against a model of Discord in memory
and shows it in a page. Nothing leaves the machine, and no token is needed.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord

from bot.app.browser import open_page
from bot.app.client import SourcierBot
from bot.app.logs import configure_logging
from bot.app.opening import open_for_bot
from bot.app.run import ended_by_signals, run_until_signalled
from bot.features.help.help_command import Help
from bot.settings import Settings
from bot.shards import ONE_SHARD
from bot.state import State
from bot.ui.containers import GREEN, notice
from knowledge import KnowledgeBase, KnowledgeError

if TYPE_CHECKING:
    import simcord

__all__ = ["RunningClock", "prepare_help", "run_preview", "simulated_discord"]

_SETTLE_SECONDS = 120.0
_SIZE = (1_100, 800)

_WELCOME = (
    "Type **/ask** and a question, or reply to this message with one. For example:\n"
    "> Combien de barils de pétrole en juillet ?\n\n"
    "Look things up with **/fact**, **/who**, **/timeline**, **/numbers**, **/quotes**, "
    "**/sources** and **/search**, read with **/article**; **/help** shows more.\n"
    "**/check** looks for what anybody claims; in Discord, a message's own menu does, too.\n"
    "A plain message is not for me: I do not read it.\n"
    "Choose **Alex (admin)** at the top of the page to try **/articles**, **/settings**, "
    "**/status**, **/selftest** and **/reindex**."
)


class RunningClock:
    """SimCord's clock, which moves by itself: its own stands still until a test moves it.

    Begins now, and goes on by what has passed, so that nothing is ever sent before it was asked.
    """

    def __init__(self) -> None:
        self._began, self._at = datetime.now(UTC), time.perf_counter()
        self._skipped = 0.0

    @property
    def elapsed(self) -> float:
        """Seconds since it began. Within the bot, SimCord gives them out as the monotonic time."""
        return time.perf_counter() - self._at + self._skipped

    def now(self) -> datetime:
        """Return the present moment."""
        return self._began + timedelta(seconds=self.elapsed)

    def advance(self, seconds: float) -> None:
        """Skip some seconds, as SimCord does to a timer that is due a little later."""
        self._skipped += seconds


class _Unserved(Exception):
    """The page cannot be served; ``str`` says why and what to do."""


def _unserved(port: int | None, error: OSError) -> _Unserved:
    if error.errno == errno.EADDRINUSE:
        reason = "is in use by another program"
    else:
        reason = f"cannot be used ({error.strerror or error})"
    return _Unserved(f"Port {port} {reason}: choose another one with --port.")


def _try_port(port: int) -> None:
    """Find out before the long start whether the page can be served there. Raises _Unserved."""
    with socket.socket() as probe:
        if os.name == "posix":  # as servers do; elsewhere it would let two programs share a port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise _unserved(port, error) from error


def _quiet(settings: Settings) -> None:
    """Log warnings and worse, or what was asked for: a newcomer needs the address and no more."""
    level = settings.log_level if "log_level" in settings.model_fields_set else "WARNING"
    configure_logging(level, settings.token, settings.log_format)
    # SimCord tries discord.py out with a client that has no intents; ours has those it needs.
    logging.getLogger("discord.state").addFilter(
        lambda record: not str(record.msg).startswith("Guilds intent seems to be disabled")
    )


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


async def prepare_help(bot: SourcierBot) -> None:
    """Find the examples of /help aside.

    Simulated, what the bot does every half a minute is done with the next click, which would wait
    until they are found.
    """
    cog = bot.get_cog(Help.__name__)
    if isinstance(cog, Help):
        await cog.prepare()


@asynccontextmanager
async def simulated_discord(bot: SourcierBot) -> AsyncGenerator[simcord.Env]:
    """Log a bot in to a new Discord in memory, in which time runs, and out of it in the end."""
    import simcord

    env: Any = simcord.Env(bot, check_errors=False, settle_timeout=_SETTLE_SECONDS)
    # Before the bot knows the time: what it does every so often would make up for a leap.
    env.backend.clock = RunningClock()
    settle = env._settle_internal  # noqa: SLF001 - there is no other way, and a test holds it

    async def settle_patiently(**options: object) -> None:
        """Wait as long as for anything else: SimCord gives a log-in five seconds on any machine."""
        options.pop("timeout", None)
        await settle(**options)

    env._settle_internal = settle_patiently  # noqa: SLF001
    await env.start()
    with env.time_context():
        try:
            yield env
        finally:
            await bot.remove_cog(Help.__name__)  # it would go on looking for examples
            await env.shutdown()  # which does not close the bot


async def _show(
    knowledge: KnowledgeBase, port: int | None, state: Path, opened: Callable[[str], None]
) -> None:
    import simcord

    bot = SourcierBot(
        knowledge,
        State(state),
        indexes=state.with_suffix(".servers"),
        is_up_to_date=True,
        shards=ONE_SHARD,
    )
    async with simulated_discord(bot) as env:
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
                raise _unserved(port, error.__cause__) from error
            raise
        examples = asyncio.create_task(prepare_help(bot))
        try:
            opened(preview.url)
            await preview.wait_closed()
        finally:
            examples.cancel()
            bot.services.indexes.give_up()
            await preview.close()


def run_preview(settings: Settings, *, port: int | None = None, open_browser: bool = True) -> int:
    """Show the bot in a local page until the page or the program is ended. Returns the exit code.

    0: ended from the page, by Ctrl-C or by SIGTERM. 1: it could not start, and standard error
    says why. ``port`` is any free one where it is ``None``. Needs the extra “preview”.
    """
    _quiet(settings)

    def opened(url: str) -> None:
        # The address carries a key: whoever has it can act as the two members.
        print(f"Sourcier is at {url}\nCtrl-C ends it.", flush=True)  # noqa: T201 - for people
        if open_browser:
            open_page(url)

    # The world is new at every start, and so is what its Discord knows about commands.
    with tempfile.TemporaryDirectory(prefix="sourcier-") as folder:
        state = Path(folder) / "state.db"
        try:
            if port is not None:
                _try_port(port)
            with ended_by_signals() as is_told, open_for_bot(settings, wait=True) as knowledge:
                run_until_signalled(_show(knowledge, port, state, opened), is_told)
        except KeyboardInterrupt:
            return 0
        except (KnowledgeError, _Unserved) as error:
            print(error, file=sys.stderr)  # noqa: T201 - for people
            return 1
    return 0
