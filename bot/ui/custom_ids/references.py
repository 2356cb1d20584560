"""References to passages, small enough for a button's ``custom_id``.

A button must work after a restart and nothing may be kept about a question, so that everything
that a button needs is in its ``custom_id`` (at most 100 characters): what it does, which
paragraphs, which slice of each, and a few highlights. No word of the article is in it, nor of what
a member wrote but in two: the Why? button carries as many of the question's content words as fit
(``reasons``), and those that turn the pages of a look-up carry its words (``listing``).
They are in Discord's own message, which replies to the question or answers its command; nothing is
kept of them elsewhere.

    mo/REFERENCES        show these passages
    cx/REFERENCE         show the passage in its article
    pg/REFERENCE/NUMBER  show paragraph NUMBER of the passage's article between its neighbours
    pg/REFERENCE/NUMBER>OFFSET   show what begins at a character of that paragraph
    pg/REFERENCE/NUMBER<OFFSET   show what ends before it
    ol/REFERENCE/NUMBER  go on to page NUMBER of the outline of the passage's article
    lu/...               go on to another page of a look-up: see ``bot.ui.custom_ids.listing``
    wy/...               say why the answer is as sure as it is: see ``bot.ui.custom_ids.reasons``
    sh/  rm/             share the message, delete it: see ``bot.ui.offers``

A reference is written ``passage;SSSLLAAAANN`` + ``HHH`` for each highlight, in base 64: three
digits for the snippet's start, two for its length, four for the article (from its slug) and two
for the paragraph's number, which say where to look once the passage is gone, three for a highlight
(start and length in 9 bits each). With a comma in place of the semicolon the article is that of
the reference before, and left out; with a colon there is no place. References are joined by dots.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.ui.custom_ids.encoding import (
    MAX_CUSTOM_ID,
    MalformedReference,
    is_number,
    read_number,
    write_number,
)
from bot.ui.custom_ids.prefixes import Prefix
from knowledge import Citation, Span

__all__ = [
    "Place",
    "Reference",
    "Turn",
    "article_key",
    "context_id",
    "decode",
    "decode_page",
    "decode_turn",
    "encode",
    "more_id",
    "outline_id",
    "page_id",
]

_KIND = len("xx/")
_PAGE_DIGITS = 4

_START, _LENGTH, _MARK = 3, 2, 3
_MARK_BITS = 9
_KEY, _NUMBER = 4, 2

_HEAD = re.compile(
    r"(?P<passage>[A-Za-z0-9_-]{1,12})"
    r"(?P<sign>[:;,])(?P<start>[A-Za-z0-9_-]{3})(?P<length>[A-Za-z0-9_-]{2})"
)
_KEY_AND_NUMBER = re.compile(r"[A-Za-z0-9_-]{6}")
_NUMBER_ALONE = re.compile(r"[A-Za-z0-9_-]{2}")
_MARKS = re.compile(r"(?:[A-Za-z0-9_-]{3})*")
_TURN = re.compile(
    r"(?P<reference>[^/]*)/(?P<number>[A-Za-z0-9_-]{4})"
    r"(?:(?P<sign>[<>])(?P<offset>[A-Za-z0-9_-]{4}))?"
)


def article_key(slug: str) -> str:
    """Return the short name of an article in a button: four digits in base 64, from its slug."""
    digest = hashlib.sha256(slug.encode("utf-8", "surrogatepass")).digest()
    return write_number(int.from_bytes(digest[:3], "big"), _KEY)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stood when it was shown: its article's key and the paragraph's number."""

    article: str
    number: int

    @classmethod
    def of(cls, slug: str, number: int) -> Place | None:
        """Return the place, ``None`` where the number is too large to be written."""
        return cls(article_key(slug), number) if 0 < number < 64**_NUMBER else None


@dataclass(frozen=True, slots=True)
class Reference:
    """A slice of the paragraph ``passage``; ``highlights`` are offsets into the slice.

    ``span`` is ``None`` for the paragraph as a whole. ``place`` tells where to look once the
    passage is gone; the passage is what is referred to, wherever it has moved.
    """

    passage: str
    span: Span | None = None
    highlights: tuple[Span, ...] = ()
    place: Place | None = field(default=None, compare=False)

    @classmethod
    def to(cls, citation: Citation) -> Reference:
        """Return a reference to what ``citation`` quotes, as far as it can be written."""
        length = citation.span.end - citation.span.start
        place = Place.of(citation.article, citation.paragraph)
        if citation.span.start >= 64**_START or length >= 64**_LENGTH:
            return cls(citation.passage, place=place)
        limit = 1 << _MARK_BITS
        highlights = tuple(
            mark
            for mark in citation.highlights
            if mark.start < limit and mark.end - mark.start < limit
        )
        return cls(citation.passage, citation.span, highlights, place)

    def resolve(self, paragraph: Citation) -> Citation:
        """Return ``paragraph``, a citation of the whole text, narrowed to this reference."""
        if self.span is None or self.span.end > len(paragraph.text):
            return paragraph
        length = self.span.end - self.span.start
        highlights = tuple(mark for mark in self.highlights if mark.end <= length)
        return replace(paragraph, span=self.span, highlights=highlights)


