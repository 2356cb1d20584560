"""Golden questions: ``<slug>.questions.jsonl`` beside an article, which keep its answers right.

One JSON object a line, as in every question set::

    {"id": "barrels", "question": "Combien de barils en juillet ?", "lang": "fr", "kind": "fact",
     "gold": ["des exportations de pétrole totalisant 10 933 barils"], "answer": "10 933 barils"}
    {"id": "wine", "question": "Quel vin ont-ils bu ?", "lang": "fr", "gold": []}

``gold`` are clauses of the article, word for word (any kind of space will do), any of which is
right; none: the articles do not answer it. ``lang``, ``kind`` and ``answer`` may be left out.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from knowledge.model import Article
from knowledge.model.errors import ArticleError
from knowledge.model.trials import GoldenQuestion

__all__ = ["MAX_QUESTIONS", "SUFFIX", "plain", "read_golden"]

SUFFIX = ".questions.jsonl"
MAX_FILE_BYTES = 1_000_000
MAX_QUESTIONS = 500

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
_Clause = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]


class _Line(BaseModel):
    """A golden question as it is written."""

    model_config = ConfigDict(extra="ignore")

    id: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    question: _Text
    gold: Annotated[list[_Clause], Field(max_length=50)]
    lang: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] | None = None
    kind: Annotated[str, StringConstraints(min_length=1, max_length=40)] = "question"
    answer: _Text | None = None


_WANTED = {
    "id": "a name of at most 80 characters",
    "question": "a question of at most 300 characters",
    "gold": "a list of clauses of the article, word for word ([]: it does not answer)",
    "lang": "two letters, such as fr",
    "kind": "a word, such as fact",
    "answer": "at most 300 characters of a gold clause",
}


def plain(text: str) -> str:
    """Return ``text`` with its white space alike: articles have no-break spaces."""
    return " ".join(text.split())


def read_golden(article: Article, path: Path) -> tuple[GoldenQuestion, ...]:
    """Return the questions of the file ``path`` about ``article``, in its order.

    Raises ArticleError, which names the file, the line and what is wrong with it; OSError and
    UnicodeDecodeError where the file cannot be read.
    """
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ArticleError(f"{path.name} is larger than {MAX_FILE_BYTES:,} bytes. Shorten it.")
    paragraphs = [plain(paragraph.text) for paragraph in article.paragraphs]
    found: dict[str, GoldenQuestion] = {}
    for number, line in _lines(path):
        try:
            question = _question(article.slug, line, paragraphs, found)
        except ValueError as error:
            raise ArticleError(f"{path.name}, line {number}: {error}.") from None
        found[question.id] = question
        if len(found) > MAX_QUESTIONS:
            raise ArticleError(f"{path.name} has more than {MAX_QUESTIONS} questions. Shorten it.")
    return tuple(found.values())


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    text = path.read_text(encoding="utf-8-sig")
    return ((n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip())


def _question(
    slug: str, line: str, paragraphs: Sequence[str], taken: Container[str]
) -> GoldenQuestion:
    """Read a line; ``taken``: the ids of those before. Raises ValueError: what is wrong with it."""
    try:
        read = _Line.model_validate_json(line)
    except ValidationError as error:
        raise ValueError(_explain(error)) from None
    if read.id in taken:
        raise ValueError(f"its id “{read.id}” is that of another question")
    for gold in read.gold:
        if not any(plain(gold) in paragraph for paragraph in paragraphs):
            raise ValueError(
                f"its gold does not occur in the article: “{gold[:80]}”. Copy it word for word, or "
                "remove the line"
            )
    if read.answer is not None and not any(plain(read.answer) in plain(g) for g in read.gold):
        raise ValueError(f"its answer is in no gold clause: “{read.answer[:80]}”")
    return GoldenQuestion(
        article=slug,
        id=read.id,
        question=read.question,
        gold=tuple(read.gold),
        language=read.lang,
        kind=read.kind,
        answer=read.answer,
    )


def _explain(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    if first["type"] == "json_invalid" or not first["loc"]:
        return "is not a JSON object. Write {“id”: …, “question”: …, “gold”: […]}"
    key = str(first["loc"][0])
    return f"“{key}” is missing or wrong: write {_WANTED[key]}"
