"""What is told of a file before its article is put in use."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from knowledge.corpus.article_files import read_articles
from knowledge.corpus.conversion.converting import convert
from knowledge.corpus.conversion.draft import ConversionRefused, Refusal, words_of
from knowledge.facts.extraction import extract
from knowledge.model import Article

__all__ = ["described"]

_FACTS_SHOWN = 10


def described(name: str, data: bytes, title: str | None) -> dict[str, Any]:
    """Return what ``python -m knowledge.corpus.conversion`` prints of a file.

    Raises ConversionRefused.
    """
    markdown = convert(name, data, title)
    article = _read(markdown)
    facts = extract(article)
    return {
        "markdown": markdown,
        "title": article.title,
        "language": article.language,
        "sections": [section.title for section in article.sections],
        "paragraphs": len(article.paragraphs),
        "beginning": article.paragraphs[0].text,
        "words": words_of(one.text for one in article.paragraphs),
        "facts": len(facts),
        "first_facts": [(fact.kind, fact.text) for fact in facts[:_FACTS_SHOWN]],
    }


def _read(markdown: str) -> Article:
    with tempfile.TemporaryDirectory(prefix="sourcier-") as folder:
        path = Path(folder) / "upload.md"
        path.write_text(markdown, encoding="utf-8", newline="\n")
        _, item = next(iter(read_articles([path])))
    if not isinstance(item, Article):
        place = "" if item.line is None else f"line {item.line}: "
        raise ConversionRefused(Refusal.INVALID, f"{place}{item.message}")
    return item
