"""What is told of a file, or of those in an archive, before its article is put in use."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any

from knowledge.corpus.article_files import read_articles
from knowledge.corpus.conversion.archive import FACTS, QUESTIONS, Archive, Entry
from knowledge.corpus.conversion.converting import convert
from knowledge.corpus.conversion.draft import ConversionRefused, Refusal, words_of
from knowledge.facts.extraction import extract
from knowledge.model import Article, ArticleProblem
from knowledge.model.notes import ArticleNote, NoteKind

__all__ = ["described", "described_archive"]

_FACTS_SHOWN = 10
_STEM = "upload"


_ENOUGH_SECONDS = 8.0
"""Of processor time: the other files of an archive then get a process of their own."""

_ENOUGH_CHARACTERS = 2_000_000
"""What is said of the files of an archive at once; as JSON, that may take six times the bytes."""


def described(
    name: str, data: bytes, title: str | None, facts: bytes = b"", questions: bytes = b""
) -> dict[str, Any]:
    """Return what ``python -m knowledge.corpus.conversion`` prints of a file.

    ``facts`` and ``questions``: the files beside it. Raises ConversionRefused.
    """
    markdown = convert(name, data, title)
    kept = {FACTS: facts, QUESTIONS: questions}
    article, notes = _read(markdown, PurePath(name).stem, kept)
    found = extract(article)
    return {
        "markdown": markdown,
        "title": article.title,
        "language": article.language,
        "sections": [section.title for section in article.sections],
        "paragraphs": len(article.paragraphs),
        "beginning": article.paragraphs[0].text,
        "words": words_of(one.text for one in article.paragraphs),
        "facts": len(found),
        "first_facts": [(fact.kind, fact.text) for fact in found[:_FACTS_SHOWN]],
        "facts_file": facts.decode("utf-8-sig"),
        "questions_file": questions.decode("utf-8-sig"),
        "notes": notes,
    }


def _read(markdown: str, stem: str, beside: Mapping[str, bytes]) -> tuple[Article, list[str]]:
    """Return the article, and what was left out of the files beside it.

    All that is wrong is told at once. Raises ConversionRefused.
    """
    with tempfile.TemporaryDirectory(prefix="sourcier-") as folder:
        path = Path(folder) / f"{_STEM}.md"
        path.write_text(markdown, encoding="utf-8", newline="\n")
        for suffix, data in beside.items():
            if data:
                path.with_name(f"{_STEM}{suffix}").write_bytes(data)
        items = [item for _, item in read_articles([path])]
    article = items[0]
    if not isinstance(article, Article):
        problems = [
            _told(one, stem) for one in items if isinstance(one, ArticleProblem | ArticleNote)
        ]
        raise ConversionRefused(Refusal.INVALID, "\n".join(problems))
    stale = [one for one in items if isinstance(one, ArticleNote) and one.kind is NoteKind.STALE]
    return article, [
        f"{stem}{one.path.name.removeprefix(_STEM)}, {_told(one, stem)}" for one in stale
    ]


def _told(item: ArticleProblem | ArticleNote, stem: str) -> str:
    """Return what is wrong in one line, with the names that the files have for their owner."""
    place = "" if item.line is None else f"line {item.line}: "
    message = " ".join(item.message.split())
    for suffix in (FACTS, QUESTIONS):
        message = message.replace(f"{_STEM}{suffix}", f"{stem}{suffix}")
    return f"{place}{message}"


def described_archive(data: bytes, title: str | None, first: int) -> Iterator[dict[str, Any]]:
    """Yield the names of the files in an archive, then what is to be told of each from ``first``.

    That ends before the last one where it takes long. ``title`` is for an article that is alone.
    Raises ConversionRefused for the archive as a whole.
    """
    archive = Archive(data)
    yield {"files": [entry.name for entry in archive.entries]}
    alone = sum(entry.refusal is None for entry in archive.entries) == 1
    said = 0
    for entry in archive.entries[first:]:
        try:
            one = _described_entry(archive, entry, title if alone else None)
        except ConversionRefused as refused:
            one = {"refusal": refused.reason, "detail": refused.detail}
        except (MemoryError, RecursionError):
            if said:  # by itself, it may have room enough
                return
            one = {"refusal": Refusal.TOO_SLOW, "detail": ""}
        yield one
        said += 1 + sum(len(one.get(key, "")) for key in ("markdown", "facts_file"))
        said += len(one.get("questions_file", ""))
        if said > _ENOUGH_CHARACTERS or time.process_time() > _ENOUGH_SECONDS:
            return


def _described_entry(archive: Archive, entry: Entry, title: str | None) -> dict[str, Any]:
    if entry.refusal is not None:
        raise ConversionRefused(entry.refusal)
    facts, questions = (
        b"" if one is None else archive.read(one) for one in (entry.facts, entry.questions)
    )
    return described(entry.name, archive.read(entry.info), title, facts, questions)