def _head(reference: Reference, before: Reference | None = None, *, placed: bool = True) -> str:
    """Write a reference without its highlights; ``before`` is the one that it comes after."""
    span, place = reference.span or Span(0, 0), reference.place if placed else None
    slice_ = write_number(span.start, _START) + write_number(span.end - span.start, _LENGTH)
    if place is None:
        return f"{reference.passage}:{slice_}"
    number = write_number(place.number, _NUMBER)
    if before is not None and before.place is not None and before.place.article == place.article:
        return f"{reference.passage},{slice_}{number}"
    return f"{reference.passage};{slice_}{place.article}{number}"


def _heads(references: Sequence[Reference], room: int) -> list[str]:
    """Write as many references as fit; their places only where that costs none of them."""
    befores = (None, *references)
    placed = [_head(one, before) for one, before in zip(references, befores, strict=False)]
    if len(".".join(placed)) <= room:
        return placed
    heads: list[str] = []
    for reference in references:
        heads.append(_head(reference, placed=False))
        if len(".".join(heads)) > room:
            return heads[:-1]
    return heads


def encode(references: Sequence[Reference], room: int) -> str:
    """Write as many references as ``room`` characters hold, in order, then as many highlights.

    Every passage gets its first highlight before any gets its second. Raises ValueError where
    not even one reference fits.
    """
    heads = _heads(references, room)
    if not heads:
        raise ValueError(f"no reference fits in {room} characters")
    left = room - len(".".join(heads))
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
    references: list[Reference] = []
    for part in text.split("."):
        references.append(_decode_one(part, references[-1] if references else None))
    return tuple(references)


def _decode_one(part: str, before: Reference | None = None) -> Reference:
    match = _HEAD.match(part)
    if match is None:
        raise MalformedReference(f"not a reference to a passage: {part!r}")
    place, rest = _place(part, match["sign"], match.end(), before)
    marks = part[rest:]
    if _MARKS.fullmatch(marks) is None:
        raise MalformedReference(f"not a reference to a passage: {part!r}")
    length = read_number(match["length"])
    if not length:
        return Reference(match["passage"], place=place)
    start = read_number(match["start"])
    highlights: list[Span] = []
    for position in range(0, len(marks), _MARK):
        first, size = divmod(read_number(marks[position : position + _MARK]), 1 << _MARK_BITS)
        if size:
            highlights.append(Span(first, first + size))
    return Reference(match["passage"], Span(start, start + length), tuple(highlights), place)


def _place(part: str, sign: str, at: int, before: Reference | None) -> tuple[Place | None, int]:
    """Return the place that is written from ``at`` on, and where it ends."""
    if sign == ":":
        return None, at
    match = (_KEY_AND_NUMBER if sign == ";" else _NUMBER_ALONE).match(part, at)
    if sign == ",":
        key = None if before is None or before.place is None else before.place.article
    else:
        key = None if match is None else match[0][:_KEY]
    if match is None or key is None:
        raise MalformedReference(f"not a place: {part!r}")
    return Place(key, read_number(match[0][-_NUMBER:])), match.end()


def more_id(references: Sequence[Reference]) -> str:
    """Return the ``custom_id`` of a button that shows these passages, or the first of them."""
    return f"{Prefix.MORE_PASSAGES}/{encode(references, MAX_CUSTOM_ID - _KIND)}"


def context_id(reference: Reference) -> str:
    """Return the ``custom_id`` of a button that shows a passage in its article."""
    return f"{Prefix.IN_CONTEXT}/{encode([reference], MAX_CUSTOM_ID - _KIND)}"


@dataclass(frozen=True, slots=True)
class Turn:
    """Which page of an article a button turns to.

    Without ``offset`` the page around paragraph ``number`` (from 1). With it the one that begins
    at this character of the paragraph or, where it ``is_back``, ends before it.
    """

    number: int
    offset: int | None = None
    is_back: bool = False


def _page_number(number: int) -> str:
    return write_number(min(max(number, 0), 64**_PAGE_DIGITS - 1), _PAGE_DIGITS)


def _paged(kind: Prefix, reference: Reference, page: str) -> str:
    return f"{kind}/{encode([reference], MAX_CUSTOM_ID - _KIND - len(page) - 1)}/{page}"


def page_id(reference: Reference, turn: Turn) -> str:
    """Return the ``custom_id`` of a button that shows a page of the same article."""
    page = _page_number(turn.number)
    if turn.offset is not None:
        page += ("<" if turn.is_back else ">") + _page_number(turn.offset)
    return _paged(Prefix.ARTICLE_PAGE, reference, page)


def outline_id(reference: Reference, page: int) -> str:
    """Return the ``custom_id`` of a button that shows a page of the outline of the same article."""
    return _paged(Prefix.OUTLINE_PAGE, reference, _page_number(page))


def decode_turn(text: str) -> tuple[Reference, Turn]:
    """Read what follows ``pg/``. Raises MalformedReference."""
    match = _TURN.fullmatch(text)
    if match is None:
        raise MalformedReference(f"not a reference with a place to turn to: {text!r}")
    offset = None if match["offset"] is None else read_number(match["offset"])
    turn = Turn(read_number(match["number"]), offset, match["sign"] == "<")
    return _decode_one(match["reference"]), turn


def decode_page(text: str) -> tuple[Reference, int]:
    """Read what follows ``ol/``. Raises MalformedReference."""
    reference, _, page = text.partition("/")
    if len(page) != _PAGE_DIGITS or not is_number(page):
        raise MalformedReference(f"not a reference with a page: {text!r}")
    return _decode_one(reference), read_number(page)
