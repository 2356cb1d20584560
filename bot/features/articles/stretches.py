"""What stands on one page of an article: a stretch of it without gaps, as much as a page holds.

A stretch begins and ends anywhere, within paragraphs, too, so that whoever turns the pages gets to
every character of an article, however long its paragraphs are. Nothing about pages is kept: the
next one begins where this one ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from bot.ui import markdown
from bot.ui.containers import TITLE_ROOM, numbered, short
from bot.ui.custom_ids.references import Reference
from knowledge import Article, Paragraph, Span

__all__ = ["Piece", "Point", "Stretch", "Stretches"]

_MOST_PIECES = 3

_LEAST_ROOM = 200
"""A paragraph of which a page could hold no more characters than this is left to another one."""


class Point(NamedTuple):
    """A place in an article: the number of a paragraph, from 1, and an offset into its text."""

    number: int
    offset: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, or a slice of it, as a page shows it."""

    paragraph: Paragraph
    span: Span


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pieces that follow one another; between them is nothing but white space."""

    pieces: tuple[Piece, ...]

    @property
    def start(self) -> Point:
        """Where it begins."""
        return Point(self.pieces[0].paragraph.number, self.pieces[0].span.start)

    @property
    def end(self) -> Point:
        """Where it ends."""
        return Point(self.pieces[-1].paragraph.number, self.pieces[-1].span.end)


@dataclass(frozen=True, slots=True)
class Stretches:
    """The pages of an article that has words, of ``room`` characters of Markdown each.

    The paragraph of ``reference`` has its highlights in bold, or its snippet where it has none.
    Points and numbers that are beyond the article mean the nearest ones in it.
    """

    article: Article
    reference: Reference
    room: int

    def around(self, number: int) -> Stretch:
        """Return a paragraph between its neighbours, which get what it leaves of the room.

        Of one that the page does not hold, from a little before what is referred to.
        """
        number = min(max(number, 1), len(self.article.paragraphs))
        middle = self._paragraph(number)
        left = self.room - self._need(middle)
        if left < 0:
            return self.after(Point(number, self._beginning(middle)))
        before = self._paragraph(number - 1) if number > 1 else None
        after = self._paragraph(number + 1) if number < len(self.article.paragraphs) else None
        # What precedes may take half, or what the other one does not need; and the reverse.
        kept = 0 if after is None else min(self._need(after), left // 2)
        first = None if before is None else self._up_to(before, len(before.text), left - kept)
        left -= 0 if first is None else self._taken(first)
        last = None if after is None else self._from(after, 0, left)
        pieces = (first, _whole(middle), last)
        return Stretch(tuple(piece for piece in pieces if piece is not None))

    def after(self, point: Point) -> Stretch:
        """Return what begins at a point; where nothing does, the end of the article."""
        number, offset = self._within(point)
        pieces: list[Piece] = []
        room = self.room
        while number <= len(self.article.paragraphs) and len(pieces) < _MOST_PIECES:
            paragraph = self._paragraph(number)
            start = _next_sign(paragraph.text, offset)
            if start < len(paragraph.text):
                piece = self._from(paragraph, start, room, is_alone=not pieces)
                if piece is not None:
                    pieces.append(piece)
                    room -= self._taken(piece)
                if piece is None or piece.span.end < len(paragraph.text):
                    break
            number, offset = number + 1, 0
        return Stretch(tuple(pieces)) if pieces else self.before(self._last_point())

    def before(self, point: Point) -> Stretch:
        """Return what ends at a point; the beginning of the article is as full as a page can be."""
        number, offset = self._within(point)
        pieces: list[Piece] = []
        room = self.room
        while number >= 1 and len(pieces) < _MOST_PIECES:
            paragraph = self._paragraph(number)
            end = len(paragraph.text[:offset].rstrip())
            if end:
                piece = self._up_to(paragraph, end, room, is_alone=not pieces)
                if piece is not None:
                    pieces.insert(0, piece)
                    room -= self._taken(piece)
                if piece is None or piece.span.start:
                    break
            number -= 1
            offset = len(self._paragraph(number).text) if number else 0
        found = Stretch(tuple(pieces))
        if number:
            return found
        full = self.after(Point(1, 0))
        return full if not pieces or full.end >= found.end else found

    def is_first(self, stretch: Stretch) -> bool:
        """Whether nothing of the article stands before a stretch."""
        number, offset = stretch.start
        return number == 1 and not self._paragraph(1).text[:offset].strip()

    def is_last(self, stretch: Stretch) -> bool:
        """Whether nothing of the article stands after a stretch."""
        number, offset = stretch.end
        is_there = number == len(self.article.paragraphs)
        return is_there and not self._paragraph(number).text[offset:].strip()

    def shown(self, piece: Piece) -> str:
        """Return a piece as Markdown; ``[…]`` says where its paragraph goes on."""
        return markdown.part(piece.paragraph.text, piece.span, self._bold(piece.paragraph))

    def place(self, paragraph: Paragraph, *, has_heading: bool = True) -> str:
        """Return the line above a paragraph, with the heading that it stands under."""
        heading = self.article.section_of(paragraph) if has_heading else None
        named = "" if heading is None else f" · {short(heading, TITLE_ROOM)}"
        return f"-# {numbered(paragraph.number)}{named}"

    def _paragraph(self, number: int) -> Paragraph:
        return self.article.paragraphs[number - 1]

    def _last_point(self) -> Point:
        number = len(self.article.paragraphs)
        return Point(number, len(self._paragraph(number).text))

    def _within(self, point: Point) -> Point:
        if point.number < 1:
            return Point(1, 0)
        point = min(point, self._last_point())
        return Point(point.number, min(point.offset, len(self._paragraph(point.number).text)))

    def _bold(self, paragraph: Paragraph) -> list[Span]:
        snippet = self.reference.span
        if paragraph.id != self.reference.passage or snippet is None:
            return []
        marks = self.reference.highlights
        words = [Span(snippet.start + m.start, snippet.start + m.end) for m in marks]
        return words or [snippet]

    def _taken(self, piece: Piece) -> int:
        return len(self.place(piece.paragraph)) + len(self.shown(piece))

    def _need(self, paragraph: Paragraph) -> int:
        return self._taken(_whole(paragraph))

    def _beginning(self, paragraph: Paragraph) -> int:
        """Return where to begin in a long paragraph, so as to have what is cited in view."""
        snippet = self.reference.span
        if paragraph.id != self.reference.passage or snippet is None:
            return 0
        end = len(paragraph.text[: snippet.start].rstrip())
        if not end or snippet.start >= len(paragraph.text):
            return 0
        return markdown.reach_back(paragraph.text, end, self.room // 3)

    def _from(
        self, paragraph: Paragraph, start: int, room: int, *, is_alone: bool = False
    ) -> Piece | None:
        """Return what ``room`` holds of a paragraph from ``start`` on."""
        room -= len(self.place(paragraph))
        if self._had_better_wait(
            paragraph, Span(start, len(paragraph.text)), room, is_alone=is_alone
        ):
            return None
        end = markdown.reach(paragraph.text, start, room, self._bold(paragraph))
        return Piece(paragraph, Span(start, end))

    def _up_to(
        self, paragraph: Paragraph, end: int, room: int, *, is_alone: bool = False
    ) -> Piece | None:
        """Return what ``room`` holds of a paragraph up to ``end``."""
        room -= len(self.place(paragraph))
        if self._had_better_wait(paragraph, Span(0, end), room, is_alone=is_alone):
            return None
        start = markdown.reach_back(paragraph.text, end, room, self._bold(paragraph))
        return Piece(paragraph, Span(start, end))

    def _had_better_wait(
        self, paragraph: Paragraph, wanted: Span, room: int, *, is_alone: bool
    ) -> bool:
        """Whether a paragraph is left to another page, since too little of it would be on this."""
        if is_alone or room >= _LEAST_ROOM:
            return False
        return len(markdown.part(paragraph.text, wanted, self._bold(paragraph))) > room


def _whole(paragraph: Paragraph) -> Piece:
    return Piece(paragraph, Span(0, len(paragraph.text)))


def _next_sign(text: str, offset: int) -> int:
    """Return the offset of the first character from ``offset`` on that is no white space."""
    return len(text) - len(text[offset:].lstrip())
