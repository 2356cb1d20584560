"""Answers and search results as the JSON that ``--json`` and ``--jsonl`` print."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bot.ui.deep_links import link_to
from knowledge import (
    Answer,
    Article,
    ArticleChange,
    Citation,
    Comparison,
    Evidence,
    Fact,
    Paragraph,
    ReindexReport,
    SelfTest,
    Trial,
)

if TYPE_CHECKING:
    from knowledge import EvaluationReport  # slow to import

__all__ = [
    "answer_payload",
    "article_payload",
    "citation_payload",
    "comparison_payload",
    "evidence_payload",
    "fact_payload",
    "paragraph_payload",
    "reindex_payload",
    "report_payload",
    "selftest_payload",
]


def answer_payload(
    answer: Answer, identifier: object = None, facts: Iterable[Fact] = ()
) -> dict[str, Any]:
    """Return an answer as one JSON object; offsets count characters, ends are exclusive.

    ``facts``: those inside the first citation's snippet. ``parts``: the answer to each question,
    where there are several, without further parts.
    """
    return {
        "id": identifier,
        "question": answer.question,
        "language": answer.language,
        "verdict": answer.verdict.value,
        "confidence": round(answer.confidence, 4),
        "elapsed_ms": round(answer.elapsed_ms, 3),
        "reader": None if answer.reader is None else answer.reader.value,
        "citations": [citation_payload(citation) for citation in answer.citations],
        "facts": [fact_payload(fact) for fact in facts],
        "evidence": None if answer.evidence is None else evidence_payload(answer.evidence),
        "is_question": answer.is_question,
        "outline": [citation_payload(citation) for citation in answer.outline],
        "parts": [_part_payload(part) for part in answer.parts],
        "left_out": list(answer.left_out),
    }


def _part_payload(answer: Answer) -> dict[str, Any]:
    """Return the answer to one of several questions."""
    return {
        "question": answer.question,
        "language": answer.language,
        "verdict": answer.verdict.value,
        "confidence": round(answer.confidence, 4),
        "reader": None if answer.reader is None else answer.reader.value,
        "citations": [citation_payload(citation) for citation in answer.citations],
        "evidence": None if answer.evidence is None else evidence_payload(answer.evidence),
    }


def citation_payload(citation: Citation) -> dict[str, Any]:
    """Return a citation: ``snippet`` is ``text[start:end]``, highlights are offsets into it.

    ``url`` is the article's, ``deep_link`` leads to the snippet in it.
    """
    return {
        "article": citation.article,
        "title": citation.title,
        "section": citation.section,
        "paragraph": citation.paragraph,
        "text": citation.text,
        "snippet": citation.snippet,
        "start": citation.span.start,
        "end": citation.span.end,
        "highlights": [[span.start, span.end] for span in citation.highlights],
        "items_left": citation.items_left,
        "score": round(citation.score, 4),
        "url": citation.url,
        "deep_link": link_to(citation),
    }


def evidence_payload(evidence: Evidence) -> dict[str, Any]:
    """Return what a confidence rests on: the intercept and the contributions sum to its log-odds.

    They are not rounded, so that the sum holds.
    """
    return {
        "words": [{"word": one.word, "support": one.support.value} for one in evidence.words],
        "factors": [
            {"name": one.name, "value": one.value, "contribution": one.contribution}
            for one in evidence.factors
        ],
        "intercept": evidence.intercept,
    }


def fact_payload(fact: Fact) -> dict[str, Any]:
    """Return a fact: ``text`` is ``[start:end]`` of its paragraph."""
    return {
        "id": fact.id,
        "kind": fact.kind.value,
        "article": fact.article,
        "paragraph": fact.paragraph,
        "start": fact.span.start,
        "end": fact.span.end,
        "text": fact.text,
        "statement": fact.statement,
        "statements": dict(fact.statements),
        "value": list(fact.value) if isinstance(fact.value, tuple) else fact.value,
        "unit": fact.unit,
        "counted": fact.counted,
        "approx": fact.approx,
        "date_start": fact.date_start,
        "date_end": fact.date_end,
        "precision": fact.precision,
        "year_inferred": fact.is_year_inferred,
        "role": fact.role,
        "speaker": fact.speaker,
        "origin": fact.origin.value,
    }


def article_payload(article: Article) -> dict[str, Any]:
    """Return an article with all its paragraphs."""
    return {
        "article": article.slug,
        "title": article.title,
        "titles": dict(article.titles),
        "language": article.language,
        "source": article.source,
        "url": article.url,
        "published": article.published and article.published.isoformat(),
        "reference_date": article.reference_date and article.reference_date.isoformat(),
        "paragraphs": [paragraph_payload(article, p) for p in article.paragraphs],
    }


def paragraph_payload(article: Article, paragraph: Paragraph) -> dict[str, Any]:
    """Return one paragraph of an article with its place."""
    return {
        "article": article.slug,
        "section": article.section_of(paragraph),
        "paragraph": paragraph.number,
        "text": paragraph.text,
    }


def reindex_payload(report: ReindexReport) -> dict[str, Any]:
    """Return what a reindex did."""
    return {
        "added": list(report.added),
        "changed": list(report.changed),
        "removed": list(report.removed),
        "kept": list(report.kept),
        "paragraphs": asdict(report.paragraphs),
        "facts": asdict(report.facts),
        "changes": [_change_payload(change) for change in report.changes],
        "golden": None if report.golden is None else comparison_payload(report.golden),
        "problems": [
            {"file": str(p.path), "line": p.line, "message": p.message} for p in report.problems
        ],
        "notes": [
            {"kind": n.kind.value, "file": str(n.path), "line": n.line, "message": n.message}
            for n in report.notes
        ],
        "further_notes": report.further_notes,
        "index_version": report.index_version,
        "elapsed_ms": round(report.elapsed_ms, 1),
    }


def _change_payload(change: ArticleChange) -> dict[str, Any]:
    """Return what became of an article."""
    return {
        "article": change.slug,
        "title": change.title,
        "kind": change.kind.value,
        "paragraphs": asdict(change.paragraphs),
        "facts": asdict(change.facts),
        "differences": [
            {
                "kind": one.kind.value,
                "paragraph": one.paragraph,
                "fact": None if one.fact is None else one.fact.value,
                "before": one.before,
                "after": one.after,
            }
            for one in change.differences
        ],
    }


def selftest_payload(test: SelfTest) -> dict[str, Any]:
    """Return a self-test; ``miss`` is ``None`` for a hit."""
    return {
        "hits": test.hits,
        "total": len(test.trials),
        "left_out": test.left_out,
        "trials": [_trial_payload(trial) for trial in test.trials],
    }


def comparison_payload(comparison: Comparison) -> dict[str, Any]:
    """Return how many golden questions were answered rightly before and after a reindex."""
    return {
        "total": len(comparison.after.trials),
        "before": comparison.before.hits,
        "after": comparison.after.hits,
        "worse": [_trial_payload(trial) for trial in comparison.worse],
        "better": [_trial_payload(trial) for trial in comparison.better],
    }


def _trial_payload(trial: Trial) -> dict[str, Any]:
    return {
        "id": trial.question.id,
        "of": trial.question.article,
        "question": trial.question.question,
        "miss": None if trial.miss is None else trial.miss.value,
        "article": trial.article,
        "paragraph": trial.paragraph,
        "rank": trial.rank,
    }


def report_payload(report: EvaluationReport) -> dict[str, Any]:
    """Return the figures of a question set; what could not be measured is ``None``."""
    return {
        "name": report.name,
        "questions": report.questions,
        "figures": {
            name: None if math.isnan(value) else round(value, 4)
            for name, value in report.figures.items()
        },
        "verdicts": {kind: dict(shares) for kind, shares in report.verdicts.items()},
        "latency_ms": dict(report.latency_ms),
    }
