"""How far indexing is, for whoever waits at a terminal or reads a service's log."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from knowledge import ReindexProgress, ReindexStage

__all__ = ["Advance", "indexing_progress"]

_log = logging.getLogger(__name__)

Advance = Callable[[ReindexProgress], None]
"""Takes each moment of a reindex, in the reindex's thread."""

_SAID_FROM_SECONDS = 1.0
"""What takes less is not worth a line that stays."""
_LINE_EVERY_SECONDS = 10.0

_STAGES = {
    ReindexStage.MIGRATING: ("Taking the index of an older version", "step"),
    ReindexStage.READING: ("Reading articles", "article"),
    ReindexStage.FACTS: ("Finding facts in articles", "article"),
    ReindexStage.ENCODING: ("Computing what articles mean", "article"),
    ReindexStage.TESTING: ("Asking golden questions", "question"),
}


@contextmanager
def indexing_progress(
    beginning: str | None = None, ending: str | None = None, *, is_logged: bool = False
) -> Generator[Advance]:
    """Show on standard error how far a reindex is, for as long as the context lasts.

    On a terminal that is a bar with the stage, the share done, and the time taken and left;
    elsewhere a line at most every ten seconds. ``beginning`` is a line to begin with, ``ending``
    one to end with, ``{seconds}`` in it what it took, unless it was over within a second or nothing
    was said of it. ``is_logged``: all of it are records of the log.
    """
    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    say = _log.info if is_logged else partial(console.print, soft_wrap=True)
    if beginning is not None:
        say(beginning)
    started = time.perf_counter()
    lines = _Lines(say)
    has_bar = console.is_terminal and not is_logged
    if has_bar:
        with _bar(console) as advance:
            yield advance
    else:
        yield lines.advance
    seconds = time.perf_counter() - started
    is_told = beginning is not None or has_bar or lines.is_any
    if ending is not None and is_told and seconds >= _SAID_FROM_SECONDS:
        say(ending.format(seconds=f"{seconds:.0f}"))


def _stage(moment: ReindexProgress) -> str:
    name, noun = _STAGES[moment.stage]
    plural = "" if moment.total == 1 else "s"
    rate = f", {moment.rate:,.0f} texts/s" if moment.rate else ""
    return f"{name} ({moment.done:,} of {moment.total:,} {noun}{plural}{rate})"


def _part(moment: ReindexProgress) -> float:
    return (moment.done + moment.part) / max(moment.total, 1)


@contextmanager
def _bar(console: Console) -> Generator[Advance]:
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("after"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    ) as progress:
        task = progress.add_task("Looking at the articles", total=None)
        stage: ReindexStage | None = None

        def advance(moment: ReindexProgress) -> None:
            nonlocal stage
            if stage is not moment.stage:  # the time left is that of a stage
                progress.reset(task, total=1.0)
                stage = moment.stage
            progress.update(task, completed=_part(moment), description=_stage(moment))

        yield advance


class _Lines:
    """Lines for a log, where no bar can be drawn."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._due = time.perf_counter() + _LINE_EVERY_SECONDS
        self.is_any = False

    def advance(self, moment: ReindexProgress) -> None:
        """Write a line if the last one is some time ago."""
        if (now := time.perf_counter()) >= self._due:
            self._due, self.is_any = now + _LINE_EVERY_SECONDS, True
            self._say(f"{_stage(moment)}: {_part(moment):.0%}")
