"""What members can do, one cog a feature. ``COGS`` lists the modules to load."""

from __future__ import annotations

__all__ = ["COGS"]

COGS = ("bot.cogs.ask", "bot.cogs.reindex")
