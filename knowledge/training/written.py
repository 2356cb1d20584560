"""The written question sets: short articles and the questions on each.

A set ``NAME`` in a folder is ``NAME.articles.jsonl`` (``id``, ``lang``, ``title``, ``paragraphs``)
and ``NAME.questions.jsonl`` (``article``, ``lang``, ``kind``, ``paragraph``, ``question``,
``answer``: verbatim, null where the article does not answer).
"""

from __future__ import annotations

import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.base import KnowledgeBase
from knowledge.index import StoredPassage
from knowledge.model import Citation
from knowledge.neural.encoder import Encoder
from knowledge.neural.reader import Reader

__all__ = [
    "WrittenArticle",
    "WrittenQuestion",
    "WrittenSet",
    "json_lines",
    "open_articles",
    "read_written",
]


@dataclass(frozen=True, slots=True)
class WrittenArticle:
    """An article; ``language`` is ISO 639-1."""

    slug: str
    language: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrittenQuestion:
    """A question on an article: ``paragraph``, from 0, answers or tempts most; ``answer`` is
    verbatim, ``None`` where there is none."""

    article: WrittenArticle
    language: str
    kind: str
    paragraph: int
    question: str
    answer: str | None

    def is_answered_by(self, passage: StoredPassage | Citation) -> bool:
        """Whether a passage has the answer: it is the paragraph, or has the words in the same
        article."""
        if self.answer is None or passage.article != self.article.slug:
            return False
        own = self.article.paragraphs[self.paragraph]
        return _letters(passage.text) == _letters(own) or self.answer in passage.text


WrittenSet = Mapping[WrittenArticle, Sequence[WrittenQuestion]]
"""Articles with their questions."""


def read_written(folder: Path, name: str) -> WrittenSet:
    """Return the articles of a set with their questions, in the order of the files."""
    articles = {
        one["id"]: WrittenArticle(one["id"], one["lang"], one["title"], tuple(one["paragraphs"]))
        for one in json_lines(folder / f"{name}.articles.jsonl")
    }
    questions: dict[WrittenArticle, list[WrittenQuestion]] = defaultdict(list)
    for one in json_lines(folder / f"{name}.questions.jsonl"):
        article = articles[one["article"]]
        questions[article].append(
            WrittenQuestion(
                article, one["lang"], one["kind"], one["paragraph"], one["question"], one["answer"]
            )
        )
    return {article: questions[article] for article in articles.values()}


@contextmanager
def open_articles(
    articles: Sequence[WrittenArticle], encoder: Encoder | None, reader: Reader | None = None
) -> Generator[KnowledgeBase]:
    """Index articles as a server's would be, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sourcier-") as place:
        folder = Path(place)
        for article in articles:
            _write(folder / f"{article.slug}.md", article)
        with KnowledgeBase.open(folder / "knowledge.db", [folder], encoder, reader) as knowledge:
            yield knowledge


def _write(path: Path, article: WrittenArticle) -> None:
    title = json.dumps(article.title, ensure_ascii=False)
    head = f"---\ntitle: {title}\nlanguage: {article.language}\n---\n"
    path.write_text("\n\n".join([head, *article.paragraphs]) + "\n", encoding="utf-8")


def _letters(text: str) -> str:
    """Return what of a text no mark-up changes."""
    return re.sub(r"\W+", "", text).casefold()


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file, one a line."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
