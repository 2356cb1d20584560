"""Fits the choice of the answer: ``python -m knowledge.training spans --help``.

A softmax over all stretches of the snippet; what is made likely is a stretch that shares words
with the labelled answer (the logarithm of the expected squared F1, an L2 penalty, Adam; Kingma
and Ba, 2015). Every feature has a weight that all questions share, and one of its own for each
form of question.
"""

from __future__ import annotations

import json
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.answers import spans
from knowledge.answers.snippets import choose_snippet
from knowledge.answers.spans.features import (
    SpanFeatures,
    distances,
    end_features,
    start_features,
    word_features,
)
from knowledge.answers.spans.model import SpanModel, candidates, entity_edges, merged
from knowledge.answers.spans.selection import tag_for_answer
from knowledge.answers.spans.tagging import TaggedSnippet
from knowledge.base import KnowledgeBase
from knowledge.evaluation.question_sets import QuestionSetError
from knowledge.index import ReaderPool
from knowledge.questions.query import QueryTerm, read_query
from knowledge.questions.question_type import ClassifiedQuestion, classify_question
from knowledge.retrieval.lexical import Scoring
from knowledge.retrieval.ranking import rank
from knowledge.text.detection import detect_language
from knowledge.text.spelling import Speller
from knowledge.text.tokens import fold, tokenize
from knowledge.training.fitting import Call, fitting_parser

__all__ = ["Example", "collect", "fit", "main"]

_RANKS = 20
_MIN_SHARED = 0.3  # F1 of the best stretch; below it the snippet does not hold the answer
_MIN_COUNT = 60  # starts, ends, words or stretches that have a feature
_LEAST_WEIGHT = 0.05
_PENALTY = 5.0
_OWN_PENALTY = 10.0  # a form's own weights are held back more than shared ones
_STEPS = 100
_COGNATES = 3
_EVERY = 5  # of the articles, one in so many is held out

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Weights = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Example:
    """A snippet that holds the answer: how it is read, what is asked, and the answer."""

    article: str
    tagged: TaggedSnippet
    asked: ClassifiedQuestion
    answer: str


def collect(folder: Path, more: Sequence[Path] = ()) -> Iterator[tuple[Example, Example]]:
    """Ask the questions of ``folder`` (``corpus.jsonl``, ``queries.jsonl``) and of ``more`` files
    on its paragraphs; yield those whose right passage is found and quoted with the answer.

    Each twice: as it is, and as if it were in another language, with its names and numbers and
    one in three of its other words.
    """
    corpus = folder / "corpus.jsonl"
    titles = {line["id"]: line["title"] for line in _lines(corpus)}
    asked = [line for path in (folder / "queries.jsonl", *more) for line in _lines(path)]
    with tempfile.TemporaryDirectory(prefix="sourcier-") as place:
        database = Path(place) / "knowledge.db"
        KnowledgeBase.open(database, [corpus]).close()
        pool = ReaderPool(database)
        with pool.snapshot() as (reader, statistics):
            speller = Speller(reader.vocabulary())
            for line in asked:
                gold = line.get("gold_ids") or [line.get("paragraph")]
                text, answer = str(line["question"]), line.get("answer")
                if not answer:
                    continue
                languages = statistics.languages
                query = read_query(
                    text, detect_language(text), languages, reader.term_counts, speller
                )
                for scored in rank(query, reader, statistics, Scoring(), _RANKS, None):
                    passage = scored.passage
                    if passage.article not in gold:
                        continue
                    snippet = choose_snippet(scored, query.kinds)
                    if _plain(str(answer)) in _plain(snippet.of(passage.text)):
                        kept = [m for m in scored.matches if _crosses_languages(m.term)]
                        native, foreign = (
                            Example(
                                titles[passage.article],
                                tag_for_answer(passage.text, snippet, matches, query),
                                classify_question(text),
                                str(answer),
                            )
                            for matches in (scored.matches, kept)
                        )
                        yield native, foreign
        pool.close()


def _crosses_languages(term: QueryTerm) -> bool:
    return term.is_essential or zlib.crc32(term.word.encode()) % _COGNATES == 0


def _lines(path: Path) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except OSError as error:
        raise QuestionSetError(f"{path} cannot be opened: {error.strerror}.") from None


def _plain(text: str) -> str:
    return " ".join(fold(text).split())


