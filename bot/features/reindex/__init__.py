"""``/reindex`` and ``/selftest``: reading the articles again, and golden questions."""
