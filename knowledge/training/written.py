"""The written question sets: short articles and the questions on each.

A set ``NAME`` in a folder is two files. ``NAME.articles.jsonl`` has ``id``, ``lang``, ``title`` and
``paragraphs`` or, where headings, lists and tables matter, ``markdown``; ``NAME.questions.jsonl``
has ``article``, ``lang``, ``kind``, ``paragraph``, ``question`` and ``answer`` (verbatim, null
where the article does not answer).
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
from knowledge.corpus.article_files import read_markdown
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
    "written_out",
]


_TELLING = 6
"""Characters of an answer that says by itself where it stands, at least."""


@dataclass(frozen=True, slots=True)
class WrittenArticle:
    """An article; ``language`` is ISO 639-1. ``headings``: the path above each paragraph;
    ``body``: its Markdown."""

    slug: str
    language: str
    title: str
    paragraphs: tuple[str, ...]
    headings: tuple[tuple[str, ...], ...]
    body: str


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
        """Whether a passage has the answer: it is of the paragraph, or has the words in the same
        article, if they are not as short as a number that may stand anywhere."""
        if self.answer is None or passage.article != self.article.slug:
            return False
        own, shown = _letters(self.article.paragraphs[self.paragraph]), _letters(passage.text)
        if len(self.answer) < _TELLING and shown not in own and own not in shown:
            return False
        return shown == own or self.answer in passage.text


WrittenSet = Mapping[WrittenArticle, Sequence[WrittenQuestion]]
"""Articles with their questions."""


def read_written(folder: Path, name: str) -> WrittenSet:
    """Return the articles of a set with their questions, in the order of the files."""
    lines = json_lines(folder / f"{name}.articles.jsonl")
    articles = {article.slug: article for article in map(_article, lines)}
    questions: dict[WrittenArticle, list[WrittenQuestion]] = defaultdict(list)
    for one in json_lines(folder / f"{name}.questions.jsonl"):
        article = articles[one["article"]]
        questions[article].append(
            WrittenQuestion(
                article, one["lang"], one["kind"], one["paragraph"], one["question"], one["answer"]
            )
        )
    return {article: questions[article] for article in articles.values()}


def _article(line: Mapping[str, Any]) -> WrittenArticle:
    slug, language, title = line["id"], line["lang"], line["title"]
    if "markdown" not in line:
        paragraphs = tuple(line["paragraphs"])
        body = "\n\n".join(paragraphs)
        return WrittenArticle(slug, language, title, paragraphs, ((),) * len(paragraphs), body)
    body = line["markdown"]
    article, _ = read_markdown(slug, _file_of(language, title, body))
    return WrittenArticle(
        slug,
        language,
        title,
        tuple(one.text for one in article.paragraphs),
        tuple(article.headings_of(one) for one in article.paragraphs),
        body,
    )


@contextmanager
def open_articles(
    articles: Sequence[WrittenArticle], encoder: Encoder | None, reader: Reader | None = None
) -> Generator[KnowledgeBase]:
    """Index articles as a server's would be, in a folder that is gone afterwards."""
    with (
        written_out(articles) as folder,
        KnowledgeBase.open(folder / "knowledge.db", [folder], encoder, reader) as knowledge,
    ):
        yield knowledge


@contextmanager
def written_out(articles: Sequence[WrittenArticle]) -> Generator[Path]:
    """Write articles as a server's would be, a file each, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sourcier-") as place:
        folder = Path(place)
        for article in articles:
            text = _file_of(article.language, article.title, article.body)
            (folder / f"{article.slug}.md").write_text(text, encoding="utf-8")
        yield folder


def _file_of(language: str, title: str, body: str) -> str:
    quoted = json.dumps(title, ensure_ascii=False)
    return f"---\ntitle: {quoted}\nlanguage: {language}\n---\n\n{body}\n"


def _letters(text: str) -> str:
    """Return what of a text no mark-up changes."""
    return re.sub(r"\W+", "", text).casefold()


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file, one a line."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
