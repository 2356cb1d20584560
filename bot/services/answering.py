"""Asking the knowledge base on behalf of members: a few at once, the others in a queue."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable

from bot.i18n.refusals import Refused
from bot.services.answer_counter import AnswerCounter
from bot.services.latencies import Latencies
from bot.services.metrics import Metrics, Stage
from bot.services.question_queue import QuestionQueue
from bot.services.server_settings import ServerSettingsCache
from bot.services.threads import ANSWERS, QUESTIONS
from knowledge import Answer, AnsweringProcesses, KnowledgeBase, Strictness

__all__ = ["AT_ONCE", "ROOM", "Answering"]

_log = logging.getLogger(__name__)

AT_ONCE = QUESTIONS.at_once
"""Questions that are looked up at the same time."""

ROOM = 1_000
"""Questions that wait for their turn; at some hundredths of a second each, half a minute."""


class Answering:
    """Answers questions from what may be shown where they were asked.

    ``knowledge_for`` returns that for a server's id, or ``None``; ``settings`` say how sure an
    answer has to be there; ``counter`` counts what was answered. ``latencies`` take down how long
    each took, with its time in the queue, ``metrics`` how long each stage of it did. With
    ``processes`` it is those that answer, as many questions at once as there are of them or more.
    """

    def __init__(
        self,
        knowledge_for: Callable[[int | None], Awaitable[KnowledgeBase]],
        latencies: Latencies,
        settings: ServerSettingsCache,
        counter: AnswerCounter,
        metrics: Metrics,
        *,
        processes: AnsweringProcesses | None = None,
        at_once: int = AT_ONCE,
        room: int = ROOM,
    ) -> None:
        self._knowledge_for = knowledge_for
        self._latencies = latencies
        self._settings = settings
        self._counter = counter
        self._metrics = metrics
        self._processes = processes
        self._is_closed = False
        if processes is not None:
            at_once = max(at_once, processes.count)
        self.queue = QuestionQueue(at_once, room)

    @property
    def is_closed(self) -> bool:
        """Whether no new question is taken any more."""
        return self._is_closed

    def close(self) -> None:
        """Take no new question; those that were taken are answered."""
        self._is_closed = True

    async def answer(
        self,
        question: str,
        way: str,
        server: int | None,
        follows: str | None = None,
        *,
        is_counted: bool = True,
    ) -> Answer:
        """Return the engine's answer. ``way``: how it was asked, for the log; ``follows``: the
        question before it; ``is_counted``: whether it is a question that admins see the number of.

        Raises QueueFull, StateError, Refused where no new question is taken, and whatever the
        engine raises.
        """
        if self._is_closed:
            raise Refused("restarting")
        strictness = (await self._settings.of(server)).strictness
        with self._latencies.measured():
            asked = time.perf_counter()
            async with self.queue.turn():
                self._metrics.took(Stage.QUEUEING, time.perf_counter() - asked)
                with self._metrics.timed(Stage.OPENING):
                    knowledge = await self._knowledge_for(server)
                answer = await self._ask(knowledge, question, follows, strictness)
        self._metrics.took(Stage.RETRIEVING, (answer.elapsed_ms - answer.reading_ms) / 1_000)
        if answer.reading_ms:
            self._metrics.took(Stage.READING, answer.reading_ms / 1_000)
        if is_counted:
            self._counter.note(server, answer)
            self._metrics.answered(answer)
        _log.info(
            "%s: %s (confidence %.2f) in %.1f ms, %d characters, language %s",
            way,
            answer.verdict,
            answer.confidence,
            answer.elapsed_ms,
            len(question),
            answer.language,
        )
        return answer

    async def _ask(
        self, knowledge: KnowledgeBase, question: str, follows: str | None, strictness: Strictness
    ) -> Answer:
        if self._processes is None:
            return await QUESTIONS.run(
                knowledge.ask, question, follows=follows, strictness=strictness
            )
        return await ANSWERS.run(
            self._processes.ask, knowledge, question, follows=follows, strictness=strictness
        )
