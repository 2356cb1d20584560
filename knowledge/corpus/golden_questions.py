"""Golden questions: ``<slug>.questions.jsonl`` beside an article, which keep its answers right.

One JSON object a line, as in every question set::

    {"id": "barrels", "question": "Combien de barils en juillet ?", "lang": "fr", "kind": "fact",
     "gold": ["des exportations de pétrole totalisant 10 933 barils"], "answer": "10 933 barils"}
    {"id": "wine", "question": "Quel vin ont-ils bu ?", "lang": "fr", "gold": []}

``gold`` are clauses of the article, word for word (any kind of space will do), any of which is
right; none: the articles do not answer it. ``lang``, ``kind`` and ``answer`` may be left out.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from knowledge.corpus.question_lines import QuestionLine, WrongLine, plain, read_lines
from knowledge.model import Article
from knowledge.model.errors import ArticleError, raise_together
from knowledge.model.notes import NoteKind, Remark
from knowledge.model.trials import GoldenQuestion

__all__ = ["MAX_QUESTIONS", "SUFFIX", "read_golden"]

SUFFIX = ".questions.jsonl"
MAX_FILE_BYTES = 1_000_000
MAX_QUESTIONS = 500

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
_Clause = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]


class _Line(QuestionLine):
    """A golden question as it is written."""

    id: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    question: _Text
    gold: Annotated[tuple[_Clause, ...], Field(max_length=50)]
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


class _Stale(ValueError):
    """The article does not have the words of a question (any more)."""


def read_golden(
    article: Article, path: Path
) -> tuple[tuple[GoldenQuestion, ...], tuple[Remark, ...]]:
    """Return the questions of the file ``path`` about ``article``, in its order, and what was left
    out.

    Left out is a question with a gold clause that the article does not have. Raises ArticleError
    for whatever else is wrong, of every line at once: each names the file and the line; OSError
    and UnicodeDecodeError where the file cannot be read.
    """
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ArticleError(f"{path.name} is larger than {MAX_FILE_BYTES:,} bytes. Shorten it.")
    paragraphs = [plain(paragraph.text) for paragraph in article.paragraphs]
    found: dict[str, GoldenQuestion] = {}
    stale: list[Remark] = []
    wrong: list[ArticleError] = []
    for number, line in read_lines(path.read_text(encoding="utf-8-sig"), _Line):
        if isinstance(line, WrongLine):
            wrong.append(ArticleError(f"{path.name}, line {number}: {_explain(line)}."))
            continue
        try:
            _check(line, paragraphs, found)
        except _Stale as error:
            message = f"question “{line.id}” was left out: {error}"
            stale.append(Remark(NoteKind.STALE, number, message))
        except ValueError as error:
            wrong.append(ArticleError(f"{path.name}, line {number}: {error}."))
        else:
            found[line.id] = _question(article.slug, line)
    if len(found) > MAX_QUESTIONS:
        message = f"{path.name} has more than {MAX_QUESTIONS} questions. Shorten it."
        wrong.append(ArticleError(message))
    raise_together(wrong)
    return tuple(found.values()), tuple(stale)


def _check(line: _Line, paragraphs: Sequence[str], taken: Container[str]) -> None:
    """Raise ValueError where a question's id is one of those before, or its answer is not in its
    gold; _Stale where its gold is nowhere."""
    if line.id in taken:
        raise ValueError(f"its id “{line.id}” is that of another question")
    if line.answer is not None and not any(plain(line.answer) in plain(g) for g in line.gold):
        raise ValueError(f"its answer is in no gold clause: “{line.answer[:80]}”")
    for gold in line.gold:
        if not any(plain(gold) in paragraph for paragraph in paragraphs):
            raise _Stale(
                f"its gold does not occur in the article: “{gold[:80]}”. Copy it word for word, or "
                "remove the line"
            )


def _question(slug: str, line: _Line) -> GoldenQuestion:
    return GoldenQuestion(
        article=slug,
        id=line.id,
        question=line.question,
        gold=line.gold,
        language=line.lang,
        kind=line.kind,
        answer=line.answer,
    )


def _explain(error: WrongLine) -> str:
    if not error.key:
        return "is not a JSON object. Write {“id”: …, “question”: …, “gold”: […]}"
    return f"“{error.key}” is missing or wrong: write {_WANTED[error.key]}"
