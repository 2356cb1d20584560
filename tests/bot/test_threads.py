"""Work that is done aside stands back for the event loop, which speaks to everybody."""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.services.threads import LOOK_UPS, QUESTIONS, STEPS_BACK, UPKEEP, Threads
from knowledge import lower_thread_priority

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux has a priority for each thread"
)


def _priority() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def _priority_of_thread_begun_here() -> int:
    with ThreadPoolExecutor(1) as reading:
        return reading.submit(_priority).result()


@pytest.mark.parametrize("threads", [QUESTIONS, LOOK_UPS, UPKEEP], ids=lambda one: one.name)
async def test_work_lets_the_event_loop_go_first(threads: Threads) -> None:
    loop = _priority()
    assert await threads.run(_priority) == loop + STEPS_BACK
    assert await threads.run(_priority_of_thread_begun_here) == loop + STEPS_BACK
    assert _priority() == loop, "which goes on as it was"


def test_a_thread_cannot_stand_back_further_than_the_system_lets_it() -> None:
    def stand_back() -> int:
        lower_thread_priority(12)
        lower_thread_priority(12)
        return _priority()

    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(stand_back).result() == 19
