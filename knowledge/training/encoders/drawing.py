"""An epoch of the reader's examples: questions with a piece of a paragraph, drawn anew each time.

A question comes several times an epoch, each time with another piece of its paragraph, and with
other paragraphs of its article that do not answer it. Of the titles a part is left empty, so that
the reader also reads without.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import cast

from knowledge.model import Span
from knowledge.neural.reader.chunks import MAX_CHUNK, chunks
from knowledge.neural.reader.inputs import EncodedPair, encode_pair
from knowledge.neural.reader.layout import laid_out
from knowledge.neural.tokenizer import SubwordTokenizer
from knowledge.text.tokens import fold, tokenize
from knowledge.training.encoders.articles import Article, Question

__all__ = ["Drawn", "Examples", "batches", "holding", "placed", "remembering"]

# How often a question of a kind comes in an epoch on average: with its own paragraph, and with
# others of its article.
_SHARES = MappingProxyType({
    "written": (3.0, 1.0), "piaf": (0.8, 0.5), "paraphrase": (1.5, 0.0),
    "near-miss-high": (1.8, 0.0), "near-miss-low": (1.0, 0.0), "squad": (0.8, 0.15),
    "xquad": (1.3, 0.6), "adversarial": (2.2, 0.0),
})  # fmt: skip
_UNANSWERED_THROUGHOUT = frozenset({"written"})
"""Sets whose unanswered questions no paragraph of the article answers."""
_NEIGHBOURS = 3
"""Paragraphs that a question is put to besides its own at most: those with most of its words."""
_LENGTHS = (240, 320, MAX_CHUNK, MAX_CHUNK)
"""Characters of a piece at most, drawn."""
_UNTITLED = 0.25
_ANY_PIECE = 0.3  # of what does not answer: any piece instead of the one with most words in common
_POOL = 40  # batches whose examples are put together by length


@dataclass(frozen=True, slots=True)
class Drawn:
    """An example as an epoch has it: numbers of its tokens, the first of the piece's, and the
    first and the last of the answer (0: none)."""

    numbers: list[int]
    first: int
    start: int
    end: int


def remembering(tokenizer: SubwordTokenizer) -> SubwordTokenizer:
    """Return the same tokenizer, which cuts each text but once for as long as it lives."""
    return cast("SubwordTokenizer", cache(tokenizer.__call__))


def holding(text: str, answer: Span, most: int) -> list[Span]:
    """Return the pieces of ``text`` of at most ``most`` characters that hold the whole answer."""
    return [
        piece
        for piece in _pieces(text, most)
        if piece.start <= answer.start and answer.end <= piece.end
    ]


def placed(pair: EncodedPair, answer: Span | None) -> Drawn:
    """Return the example of a pair; ``answer``: characters of its piece."""
    inside = [
        pair.first + at
        for at, span in enumerate(pair.spans)
        if answer is not None
        and span is not None
        and span.start < answer.end
        and answer.start < span.end
    ]
    start, end = (inside[0], inside[-1]) if inside else (0, 0)
    return Drawn(pair.numbers, pair.first, start, end)


class Examples:
    """What epochs are drawn from. ``share``: of each epoch, how much is drawn."""

    def __init__(
        self, articles: Sequence[Article], tokenizer: SubwordTokenizer, share: float = 1.0
    ) -> None:
        self._articles = articles
        self._tokenizer = remembering(tokenizer)
        self._share = share

    def epoch(self, seed: int, number: int) -> list[Drawn]:
        """Return an epoch's examples in random order, the same for the same seed and number."""
        rng = random.Random(f"{seed}/{number}")  # noqa: S311 - reproducible, not secret
        found: list[Drawn] = []
        for article in self._articles:
            for question in article.questions:
                own, others = _SHARES[question.kind]
                for _ in range(_times(own * self._share, rng)):
                    at = question.paragraph
                    found.append(self._draw(question, article, at, question.answer, rng))
                times = _times(others * self._share, rng)
                neighbours = _neighbours(question, article) if times else []
                found += [
                    self._draw(question, article, at, None, rng)
                    for at in (rng.choices(neighbours, k=times) if neighbours else ())
                ]
        rng.shuffle(found)
        return found

    def _draw(
        self,
        question: Question,
        article: Article,
        paragraph: int,
        answer: Span | None,
        rng: random.Random,
    ) -> Drawn:
        text, headings = article.paragraphs[paragraph], article.headings[paragraph]
        most = rng.choice(_LENGTHS)
        is_titled = rng.random() >= _UNTITLED
        if answer is None:
            piece = self._tempting(question.text, text, most, rng)
        else:
            held = holding(text, answer, most) or holding(text, answer, MAX_CHUNK)
            piece = rng.choice(held or [answer])
        shown, before = laid_out(article.title, headings, piece.of(text))
        title = shown.title if is_titled else ""
        pair = encode_pair(self._tokenizer, question.text, title, shown.text)
        return placed(pair, answer and answer.moved(before - piece.start))

    def _tempting(self, question: str, text: str, most: int, rng: random.Random) -> Span:
        """Return a piece of what does not answer, mostly the one nearest to the question."""
        pieces = _pieces(text, most)
        if len(pieces) == 1 or rng.random() < _ANY_PIECE:
            return rng.choice(pieces)
        asked = set(self._tokenizer(question.lower())[0])
        return max(
            pieces,
            key=lambda piece: len(asked & set(self._tokenizer(piece.of(text).lower())[0])),
        )


def batches(examples: Sequence[Drawn], size: int, rng: random.Random) -> Iterator[list[Drawn]]:
    """Yield batches of examples of about one length, in random order."""
    found: list[list[Drawn]] = []
    for at in range(0, len(examples), size * _POOL):
        pool = sorted(examples[at : at + size * _POOL], key=lambda one: len(one.numbers))
        found += [pool[start : start + size] for start in range(0, len(pool), size)]
    rng.shuffle(found)
    yield from found


def _times(average: float, rng: random.Random) -> int:
    return int(average) + (rng.random() < average % 1)


def _neighbours(question: Question, article: Article) -> list[int]:
    """Return the numbers of paragraphs of the article that do not answer, those with most words in
    common."""
    if question.answer is None and article.source not in _UNANSWERED_THROUGHOUT:
        return []
    answer = question.answer and fold(question.answer.of(article.paragraphs[question.paragraph]))
    free = [
        at
        for at, text in enumerate(article.paragraphs)
        if at != question.paragraph and (answer is None or answer not in _folded(text))
    ]
    if len(free) <= _NEIGHBOURS:
        return free
    asked = _words(question.text)
    return sorted(free, key=lambda at: -len(asked & _words(article.paragraphs[at])))[:_NEIGHBOURS]


_pieces = cache(chunks)
_folded = cache(fold)


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(token.folded for token in tokenize(text) if len(token.folded) > 2)