def shared_words(
    tagged: TaggedSnippet, stretches: Iterable[tuple[int, int]], answer: str
) -> list[float]:
    """Return the F1 of the words of each stretch against the answer's."""
    wanted = Counter(token.folded for token in tokenize(answer))
    tokens = [(token.folded, token.span) for token in tokenize(tagged.text)]
    found: list[float] = []
    for start, end in stretches:
        first, last = tagged.words[start].start, tagged.words[end - 1].end
        said = Counter(w for w, span in tokens if first <= span.start and span.end <= last)
        shared = (said & wanted).total()
        found.append(2 * shared / (said.total() + wanted.total()) if shared else 0.0)
    return found


class _Units:
    """The features of starts, ends, words or stretches, as numbers in one row."""

    def __init__(self) -> None:
        self._ids: list[int] = []
        self._sizes: list[int] = []

    def __len__(self) -> int:
        return len(self._sizes)

    def add(self, ids: Sequence[int]) -> None:
        """Add one; without features it has number 0, whose weight stays 0."""
        self._ids.extend(ids or (0,))
        self._sizes.append(len(ids) or 1)

    def freeze(self) -> None:
        """Make the arrays."""
        self.ids: Ints = np.array(self._ids, dtype=np.int64)
        self.sizes: Ints = np.array(self._sizes, dtype=np.int64)
        self.offsets: Ints = np.concatenate([np.zeros(1, np.int64), np.cumsum(self.sizes)[:-1]])

    def scores(self, weights: Floats) -> Floats:
        """Return the sum of each one's weights."""
        return np.add.reduceat(weights[self.ids], self.offsets)

    def gradient(self, own: Floats, features: int) -> Floats:
        """Return the gradient of the weights from that of the scores."""
        return _totals(self.ids, np.repeat(own, self.sizes), features)


def _totals(places: Ints, values: Floats, size: int) -> Floats:
    """Return the sum of ``values`` by place."""
    return np.bincount(places, values, size).astype(np.float64)


class _Table:
    """Examples as arrays: every stretch by its start, its end and the words between."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {"": 0}
        self.starts, self.ends, self.words, self.spans = _Units(), _Units(), _Units(), _Units()
        self._rows: list[tuple[int, int, int, int]] = []
        self._f1: list[float] = []
        self._offsets: list[int] = []

    def add(self, example: Example) -> None:
        """Add an example where a stretch of it shares enough words with the answer."""
        tagged, asked = example.tagged, example.asked
        stretches = list(candidates(tagged))
        f1 = shared_words(tagged, stretches, example.answer)
        if max(f1, default=0.0) < _MIN_SHARED:
            return
        near = distances(tagged)
        opening, closing, cuts = entity_edges(tagged)
        own = f"{asked.question_type}|"
        starts: dict[int, int] = {}
        for at in tagged.starts:
            starts[at] = len(self.starts)
            self.starts.add(self._ids(start_features(tagged, near, opening, cuts, at), own))
        ends: dict[int, int] = {}
        for at in tagged.ends:
            ends[at] = len(self.ends)
            self.ends.add(self._ids(end_features(tagged, near, closing, cuts, at), own))
        base = len(self.words)
        for at in range(len(tagged.words)):
            self.words.add(self._ids(word_features(tagged, at), own))
        spans = SpanFeatures(tagged, asked, near)
        self._offsets.append(len(self._rows))
        for start, end in stretches:
            self.spans.add(self._ids(spans.of(start, end), own))
            self._rows.append((starts[start], ends[end], base + start, base + end))
        self._f1.extend(f1)

    def _ids(self, features: Iterable[str], own: str) -> list[int]:
        numbers = self.numbers
        return [
            numbers.setdefault(name, len(numbers))
            for feature in features
            for name in (feature, own + feature)
        ]

    def freeze(self) -> None:
        """Make the arrays."""
        for units in (self.starts, self.ends, self.words, self.spans):
            units.freeze()
        self.rows: Ints = np.array(self._rows, dtype=np.int64)
        self.f1: Floats = np.array(self._f1)
        self.offsets: Ints = np.array(self._offsets)
        self.sizes: Ints = np.diff(np.append(self.offsets, len(self._rows)))

    def counts(self) -> Ints:
        """Return how many starts, ends, words and stretches have each feature."""
        return sum(
            (
                np.bincount(units.ids, minlength=len(self.numbers))
                for units in (self.starts, self.ends, self.words, self.spans)
            ),
            np.zeros(len(self.numbers), dtype=np.int64),
        )

    def loss(self, weights: Floats) -> tuple[float, Floats]:
        """Return the loss and its gradient."""
        start, end, first, last = self.rows.T
        inner = np.concatenate([np.zeros(1), np.cumsum(self.words.scores(weights))])
        scores = self.starts.scores(weights)[start] + self.ends.scores(weights)[end]
        scores += inner[last] - inner[first] + self.spans.scores(weights)
        most = np.maximum.reduceat(scores, self.offsets)
        probabilities = np.exp(scores - np.repeat(most, self.sizes))
        probabilities /= np.repeat(np.add.reduceat(probabilities, self.offsets), self.sizes)
        right = probabilities * (self.f1**2 + 1e-6)
        expected = np.add.reduceat(right, self.offsets)
        slope = probabilities - right / np.repeat(expected, self.sizes)
        count = len(self.words)
        covering = _totals(first, slope, count + 1) - _totals(last, slope, count + 1)
        features = len(self.numbers)
        gradient = self.starts.gradient(_totals(start, slope, len(self.starts)), features)
        gradient += self.ends.gradient(_totals(end, slope, len(self.ends)), features)
        gradient += self.words.gradient(np.cumsum(covering)[:count], features)
        gradient += self.spans.gradient(slope, features)
        return float(-np.log(expected).sum()), gradient


def fit(examples: Iterable[Example], report: Callable[[str], None]) -> Weights:
    """Return the weights by form of question ("shared": of all) and feature."""
    table = _Table()
    for example in examples:
        table.add(example)
    table.freeze()
    names = list(table.numbers)
    is_fitted = table.counts() >= _MIN_COUNT
    is_fitted[0] = False
    penalty = np.array([_OWN_PENALTY if "|" in name else _PENALTY for name in names])
    weights, mean, square = (np.zeros(len(names)) for _ in range(3))
    for step in range(1, _STEPS + 1):
        loss, gradient = table.loss(weights)
        gradient = np.where(is_fitted, gradient + penalty * weights, 0.0)
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.98 * square + 0.02 * gradient**2
        rate = 0.1 if step < 0.6 * _STEPS else 0.03
        root = np.sqrt(square / (1 - 0.98**step)) + 1e-3
        weights = weights - rate * mean / (1 - 0.9**step) / root
        if step % 20 == 0:
            report(f"step {step}: loss {loss / len(table.offsets):.4f}")
    found: Weights = {"shared": {}}
    for name, weight in zip(names, weights.tolist(), strict=True):
        if abs(weight) >= _LEAST_WEIGHT:
            question_type, _, feature = name.rpartition("|")
            found.setdefault(question_type or "shared", {})[feature] = round(weight, 2)
    return {
        question_type: dict(sorted(own.items())) for question_type, own in sorted(found.items())
    }


def measure(model: SpanModel, examples: Sequence[Example]) -> float:
    """Return the mean F1 of the words chosen against the answers'."""
    total = 0.0
    for example in examples:
        best = model.best(example.tagged, example.asked)
        if best is not None:
            said = Counter(t.folded for t in tokenize(best.span.of(example.tagged.text)))
            wanted = Counter(token.folded for token in tokenize(example.answer))
            total += 2 * (said & wanted).total() / (said.total() + wanted.total())
    return total / max(len(examples), 1)


