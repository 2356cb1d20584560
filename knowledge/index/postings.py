"""Postings: which paragraphs have a term, how often, and where, as bytes.

Paragraphs are numbered by their rowids. A block is ``BLOCK`` of them, so that what a changed
article touches is small whatever the size of the index, and a place in a block has 16 bits.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BLOCK",
    "COUNTED",
    "IN_BODY",
    "IN_CONTEXT",
    "JoinedPostings",
    "PostingChanges",
    "Postings",
    "codes_of",
    "joined",
    "merged",
]

BLOCK = 1 << 16
"""Rowids a block."""

IN_CONTEXT = 0x80
"""Set in the code of a term that stands in the headings or a title of a paragraph."""
IN_BODY = 0x40
"""Set in the code of a term that stands in the text of a paragraph."""
COUNTED = 0x3F
"""The bits of a code that say how often the text says a term, at most 63 times."""

_BITS = 16
_BYTES = 3
_GONE = 0


@dataclass(frozen=True, slots=True)
class Postings:
    """The paragraphs of a block that have a term: their places in it, ascending, and a code each
    (``IN_CONTEXT``, ``IN_BODY``, ``COUNTED``)."""

    places: NDArray[np.uint16]
    codes: NDArray[np.uint8]

    @classmethod
    def unpacked(cls, packed: bytes) -> Postings:
        """Return what ``packed`` gave. Raises ValueError where these are no such bytes."""
        count, rest = divmod(len(packed), _BYTES)
        if rest or not count:
            raise ValueError("postings are cut short")
        places = np.frombuffer(packed, dtype="<u2", count=count)
        return cls(places, np.frombuffer(packed, dtype=np.uint8, offset=2 * count))

    def packed(self) -> bytes:
        """Return them as bytes: all places, then all codes."""
        return self.places.astype("<u2", copy=False).tobytes() + self.codes.tobytes()


@dataclass(frozen=True, slots=True)
class JoinedPostings:
    """The same of several blocks: places from the first paragraph of the first one."""

    places: NDArray[np.intp]
    codes: NDArray[np.uint8]


def joined(parts: Sequence[tuple[int, bytes]]) -> JoinedPostings:
    """Return packed postings together, each with where its block begins, in that order. Raises
    ValueError as ``Postings.unpacked``."""
    read = [(start, Postings.unpacked(packed)) for start, packed in parts]
    places = [own.places.astype(np.intp) + start for start, own in read]
    if len(read) == 1:
        return JoinedPostings(places[0], read[0][1].codes)
    return JoinedPostings(np.concatenate(places), np.concatenate([own.codes for _, own in read]))


def codes_of(body: Iterable[str], context: Iterable[str], title: Collection[str]) -> dict[str, int]:
    """Return the code of each term of a paragraph.

    ``title``: terms of its article's title, which its text does not count: every paragraph of an
    article has its title, so that a further mention of it tells none from the others.
    """
    counts: Mapping[str, int] = Counter(body)
    if max(counts.values(), default=0) > COUNTED:
        counts = {term: min(times, COUNTED) for term, times in counts.items()}
    codes = {term: IN_BODY | times for term, times in counts.items()}
    for term in title:
        if term in codes:
            codes[term] = IN_BODY
    for term in context:
        codes[term] = codes.get(term, 0) | IN_CONTEXT
    return codes


def merged(stored: Postings | None, changes: Postings) -> Postings | None:
    """Return postings with changes, whose code 0 takes one away; ``None`` where none are left."""
    if stored is not None:
        places = np.concatenate((stored.places, changes.places))
        codes = np.concatenate((stored.codes, changes.codes))
        changes = _last_of_each(places, codes)
    if not changes.codes.all():
        kept = changes.codes != _GONE
        changes = Postings(changes.places[kept], changes.codes[kept])
    return changes if len(changes.places) else None


def _last_of_each(places: NDArray[np.uint16], codes: NDArray[np.uint8]) -> Postings:
    order = np.argsort(places, kind="stable")
    places = places[order]
    is_last = np.append(places[1:] != places[:-1], True)
    return Postings(places[is_last], codes[order][is_last])


class PostingChanges:
    """What is to become of postings, in the order in which it was said: the last word counts."""

    def __init__(self) -> None:
        self._terms = defaultdict[str, int](count().__next__)  # numbered as they come
        self._numbers = array("I")
        self._rowids = array("Q")
        self._codes = array("B")

    def __len__(self) -> int:
        return len(self._codes)

    def put(self, rowid: int, codes: Mapping[str, int]) -> None:
        """Let a paragraph have terms."""
        self._numbers.extend(map(self._terms.__getitem__, codes))
        self._rowids.extend([rowid] * len(codes))
        self._codes.extend(codes.values())

    def take(self, rowid: int, terms: Collection[str]) -> None:
        """Let a paragraph not have terms any more."""
        self.put(rowid, dict.fromkeys(terms, _GONE))

    def counts(self, bit: int) -> Counter[str]:
        """Return how many times each term was put with a ``bit`` in its code."""
        has_bit = (np.array(self._codes, dtype=np.uint8) & bit).astype(bool)
        counts = np.bincount(np.array(self._numbers)[has_bit], minlength=len(self._terms))
        return Counter(dict(zip(self._terms, counts.tolist(), strict=True)))

    def by_term(self) -> Iterator[tuple[int, str, Postings]]:
        """Yield the changes of each block and term, in that order."""
        if not len(self):
            return
        terms = sorted(self._terms)
        ranks = np.empty(len(terms), dtype=np.uint64)
        ranks[[self._terms[term] for term in terms]] = np.arange(len(terms), dtype=np.uint64)
        rowids = np.array(self._rowids, dtype=np.uint64)
        terms_of_block = np.uint64(len(terms))
        groups = (rowids >> np.uint64(_BITS)) * terms_of_block + ranks[np.array(self._numbers)]
        places = rowids.astype(np.uint16)
        codes = np.array(self._codes, dtype=np.uint8)
        order = np.lexsort((places, groups))  # stable: of equal places the last stays the last
        groups, places, codes = groups[order], places[order], codes[order]
        is_last = np.append((groups[1:] != groups[:-1]) | (places[1:] != places[:-1]), True)
        groups, places, codes = groups[is_last], places[is_last], codes[is_last]
        starts = np.flatnonzero(np.append(True, groups[1:] != groups[:-1]))
        ends = [*starts[1:].tolist(), len(groups)]
        for group, start, end in zip(groups[starts].tolist(), starts.tolist(), ends, strict=True):
            block, rank = divmod(group, len(terms))
            yield block, terms[rank], Postings(places[start:end], codes[start:end])
