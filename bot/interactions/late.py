"""Interactions that Discord does not wait for any more: nothing failed, and nobody can be told."""

from __future__ import annotations

import logging

import discord
from discord import app_commands

__all__ = ["shortened", "too_late"]

_REASONS = {
    10062: "Discord had stopped waiting for it",
    40060: "it was acknowledged already",
}
"""By Discord's error code, which its list at
https://discord.com/developers/docs/topics/opcodes-and-status-codes#json explains."""


def too_late(error: BaseException | None) -> str | None:
    """Return why an interaction could not be answered, where it was too late for that."""
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    return _REASONS.get(error.code) if isinstance(error, discord.HTTPException) else None


def shortened(record: logging.LogRecord) -> logging.LogRecord:
    """Return a record of the log; one of an interaction that came too late as a line at INFO.

    discord.py logs what choices and old buttons meet with itself, as errors with tracebacks.
    """
    reason = too_late(record.exc_info[1]) if record.exc_info else None
    if reason is None:
        return record
    message = f"{record.getMessage()}: {reason}"
    return logging.LogRecord(
        record.name, logging.INFO, record.pathname, record.lineno, message, None, None
    )
