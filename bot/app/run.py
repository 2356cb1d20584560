"""Running a client until it is told to end: signals, start-up failures, exit codes."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Generator
from contextlib import ExitStack, closing, contextmanager
from types import FrameType
from typing import Any

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.app.client import SourcierBot
from bot.app.logs import configure_logging
from bot.app.monitoring.monitoring_server import MonitoringServer, NotServed
from bot.app.opening import open_for_bot, start_processes
from bot.services.metrics import Metrics
from bot.services.threads import Threads
from bot.settings import Settings
from bot.state import State, StateError
from knowledge import AnsweringProcesses, KnowledgeBase, KnowledgeError

__all__ = ["DRAIN_SECONDS", "ended_by_signals", "run_discord", "run_until_signalled"]

DRAIN_SECONDS = 10.0
"""How long what members wait for may go on after the bot was told to end."""

_log = logging.getLogger(__name__)

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


async def _serve(
    settings: Settings,
    token: str,
    knowledge: KnowledgeBase,
    processes: AnsweringProcesses | None,
    metrics: Metrics,
    monitoring: MonitoringServer | None,
) -> None:
    shards = settings.shards
    with closing(State(settings.state)) as state:
        async with SourcierBot(
            knowledge, state, shards=shards, metrics=metrics, processes=processes
        ) as bot:
            if monitoring is not None:
                monitoring.watch(bot)
            await bot.login(token)
            if settings.api_url is not None:
                await _follow_gateway(bot)
            await _stay_connected(bot)


async def _stay_connected(bot: SourcierBot) -> None:
    """Keep the bot connected. Cancelled, it stays so until it is drained; cancelled again, not."""
    connection = asyncio.create_task(bot.connect(), name="connection")
    try:
        await asyncio.shield(connection)
    except asyncio.CancelledError:
        await bot.drain(DRAIN_SECONDS)
        raise
    finally:
        connection.cancel()
        await asyncio.wait({connection})


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


def _tell(settings: Settings, sentence: str) -> None:
    """Tell the operator why the bot does not start or go on, in the form that the log has."""
    if settings.log_format == "json":
        _log.critical("%s", sentence)
    else:
        print(sentence, file=sys.stderr)  # noqa: T201 - the operator reads it


def run_discord(settings: Settings) -> int:
    """Run the bot on Discord until it is told to end. Returns the exit code.

    0: ended by Ctrl-C, SIGTERM or SIGHUP: it takes no new question, and what members wait for goes
    on for ``DRAIN_SECONDS`` at most, or until it is told again. 1: it could not start or go on,
    and standard error says why. Where threads are at work for nobody then, the process ends here.
    """
    code = _run(settings)
    if Threads.at_work():
        # Python would wait for them, however long they take. What is to be kept has been written.
        logging.shutdown()
        os._exit(code)
    return code


def _run(settings: Settings) -> int:
    configure_logging(settings.log_level, settings.token, settings.log_format)
    if settings.token is None:
        _tell(settings, _TOKENLESS)
        return 1
    Route.BASE = settings.api_url or _DISCORD
    metrics = Metrics()
    try:
        with ExitStack() as stack:
            is_told = stack.enter_context(ended_by_signals())
            monitoring = None
            if settings.metrics is not None:
                monitoring = stack.enter_context(MonitoringServer(settings.metrics, metrics))
            knowledge = stack.enter_context(open_for_bot(settings))
            processes = start_processes(settings)
            if processes is not None:
                stack.enter_context(processes)
            token = settings.token.get_secret_value()
            serving = _serve(settings, token, knowledge, processes, metrics, monitoring)
            run_until_signalled(serving, is_told)
    except KeyboardInterrupt:
        return 0
    except (
        KnowledgeError,
        NotServed,
        StateError,
        discord.DiscordException,
        aiohttp.ClientError,
        OSError,
    ) as error:
        _tell(settings, _why(error, Route.BASE))
        return 1
    return 0
