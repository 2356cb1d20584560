"""``/settings``: a panel of what a server has set."""
