"""Which function runs a command of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from bot.cli import commands, lookup_commands, maintenance
from bot.settings import Settings

__all__ = ["COMMANDS"]

COMMANDS: Mapping[str, Callable[[argparse.Namespace, Settings], int]] = {
    "start": commands.start,
    "run": commands.run,
    "preview": commands.preview,
    "console": commands.console,
    "ask": commands.ask,
    "search": lookup_commands.search,
    "facts": lookup_commands.facts,
    "timeline": lookup_commands.timeline,
    "show": commands.show,
    "index": commands.index,
    "evaluate": commands.evaluate,
    "selftest": maintenance.selftest,
    "backup": maintenance.backup,
    "restore": maintenance.restore_state,
    "check": commands.check,
}
"""By name; ``start`` is what runs without one. Each returns an exit code."""
