"""What members type, as far as it may be kept: without anybody's id."""

from __future__ import annotations

import re

from bot.features.ask.conversations import words_of

__all__ = ["without_ids"]

_SNOWFLAKE = re.compile(r"\d{15,}")
"""Ids of Discord have seventeen digits or more; no number that is asked for has so many."""


def without_ids(text: str) -> str:
    """Return text on one line without mentions, custom emoji and Discord's ids of anything."""
    return " ".join(_SNOWFLAKE.sub("…", words_of(text)).split())
