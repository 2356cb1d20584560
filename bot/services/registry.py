"""The services of a running bot, handed to every feature; none of them knows the client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import discord

from bot.i18n.localisation import Catalogue
from bot.services.answer_counter import AnswerCounter
from bot.services.answering import Answering
from bot.services.article_service import ArticleService
from bot.services.drawing.pictures import Pictures
from bot.services.examples.example_questions import Examples
from bot.services.index_maintenance import IndexMaintenance
from bot.services.knowledge_bases import KnowledgeBases
from bot.services.latencies import Latencies
from bot.services.metrics import Metrics
from bot.services.once import Once
from bot.services.peers import Peers
from bot.services.rate_limiter import PEOPLE_PER_CHANNEL, PEOPLE_PER_MEMBER, RateLimiter
from bot.services.related_questions import RelatedQuestions
from bot.services.running_work import RunningWork
from bot.services.server_settings import ServerSettingsCache
from bot.services.told_version import ToldVersion
from bot.services.unanswered_recorder import UnansweredRecorder
from bot.services.watched_recorder import WatchedRecorder
from bot.state import State
from knowledge import AnsweringProcesses

__all__ = ["Services", "services_of"]


@dataclass(frozen=True, slots=True)
class Services:
    """What features share."""

    state: State
    catalogue: Catalogue
    server_settings: ServerSettingsCache
    bases: KnowledgeBases
    indexes: IndexMaintenance
    articles: ArticleService
    latencies: Latencies
    metrics: Metrics
    running: RunningWork
    counter: AnswerCounter
    answering: Answering
    processes: AnsweringProcesses | None
    rate_limiter: RateLimiter
    to_people: RateLimiter
    presses: Once
    unanswered: UnansweredRecorder
    watched: WatchedRecorder
    pictures: Pictures
    examples: Examples
    related: RelatedQuestions
    peers: Peers

    @classmethod
    def of(
        cls,
        state: State,
        bases: KnowledgeBases,
        catalogue: Catalogue,
        metrics: Metrics,
        processes: AnsweringProcesses | None = None,
    ) -> Services:
        """Return the services over what is precious (``state``) and what is derived (``bases``).

        ``processes``: that answer questions, if not this one does.
        """
        server_settings, latencies = ServerSettingsCache(state.servers), Latencies()
        indexes = IndexMaintenance(bases, metrics)
        counter = AnswerCounter(state.answer_counts, state.today, bases.is_on)
        return cls(
            state=state,
            catalogue=catalogue,
            server_settings=server_settings,
            bases=bases,
            indexes=indexes,
            articles=ArticleService(state.articles, bases, indexes),
            latencies=latencies,
            metrics=metrics,
            running=RunningWork(),
            counter=counter,
            answering=Answering(
                bases.knowledge_for,
                latencies,
                server_settings,
                counter,
                metrics,
                processes=processes,
            ),
            processes=processes,
            rate_limiter=RateLimiter(),
            to_people=RateLimiter(PEOPLE_PER_MEMBER, PEOPLE_PER_CHANNEL),
            presses=Once(),
            unanswered=UnansweredRecorder(server_settings, state.unanswered, state.today),
            watched=WatchedRecorder(server_settings, state.watched, state.today),
            pictures=Pictures(bases.common.database.with_suffix(".pictures")),
            examples=Examples(),
            related=RelatedQuestions(),
            peers=Peers(state, server_settings, indexes, ToldVersion(bases.common)),
        )


def services_of(interaction: discord.Interaction[Any]) -> Services:
    """Return the services of the bot that received an interaction."""
    services: Services = interaction.client.services
    return services
