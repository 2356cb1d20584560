"""Questions to press below an answer: related ones, each of them known to be answered for sure."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from weakref import WeakKeyDictionary

from bot.services.threads import EXAMPLES, LOOK_UPS
from bot.ui.custom_ids.examples import fits
from knowledge import Answer, KnowledgeBase, ReaderUse, Strictness, Verdict

__all__ = ["SHOWN", "RelatedQuestions"]

SHOWN = 2
"""Questions below an answer."""

_Found: TypeAlias = "tuple[int, tuple[str, ...]]"


@dataclass(slots=True)
class _Tried:
    """What became of questions asked of an index version: the passage that answers each for sure,
    ``None`` where none does. ``trying``: the task that asks further ones, one at a time."""

    version: int
    passages: dict[str, str | None] = field(default_factory=dict[str, "str | None"])
    trying: asyncio.Task[None] | None = None

    def leading_on(self, questions: Sequence[str], here: str | None) -> tuple[str, ...]:
        """Return those of some questions that are known to be answered, not by passage ``here``."""
        return tuple(one for one in questions if self.passages.get(one) not in (None, here))


_ByStrictness: TypeAlias = dict[Strictness, _Tried]


class RelatedQuestions:
    """Finds them by knowledge base and strictness. A question is tried once an index version,
    aside."""

    def __init__(self) -> None:
        self._tried: WeakKeyDictionary[KnowledgeBase, _ByStrictness] = WeakKeyDictionary()

    async def of(
        self,
        knowledge: KnowledgeBase,
        answer: Answer,
        strictness: Strictness = Strictness.BALANCED,
    ) -> tuple[str, ...]:
        """Return at most ``SHOWN`` questions, none of which leads to the passage of the answer.

        Waits until the nearest ones have been tried, unless others are being tried: then those
        that are known. Whoever cannot wait gives this up, and the trying goes on. Raises
        IndexUnavailable.
        """
        version, candidates = await LOOK_UPS.run(_find, knowledge, answer)
        by_strictness = self._tried.setdefault(knowledge, {})
        tried = by_strictness.get(strictness)
        if tried is None or tried.version != version:
            tried = by_strictness[strictness] = _Tried(version)
        here = answer.citations[0].passage if answer.citations else None
        is_lacking = len(tried.leading_on(candidates, here)) < SHOWN
        is_trying = tried.trying is not None and not tried.trying.done()
        if is_lacking and not is_trying and any(one not in tried.passages for one in candidates):
            trying = _try(knowledge, candidates, here, tried, strictness)
            tried.trying = asyncio.create_task(trying, name="related questions")
            await asyncio.shield(tried.trying)
        return tried.leading_on(candidates, here)[:SHOWN]


def _find(knowledge: KnowledgeBase, answer: Answer) -> _Found:
    """Return the version of the index, and the related questions that a button can ask."""
    version = knowledge.status().index_version
    return version, tuple(filter(fits, knowledge.related(answer)))


async def _try(
    knowledge: KnowledgeBase,
    questions: Sequence[str],
    here: str | None,
    tried: _Tried,
    strictness: Strictness,
) -> None:
    """Ask questions, in order, until as many as are shown are known to lead on."""
    for question in questions:
        if len(tried.leading_on(questions, here)) == SHOWN:
            return
        if question not in tried.passages:
            answer = await EXAMPLES.run(knowledge.ask, question, strictness=strictness)
            if answer.reader is not ReaderUse.SKIPPED:  # else it is judged in a quieter moment
                tried.passages[question] = _answering(answer)


def _answering(answer: Answer) -> str | None:
    """Return the passage that answers for sure, ``None`` where none does."""
    is_sure = answer.verdict is Verdict.ANSWERED and answer.citations
    return answer.citations[0].passage if is_sure else None
