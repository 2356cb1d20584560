"""What a model is given of a text."""

from __future__ import annotations

__all__ = ["MAX_PASSAGE", "MAX_QUERY", "clean"]

MAX_PASSAGE = 2_000
"""Characters of a passage that are encoded: about the 512 tokens that such models read."""

MAX_QUERY = 300
"""Characters of a question that are encoded: nobody waits for the rest of a long message."""


def clean(text: str, limit: int) -> str:
    """Return what an engine can take: C strings end at NUL, UTF-8 has no surrogates."""
    return text[:limit].replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
