"""Lines on the pages of a PDF: raised figures, and tables, which are read by rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pdfminer.layout import LTChar, LTTextLine

from knowledge.corpus.scripts import superscript

__all__ = ["Table", "tables_of", "text_of"]

_MIN_ROWS = 3
"""Rows with several cells that make a table; of text in columns, lines stand beside each other."""

_GAP = 1.0
"""Of a line's height: what stands between two cells at least."""

_FILLED = 0.8
"""The share of a row's width that its words fill: more is text in columns."""

_LEADING = 2.5
"""Of a line's height: how far rows stand apart at most."""

_SMALL, _RAISED = 0.85, 0.15
"""Of the letters' size: what a raised figure has at most, and how far above the line it stands."""

_MAX_LINES = 5_000


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table by rows, and the lines of the page that they are."""

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[LTTextLine, ...]


def tables_of(lines: Sequence[LTTextLine]) -> list[Table]:
    """Return the tables among the lines of a page, from its top."""
    tables: list[Table] = []
    current: list[list[LTTextLine]] = []
    for row in [*_rows(lines[:_MAX_LINES]), []]:
        if current and not (row and _goes_on(current, row)):
            tables += _made(current)
            current = []
        if len(row) > 1 or current:
            current.append(row)
    return tables


def _rows(lines: Sequence[LTTextLine]) -> list[list[LTTextLine]]:
    """Return what stands beside each other, from the top of the page, from the left."""
    rows: list[list[LTTextLine]] = []
    for line in sorted(lines, key=lambda line: -(line.y0 + line.y1)):
        middle = (line.y0 + line.y1) / 2
        if rows and rows[-1][0].y0 < middle < rows[-1][0].y1:
            rows[-1].append(line)
        else:
            rows.append([line])
    for row in rows:
        row.sort(key=lambda line: line.x0)
    return rows


def _goes_on(rows: Sequence[Sequence[LTTextLine]], row: Sequence[LTTextLine]) -> bool:
    """Whether a row belongs to those above: near, and each of its cells in one of their columns."""
    above = rows[-1][0]
    if above.y0 - row[0].y1 > _LEADING * above.height:
        return False
    columns = _columns(rows)
    if len(row) == 1 and row[0].x1 - row[0].x0 > columns[-1][1] - columns[0][0]:
        return False
    reached = [[at for at, column in enumerate(columns) if _overlap(line, column)] for line in row]
    return all(len(places) <= 1 for places in reached) and any(reached)


def _columns(rows: Sequence[Sequence[LTTextLine]]) -> list[tuple[float, float]]:
    """Return from where to where the columns reach: cells that overlap are in one."""
    columns: list[tuple[float, float]] = []
    for line in sorted((line for row in rows for line in row), key=lambda line: line.x0):
        if columns and line.x0 < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], line.x1))
        else:
            columns.append((line.x0, line.x1))
    return columns


def _overlap(line: LTTextLine, column: tuple[float, float]) -> bool:
    return line.x0 < column[1] and line.x1 > column[0]


def _made(rows: list[list[LTTextLine]]) -> list[Table]:
    while rows and len(rows[-1]) == 1:  # what stands below a table
        rows.pop()
    full = [row for row in rows if len(row) > 1]
    columns = _columns(rows)
    if len(full) < _MIN_ROWS or len(columns) < 2:
        return []
    widths = [sum(line.width for line in row) / (row[-1].x1 - row[0].x0) for row in full]
    near = any(b.x0 - a.x1 < _GAP * a.height for row in full for a, b in pairwise(row))
    if near or median(widths) > _FILLED:
        return []
    cells: list[list[str]] = []
    for row in rows:
        if len(row) == 1 and cells:  # a cell that goes on
            _put(cells[-1], row[0], columns)
        else:
            cells.append([""] * len(columns))
            for line in row:
                _put(cells[-1], line, columns)
    return [Table(tuple(map(tuple, cells)), tuple(line for row in rows for line in row))]


def _put(cells: list[str], line: LTTextLine, columns: Sequence[tuple[float, float]]) -> None:
    at = next(at for at, column in enumerate(columns) if _overlap(line, column))
    cells[at] = " ".join(filter(None, (cells[at], " ".join(text_of(line).split()))))


def text_of(line: LTTextLine) -> str:
    """Return the text of a line; figures that stand small above it are raised ones: “10⁶”."""
    chars = [char for char in line if isinstance(char, LTChar)]
    if not chars:
        return line.get_text()
    size = median(char.size for char in chars)
    low = median(char.y0 for char in chars)
    return "".join(
        superscript(char.get_text())
        if isinstance(char, LTChar) and char.size < _SMALL * size and char.y0 > low + _RAISED * size
        else char.get_text()
        for char in line
    )
