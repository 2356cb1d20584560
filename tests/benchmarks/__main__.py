"""How time grows with the index: ``python tests/benchmarks [--paragraphs N ...]``.

Ratios within one run, since times depend on the machine: the median question against the smallest
index, against SQLite's own ranking of all the question's words, and a reindex of nothing new
against the first one. Text is made up: words drawn by Zipf's law, with a fixed seed.
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from knowledge import KnowledgeBase
from knowledge.index import open_for_reading

VOCABULARY = 60_000
WORDS = 40
QUESTIONS = 60
SYLLABLES = [consonant + vowel for consonant in "bcdfglmnprstv" for vowel in "aeiou"]


class Zipf:
    """Draws made-up words, the frequent ones often."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        words = {
            "".join(self._random.choices(SYLLABLES, k=self._random.randint(2, 5)))
            for _ in range(VOCABULARY)
        }
        self._words = sorted(words)
        self._random.shuffle(self._words)
        self._weights = [1 / rank for rank in range(1, len(self._words) + 1)]

    def text(self, words: int) -> str:
        """Return a sentence of so many words."""
        drawn = self._random.choices(self._words, self._weights, k=words)
        return " ".join(drawn).capitalize() + "."


def median_ms(work: Callable[[str], object], questions: Sequence[str]) -> float:
    """Return the median time of ``work`` over ``questions`` in milliseconds, warmed up."""
    for question in questions[:5]:
        work(question)
    times: list[float] = []
    for question in questions:
        started = time.perf_counter()
        work(question)
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def measure(paragraphs: int, folder: Path) -> dict[str, float]:
    """Index made-up articles of ten paragraphs each and time questions and reindexes."""
    source = Zipf(1)
    path = folder / f"{paragraphs}.jsonl"
    with path.open("w", encoding="utf-8") as lines:
        for i in range(paragraphs // 10):
            text = "\n\n".join(source.text(WORDS) for _ in range(10))
            lines.write(json.dumps({"id": f"a{i}", "lang": "fr", "title": "", "text": text}) + "\n")
    database = folder / f"{paragraphs}.db"
    knowledge = KnowledgeBase(database, [path])
    first = knowledge.reindex().elapsed_ms
    again = knowledge.reindex().elapsed_ms
    asked = Zipf(1)
    questions = [asked.text(8) for _ in range(QUESTIONS)]
    reader = open_for_reading(database)

    def plain_ranking(question: str) -> None:
        reader.candidates(question.rstrip(".").lower().split(), limit=5)

    result = {
        "question": median_ms(knowledge.ask, questions),
        "plain": median_ms(plain_ranking, questions),
        "first": first,
        "again": again,
    }
    reader.close()
    knowledge.close()
    return result


def main() -> None:
    """Measure indexes of several sizes and print a table of ratios."""
    parser = argparse.ArgumentParser(description="Time questions and reindexes.")
    parser.add_argument("--paragraphs", type=int, nargs="+", default=[1_000, 10_000, 50_000])
    sizes = sorted(parser.parse_args().paragraphs)
    table = Table(box=None)
    for heading in (
        "paragraphs", "question ms", "× smallest", "ranking all words ms", "× question",
        "first index s", "reindex s", "of first",
    ):  # fmt: skip
        table.add_column(heading, justify="right")
    with tempfile.TemporaryDirectory(prefix="sourcier-") as folder:
        base: float | None = None
        for size in sizes:
            found = measure(size, Path(folder))
            base = base or found["question"]
            table.add_row(
                f"{size:,}",
                f"{found['question']:.1f}",
                f"{found['question'] / base:.2f}",
                f"{found['plain']:.1f}",
                f"{found['plain'] / found['question']:.2f}",
                f"{found['first'] / 1000:.1f}",
                f"{found['again'] / 1000:.2f}",
                f"{found['again'] / found['first']:.3f}",
            )
    Console().print(table)


if __name__ == "__main__":
    main()
