"""Measures answers to a written set: ``python -m knowledge.training measure --help``.

Every article is asked its questions by itself, and all articles together as a library, with the
models of the package, by the language of the question and of its article.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from knowledge.base import KnowledgeBase
from knowledge.evaluation.question_sets import RANKS, Question, evaluate
from knowledge.model import Answer, Verdict
from knowledge.training.fitting import Models, load_models, written_parser
from knowledge.training.written import (
    WrittenQuestion,
    WrittenSet,
    open_articles,
    read_written,
)

__all__ = ["Asked", "figures", "labelled", "main"]

_GROUPS: Mapping[str, Callable[[WrittenQuestion], bool]] = {
    "all": lambda _: True,
    "French on French": lambda one: (one.language, one.article.language) == ("fr", "fr"),
    "English on English": lambda one: (one.language, one.article.language) == ("en", "en"),
    "English on French": lambda one: (one.language, one.article.language) == ("en", "fr"),
    "French on English": lambda one: (one.language, one.article.language) == ("fr", "en"),
    "other languages": lambda one: one.language not in ("fr", "en"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what was answered."""

    question: WrittenQuestion
    answer: Answer

    def is_right(self, among: int = 1) -> bool:
        """Whether one of the first passages answers."""
        return any(self.question.is_answered_by(one) for one in self.answer.citations[:among])

    @property
    def is_green(self) -> bool:
        """Whether an answer was claimed."""
        return self.answer.verdict is Verdict.ANSWERED


def figures(asked: Sequence[Asked]) -> dict[str, float]:
    """Return the figures of some questions, at least one (NaN where there are none of a sort): see
    ``knowledge.evaluation.question_sets.evaluate``; ``green`` and ``green, not said``: of the
    answered and of the other questions those that were claimed; ``of green, right``: passages that
    answer among all claims."""
    answers = iter([one.answer for one in asked])
    report = evaluate("", [labelled(one.question) for one in asked], lambda _: next(answers))
    answerable = [one for one in asked if one.question.answer is not None]
    others = [one for one in asked if one.question.answer is None]
    green = [one for one in asked if one.is_green]
    return {
        "hit@1": _share(one.is_right() for one in answerable),
        "hit@3": _share(one.is_right(among=3) for one in answerable),
        "F1": report.figures["highlight_f1"],
        "AUC": report.figures["auc_unanswerable"],
        "green": _share(one.is_green for one in answerable),
        "green, not said": _share(one.is_green for one in others),
        "of green, right": _share(one.is_right() for one in green),
        "questions": len(asked),
    }


def labelled(question: WrittenQuestion) -> Question:
    """Return a question as a question set has it."""
    return Question(
        id="",
        question=question.question,
        kind=question.kind,
        gold=() if question.answer is None else (question.article.paragraphs[question.paragraph],),
        answer=question.answer,
    )


def _share(values: Iterator[bool]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else math.nan


def _ask(knowledge: KnowledgeBase, questions: Sequence[WrittenQuestion]) -> Iterator[Asked]:
    for question in questions:
        yield Asked(question, knowledge.ask(question.question, limit=RANKS))


def _by_article(written: WrittenSet, models: Models) -> Iterator[Asked]:
    for article, questions in written.items():
        with open_articles([article], models.encoder, models.reader) as knowledge:
            yield from _ask(knowledge, questions)


def _as_library(written: WrittenSet, models: Models) -> Iterator[Asked]:
    with open_articles(list(written), models.encoder, models.reader) as knowledge:
        for questions in written.values():
            yield from _ask(knowledge, questions)


def main(arguments: Sequence[str]) -> None:
    """Ask a set both ways and print a table of each."""
    options = written_parser("measure", __doc__ or "").parse_args(arguments)
    written = read_written(options.folder, options.name)
    models = load_models()
    console = Console()
    for title, asking in (("each article alone", _by_article), ("a library", _as_library)):
        asked = list(asking(written, models))
        table = Table(box=None, title=f"{options.name}, {title}")
        table.add_column("")
        for name in figures(asked[:1]):
            table.add_column(name, justify="right")
        for group, is_in in _GROUPS.items():
            members = [one for one in asked if is_in(one.question)]
            if members:
                own = figures(members)
                count = int(own.pop("questions"))
                table.add_row(group, *(f"{value:.3f}" for value in own.values()), str(count))
        console.print(table)
