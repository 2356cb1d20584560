"""Lists and table rows, as they stand in the text of a paragraph.

A list is lines that begin with a mark or a number; the line before the first may introduce it. A
row is cells between bars, each after the head of its column: "Ferry: Merganser | Built: 1988".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from knowledge.model import Span

__all__ = [
    "CELL_BAR",
    "HEAD_END",
    "Cell",
    "Item",
    "cells_of",
    "introduction",
    "items_after",
    "items_of",
]

CELL_BAR = " | "
"""What stands between two cells of a row."""

HEAD_END = ": "
"""What stands between the head of a column and the cell below it."""

_ITEM = re.compile(
    r"^[^\S\n]*(?P<mark>[-*+•‣◦–]|(?P<number>\d{1,9})[.)])[^\S\n]+(?=\S)", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list: ``span`` with its mark, ``words`` without; ``number`` where it has one."""

    span: Span
    words: Span
    number: int | None


class Cell(NamedTuple):
    """A cell of a row: ``whole`` with the head of its column, ``value`` without."""

    whole: Span
    value: Span


def items_of(text: str) -> tuple[Item, ...]:
    """Return the items of the list in a paragraph, in order; none where it has no list.

    A line without a mark belongs to the item before it.
    """
    marks = list(_ITEM.finditer(text))
    items: list[Item] = []
    for mark, following in zip_longest(marks, marks[1:]):
        limit = len(text) if following is None else following.start()
        end = mark.end() + len(text[mark.end() : limit].rstrip())
        start = mark.start("mark")
        number = None if mark["number"] is None else int(mark["number"])
        items.append(Item(Span(start, end), Span(mark.end(), end), number))
    return tuple(items)


def introduction(text: str) -> Span | None:
    """Return the words before the first item of a list, ``None`` where there are none, or no
    list."""
    first = _ITEM.search(text)
    before = "" if first is None else text[: first.start()].rstrip()
    return Span(0, len(before)) if before.strip() else None


def items_after(text: str, end: int) -> int:
    """Return how many items of a paragraph's list begin at ``end`` or later."""
    return sum(item.span.start >= end for item in items_of(text))


def cells_of(text: str) -> tuple[Cell, ...]:
    """Return the cells of a row, in order; none where a paragraph is no row."""
    if CELL_BAR not in text or "\n" in text:
        return ()
    cells: list[Cell] = []
    start = 0
    for part in text.split(CELL_BAR):
        end = start + len(part)
        head = part.find(HEAD_END)
        if part.strip():
            value = start if head < 0 else start + head + len(HEAD_END)
            cells.append(Cell(Span(start, end), Span(value if value < end else start, end)))
        start = end + len(CELL_BAR)
    return tuple(cells)
