"""Running a client until it is told to end: signals, start-up failures, exit codes."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine, Generator
from contextlib import closing, contextmanager
from types import FrameType
from typing import Any

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.app.client import SourcierBot
from bot.app.logs import configure_logging
from bot.app.opening import open_for_bot
from bot.settings import Settings
from bot.state import State, StateError
from knowledge import KnowledgeBase, KnowledgeError

__all__ = ["ended_by_signals", "run_discord", "run_until_signalled"]

_DISCORD = Route.BASE

_TOKENLESS = (
    "DISCORD_TOKEN is not set. Put your bot's token in it (environment or .env), "
    "or try the bot without Discord: sourcier preview"
)
_REFUSED = (
    "Discord refused the token in DISCORD_TOKEN. Copy it again from the Bot page of your "
    "application at https://discord.com/developers/applications, or reset it there."
)


def _ending_signals() -> list[signal.Signals]:
    """Return the signals that tell the program to end: of a terminal, a service manager, and a
    terminal that is closed, unless whoever started the program had that one ignored."""
    signals = [signal.SIGINT, signal.SIGTERM]
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signals.append(signal.SIGHUP)
    return signals


@contextmanager
def ended_by_signals() -> Generator[Callable[[], bool]]:
    """Let what would kill the program at once end it as Ctrl-C does, by KeyboardInterrupt.

    For what is done before there is an event loop. Use it in the main thread. Yields whether it
    was told to end: libraries in C lose an exception that is raised in the midst of them.
    """
    told: list[int] = []

    def interrupt(number: int, _frame: FrameType | None) -> None:
        told.append(number)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in _ending_signals()}
    try:
        yield lambda: bool(told)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def _until_signalled(work: Coroutine[Any, Any, None]) -> None:
    """Run ``work`` until it ends, or cancel it at Ctrl-C, SIGTERM or SIGHUP and wait for its end.

    Raises what ``work`` raised.
    """
    loop = asyncio.get_running_loop()
    task = loop.create_task(work)
    signals = _ending_signals()
    try:
        for number in signals:
            loop.add_signal_handler(number, task.cancel)
    except NotImplementedError:  # Windows, where Ctrl-C raises KeyboardInterrupt instead
        signals.clear()
    try:
        await asyncio.wait({task})
        if not task.cancelled():
            task.result()
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
        task.cancel()


def run_until_signalled(
    work: Coroutine[Any, Any, None], is_told: Callable[[], bool] = lambda: False
) -> None:
    """Run ``work`` in an event loop until it ends, or until Ctrl-C, SIGTERM or SIGHUP.

    Raises what ``work`` raised, and KeyboardInterrupt where signals cannot be handled, or where it
    ``is_told`` to end before it begins.
    """
    if is_told():
        work.close()
        raise KeyboardInterrupt
    asyncio.run(_until_signalled(work))


async def _follow_gateway(bot: SourcierBot) -> None:
    """Connect where the server at the other address says that its gateway is."""
    _, url, _ = await bot.http.get_bot_gateway()
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)


async def _serve(settings: Settings, token: str, knowledge: KnowledgeBase) -> None:
    with closing(State(settings.state)) as state:
        async with SourcierBot(knowledge, state) as bot:
            await bot.login(token)
            if settings.api_url is not None:
                await _follow_gateway(bot)
            await bot.connect()


def _why(error: Exception, address: str) -> str:
    """Put a failure to start, or to stay, in one sentence."""
    if isinstance(error, discord.LoginFailure):
        return _REFUSED
    if isinstance(error, (discord.HTTPException, discord.GatewayNotFound)):
        return f"{address} did not let the bot in: {error}"
    if isinstance(error, discord.ConnectionClosed):
        return f"Discord closed the connection for good (code {error.code})."
    if isinstance(error, aiohttp.ClientError):
        return f"{address} cannot be reached: {error}"
    return str(error)


def run_discord(settings: Settings) -> int:
    """Run the bot on Discord until it is told to end. Returns the exit code.

    0: ended by Ctrl-C, SIGTERM or SIGHUP. 1: it could not start or go on, and standard error says
    why.
    """
    if settings.token is None:
        print(_TOKENLESS, file=sys.stderr)  # noqa: T201 - the operator reads it
        return 1
    configure_logging(settings.log_level, settings.token)
    Route.BASE = settings.api_url or _DISCORD
    try:
        with ended_by_signals() as is_told, open_for_bot(settings) as knowledge:
            token = settings.token.get_secret_value()
            run_until_signalled(_serve(settings, token, knowledge), is_told)
    except KeyboardInterrupt:
        return 0
    except (
        KnowledgeError,
        StateError,
        discord.DiscordException,
        aiohttp.ClientError,
        OSError,
    ) as error:
        print(_why(error, Route.BASE), file=sys.stderr)  # noqa: T201 - the operator reads it
        return 1
    return 0
