"""``/status``: how the bot is."""
