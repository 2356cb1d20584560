"""Identifiers of facts, from what they say."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter

from knowledge.model import FactKind, FactOrigin

__all__ = ["Identities"]


class Identities:
    """Gives the facts of one article their identifiers: 12 characters, safe in addresses.

    The same words give the same identifier at every reindex; a second fact of the same words gets
    one of its own, by its order.
    """

    def __init__(self, slug: str) -> None:
        self._slug = slug
        self._repeats: Counter[tuple[str, ...]] = Counter()

    def of(self, kind: FactKind, origin: FactOrigin, text: str, around: str = "") -> str:
        """Return the identifier of a fact: ``text`` says it, ``around`` is its sentence."""
        key = (self._slug, kind.value, origin.value, text, around)
        self._repeats[key] += 1
        parts = "\0".join((*key, str(self._repeats[key])))
        digest = hashlib.sha256(parts.encode("utf-8", "surrogatepass")).digest()
        return base64.urlsafe_b64encode(digest[:9]).decode("ascii")
