"""Articles with questions on them, from the sets in ``tests/data``: what is learned from, what is
measured on, and what neither network may learn from.

Never learned from are the articles of ``written/dev`` (measured on) and ``written/fit`` (fitted
to). Of the public sets a fifth is kept back, article by article, to measure on.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from knowledge.model import Span
from knowledge.text.tokens import tokenize
from knowledge.training.written import json_lines, read_written

__all__ = ["Article", "Question", "located", "measured_on", "trained_on"]

_EVERY = 5
_KEPT_BACK_EN = frozenset({"1973 oil crisis", "French and Indian War", "Harvard University"})
_XQUAD_ARTICLE = 5
"""Paragraphs of an article in XQuAD, which follow each other and have no title."""
_AROUND = 120  # characters about an answer that tell which of several places is meant


@dataclass(frozen=True, slots=True)
class Question:
    """A question on an article.

    ``paragraph``: the number of the one that answers or, where none does, that tempts most;
    ``answer``: the characters of it that do, ``None`` where the article does not answer; ``kind``:
    how the question came about (the set's name, or a kind of near miss).
    """

    text: str
    language: str
    paragraph: int
    answer: Span | None
    kind: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article of the set ``source`` and what is asked about it; ``headings``: the path above
    each paragraph."""

    source: str
    language: str
    title: str
    paragraphs: tuple[str, ...]
    headings: tuple[tuple[str, ...], ...]
    questions: tuple[Question, ...]


def trained_on(sets: Path) -> list[Article]:
    """Return the articles that are learned from; ``sets`` is laid out as ``tests/data``.

    Raises OSError, ValueError or KeyError where a set cannot be read.
    """
    public = [article for is_kept_back, article in _public(sets) if not is_kept_back]
    return [*_written(sets / "written", "train"), *public]


def measured_on(sets: Path) -> list[Article]:
    """Return the articles that are measured on: see ``trained_on``."""
    public = [article for is_kept_back, article in _public(sets) if is_kept_back]
    return [*_written(sets / "written", "dev"), *public]


def located(question: str, text: str, answer: str | None) -> Span | None:
    """Return where ``answer`` stands in ``text``, ``None`` where it does not; of several places
    the one among the most words of the question."""
    if not answer:
        return None
    at = text.find(answer)
    if at == text.rfind(answer):
        return Span(at, at + len(answer)) if at >= 0 else None
    asked = {token.folded for token in tokenize(question) if len(token.folded) > 2}
    best, most = None, -1
    while at >= 0:
        around = text[max(0, at - _AROUND) : at + len(answer) + _AROUND]
        shared = len(asked & {token.folded for token in tokenize(around)})
        if shared > most:
            best, most = Span(at, at + len(answer)), shared
        at = text.find(answer, at + 1)
    return best


def _written(folder: Path, part: str) -> Iterator[Article]:
    for article, asked in read_written(folder, part).items():
        questions: list[Question] = []
        for one in asked:
            answer = located(one.question, article.paragraphs[one.paragraph], one.answer)
            if answer is not None or one.answer is None:
                questions.append(
                    Question(one.question, one.language, one.paragraph, answer, "written")
                )
        yield Article(
            "written",
            article.language,
            article.title,
            article.paragraphs,
            article.headings,
            tuple(questions),
        )


def _public(sets: Path) -> Iterator[tuple[bool, Article]]:
    """Yield the articles of the public sets, each with whether it is kept back."""
    for article in _paragraphs(sets / "piaf_fr", "piaf", lambda line: line["title"]):
        yield zlib.crc32(article.title.encode()) % _EVERY == 0, article
    hidden: set[str] = set()
    for article in _paragraphs(sets / "squad2_en", "squad", lambda line: line["title"]):
        is_kept_back = article.title in _KEPT_BACK_EN
        if is_kept_back:
            hidden.update(question.text for question in article.questions)
        yield is_kept_back, article
    # Spanish paragraphs are translated from such English ones: what tells is a question of both.
    for article in _paragraphs(
        sets / "xquad_en2es", "xquad", lambda line: int(line["id"].split(":")[1]) // _XQUAD_ARTICLE
    ):
        yield any(question.text in hidden for question in article.questions), article


def _paragraphs(
    folder: Path, source: str, article_of: Callable[[Mapping[str, Any]], object]
) -> Iterator[Article]:
    """Yield the articles of a set of paragraphs, put together by what ``article_of`` says of a
    line, with the questions and near misses on them."""
    asked: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    more = folder / "near_misses.jsonl"
    for line in chain(
        json_lines(folder / "queries.jsonl"), json_lines(more) if more.exists() else ()
    ):
        asked[line.get("paragraph") or line["gold_ids"][0]].append(line)
    articles: defaultdict[object, list[Mapping[str, Any]]] = defaultdict(list)
    for line in json_lines(folder / "corpus.jsonl"):
        articles[article_of(line)].append(line)
    for lines in articles.values():
        paragraphs = tuple(line["text"].lstrip("\ufeff") for line in lines)
        questions = (
            _question(one, paragraphs[at], at, source)
            for at, line in enumerate(lines)
            for one in asked[line["id"]]
        )
        found = tuple(question for question in questions if question is not None)
        title = lines[0]["title"].replace("_", " ")
        bare = ((),) * len(paragraphs)
        yield Article(source, lines[0]["lang"], title, paragraphs, bare, found)


def _question(line: Mapping[str, Any], text: str, paragraph: int, source: str) -> Question | None:
    """Return the question of a line, on the paragraph ``text``; ``None`` where it has an answer
    that is not found."""
    answer = located(line["question"], text, line["answer"])
    if answer is None and line.get("gold_ids", line["answer"]):
        return None
    return Question(line["question"], line["lang"], paragraph, answer, line.get("kind") or source)
