"""Facts in the index: rows, and every SQL statement on them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from knowledge.index.connection import Connection
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


FactOrder = tuple[str, str, int, int, int]
"""Where a fact stands among all: its origin, slug, paragraph and start, then its row id."""


@dataclass(frozen=True, slots=True)
class IndexedFact:
    """A fact, its row id, and those of its paragraph (``rowid``) and of its article."""

    fact: Fact
    id: int
    rowid: int
    article: int

    @property
    def order(self) -> FactOrder:
        """Those written by hand come first, then by article and place."""
        fact = self.fact
        return fact.origin.value, fact.article, fact.paragraph, fact.span.start, self.id


_FIRST: FactOrder = ("", "", 0, 0, 0)


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

    def indexed_facts(self, limit: int, after: FactOrder = _FIRST) -> list[IndexedFact]:
        """Return at most ``limit`` facts in their order (``IndexedFact.order``), of those that come
        after a place in it."""
        found: list[IndexedFact] = []
        for origin in FactOrigin.CURATED, FactOrigin.EXTRACTED:
            if after[0] <= origin.value:
                first = after[1:] if after[0] == origin.value else _FIRST[1:]
                rows = self._rows(
                    _ORDERED_FACT[origin], [origin.value, first[0], *first, limit - len(found)]
                )
                found += map(_indexed, rows)
        return found

    def facts_of(self, articles: Iterable[int]) -> list[IndexedFact]:
        """Return the facts of articles, by their row ids, in no order."""
        sql = f"{_FACT} WHERE p.article IN ({{marks}})"
        return [_indexed(row) for row in self._rows_among(sql, list(articles))]


class FactWriter(Connection):
    """Stores the facts of an article, inside the transaction that stores the article."""

    def _put_facts(
        self, rowids: Mapping[str, int], texts: Mapping[str, str], facts: Iterable[Fact]
    ) -> None:
        """Store facts; ``rowids`` and ``texts``: of the paragraphs, by their identifiers."""
        self._insert_all(
            "facts",
            _COLUMNS,
            (
                (
                    rowids[fact.passage],
                    fact.id,
                    fact.kind.value,
                    fact.origin.value,
                    fact.span.start,
                    fact.span.end,
                    fact.date_start,
                    fact.date_end,
                    json.dumps(
                        _details(fact, texts[fact.passage]),
                        ensure_ascii=False,
                        separators=(",", ":"),
                    ),
                )
                for fact in facts
            ),
        )


_COLUMNS = (
    "paragraph", "fact", "kind", "origin", "start", "end", "date_start", "date_end", "details",
)  # fmt: skip


def _details(fact: Fact, text: str) -> dict[str, Any]:
    """Return what is not empty of a fact's details; of its statement, what ``text`` says is kept
    as a place in it: ``[what stands before, start, end]``."""
    found = {name: getattr(fact, name) for name in _DETAILS}
    found["statements"] = dict(fact.statements)
    found["statement"] = _statement(fact.statement, text)
    return {name: one for name, one in found.items() if one or _is_number(one)}


def _is_number(value: object) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool)


def _statement(statement: str, text: str) -> str | list[str | int]:
    at = 0
    while at < len(statement):
        said = statement[at:]
        start = text.find(said)
        if start >= 0:
            return [statement[:at], start, start + len(said)]
        colon = statement.find(": ", at)
        at = len(statement) if colon < 0 else colon + 2
    return statement


_FROM = """
FROM facts AS f
JOIN paragraphs AS p ON p.id = f.paragraph
JOIN articles AS a ON a.id = p.article
"""
_FACT_COLUMNS = "SELECT f.*, a.slug, a.id AS article, p.passage, p.number, p.text"
_FACT = f"""
{_FACT_COLUMNS}
{_FROM}
"""
_AFTER = """
WHERE f.origin = ? AND a.slug >= ? AND (a.slug, p.number, f.start, f.id) > (?, ?, ?, ?)
ORDER BY a.slug, p.number, f.start, f.id LIMIT ?
"""
_ORDERED_FACT = {
    FactOrigin.CURATED: f"{_FACT} {_AFTER}",
    # Article by article, as they stand in the index by their slugs, so that it ends at the limit.
    FactOrigin.EXTRACTED: f"""
{_FACT_COLUMNS}
FROM articles AS a
CROSS JOIN paragraphs AS p ON p.article = a.id
CROSS JOIN facts AS f ON f.paragraph = p.id
{_AFTER}
""",
}


def _indexed(row: Mapping[str, Any]) -> IndexedFact:
    return IndexedFact(_fact(row), row["id"], row["paragraph"], row["article"])


def _fact(row: Mapping[str, Any]) -> Fact:
    fields: dict[str, Any] = json.loads(row["details"])
    text: str = row["text"]
    span = Span(row["start"], row["end"])
    if isinstance(fields["statement"], list):
        before, start, end = cast("tuple[str, int, int]", fields["statement"])
        fields["statement"] = before + text[start:end]
    if isinstance(fields.get("value"), list):
        fields["value"] = tuple(cast(list[float], fields["value"]))
    fields |= {
        "id": row["fact"],
        "kind": FactKind(row["kind"]),
        "origin": FactOrigin(row["origin"]),
        "article": row["slug"],
        "passage": row["passage"],
        "paragraph": row["number"],
        "span": span,
        "text": span.of(text),
        "aliases": tuple(fields.get("aliases", ())),
        "date_start": row["date_start"],
        "date_end": row["date_end"],
    }
    return Fact(**fields)
