"""How large an index is, part by part.

By the pages that each table and its indexes take, where SQLite was compiled with its ``dbstat``
table; where it was not (as on some systems), by the lengths of what is in the rows.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable

from knowledge.index.connection import Connection
from knowledge.model.sizes import IndexPart, IndexSize, MeasuredBy

__all__ = ["SizeReader"]

_PARTS = {
    IndexPart.TEXTS: ("articles", "sections", "paragraphs", "questions"),
    IndexPart.POSTINGS: ("postings", "lengths"),
    IndexPart.WORDS: ("words", "contexts", "article_terms"),
    IndexPart.FACTS: ("facts",),
    IndexPart.VECTORS: ("vectors", "windows"),
}
_PART_OF = {table: part for part, tables in _PARTS.items() for table in tables}
"""What is of none of them, such as the index's version, is of ``IndexPart.OTHER``."""

_NUMBER_BYTES = 8


class SizeReader(Connection):
    """Queries on the file itself."""

    def size(self) -> IndexSize:
        """Return how large the index is. Reads through the whole file."""
        page, pages, free = (
            self._execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_size", "page_count", "freelist_count")
        )
        try:
            found, measured_by = self.bytes_by_pages(), MeasuredBy.PAGES
        except sqlite3.OperationalError as error:
            if "dbstat" not in str(error):
                raise
            found, measured_by = self.bytes_by_lengths(), MeasuredBy.LENGTHS
        return IndexSize(
            total=page * pages,
            free=page * free,
            parts={part: found.get(part, 0) for part in IndexPart},
            measured_by=measured_by,
            lacking_vectors=self._lacking_vectors(),
        )

    def bytes_by_pages(self) -> dict[IndexPart, int]:
        """Return the bytes of the pages of each part. Raises ``sqlite3.OperationalError`` where
        SQLite lacks ``dbstat``."""
        rows = self._execute(
            "SELECT coalesce(s.tbl_name, d.name), sum(d.pgsize) FROM dbstat AS d "
            "LEFT JOIN sqlite_master AS s ON s.name = d.name WHERE d.aggregate = TRUE GROUP BY 1"
        )
        return _by_part(rows)

    def bytes_by_lengths(self) -> dict[IndexPart, int]:
        """Return the bytes of the values in the rows of each part, numbers taken for 8: less than
        what they take in the file, where they stand in pages and some again in indexes."""
        tables = [
            name for (name,) in self._execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return _by_part((table, self._length(table)) for table in tables)

    def _length(self, table: str) -> int:
        columns = [name for _, name, *_ in self._execute(f'PRAGMA table_info("{table}")')]
        lengths = " + ".join(
            f"CASE typeof(\"{name}\") WHEN 'null' THEN 0 WHEN 'integer' THEN {_NUMBER_BYTES} "
            f"WHEN 'real' THEN {_NUMBER_BYTES} ELSE length(CAST(\"{name}\" AS BLOB)) END"
            for name in columns
        )
        return self._execute(f'SELECT coalesce(sum({lengths}), 0) FROM "{table}"').fetchone()[0]

    def _lacking_vectors(self) -> int:
        (paragraphs,) = self._execute(
            "SELECT count(*) FROM paragraphs AS p WHERE NOT EXISTS (SELECT 1 FROM windows AS w "
            "JOIN vectors AS v ON v.key = w.key WHERE w.paragraph = p.id AND w.position = 0)"
        ).fetchone()
        return paragraphs


def _by_part(sizes: Iterable[tuple[str, int]]) -> dict[IndexPart, int]:
    found = Counter[IndexPart]()
    for table, size in sizes:
        found[_PART_OF.get(table, IndexPart.OTHER)] += size
    return dict(found)
