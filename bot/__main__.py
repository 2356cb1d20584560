"""``python -m bot``: the same as ``sourcier``."""

from bot.cli.main import script

script()
