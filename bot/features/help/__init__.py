"""``/help``: what can be asked, with examples."""