def _is_held_out(article: str) -> bool:
    return zlib.crc32(article.encode()) % _EVERY == 0


def main(arguments: Sequence[str]) -> None:
    """Fit without the held-out articles, print the figures, fit on all, write ``--output``."""
    output = Path(spans.__file__).with_name("weights.json")
    parser = fitting_parser("spans", "Fit the choice of the answer.", output)
    parser.add_argument("folders", metavar="FOLDER", nargs="+", type=Path)
    parser.add_argument(
        "--more", metavar="FILE", action="append", default=[], type=Path,
        help="further questions on the paragraphs of the first folder",
    )  # fmt: skip
    options = parser.parse_args(arguments)
    folders: list[Path] = options.folders
    more: list[Path] = options.more
    pairs = [list(collect(folder, more if folder == folders[0] else ())) for folder in folders]
    stored: dict[str, object] = {}
    figures: dict[str, dict[str, float]] = {}
    for name, side in (("native", 0), ("foreign", 1)):
        examples = [[pair[side] for pair in some] for some in pairs]
        kept = [e for some in examples for e in some if not _is_held_out(e.article)]
        trial = SpanModel(merged(fit(kept, print)))
        figures[name] = {
            folder.name: round(measure(trial, [e for e in some if _is_held_out(e.article)]), 3)
            for folder, some in zip(folders, examples, strict=True)
        }
        print(name, json.dumps(figures[name]))  # noqa: T201 - a command
        stored[name] = fit([e for some in examples for e in some], print)
    stored["fitted"] = Call("spans", arguments, [*folders, *more]).provenance(
        examples=sum(map(len, pairs)), held_out_f1=figures
    )
    text = json.dumps(stored, ensure_ascii=False, indent=1, separators=(",", ":"))
    options.output.write_text(text + "\n", encoding="utf-8")
