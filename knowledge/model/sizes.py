"""How large an index is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["IndexPart", "IndexSize", "MeasuredBy", "is_worth_compacting"]

_WORTH_COMPACTING = 0.1
"""The share of a file that is free from which a copy of the rest is worth its while: less is filled
by what comes next."""


def is_worth_compacting(free: int, total: int) -> bool:
    """Whether a file is to be copied to be rid of what is ``free`` in it; in bytes or in pages."""
    return free >= _WORTH_COMPACTING * total


class IndexPart(StrEnum):
    """What the file of an index is made of: the articles as they are shown, with their golden
    questions; which paragraphs have a term; words, counted and as articles have them; facts; the
    vectors of texts; versions and the like."""

    TEXTS = "texts"
    POSTINGS = "postings"
    WORDS = "words"
    FACTS = "facts"
    VECTORS = "vectors"
    OTHER = "other"


class MeasuredBy(StrEnum):
    """How parts were measured: by the pages of the file, or by the lengths of what is in rows,
    which is less than they take."""

    PAGES = "pages"
    LENGTHS = "lengths"


@dataclass(frozen=True, slots=True)
class IndexSize:
    """Bytes of an index: ``total``, those of its file; ``free``, those of them that nothing is in;
    ``parts``, those of each part. ``lacking_vectors``: paragraphs without a vector."""

    total: int
    free: int
    parts: Mapping[IndexPart, int]
    measured_by: MeasuredBy
    lacking_vectors: int

    @property
    def saved_by_rebuild(self) -> int:
        """How many bytes a rebuild gives back to the file system."""
        return self.free if is_worth_compacting(self.free, self.total) else 0
