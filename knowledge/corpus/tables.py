"""Rows of a table, each a text of its own: a cell means something below the head of its column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowledge.corpus.block import Block
from knowledge.text.layout import CELL_BAR, HEAD_END

__all__ = ["TableBuilder"]

_MAX_ROW = 280
"""Characters of a row that is one text, so that a snippet holds it."""


class TableBuilder:
    """Collects the rows of a table; the first is its head. ``row``: the cells of the row that was
    begun last, and ``line`` the line of the file that it stands on."""

    def __init__(self) -> None:
        self.in_row = False
        self.row: list[str] = []
        self.line = 0
        self._rows: list[tuple[int, list[str]]] = []

    @property
    def has_head(self) -> bool:
        """Whether its first row has ended."""
        return bool(self._rows)

    def begin_row(self, line: int) -> None:
        """Begin a row on a line of the file."""
        self.in_row, self.row, self.line = True, [], line

    def add_cell(self, text: str) -> None:
        """Add a cell to the row."""
        self.row.append(text)

    def end_row(self, beyond: Sequence[str]) -> None:
        """End the row; ``beyond``: its cells to the right of the head's last."""
        self._rows.append((self.line, [*self.row, *beyond]))
        self.in_row = False

    def rows(self) -> Iterator[Block]:
        """Yield the table as paragraphs, and begin anew."""
        (line, head), *body = self._rows
        self._rows = []
        # A head that has no cell with words below it would be lost.
        idle = [
            one
            for at, one in enumerate(head)
            if one and not any(at < len(row) and row[at].strip() for _, row in body)
        ]
        if idle:
            yield Block(CELL_BAR.join(idle), line)
        for line, row in body:
            for text in _row_texts(head, row):
                yield Block(text, line)


def _row_texts(head: Sequence[str], cells: Sequence[str]) -> list[str]:
    """Return a row of a table as texts: its cells between bars, each after the head of its column.

    A long row is divided, and each text begins with the row's first cell. Cells without words are
    left out. Without a head the cells stand by themselves.
    """
    read = [
        _under(head[at] if at < len(head) else "", cell)
        for at, cell in enumerate(cells)
        if cell.strip()
    ]
    if not read:
        return []
    texts = [read[0]]
    for one in read[1:]:
        if len(texts[-1]) + len(CELL_BAR) + len(one) <= _MAX_ROW or texts[-1] == read[0]:
            texts[-1] += CELL_BAR + one
        else:
            texts.append(read[0] + CELL_BAR + one if len(read[0]) <= _MAX_ROW // 2 else one)
    return texts


def _under(head: str, cell: str) -> str:
    head = head.strip().removesuffix(":").rstrip()
    line = f"{head}{HEAD_END}{cell}" if head and head != cell else cell
    return " ".join(line.split("\n"))
