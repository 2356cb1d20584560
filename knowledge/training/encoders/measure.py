"""How well the files of the two networks find and read what they were not made from."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count

import numpy as np

from knowledge.evaluation.question_sets import area_under_curve
from knowledge.indexing.chunks import above
from knowledge.neural import Encoder
from knowledge.neural.reader.layout import laid_out
from knowledge.neural.reader.protocol import Reader, SpanPrediction
from knowledge.neural.vocabulary import Floats
from knowledge.text.tokens import tokenize
from knowledge.training.encoders.articles import Article, Question

__all__ = ["Figures", "measure_reader", "measure_retriever", "table", "word_f1"]

Figures = Mapping[str, Mapping[str, float]]
"""What was measured, by group of questions."""


def measure_retriever(encoder: Encoder, articles: Sequence[Article]) -> Figures:
    """Return how often the right paragraph comes first, and among the first three: of its article
    (``recall@1``, ``recall@3``), and of all articles of its set (``of all @1``, ``of all @3``)."""
    paragraphs = [
        above(article.title, headings) + text
        for article in articles
        for text, headings in zip(article.paragraphs, article.headings, strict=True)
    ]
    passages = _matrix(encoder.encode_passages(paragraphs))
    of_set = {
        source: np.array([
            article.source == source for article in articles for _ in article.paragraphs
        ])
        for source in {article.source for article in articles}
    }  # fmt: skip
    ranks: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    first = 0
    for article in articles:
        asked = [question for question in article.questions if question.answer is not None]
        vectors = encoder.encode_queries([question.text for question in asked])
        for question, vector in zip(asked, vectors, strict=True):
            cosines = passages @ _matrix([vector])[0]
            better = cosines > cosines[first + question.paragraph]
            own = better[first : first + len(article.paragraphs)]
            rank = int(own.sum()), int((better & of_set[article.source]).sum())
            for group in _groups(question, article):
                ranks[group].append(rank)
        first += len(article.paragraphs)
    return {
        group: {
            "recall@1": _share(own < 1 for own, _ in found),
            "recall@3": _share(own < 3 for own, _ in found),
            "of all @1": _share(of_all < 1 for _, of_all in found),
            "of all @3": _share(of_all < 3 for _, of_all in found),
            "questions": len(found),
        }
        for group, found in sorted(ranks.items())
    }


def measure_reader(reader: Reader, articles: Sequence[Article]) -> Figures:
    """Return how well answered questions are told from others on the same paragraphs (``auc``, by
    the logit alone), and the F1 of the answer's words, where there is an answer."""

    def read(one: tuple[Question, Article]) -> SpanPrediction:
        question, article = one
        at = question.paragraph
        shown, before = laid_out(article.title, article.headings[at], article.paragraphs[at])
        (found,) = reader.read(question.text, [shown])
        return (found or SpanPrediction(0.0)).moved(-before)

    asked = [(question, article) for article in articles for question in article.questions]
    with ThreadPoolExecutor(cpu_count(), thread_name_prefix="measuring") as threads:
        predictions = list(threads.map(read, asked))
    answered: defaultdict[str, list[float]] = defaultdict(list)
    unanswered: defaultdict[str, list[float]] = defaultdict(list)
    f1: defaultdict[str, list[float]] = defaultdict(list)
    for (question, article), found in zip(asked, predictions, strict=True):
        text = article.paragraphs[question.paragraph]
        for group in _groups(question, article):
            if question.answer is None:
                unanswered[group].append(found.answerable)
                continue
            answered[group].append(found.answerable)
            marked = found.span.of(text) if found.span and found.span.start >= 0 else ""
            f1[group].append(word_f1(marked, question.answer.of(text)))
    return {
        group: {
            "auc": round(area_under_curve(answered[group], unanswered[group]), 3),
            "f1": _share(f1[group]),
            "questions": len(answered[group]) + len(unanswered[group]),
        }
        for group in sorted({*answered, *unanswered})
    }


def word_f1(found: str, right: str) -> float:
    """Return the F1 of the words of two texts."""
    one, other = (Counter(token.folded for token in tokenize(text)) for text in (found, right))
    shared = (one & other).total()
    return 2 * shared / (one.total() + other.total()) if shared else 0.0


def table(figures: Figures) -> str:
    """Return the figures, a group a line."""
    return "\n".join(
        f"  {group}: " + ", ".join(f"{name} {value}" for name, value in values.items())
        for group, values in figures.items()
    )


def _groups(question: Question, article: Article) -> tuple[str, ...]:
    asked = question.language if question.language in ("fr", "en") else "others"
    return article.source, f"{article.source}, {asked} on {article.language}"


def _matrix(vectors: Sequence[bytes]) -> Floats:
    return np.stack([np.frombuffer(vector, "<f2") for vector in vectors]).astype(np.float32)


def _share(values: Iterable[float]) -> float:
    listed = [float(value) for value in values]
    return round(sum(listed) / len(listed), 3) if listed else math.nan
