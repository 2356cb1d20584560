"""The words of what members type: without mentions, and without anybody's id."""

from __future__ import annotations

import re

__all__ = ["without_ids", "words_of"]

_MENTION = re.compile(r"<(?:@[!&]?|#)\d+>|<a?:\w+:\d+>")
_SNOWFLAKE = re.compile(r"\d{15,}")
"""Ids of Discord have seventeen digits or more; no number that is asked for has so many."""


def words_of(content: str) -> str:
    """Return a message's text without mentions and custom emoji: they are numbers in disguise.

    A new line may begin another question, and stays.
    """
    lines = (" ".join(line.split()) for line in _MENTION.sub(" ", content).splitlines())
    return "\n".join(filter(None, lines))


def without_ids(text: str) -> str:
    """Return text on one line without mentions, custom emoji and Discord's ids of anything."""
    return " ".join(_SNOWFLAKE.sub("…", words_of(text)).split())
