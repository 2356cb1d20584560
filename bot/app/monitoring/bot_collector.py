"""What is read of a bot when somebody asks for its metrics."""

from __future__ import annotations

import importlib.metadata
import math
from collections.abc import Iterable, Iterator, Mapping

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    SummaryMetricFamily,
)
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.app.client import SourcierBot
from bot.services.metrics import Lookups
from bot.services.registry import Services
from bot.state import ConnectionUse
from knowledge import AnsweringProcesses, KnowledgeError, ProcessUse

__all__ = ["BotCollector"]


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"sourcier_{name}", says, value)


class BotCollector(Collector):
    """Reads a running bot, in whatever thread: nothing here waits for its event loop."""

    def __init__(self, bot: SourcierBot) -> None:
        self._bot = bot

    def describe(self) -> Iterable[Metric]:
        """Say nothing yet: the registry would otherwise read it all to find names taken twice."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Yield each value as it is now. Reads the common index, for milliseconds."""
        services = self._bot.services
        version = importlib.metadata.version("sourcier")
        yield InfoMetricFamily("sourcier_build", "The version.", {"version": version})
        yield from self._of_gateway()
        yield from _of_work(services)
        yield from _of_processes(services.processes)
        yield from _of_articles(services)
        yield from _of_connections(services.state.connection_use())
        yield _of_caches(
            {
                "server_settings": services.server_settings.lookups,
                "server_indexes": services.bases.lookups,
                "pictures": services.pictures.lookups,
            }
        )

    def _of_gateway(self) -> Iterator[Metric]:
        bot = self._bot
        yield _gauge("gateway_connected", "1 while logged in at the gateway.", bot.is_connected)
        yield _gauge("servers", "Discord servers that the bot is on.", len(bot.guilds))
        says = "Seconds that the gateway took to acknowledge the last heartbeat of each shard."
        name = "sourcier_gateway_latency_seconds"
        latencies = GaugeMetricFamily(name, says, labels=["shard"])
        # Not of ``latencies``, which goes through what the event loop adds to meanwhile.
        for number in bot.shard_ids or range(bot.shard_count or 0):
            shard = bot.get_shard(number)
            if shard is not None and math.isfinite(shard.latency):
                latencies.add_metric([str(number)], shard.latency)
        yield latencies


def _of_work(services: Services) -> Iterator[Metric]:
    waiting, running = services.answering.queue.waiting, len(services.running)
    yield _gauge("questions_waiting", "Questions that wait for their turn.", waiting)
    says = "Commands, clicks, forms and messages that are being answered."
    yield _gauge("requests_running", says, running)
    drawn = services.pictures.waiting
    yield _gauge("pictures_waiting", "Pictures that are drawn or wait for it.", drawn)


def _of_processes(processes: AnsweringProcesses | None) -> Iterator[Metric]:
    use = ProcessUse(0, 0, 0, 0) if processes is None else processes.use()
    says = "Processes that answer questions: those that are at one, free, or being started."
    family = GaugeMetricFamily("sourcier_answering_processes", says, labels=["use"])
    family.add_metric(["answering"], use.answering)
    family.add_metric(["free"], use.free)
    family.add_metric(["starting"], use.starting)
    yield family
    name = "sourcier_answering_processes_ended"
    says = "Processes that answer questions and have ended by themselves, or could not start."
    yield CounterMetricFamily(name, says, use.ended)


def _of_articles(services: Services) -> Iterator[Metric]:
    """Yield what the common index holds; nothing while it cannot be read."""
    own = len(services.bases.servers())
    yield _gauge("servers_with_articles", "Servers that keep articles of their own.", own)
    try:
        held = services.bases.common.status()
    except KnowledgeError:
        return
    yield _gauge("articles", "Articles in the common index.", held.articles)
    yield _gauge("paragraphs", "Paragraphs in the common index.", held.paragraphs)
    yield _gauge("facts", "Facts in the common index.", held.facts)


def _of_connections(use: ConnectionUse) -> Iterator[Metric]:
    says = "Connections to the state: those that calls have, and those that are open for the next."
    family = GaugeMetricFamily("sourcier_state_connections", says, labels=["use"])
    family.add_metric(["in_use"], use.in_use)
    family.add_metric(["free"], use.free)
    yield family
    name = "sourcier_state_connection_wait_seconds"
    says = "How long calls waited for a connection to the state, or for who holds its file."
    yield SummaryMetricFamily(name, says, count_value=use.had, sum_value=use.waited)
    name = "sourcier_state_connections_refused"
    says = "Calls that got no connection to the state in time, or at all."
    yield CounterMetricFamily(name, says, use.refused)


def _of_caches(caches: Mapping[str, Lookups]) -> Metric:
    says = "Look-ups in each cache: settings of servers, their open indexes, pictures."
    family = CounterMetricFamily("sourcier_cache_lookups", says, labels=["cache", "result"])
    for name, lookups in caches.items():
        family.add_metric([name, "hit"], lookups.hits)
        family.add_metric([name, "miss"], lookups.misses)
    return family
