"""What members can do, one cog a feature."""

from __future__ import annotations

from bot.cogs.ask import Ask
from bot.cogs.reindex import ReindexArticles

__all__ = ["COGS"]

COGS = (Ask, ReindexArticles)
"""Every cog, for the client to add."""
