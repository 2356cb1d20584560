"""What was asked in vain: kept where a server wants that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from functools import partial

from bot.services.aside import Aside
from bot.services.message_text import without_ids
from bot.services.server_settings import ServerSettingsCache
from bot.state.unanswered import UnansweredTable
from knowledge import Answer, Verdict, is_follow_up, question_in

__all__ = ["UnansweredRecorder"]


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
        self._aside = Aside("unanswered", "An unanswered question was not kept")

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
        self._aside.start(partial(self._keep, server, question))

    async def finish(self) -> None:
        """Wait for what is being kept."""
        await self._aside.finish()

    async def _keep(self, server: int, message: str) -> None:
        if not (await self._settings.of(server)).keep_unanswered:
            return
        question = await asyncio.to_thread(question_in, message)
        text = "" if question is None else without_ids(question)
        if not text:  # a greeting, or nothing but a mention
            return
        await self._aside.write(lambda: self._table.note(server, text, self._today()))
