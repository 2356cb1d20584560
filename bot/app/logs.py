"""Logs on standard error, in one readable line each, without the token whatever happens."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

from pydantic import SecretStr

from bot.interactions.late import shortened
from bot.settings import LogLevel

__all__ = ["configure_logging"]

_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


class _Handler(logging.StreamHandler[TextIO]):
    """Writes records; those of what came too late for Discord as one line, where INFO is asked."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, unless it is below the level of its logger once it is shortened."""
        short = shortened(record)
        if short is record or logging.getLogger(record.name).isEnabledFor(short.levelno):
            super().emit(short)


class _WithoutSecret(logging.Formatter):
    """Formats a record with its traceback, and blots a secret out of all of it."""

    def __init__(self, secret: SecretStr | None) -> None:
        super().__init__(_FORMAT, datefmt="%Y-%m-%d %H:%M:%S")
        self._secret = secret

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, or lines, of a record."""
        line = super().format(record)
        if self._secret is None:
            return line
        return line.replace(self._secret.get_secret_value(), "[token]")


def configure_logging(level: LogLevel, token: SecretStr | None) -> None:
    """Send the log to standard error: ours and discord.py's from ``level``, others' from INFO."""
    handler = _Handler(sys.stderr)
    handler.setFormatter(_WithoutSecret(token))
    number = logging.getLevelNamesMapping()[level]
    logging.basicConfig(level=max(number, logging.INFO), handlers=[handler], force=True)
    for name in ("bot", "knowledge", "discord"):
        logging.getLogger(name).setLevel(number)
    # A bot without voice needs no notice that voice is missing.
    logging.getLogger("discord.client").addFilter(lambda record: "voice" not in record.msg)
