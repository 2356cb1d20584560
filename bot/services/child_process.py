"""Programs of ours that run beside the bot, for what may be slow, large or broken."""

from __future__ import annotations

import os
from pathlib import Path

import bot

__all__ = ["environment"]

_MODULES = Path(bot.__file__).parents[1]


def environment(**own: str) -> dict[str, str]:
    """Return the environment of such a program: the bot's, without its token, with ``own`` values.

    It finds the bot's own modules, and computes in one thread.
    """
    kept = {key: value for key, value in os.environ.items() if key != "DISCORD_TOKEN"}
    places = [str(_MODULES), *filter(None, [kept.get("PYTHONPATH")])]
    modules = os.pathsep.join(places)
    return {**kept, **own, "PYTHONPATH": modules, "OPENBLAS_NUM_THREADS": "1"}
