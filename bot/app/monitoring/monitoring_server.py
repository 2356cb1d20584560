"""``/metrics``, ``/healthz`` and ``/readyz`` over HTTP, for programs that watch the bot.

Served by a thread with an event loop of its own, so that the bot's can be looked at from outside:
where it hangs, whoever asks is told so after ``PATIENCE_SECONDS`` and does not hang, too.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from aiohttp import web
from prometheus_client import (
    CollectorRegistry,
    Gauge,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.app.client import SourcierBot
from bot.app.monitoring.bot_collector import BotCollector
from bot.services.metrics import Metrics
from bot.settings import ListenAddress
from knowledge import KnowledgeError

__all__ = ["PATIENCE_SECONDS", "MonitoringServer", "NotServed"]

PATIENCE_SECONDS = 2.0
"""How long the bot's event loop may take to answer before it is taken to hang."""

_KEEP_ALIVE_SECONDS = 30.0
_BACKLOG = 16

_log = logging.getLogger(__name__)


class NotServed(Exception):
    """The address cannot be listened at; ``str`` says why and what to do."""


@dataclass(frozen=True, slots=True)
class _Watched:
    bot: SourcierBot
    loop: asyncio.AbstractEventLoop


class MonitoringServer:
    """Serves from entering it as a context to leaving it, also before there is a bot.

    ``metrics`` are those that the bot counts in. Raises NotServed on entering.
    """

    def __init__(self, address: ListenAddress, metrics: Metrics) -> None:
        self._address = address
        self._registry = _with_process(metrics.registry)
        disable_created_metrics()  # a series more for each counter, which Prometheus has no use for
        self._delay = Gauge(
            "sourcier_event_loop_delay_seconds",
            f"Seconds until the bot's event loop answered at this look; {PATIENCE_SECONDS:.0f} "
            "where it had not by then.",
            registry=self._registry,
        )
        self._watched: _Watched | None = None
        self._started = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        listening = _listen(self._address)
        if not self._address.is_loopback:
            _log.warning(
                "Metrics are served at %s, which other machines can reach, and without a "
                "password: let a firewall keep it to those who watch the bot",
                self._address,
            )
        # A daemon: whatever it does, it does not keep the program from ending.
        self._thread = threading.Thread(
            target=self._run, args=(listening,), name="monitoring", daemon=True
        )
        self._thread.start()
        self._started.wait()
        _log.info("Metrics are served at http://%s/metrics", self._address)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._thread is not None and self._loop is not None and self._ending is not None:
            self._loop.call_soon_threadsafe(self._ending.set)
            self._thread.join(PATIENCE_SECONDS)

    def watch(self, bot: SourcierBot) -> None:
        """Have a bot watched that runs in the event loop that this is called in."""
        self._watched = _Watched(bot, asyncio.get_running_loop())
        self._registry.register(BotCollector(bot))

    def _run(self, listening: socket.socket) -> None:
        try:
            asyncio.run(self._serve(listening))
        finally:
            self._started.set()  # whatever happened: the bot waits for it

    async def _serve(self, listening: socket.socket) -> None:
        app = web.Application()
        app.router.add_get("/metrics", self._metrics)
        app.router.add_get("/healthz", self._health)
        app.router.add_get("/readyz", self._readiness)
        runner = web.AppRunner(
            app, access_log=None, keepalive_timeout=_KEEP_ALIVE_SECONDS, shutdown_timeout=1.0
        )
        await runner.setup()
        await web.SockSite(runner, listening, backlog=_BACKLOG).start()
        self._loop, self._ending = asyncio.get_running_loop(), asyncio.Event()
        self._started.set()
        await self._ending.wait()
        await runner.cleanup()

    async def _metrics(self, _: web.Request) -> web.Response:
        delay = await self._loop_delay()
        self._delay.set(PATIENCE_SECONDS if delay is None else delay)
        text = await asyncio.to_thread(generate_latest, self._registry)
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    async def _health(self, _: web.Request) -> web.Response:
        """Tell whether the process is worth keeping: a first start may take minutes, and is."""
        if await self._loop_delay() is None:
            return _unavailable(f"The event loop has not answered for {PATIENCE_SECONDS:.0f} s.")
        return web.Response(text="ok\n")

    async def _readiness(self, _: web.Request) -> web.Response:
        """Tell whether a member who asks now is answered."""
        if self._watched is None:
            return _unavailable("The articles are being read; the bot is not logged in yet.")
        if await self._loop_delay() is None:
            return _unavailable(f"The event loop has not answered for {PATIENCE_SECONDS:.0f} s.")
        services = self._watched.bot.services
        if services.answering.is_closed:
            return _unavailable("The bot is ending and takes no new question.")
        if not self._watched.bot.is_connected:
            return _unavailable("The bot is not logged in at the gateway.")
        try:
            await asyncio.to_thread(services.bases.common.status)
        except KnowledgeError as error:
            return _unavailable(f"The common index cannot be read: {error}")
        return web.Response(text="ok\n")

    async def _loop_delay(self) -> float | None:
        """Return how long the bot's event loop took to answer, in seconds; ``None``: too long.

        0 while there is no bot yet.
        """
        if self._watched is None:
            return 0.0
        own, answered, asked = asyncio.get_running_loop(), asyncio.Event(), time.perf_counter()
        try:
            self._watched.loop.call_soon_threadsafe(own.call_soon_threadsafe, answered.set)
        except RuntimeError:  # it is closed
            return None
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await answered.wait()
        except TimeoutError:
            return None
        return time.perf_counter() - asked


def _with_process(registry: CollectorRegistry) -> CollectorRegistry:
    """Return a registry that also tells of the process: memory, processor time, open files."""
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    return registry


def _listen(address: ListenAddress) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        return socket.create_server((address.host, address.port), family=family)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = "is in use by another program: choose another port"
        else:
            reason = f"cannot be listened at ({error.strerror or error})"
        raise NotServed(f"SOURCIER_METRICS: {address} {reason}.") from error


def _unavailable(sentence: str) -> web.Response:
    return web.Response(status=503, text=f"{sentence}\n")
