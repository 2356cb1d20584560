"""``python -m bot``: the same as ``sourcier``."""

from bot.cli import script

script()
