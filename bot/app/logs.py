"""Logs on standard error, a record a line, without the token whatever happens."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

from pydantic import SecretStr

from bot.interactions.late import shortened
from bot.settings import LogFormat, LogLevel

__all__ = ["configure_logging"]

_log = logging.getLogger(__name__)
_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


class _Handler(logging.StreamHandler[TextIO]):
    """Writes records; those of what came too late for Discord as one line, where INFO is asked."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, unless it is below the level of its logger once it is shortened."""
        short = shortened(record)
        if short is record or logging.getLogger(record.name).isEnabledFor(short.levelno):
            super().emit(short)


class _AsText(logging.Formatter):
    """Formats a record for people, with its traceback below."""

    def __init__(self) -> None:
        super().__init__(_FORMAT, datefmt="%Y-%m-%d %H:%M:%S")


class _AsJson(logging.Formatter):
    """Formats a record for programs, as one JSON object in one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return ``time`` (ISO 8601, UTC), ``level``, ``logger`` and ``message`` of a record, with
        its traceback as ``exception`` where it has one."""
        time = datetime.fromtimestamp(record.created, UTC)
        said = {
            "time": time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


class _WithoutSecret(logging.Formatter):
    """Has a record formatted, and blots a secret out of all of it."""

    def __init__(self, formatter: logging.Formatter, secret: SecretStr | None) -> None:
        super().__init__()
        self._formatter = formatter
        self._secret = secret

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, or lines, of a record."""
        line = self._formatter.format(record)
        if self._secret is None:
            return line
        # Letters, digits, “-”, “_” and “.” alone: JSON writes it as it is.
        return line.replace(self._secret.get_secret_value(), "[token]")


def _log_uncaught(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    _log.critical("Ended by an error", exc_info=(kind, error, traceback))


def configure_logging(
    level: LogLevel, token: SecretStr | None, log_format: LogFormat = "text"
) -> None:
    """Send the log to standard error: ours and discord.py's from ``level``, others' from INFO.

    As ``json``, Python's warnings and what ends the program are records, too.
    """
    handler = _Handler(sys.stderr)
    handler.setFormatter(_WithoutSecret(_AsJson() if log_format == "json" else _AsText(), token))
    if log_format == "json":
        logging.captureWarnings(capture=True)
        sys.excepthook = _log_uncaught
    number = logging.getLevelNamesMapping()[level]
    logging.basicConfig(level=max(number, logging.INFO), handlers=[handler], force=True)
    for name in ("bot", "knowledge", "discord"):
        logging.getLogger(name).setLevel(number)
    # A bot without voice needs no notice that voice is missing.
    logging.getLogger("discord.client").addFilter(lambda record: "voice" not in record.msg)
