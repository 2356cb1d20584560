"""``python -m knowledge.corpus.conversion NAME [TITLE] < FILE``: a file to an article, as JSON.

Meant to be run by a face with a time limit: here memory is limited, where the system can do that.
Prints an object with ``markdown``, ``title``, ``language``, ``sections`` (their titles),
``paragraphs`` (how many), ``beginning`` (the first), ``facts`` (how many) and ``first_facts``
(kind and words of the first), or one with ``refusal`` and ``detail``.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from knowledge.corpus.article_files import read_articles
from knowledge.corpus.conversion.converting import convert
from knowledge.corpus.conversion.draft import ConversionRefused, Refusal
from knowledge.facts.extraction import extract
from knowledge.model import Article

_MEMORY_BYTES = 3 * 1024**3
"""Address space: what is in use is far less, and a bomb is far more."""

_FACTS_SHOWN = 10


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = _MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(_MEMORY_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _read(markdown: str) -> Article:
    with tempfile.TemporaryDirectory(prefix="sourcier-") as folder:
        path = Path(folder) / "upload.md"
        path.write_text(markdown, encoding="utf-8", newline="\n")
        _, item = next(iter(read_articles([path])))
    if not isinstance(item, Article):  # a problem, or the note that it is a draft
        place = "" if item.line is None else f"line {item.line}: "
        raise ConversionRefused(Refusal.INVALID, f"{place}{item.message}")
    return item


def _described(name: str, data: bytes, title: str | None) -> dict[str, Any]:
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
        "facts": len(facts),
        "first_facts": [(fact.kind, fact.text) for fact in facts[:_FACTS_SHOWN]],
    }


def main(arguments: Sequence[str]) -> None:
    """Convert standard input."""
    _limit_memory()
    name, title = arguments[0], arguments[1] if len(arguments) > 1 else None
    try:
        said = _described(name, sys.stdin.buffer.read(), title)
    except ConversionRefused as refused:
        said = {"refusal": refused.reason, "detail": refused.detail}
    except (MemoryError, RecursionError):
        said = {"refusal": Refusal.TOO_SLOW, "detail": ""}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
