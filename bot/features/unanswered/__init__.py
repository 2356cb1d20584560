"""``/unanswered``: what was asked in vain."""
