"""What is to be done once, however often it is asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

__all__ = ["MAX_REMEMBERED", "Once"]

MAX_REMEMBERED = 1_000
"""Keys that are known; the oldest give way."""


class Once:
    """Knows by key what was begun. For one event loop; a restart forgets it."""

    def __init__(self) -> None:
        self._begun: OrderedDict[Hashable, None] = OrderedDict()

    def begin(self, key: Hashable) -> bool:
        """Return whether this is the first time, which is remembered."""
        if key in self._begun:
            return False
        self._begun[key] = None
        while len(self._begun) > MAX_REMEMBERED:
            self._begun.popitem(last=False)
        return True

    def forget(self, key: Hashable) -> None:
        """Let it be begun again: nothing came of it."""
        self._begun.pop(key, None)
