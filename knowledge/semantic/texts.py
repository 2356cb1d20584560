"""What a model is given of a text."""

from __future__ import annotations

__all__ = ["clean"]

_MAX_CHARACTERS = 2_000  # about the 512 tokens that such models read


def clean(text: str) -> str:
    """Return what an engine can take: C strings end at NUL, UTF-8 has no surrogates."""
    return text[:_MAX_CHARACTERS].replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
