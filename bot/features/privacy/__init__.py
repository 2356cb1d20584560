"""``/privacy`` and ``/forget-me``: what is kept, and being forgotten."""
