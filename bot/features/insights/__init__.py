"""``/insights``: what a server asks, and how well it is answered, in numbers."""
