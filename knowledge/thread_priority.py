"""The priority of one thread among those that want the processor."""

from __future__ import annotations

import os
import sys
import threading

__all__ = ["lower_thread_priority"]

_LOWEST = 19


def lower_thread_priority(by: int) -> None:
    """Let other threads go before the calling one, and those that it begins, from now on.

    ``by``: steps of ``nice``, each of which leaves it about four fifths of its share. Only Linux
    has a priority for each thread; elsewhere nothing happens.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        lowered = os.getpriority(os.PRIO_PROCESS, thread) + by
        os.setpriority(os.PRIO_PROCESS, thread, min(lowered, _LOWEST))
