"""Facts in the index: rows, and every SQL statement on them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from knowledge.index.connection import Connection
from knowledge.index.rows import FactRow
from knowledge.model import Fact, FactKind, FactOrigin, Span

__all__ = ["FactFilter", "FactReader", "FactWriter", "IndexedFact"]

_DETAILS = (
    "statement", "aliases", "value", "unit", "counted", "approx", "precision", "is_year_inferred",
    "role", "speaker",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FactFilter:
    """Which facts are wanted; ``None``: any. ``start`` and ``end``: any of these days is meant."""

    kind: FactKind | None = None
    origin: FactOrigin | None = None
    article: str | None = None
    passage: str | None = None
    start: date | None = None
    end: date | None = None

    def where(self) -> tuple[str, list[object]]:
        """Return the condition in SQL and its parameters."""
        conditions = {
            "f.kind = ?": self.kind,
            "f.origin = ?": self.origin,
            "a.slug = ?": self.article,
            "p.passage = ?": self.passage,
            "f.date_end >= ?": None if self.start is None else self.start.isoformat(),
            "f.date_start <= ?": None if self.end is None else self.end.isoformat(),
        }
        given = {sql: value for sql, value in conditions.items() if value is not None}
        return " AND ".join(given) or "1", [str(value) for value in given.values()]


@dataclass(frozen=True, slots=True)
class IndexedFact:
    """A fact and its terms: of its statements and other words, and of the words that say it.

    ``rowid``: its paragraph's.
    """

    fact: Fact
    rowid: int
    terms: tuple[str, ...]
    quoted: tuple[str, ...]


class FactReader(Connection):
    """Queries on facts, in the order of the articles and their text."""

    def facts(
        self, wanted: FactFilter = FactFilter(), *, limit: int = -1, offset: int = 0
    ) -> tuple[Fact, ...]:
        """Return the facts that are wanted; all of them where ``limit`` is negative."""
        where, parameters = wanted.where()
        sql = f"{_FACT} WHERE {where} ORDER BY a.slug, p.number, f.start, f.id LIMIT ? OFFSET ?"
        return tuple(_fact(row) for row in self._rows(sql, [*parameters, limit, offset]))

    def count_facts(self, wanted: FactFilter = FactFilter()) -> int:
        """Return how many facts are wanted."""
        where, parameters = wanted.where()
        return self._rows(f"SELECT count(*) AS facts {_FROM} WHERE {where}", parameters)[0]["facts"]

    def timeline(self, wanted: FactFilter, *, limit: int = -1) -> tuple[Fact, ...]:
        """Return the wanted facts that are dates, or curated and dated, earliest first.

        All of them where ``limit`` is negative.
        """
        where, parameters = wanted.where()
        sql = (
            f"{_FACT} WHERE (f.kind = 'date' OR f.origin = 'curated') "
            f"AND f.date_start IS NOT NULL AND {where} "
            "ORDER BY f.date_start, f.date_end, a.slug, p.number, f.start LIMIT ?"
        )
        return tuple(_fact(row) for row in self._rows(sql, [*parameters, limit]))

    def fact(self, identifier: str) -> Fact | None:
        """Return the fact of a stable identifier, ``None`` where no article has it."""
        rows = self._rows(f"{_FACT} WHERE f.fact = ? LIMIT 1", [identifier])
        return _fact(rows[0]) if rows else None

    def has_curated_facts(self) -> bool:
        """Whether any fact was written by hand."""
        return bool(self._rows("SELECT 1 FROM facts WHERE origin = 'curated' LIMIT 1"))

    def indexed_facts(self, limit: int) -> list[IndexedFact]:
        """Return at most ``limit`` facts with their terms, those written by hand first."""
        rows = self._rows(f"{_FACT} ORDER BY f.origin, a.slug, p.number, f.start LIMIT ?", [limit])
        return [
            IndexedFact(
                _fact(row),
                row["paragraph"],
                tuple(row["terms"].split()),
                tuple(row["quoted"].split()),
            )
            for row in rows
        ]


class FactWriter(Connection):
    """Stores the facts of an article, inside the transaction that stores the article."""

    def _put_facts(self, article: int, rowids: Mapping[str, int], rows: Iterable[FactRow]) -> None:
        """Store facts; ``rowids``: those of the paragraphs, by their stable identifiers."""
        for row in rows:
            fact = row.fact
            details = {name: getattr(fact, name) for name in _DETAILS}
            details["statements"] = dict(fact.statements)
            self._insert(
                "facts",
                {
                    "article": article,
                    "paragraph": rowids[fact.passage],
                    "fact": fact.id,
                    "kind": fact.kind.value,
                    "origin": fact.origin.value,
                    "start": fact.span.start,
                    "end": fact.span.end,
                    "date_start": fact.date_start,
                    "date_end": fact.date_end,
                    "details": json.dumps(details, ensure_ascii=False, separators=(",", ":")),
                    "terms": " ".join(row.terms),
                    "quoted": " ".join(row.quoted),
                },
            )


_FROM = """
FROM facts AS f
JOIN articles AS a ON a.id = f.article
JOIN paragraphs AS p ON p.id = f.paragraph
"""
_FACT = f"""
SELECT f.*, a.slug, p.passage, p.number, p.text
{_FROM}
"""


def _fact(row: Mapping[str, Any]) -> Fact:
    fields: dict[str, Any] = json.loads(row["details"])
    span = Span(row["start"], row["end"])
    if isinstance(fields["value"], list):
        fields["value"] = tuple(cast(list[float], fields["value"]))
    fields |= {
        "id": row["fact"],
        "kind": FactKind(row["kind"]),
        "origin": FactOrigin(row["origin"]),
        "article": row["slug"],
        "passage": row["passage"],
        "paragraph": row["number"],
        "span": span,
        "text": span.of(row["text"]),
        "aliases": tuple(fields["aliases"]),
        "date_start": row["date_start"],
        "date_end": row["date_end"],
    }
    return Fact(**fields)
