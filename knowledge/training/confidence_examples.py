"""Labelled questions asked in many indexes: what the confidence is fitted to.

Each article is asked its own questions, and some of other articles, which are of another topic. Not
all of them together: what one article does not answer, another one may.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from knowledge.answers.confidence_features import confidence_features
from knowledge.base import KnowledgeBase
from knowledge.neural import Encoder
from knowledge.neural.reader import Reader
from knowledge.retrieval.reranking import RERANKED
from knowledge.training.written import (
    WrittenArticle,
    WrittenQuestion,
    WrittenSet,
    open_articles,
)

__all__ = ["Example", "Topic", "collect"]

_STRANGERS = 10
"""Questions of other articles asked of a single one."""


class Topic(StrEnum):
    """How a question stands to an index: answered there; of its topic, but not; of another."""

    ANSWERED = "answered"
    MISSING = "missing"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Example:
    """The evidence of one question in one index.

    ``is_right``: whether the first passage answers it. ``article`` keeps those together that may
    tell of each other.
    """

    features: Mapping[str, float]
    is_right: bool
    topic: Topic
    article: str


def collect(
    written: WrittenSet, encoder: Encoder | None, reader: Reader | None, every: int = 1
) -> list[Example]:
    """Ask all questions, or one in ``every``. Those about which nothing is found have no evidence
    and are left out: their confidence is 0 without a model."""
    examples: list[Example] = []
    all_of_them = [question for own in written.values() for question in own]
    step = max(1, len(all_of_them) // _STRANGERS)
    for number, (article, own) in enumerate(written.items()):
        strangers = [
            one for one in all_of_them[7 * number % step :: step] if one.article != article
        ]
        with open_articles([article], encoder, reader) as knowledge:
            for question in (*own[number % every :: every], *strangers):
                examples += _example(knowledge, article, question)
    return examples


def _example(
    knowledge: KnowledgeBase, article: WrittenArticle, question: WrittenQuestion
) -> Iterator[Example]:
    ranking = knowledge.rank(question.question, limit=RERANKED)
    if ranking.found:
        topic = Topic.MISSING if question.answer is None else Topic.ANSWERED
        yield Example(
            confidence_features(ranking),
            question.is_answered_by(ranking.found[0].passage),
            topic if question.article == article else Topic.OTHER,
            article.slug,
        )
