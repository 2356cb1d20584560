"""What members can do, one cog a feature."""

from __future__ import annotations

from bot.cogs.articles import Articles
from bot.cogs.ask import Ask
from bot.cogs.look_ups import LookUps
from bot.cogs.reindex import ReindexArticles
from bot.cogs.selftest import SelfTests

__all__ = ["COGS"]

COGS = (Ask, LookUps, Articles, ReindexArticles, SelfTests)
"""Every cog, for the client to add."""
