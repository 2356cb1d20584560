"""Which function runs a command of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from bot.cli import commands, maintenance, queries
from bot.settings import Settings

__all__ = ["COMMANDS"]

COMMANDS: Mapping[str, Callable[[argparse.Namespace, Settings], int]] = {
    "start": commands.start,
    "run": commands.run,
    "preview": commands.preview,
    "console": commands.console,
    "ask": commands.ask,
    "search": queries.search,
    "facts": queries.facts,
    "timeline": queries.timeline,
    "show": commands.show,
    "index": commands.index,
    "evaluate": commands.evaluate,
    "selftest": maintenance.selftest,
    "backup": maintenance.backup,
    "restore": maintenance.restore_state,
    "state copy": maintenance.copy_state_to,
    "check": commands.check,
}
"""By name; ``start`` is what runs without one. Each returns an exit code."""
