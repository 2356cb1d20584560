"""Speed against what others do: ``python tests/benchmarks/references.py``.

Ratios within one run: a question on the bundled article against the embedding of the question
alone, without the reader and with it, and, by words alone, a question among the paragraphs of
``tests/data/piaf_fr`` against bm25s (which only ranks: no spelling, no sentences, no quotation, no
confidence). The parts of an answer are timed, too.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import bm25s
import Stemmer
from bm25s.tokenization import Tokenized
from rich.console import Console
from rich.table import Table

from knowledge import BUNDLED_ARTICLES, KnowledgeBase, load_encoder, load_reader, read_questions

DATA = Path(__file__).parents[1] / "data"
QUESTIONS = 300


def median_ms(work: Callable[[str], object], questions: Sequence[str]) -> float:
    """Return the median time of ``work`` over ``questions`` in milliseconds, warmed up."""
    for question in questions[:10]:
        work(question)
    times: list[float] = []
    for question in questions:
        started = time.perf_counter()
        work(question)
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def against_bm25s(folder: Path) -> dict[str, float]:
    """Time a question among the paragraphs of PIAF by words alone, and by bm25s."""
    corpus = DATA / "piaf_fr" / "corpus.jsonl"
    texts = [json.loads(line)["text"] for line in corpus.read_text("utf-8").splitlines()]
    asked = [q.question for q in read_questions(DATA / "piaf_fr" / "queries.jsonl")][:QUESTIONS]
    stemmer = Stemmer.Stemmer("french")

    def tokens(text: list[str]) -> list[list[str]] | Tokenized:
        return bm25s.tokenize(text, stopwords="fr", stemmer=stemmer, show_progress=False)

    reference = bm25s.BM25()
    reference.index(tokens(texts), show_progress=False)
    with KnowledgeBase.open(folder / "piaf.db", [corpus]) as knowledge:
        return {
            "bm25s": median_ms(
                lambda q: reference.retrieve(tokens([q]), k=5, show_progress=False), asked
            ),
            "finding and ranking": median_ms(knowledge.rank, asked),
            "the whole answer": median_ms(knowledge.ask, asked),
        }


def against_embedding(folder: Path) -> dict[str, float]:
    """Time a question on the bundled article with the encoder, and its embedding alone."""
    encoder, reader = load_encoder(), load_reader()
    if encoder is None or reader is None:
        return {}
    asked = [
        question.question
        for language in ("fr", "en")
        for question in read_questions(DATA / "questions" / f"dev.{language}.jsonl")
    ]
    database = folder / "bundled.db"
    with KnowledgeBase.open(database, [BUNDLED_ARTICLES], encoder) as knowledge:
        times = {
            "embedding the question": median_ms(lambda q: encoder.encode_queries([q]), asked),
            "finding and ranking": median_ms(knowledge.rank, asked),
            "the whole answer": median_ms(knowledge.ask, asked),
        }
    with KnowledgeBase.open(database, [BUNDLED_ARTICLES], encoder, reader) as knowledge:
        return {**times, "the whole answer, passages read": median_ms(knowledge.ask, asked)}


def main() -> None:
    """Measure and print a table of ratios."""
    table = Table(box=None)
    table.add_column("")
    table.add_column("median ms", justify="right")
    table.add_column("× reference", justify="right")
    with tempfile.TemporaryDirectory(prefix="sourcier-") as folder:
        for title, measured in (
            ("585 paragraphs, words alone", against_bm25s(Path(folder))),
            ("bundled article, both models", against_embedding(Path(folder))),
        ):
            table.add_row(title)
            reference = next(iter(measured.values()), 1.0)
            for name, value in measured.items():
                table.add_row(f"  {name}", f"{value:.2f}", f"{value / reference:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
