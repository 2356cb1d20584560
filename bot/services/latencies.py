"""How long answers took lately: in memory, since the start, without what was asked."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager

__all__ = ["KEPT", "Latencies"]

KEPT = 1_000
"""Answers whose times are kept: the last ones."""


class Latencies:
    """The times of the last ``KEPT`` answers, in milliseconds. For the event loop's thread."""

    def __init__(self) -> None:
        self._last: deque[float] = deque(maxlen=KEPT)
        self.total = 0
        """Answers since the start."""

    @contextmanager
    def measured(self) -> Generator[None]:
        """Keep the time that what is inside takes, unless it raises."""
        started = time.perf_counter()
        yield
        self.add(1_000 * (time.perf_counter() - started))

    def add(self, milliseconds: float) -> None:
        """Keep the time of an answer."""
        self._last.append(milliseconds)
        self.total += 1

    @property
    def kept(self) -> int:
        """How many times are kept."""
        return len(self._last)

    def percentile(self, percent: float) -> float | None:
        """Return the time within which this share of the answers was made; ``None``: no answer."""
        if not self._last:
            return None
        ordered = sorted(self._last)
        return ordered[max(math.ceil(percent / 100 * len(ordered)) - 1, 0)]
