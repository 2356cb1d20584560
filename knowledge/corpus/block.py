"""The value that files are read as: headings and paragraphs in order."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["QUESTION_LEVEL", "Block"]

QUESTION_LEVEL = 7
"""The level of a question that its answer follows: below every heading."""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a paragraph, and the line of the file that it starts on.

    ``level``: of a heading, from 1; 0 for a paragraph. ``bold``: the bold words that a paragraph
    begins with.
    """

    text: str
    line: int
    level: int = 0
    bold: str = ""

    @property
    def is_heading(self) -> bool:
        """Whether it stands above what follows."""
        return self.level > 0
