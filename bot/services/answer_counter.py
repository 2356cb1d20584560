"""Counts what is asked on each server and what answers it, aside: see ``/insights``."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date

from bot.services.threads import STATE
from bot.state import StateError
from bot.state.answer_counts import AnswerCountsTable, Counted
from knowledge import Answer, Verdict

__all__ = ["AnswerCounter"]

_log = logging.getLogger(__name__)


class AnswerCounter:
    """Counts answers: no answer waits for it or fails by it.

    What is counted while something is written is written together after that. A count that the
    state does not take is lost; the log says so once, until the state takes one again.
    """

    def __init__(
        self,
        table: AnswerCountsTable,
        today: Callable[[], date],
        is_on: Callable[[int], bool],
    ) -> None:
        """``today`` returns the day of what is written down now; it may block and raise StateError.

        ``is_on``: whether the bot is on a server: elsewhere there is no admin who wants to know.
        """
        self._table = table
        self._today = today
        self._is_on = is_on
        self._counted: Counter[Counted] = Counter()
        self._writing: asyncio.Task[None] | None = None
        self._is_losing = False

    def note(self, server: int | None, answer: Answer) -> None:
        """Count each question of a message, and the passage that is quoted for it first."""
        if server is None or not answer.is_question or not self._is_on(server):
            return
        for part in answer.each:
            self._counted[Counted(server, part.verdict)] += 1
            is_quoted = part.verdict is not Verdict.UNANSWERED and part.citations
            if is_quoted and not part.outline:
                self._counted[Counted(server, part.citations[0].passage)] += 1
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), name="answer counts")

    async def finish(self) -> None:
        """Wait until what was counted is written."""
        if self._writing is not None:
            await self._writing

    async def _write(self) -> None:
        while self._counted:
            counted, self._counted = self._counted, Counter()
            try:
                await STATE.run(self._add, counted)
                self._is_losing = False
            except StateError as error:
                self._tell_once("Answers were not counted: %s", error)
            except Exception as error:  # noqa: BLE001 - nobody waits for this task
                self._tell_once("Answers were not counted: %r", error)

    def _add(self, counted: Mapping[Counted, int]) -> None:
        self._table.add(counted, self._today())

    def _tell_once(self, message: str, error: Exception) -> None:
        if not self._is_losing:
            _log.warning(message, error)
        self._is_losing = True
