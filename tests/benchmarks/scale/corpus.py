"""Paragraphs with the word frequencies of real French, and real ones among them.

Words are drawn as often as they stand in the French texts of ``tests/data``. A part of them is put
together from two rare ones, so that the vocabulary grows with the corpus, as that of real text
does (Heaps' law). The paragraphs of PIAF are spread evenly among the made-up ones.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

DATA = Path(__file__).parents[2] / "data"
SEED = 1
PARAGRAPHS_AN_ARTICLE = 10
ARTICLES_A_FILE = 100

_SOURCES = ("piaf_fr/corpus.jsonl", "piaf_ontopic_fr/corpus.jsonl", "written/train.articles.jsonl")
_WORD = re.compile(r"[^\W\d_]+['’]?")
_NEW = 0.02
"""The share of words that are made up: of 100,000 paragraphs some 150,000."""
_WORDS = (50, 90)
_SENTENCE = 14


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph: the slug of its article, its number there from 1, and its text."""

    article: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class GeneratedArticle:
    """An article as a line of a ``.jsonl`` file has it."""

    slug: str
    title: str
    paragraphs: tuple[str, ...]

    def to_json(self) -> str:
        """Return the line."""
        text = "\n\n".join(self.paragraphs)
        return json.dumps(
            {"id": self.slug, "lang": "fr", "title": self.title, "text": text}, ensure_ascii=False
        )


@cache
def word_counts() -> Counter[str]:
    """Return how often the French texts of the repository have each word, as it is written."""
    counts: Counter[str] = Counter()
    for source in _SOURCES:
        for line in (DATA / source).read_text(encoding="utf-8").splitlines():
            article = json.loads(line)
            if article["lang"] == "fr":
                text = article.get("text") or "\n".join(article.get("paragraphs") or ())
                counts.update(_WORD.findall(text))
    return counts


def articles(paragraphs: int) -> Iterator[GeneratedArticle]:
    """Yield articles of ``paragraphs`` paragraphs in all, the same at every call."""
    real = _real()
    real = real[: max(1, paragraphs // 10)]
    made = -(-(paragraphs - len(real)) // PARAGRAPHS_AN_ARTICLE)
    every = max(1, made // len(real))
    writer = _Writer()
    left = paragraphs - len(real)
    waiting = iter(real)
    for position in range(made):
        count = min(PARAGRAPHS_AN_ARTICLE, left)
        left -= count
        texts = tuple(writer.paragraph() for _ in range(count))
        yield GeneratedArticle(f"a{position}", writer.title(), texts)
        if position % every == 0 and (one := next(waiting, None)) is not None:
            yield one
    yield from waiting


def write(paragraphs: int, folder: Path) -> None:
    """Write the articles into files of a folder, unless they are there."""
    done = folder / "whole"
    if done.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    block: list[str] = []
    files = 0
    for article in articles(paragraphs):
        block.append(article.to_json())
        if len(block) == ARTICLES_A_FILE:
            _write_block(folder, files, block)
            block, files = [], files + 1
    if block:
        _write_block(folder, files, block)
    done.touch()


def read(folder: Path) -> Iterator[Passage]:
    """Yield the paragraphs of the files in a folder."""
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                article = json.loads(line)
                for number, text in enumerate(article["text"].split("\n\n"), start=1):
                    yield Passage(article["id"], number, text)


def real_texts(count: int) -> list[str]:
    """Return the first paragraphs of PIAF."""
    return [one.paragraphs[0] for one in _real()[:count]]


def _write_block(folder: Path, number: int, block: list[str]) -> None:
    text = "\n".join(block) + "\n"
    (folder / f"{number:05}.jsonl").write_text(text, encoding="utf-8")


def _real() -> list[GeneratedArticle]:
    lines = (DATA / "piaf_fr" / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return [
        GeneratedArticle(one["id"], one["title"], (" ".join(one["text"].split()),)) for one in found
    ]


class _Writer:
    """Writes paragraphs of words drawn by their frequency."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(SEED)
        counts = word_counts()
        self._words = sorted(counts)
        weights = np.array([counts[word] for word in self._words], dtype=np.float64)
        self._cumulative = np.cumsum(weights / weights.sum())
        self._rare = [
            word for word in self._words if counts[word] <= 2 and len(word) > 5 and word.islower()
        ]

    def paragraph(self) -> str:
        """Return sentences of some 70 words together."""
        words = self._draw(int(self._random.integers(*_WORDS)))
        parts = [words[at : at + _SENTENCE] for at in range(0, len(words), _SENTENCE)]
        return " ".join(f"{_joined(part)}." for part in parts)

    def title(self) -> str:
        """Return a title of four words."""
        return _joined(self._draw(4))

    def _draw(self, count: int) -> list[str]:
        at = np.searchsorted(self._cumulative, self._random.random(count))
        words = [self._words[min(one, len(self._words) - 1)] for one in at.tolist()]
        for place in np.flatnonzero(self._random.random(count) < _NEW).tolist():
            first, second = self._random.integers(len(self._rare), size=2).tolist()
            head, tail = self._rare[first], self._rare[second]
            words[place] = head[: len(head) // 2 + 1] + tail[len(tail) // 2 :]
        return words


def _joined(words: list[str]) -> str:
    text = " ".join(words).replace("' ", "'").replace("’ ", "’").rstrip("'’")
    return text[:1].upper() + text[1:]
