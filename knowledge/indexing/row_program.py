"""``python -m knowledge.indexing.row_program``: makes rows of the articles that it is sent.

Speaks the messages of ``knowledge.indexing.row_messages``: first a ``RowsOpening``, then
``Articles``, answered in turn. Reads and writes no file. Ends with whoever started
it, after the articles that it is at.
"""

from __future__ import annotations

import traceback
from pathlib import Path

from knowledge.child_process import Failed, Pipe, speak, stand_back
from knowledge.entities import AnalysedText
from knowledge.indexing.row_messages import Articles, Made, PackedRows, RowsOpening, packed
from knowledge.indexing.rows import rows_of
from knowledge.model import Article

__all__ = ["main"]

_NOWHERE = Path()
_FIRST = "Paris, 2 mai"
"""Read before any article, for the tables that this loads."""


def main() -> None:
    """Make rows, until whoever wants them has ended."""
    speak(_begin, _make_rows)


def _begin(opening: object) -> RowsOpening:
    assert isinstance(opening, RowsOpening)  # noqa: S101 - whoever starts us says so first
    stand_back(opening.steps_back)
    _ = AnalysedText(_FIRST).known_names
    return opening


def _make_rows(pipe: Pipe, opening: RowsOpening) -> None:
    """Answer one message after the other. Raises EOFError and OSError at their end."""
    while isinstance(message := pipe.receive(), Articles):
        try:
            made = Made(tuple(_rows(one, opening) for one in message.articles))
        except Exception:  # noqa: BLE001 - whoever sent them makes them and meets with it, too
            pipe.send(Failed(traceback.format_exc()))
        else:
            pipe.send(made)


def _rows(article: Article, opening: RowsOpening) -> PackedRows:
    return packed(rows_of(article, _NOWHERE, with_facts=False, with_chunks=opening.with_chunks))


if __name__ == "__main__":
    main()
