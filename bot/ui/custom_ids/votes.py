"""What the buttons 👍 and 👎 carry: what the answer was, and which passages it showed.

Written into their ``custom_id`` like everything that a button needs:

    up/V/PASSAGE.PASSAGE    it helped
    dn/V/PASSAGE.PASSAGE    it did not
    wn/V/PASSAGE.PASSAGE    why it did not: the form that 👎 opens

``V`` is the verdict as one digit, PASSAGE the stable id of a paragraph, the best first. No word of
the question is in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from bot.ui.custom_ids.encoding import MAX_CUSTOM_ID, MalformedReference
from bot.ui.custom_ids.prefixes import Prefix
from knowledge import Answer, Verdict

__all__ = ["DOWN", "REASON", "UP", "Rated", "decode_rated", "rated_id"]

UP, DOWN, REASON = Prefix.VOTE_UP, Prefix.VOTE_DOWN, Prefix.VOTE_REASON

_VERDICTS = tuple(Verdict)
_MAX_PASSAGES = 5
_PAYLOAD = re.compile(
    rf"(?P<verdict>[0-{len(_VERDICTS) - 1}])/"
    rf"(?P<passages>(?:[A-Za-z0-9_-]{{1,12}}(?:\.[A-Za-z0-9_-]{{1,12}}){{0,{_MAX_PASSAGES - 1}}})?)"
)


@dataclass(frozen=True, slots=True)
class Rated:
    """An answer that can be voted on, without the question: its verdict and its passages' ids."""

    verdict: Verdict
    passages: tuple[str, ...]

    @classmethod
    def of(cls, answer: Answer, shown: int) -> Rated:
        """Return what is voted on where the first ``shown`` citations of an answer are shown.

        Of an answer that shows none it is the closest passage.
        """
        cited = (one.passage for one in answer.citations[: max(shown, 1)])
        return cls(answer.verdict, tuple(dict.fromkeys(cited)))


def rated_id(kind: Prefix, rated: Rated) -> str:
    """Return the ``custom_id`` of a button or form, with as many of the passages as fit."""
    head = f"{kind}/{_VERDICTS.index(rated.verdict)}/"
    return head + ".".join(_fitting(rated.passages[:_MAX_PASSAGES], MAX_CUSTOM_ID - len(head)))


def _fitting(passages: Sequence[str], room: int) -> Sequence[str]:
    fits = takewhile(lambda n: len(".".join(passages[:n])) <= room, range(1, len(passages) + 1))
    return passages[: max(fits, default=0)]


def decode_rated(payload: str) -> Rated:
    """Read what follows ``up/``, ``dn/`` or ``wn/``. Raises MalformedReference."""
    match = _PAYLOAD.fullmatch(payload)
    if match is None:
        raise MalformedReference(f"not an answer that was voted on: {payload!r}")
    passages = tuple(filter(None, match["passages"].split(".")))
    return Rated(_VERDICTS[int(match["verdict"])], passages)
