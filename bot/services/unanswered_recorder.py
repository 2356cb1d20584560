"""What was asked in vain: kept where a server wants that."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import date

from bot.services.message_text import without_ids
from bot.services.server_settings import ServerSettingsCache
from bot.services.threads import STATE
from bot.state import StateError
from bot.state.unanswered import UnansweredTable
from knowledge import Answer, Verdict, is_follow_up, question_in

__all__ = ["MAX_WAITING", "UnansweredRecorder"]

_log = logging.getLogger(__name__)

MAX_WAITING = 1_000
"""Questions that wait to be kept; further ones are lost, since members are not to wait for it."""


class UnansweredRecorder:
    """Keeps unanswered questions, aside: no answer waits for it or fails by it."""

    def __init__(
        self, settings: ServerSettingsCache, table: UnansweredTable, today: Callable[[], date]
    ) -> None:
        """``today`` returns the day of what is written down now; it may block and raise
        StateError."""
        self._settings = settings
        self._table = table
        self._today = today
        self._at_work: set[asyncio.Task[None]] = set()
        self._writing = asyncio.Lock()

    def note(self, server: int | None, answer: Answer) -> None:
        """Keep what was asked if it was in vain, on a server that keeps that, and where it asks.

        Of several questions each that was, with the one before it where it leans on that.
        """
        before = ""
        for part in answer.each:
            leans = before and is_follow_up(part.question)
            question = f"{before} {part.question}" if leans else part.question
            if server is not None and part.verdict is Verdict.UNANSWERED:
                self.note_question(server, question)
            before = part.question

    def note_question(self, server: int, question: str) -> None:
        """Keep a question once more, on a server that keeps them."""
        if len(self._at_work) >= MAX_WAITING:
            _log.warning("An unanswered question was not kept: too many wait")
            return
        task = asyncio.create_task(self._keep(server, question), name="unanswered")
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    async def finish(self) -> None:
        """Wait for what is being kept."""
        await asyncio.gather(*self._at_work)

    async def _keep(self, server: int, message: str) -> None:
        try:
            if not (await self._settings.of(server)).keep_unanswered:
                return
            question = await asyncio.to_thread(question_in, message)
            text = "" if question is None else without_ids(question)
            if not text:  # a greeting, or nothing but a mention
                return
            async with self._writing:
                await STATE.run(lambda: self._table.note(server, text, self._today()))
        except StateError as error:
            _log.warning("An unanswered question was not kept: %s", error)
        except Exception:  # noqa: BLE001 - nobody waits for this task, so that it ends here
            _log.exception("An unanswered question was not kept")
