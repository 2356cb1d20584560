"""Labelled questions asked in many indexes: what the confidence is fitted to.

A folder holds ``corpus.jsonl`` and ``queries.jsonl``, and may hold ``near_misses.jsonl``:
questions in the words of a paragraph that it does not answer, or in other words that it does
(``paragraph``: the one each was written on). Everything is asked in an index of the whole corpus;
in one of each half of it, where the other half's questions are of another topic; and in indexes
of single articles, since evidence weighs otherwise among few paragraphs, with and without the
paragraph that answers.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from knowledge.answers.confidence_features import confidence_features
from knowledge.answers.quoting import quote
from knowledge.base import KnowledgeBase
from knowledge.evaluation.question_sets import Question, read_questions
from knowledge.neural import NO_ENCODERS, Encoders
from knowledge.neural.reader import Reader
from knowledge.retrieval.reranking import RERANKED

__all__ = ["Engine", "Example", "Topic", "collect"]

_BLOCK = 5  # paragraphs of a corpus without titles that are taken for an article
_MIN_PARAGRAPHS = 3
_MAX_WHOLE = 1_200
_STRANGERS = 5
"""Questions of other articles asked of a single one."""


class Topic(StrEnum):
    """How a question stands to an index: answered there; of its topic, but not; of another."""

    ANSWERED = "answered"
    MISSING = "missing"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Example:
    """The evidence of one question in one index.

    ``is_right``: whether the first passage answers it. ``source``: the set that it comes from;
    ``is_near_miss_set``: whether it is one of near misses. ``article`` keeps those together that
    may tell of each other.
    """

    features: Mapping[str, float]
    is_right: bool
    topic: Topic
    source: str
    article: str
    is_near_miss_set: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    question: Question
    topic: Topic
    source: str
    article: str
    is_near_miss: bool = False


@dataclass(frozen=True, slots=True)
class Engine:
    """What the questions are asked with: see ``knowledge.base.KnowledgeBase.open``."""

    encoders: Encoders = NO_ENCODERS
    reader: Reader | None = None


def collect(folder: Path, engine: Engine, only: Collection[str] | None = None) -> list[Example]:
    """Ask the questions of ``folder``, or those of them that are in ``only``.

    Those about which nothing is found have no evidence and are left out: their confidence is 0
    without a model.
    """
    lines = [line for line in (folder / "corpus.jsonl").read_text("utf-8").splitlines() if line]
    articles = _articles(lines)
    home = {slug: name for name, own in articles.items() for slug in own}
    questions = read_questions(folder / "queries.jsonl")
    more = folder / "near_misses.jsonl"
    near = read_questions(more) if more.exists() else []
    if only is not None:
        questions = [question for question in questions if question.question in only]
        near = [question for question in near if question.question in only]
    homes = {_home(question, home) for question in (*questions, *near)}
    single = {name: own for name, own in articles.items() if only is None or name in homes}
    every = max(1, len(questions) // _MAX_WHOLE)
    examples = list(_whole(lines, questions[::every], home, folder.name, engine))
    examples += _halves(articles, questions[:: 2 * every], home, folder.name, engine)
    examples += _single(single, questions[::every], near, home, folder.name, engine)
    return examples


def _articles(lines: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the corpus by article, each its lines by slug."""
    articles: dict[str, dict[str, str]] = {}
    for position, line in enumerate(lines):
        record = json.loads(line)
        name = record["title"] or f"block {position // _BLOCK}"
        articles.setdefault(name, {})[record["id"]] = line
    return articles


def _home(question: Question, home: Mapping[str, str]) -> str | None:
    """Return the article that a question was written on."""
    slugs = (*(question.gold_ids or ()), *filter(None, [question.paragraph]))
    return next((home[slug] for slug in slugs if slug in home), None)


def _whole(
    lines: Sequence[str],
    questions: Sequence[Question],
    home: Mapping[str, str],
    source: str,
    engine: Engine,
) -> Iterator[Example]:
    asked = [_Asked(q, _topic(q, home), source, _home(q, home) or q.id) for q in questions]
    yield from _ask(lines, asked, engine)


def _topic(question: Question, slugs: Iterable[str]) -> Topic:
    gold = set(question.gold_ids or ())
    return Topic.ANSWERED if gold.intersection(slugs) else Topic.MISSING


def _halves(
    articles: Mapping[str, Mapping[str, str]],
    questions: Sequence[Question],
    home: Mapping[str, str],
    source: str,
    engine: Engine,
) -> Iterator[Example]:
    names = list(articles)
    for half in names[::2], names[1::2]:
        own = set(half)
        asked: list[_Asked] = []
        for question in questions:
            written_on = _home(question, home)
            if written_on is not None:
                topic = _topic(question, home) if written_on in own else Topic.OTHER
                asked.append(_Asked(question, topic, f"{source}, halves", written_on))
        yield from _ask([line for name in half for line in articles[name].values()], asked, engine)


def _single(
    articles: Mapping[str, Mapping[str, str]],
    questions: Sequence[Question],
    near: Sequence[Question],
    home: Mapping[str, str],
    source: str,
    engine: Engine,
) -> Iterator[Example]:
    by_article: dict[str, list[_Asked]] = {}
    for sort, is_near in ((questions, False), (near, True)):
        name = f"{source}, near misses" if is_near else f"{source}, articles"
        for question in sort:
            if (article := _home(question, home)) is not None:
                one = _Asked(question, _topic(question, home), name, article, is_near)
                by_article.setdefault(article, []).append(one)
    everything = [one for asked in by_article.values() for one in asked]
    for i, (article, lines) in enumerate(articles.items()):
        own = by_article.get(article, [])
        if len(lines) < _MIN_PARAGRAPHS and not any(one.is_near_miss for one in own):
            continue
        start = 7 * i % max(len(everything), 1)
        step = max(len(everything) // _STRANGERS, 1)
        strangers = [
            _Asked(one.question, Topic.OTHER, f"{source}, articles", article)
            for one in (*everything[start::step], *everything[:start:step])
            if one.article != article
        ]
        yield from _ask(list(lines.values()), [*own, *strangers], engine)
        if len(lines) >= _MIN_PARAGRAPHS:
            first = next(iter(lines))
            orphans = [
                _Asked(one.question, Topic.MISSING, f"{source}, articles", article)
                for one in own
                if one.question.gold_ids == (first,) and not one.is_near_miss
            ]
            yield from _ask(
                [line for slug, line in lines.items() if slug != first], orphans, engine
            )


def _ask(corpus: Sequence[str], asked: Sequence[_Asked], engine: Engine) -> Iterator[Example]:
    if not asked:
        return
    with tempfile.TemporaryDirectory(prefix="sourcier-") as folder:
        path = Path(folder) / "corpus.jsonl"
        path.write_text("\n".join(corpus) + "\n", encoding="utf-8")
        with KnowledgeBase.open(
            Path(folder) / "knowledge.db", [path], engine.encoders, engine.reader
        ) as knowledge:
            for one in asked:
                ranking = knowledge.rank(one.question.question, limit=RERANKED)
                if not ranking.found:
                    continue
                best = ranking.found[0]
                features = confidence_features(ranking, quote(ranking.query, best))
                is_right = best.passage.article in (one.question.gold_ids or ())
                yield Example(
                    features, is_right, one.topic, one.source, one.article, one.is_near_miss
                )
