"""Questions in the index: golden ones beside the articles, and headings that ask; their SQL."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from knowledge.index.connection import Connection
from knowledge.model import heading_path
from knowledge.model.articles import QUESTION_MARKS
from knowledge.model.trials import GoldenQuestion

__all__ = ["AskingHeading", "QuestionReader"]


@dataclass(frozen=True, slots=True)
class AskingHeading:
    """A heading that is a question, and the first passage below it. ``section``: its path."""

    question: str
    language: str
    article: str
    section: str | None
    passage: str


class QuestionReader(Connection):
    """Queries on questions."""

    def questions(self, slug: str | None = None) -> tuple[GoldenQuestion, ...]:
        """Return the golden questions of an article, or of all, by slug and in their order."""
        where, parameters = ("", []) if slug is None else ("WHERE a.slug = ?", [slug])
        rows = self._rows(
            f"SELECT q.details FROM questions AS q JOIN articles AS a ON a.id = q.article {where} "
            "ORDER BY a.slug, q.position",
            parameters,
        )
        details: list[dict[str, Any]] = [json.loads(row["details"]) for row in rows]
        return tuple(GoldenQuestion(gold=tuple(one.pop("gold")), **one) for one in details)

    def asking_headings(self, limit: int) -> list[AskingHeading]:
        """Return at most ``limit`` headings that are questions, by article and in its order."""
        rows = self._rows(
            "SELECT s.title, s.above, a.slug, a.language, p.passage, min(p.number) "
            "FROM sections AS s JOIN articles AS a ON a.id = s.article "
            "JOIN paragraphs AS p ON p.article = s.article AND p.section = s.position "
            f"WHERE substr(s.title, -1) IN ({', '.join('?' for _ in QUESTION_MARKS)}) "
            "GROUP BY s.article, s.position ORDER BY a.slug, s.position LIMIT ?",
            [*QUESTION_MARKS, limit],
        )
        return [
            AskingHeading(
                row["title"],
                row["language"],
                row["slug"],
                heading_path((*json.loads(row["above"]), row["title"])),
                row["passage"],
            )
            for row in rows
        ]
