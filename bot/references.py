"""References to passages, small enough for a button's ``custom_id``.

A button must work after a restart and nothing may be kept about a question, so that everything
that a button needs is in its ``custom_id`` (at most 100 characters): what it does, which
paragraphs, which slice of each, and a few highlights. No word of the article is in it, nor of the
question but in one: the Why? button carries as many of the question's content words as fit
(``bot.reasons``). They are in Discord's own message, which replies to the question or answers its
command; nothing is kept of them elsewhere.

    mo/REFERENCES        show these passages
    cx/REFERENCE         show the passage in its article
    pg/REFERENCE/NUMBER  go on to paragraph NUMBER of the passage's article
    wy/...               say why the answer is as sure as it is: see ``bot.reasons``

A reference is written ``passage:SSSLL`` + ``HHH`` for each highlight, in base 64: three digits
for the snippet's start, two for its length, three for a highlight (start and length in 9 bits
each). References are joined by dots.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.model import Citation, Span

__all__ = [
    "MAX_CUSTOM_ID",
    "MalformedReference",
    "Reference",
    "context_id",
    "decode",
    "decode_page",
    "encode",
    "more_id",
    "page_id",
    "read_number",
    "write_number",
]

MAX_CUSTOM_ID = 100

_KIND = len("xx/")
_PAGE_DIGITS = 4

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_START, _LENGTH, _MARK = 3, 2, 3
_MARK_BITS = 9

_PARTS = re.compile(
    r"([A-Za-z0-9_-]{1,12}):([A-Za-z0-9_-]{3})([A-Za-z0-9_-]{2})((?:[A-Za-z0-9_-]{3})*)"
)


class MalformedReference(ValueError):
    """A text is not one that ``encode`` writes."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A slice of the paragraph ``passage``; ``highlights`` are offsets into the slice.

    ``span`` is ``None`` for the paragraph as a whole.
    """

    passage: str
    span: Span | None = None
    highlights: tuple[Span, ...] = ()

    @classmethod
    def to(cls, citation: Citation) -> Reference:
        """Return a reference to what ``citation`` quotes, as far as it can be written."""
        length = citation.span.end - citation.span.start
        if citation.span.start >= 64**_START or length >= 64**_LENGTH:
            return cls(citation.passage)
        limit = 1 << _MARK_BITS
        highlights = tuple(
            mark
            for mark in citation.highlights
            if mark.start < limit and mark.end - mark.start < limit
        )
        return cls(citation.passage, citation.span, highlights)

    def resolve(self, paragraph: Citation) -> Citation:
        """Return ``paragraph``, a citation of the whole text, narrowed to this reference."""
        if self.span is None or self.span.end > len(paragraph.text):
            return paragraph
        length = self.span.end - self.span.start
        highlights = tuple(mark for mark in self.highlights if mark.end <= length)
        return replace(paragraph, span=self.span, highlights=highlights)


def write_number(value: int, width: int) -> str:
    """Return ``value`` in base 64 with ``width`` digits."""
    digits = ""
    for _ in range(width):
        value, digit = divmod(value, 64)
        digits = _DIGITS[digit] + digits
    return digits


def read_number(digits: str) -> int:
    """Return the value of a number in base 64. Raises KeyError where a digit is none."""
    value = 0
    for digit in digits:
        value = value * 64 + _VALUES[digit]
    return value


def _head(reference: Reference) -> str:
    span = reference.span or Span(0, 0)
    length = write_number(span.end - span.start, _LENGTH)
    return f"{reference.passage}:{write_number(span.start, _START)}{length}"


def encode(references: Sequence[Reference], room: int) -> str:
    """Write as many references as ``room`` characters hold, in order, then as many highlights.

    Every passage gets its first highlight before any gets its second. Raises ValueError where
    not even one reference fits.
    """
    heads: list[str] = []
    left = room + 1
    for head in map(_head, references):
        if len(head) + 1 > left:
            break
        heads.append(head)
        left -= len(head) + 1
    if not heads:
        raise ValueError(f"no reference fits in {room} characters")
    marks: list[list[str]] = [[] for _ in heads]
    ranked = sorted(
        (rank, position)
        for position, reference in enumerate(references[: len(heads)])
        for rank in range(len(reference.highlights))
    )
    for rank, position in ranked[: left // _MARK]:
        mark = references[position].highlights[rank]
        marks[position].append(
            write_number((mark.start << _MARK_BITS) | (mark.end - mark.start), _MARK)
        )
    return ".".join(head + "".join(own) for head, own in zip(heads, marks, strict=True))


def decode(text: str) -> tuple[Reference, ...]:
    """Read what ``encode`` wrote. Raises MalformedReference."""
    return tuple(_decode_one(part) for part in text.split("."))


def _decode_one(part: str) -> Reference:
    match = _PARTS.fullmatch(part)
    if match is None:
        raise MalformedReference(f"not a reference to a passage: {part!r}")
    passage, start, length, marks = match.groups()
    if not read_number(length):
        return Reference(passage)
    span = Span(read_number(start), read_number(start) + read_number(length))
    highlights: list[Span] = []
    for position in range(0, len(marks), _MARK):
        first, size = divmod(read_number(marks[position : position + _MARK]), 1 << _MARK_BITS)
        if size:
            highlights.append(Span(first, first + size))
    return Reference(passage, span, tuple(highlights))


def more_id(references: Sequence[Reference]) -> str:
    """Return the ``custom_id`` of a button that shows these passages, or the first of them."""
    return f"mo/{encode(references, MAX_CUSTOM_ID - _KIND)}"


def context_id(reference: Reference) -> str:
    """Return the ``custom_id`` of a button that shows a passage in its article."""
    return f"cx/{encode([reference], MAX_CUSTOM_ID - _KIND)}"


def page_id(reference: Reference, number: int) -> str:
    """Return the ``custom_id`` of a button that shows paragraph ``number`` of the same article."""
    page = write_number(min(max(number, 0), 64**_PAGE_DIGITS - 1), _PAGE_DIGITS)
    return f"pg/{encode([reference], MAX_CUSTOM_ID - _KIND - _PAGE_DIGITS - 1)}/{page}"


def decode_page(text: str) -> tuple[Reference, int]:
    """Read what follows ``pg/``. Raises MalformedReference."""
    reference, _, page = text.partition("/")
    if len(page) != _PAGE_DIGITS or not _VALUES.keys() >= set(page):
        raise MalformedReference(f"not a reference with a page: {text!r}")
    return _decode_one(reference), read_number(page)
