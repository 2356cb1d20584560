"""Waiting for what other processes and threads do, in tests."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

__all__ = ["ON_LINUX", "PATIENCE_SECONDS", "eventually"]

PATIENCE_SECONDS = 60.0

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells that of a process")


def eventually(condition: Callable[[], Any]) -> Any:
    """Wait until a condition holds, and return what it returns."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not (value := condition()):
        assert time.monotonic() < end
        time.sleep(0.01)
    return value
