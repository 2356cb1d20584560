"""What each part earns: ``python tests/benchmarks/ablation.py [--every N]``.

Every leg is switched off in turn and all question sets are asked again: right passage first
(hit@1, recall@1), right clause or answer quoted, highlight F1, and how well confidence tells
answerable questions from others (AUC). Vectors are computed once a set; the first run takes half
an hour or more for them.
"""

import argparse
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unittest.mock import patch

from rich.console import Console
from rich.table import Table

from knowledge import (
    BUNDLED_ARTICLES,
    NO_ENCODERS,
    Encoders,
    KnowledgeBase,
    Reader,
    load_encoders,
    load_reader,
    read_questions,
)
from knowledge.evaluation.question_sets import Question, evaluate
from knowledge.retrieval.lexical import Scoring
from knowledge.training.encoder_cache import caching_encoders
from knowledge.training.reader_cache import caching_reader

DATA = Path(__file__).parents[1] / "data"
FIGURES = (
    "hit@1", "recall@1", "snippet@1", "answer_in_snippet", "highlight_f1",
    "auc_unanswerable", "auc_offtopic",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions and the articles that they are asked of."""

    name: str
    articles: Path
    questions: list[Question]


@dataclass(frozen=True, slots=True)
class Leg:
    """A part of the engine: how to do without it. ``patches``: what stands in for what."""

    name: str
    patches: Mapping[str, object]
    encoders: Callable[[Encoders], Encoders] = lambda encoders: encoders
    reads: bool = True


NO_WEIGHTS = dict.fromkeys(("lexical", "likeness", "dense"), 0.0)


def scoring(**changes: float) -> Mapping[str, object]:
    """Return what makes the retriever score with other constants."""
    return {"knowledge.retrieval.retriever.Scoring": partial(Scoring, **changes)}


LEGS = (
    Leg("everything", {}),
    Leg("words alone", {}, lambda _: NO_ENCODERS, reads=False),
    Leg("words and reader", {}, lambda _: NO_ENCODERS),
    Leg("− reader", {}, reads=False),
    Leg("− order by reading", {"knowledge.retrieval.reranking._weights": lambda: NO_WEIGHTS}),
    Leg("− bold words by reading", {"knowledge.answers.spans.model.mixed": lambda own, *_: own}),
    Leg("− model of passages", {}, lambda both: Encoders(None, both.likeness)),
    Leg("− model of likeness", {}, lambda both: Encoders(both.passages, None)),
    Leg(
        "− words of like meaning",
        {"knowledge.retrieval.similar_words.SimilarWordFinder.similar_terms": lambda *_, **__: {}},
    ),
    Leg(
        "− other names",
        {
            "knowledge.entities.analysis.find_names": lambda _: (),
            "knowledge.questions.query.find_names": lambda _: (),
        },
    ),
    Leg("− spelling", {"knowledge.text.spelling.Speller.suggest": lambda *_: ()}),
    Leg("− headings and titles", scoring(context=0.0)),
    Leg("− best sentence", scoring(sentence=0.0)),
    Leg("− words side by side", scoring(pair=0.0)),
    Leg("− kind of answer", scoring(kind=0.0)),
    Leg("− curated facts", {"knowledge.facts.curated.read_curated": lambda *_: ()}),
    Leg("− question found in message", {"knowledge.base.question_in": lambda message: message}),
)


def question_sets(every: int) -> Iterator[QuestionSet]:
    """Yield the sets in ``tests/data``; of the large ones every so many a question."""
    for language in ("fr", "en", "xx"):
        path = DATA / "questions" / f"dev.{language}.jsonl"
        yield QuestionSet(f"bundled {language}", BUNDLED_ARTICLES, read_questions(path))
    for name in ("piaf_fr", "piaf_ontopic_fr", "xquad_en2es", "squad2_en"):
        folder = DATA / name
        asked = read_questions(folder / "queries.jsonl")[::every]
        yield QuestionSet(name, folder / "corpus.jsonl", asked)


@contextmanager
def without(leg: Leg) -> Iterator[None]:
    """Switch a leg off."""
    with ExitStack() as stack:
        for target, stand_in in leg.patches.items():
            stack.enter_context(patch(target, stand_in))
        yield


def measure(
    leg: Leg, asked: QuestionSet, database: Path, encoders: Encoders, reader: Reader | None
) -> list[str]:
    """Return the figures of a set without a leg, in the order of ``FIGURES``."""
    own = database.with_suffix(f".{abs(hash(leg.name))}.db")
    shutil.copy(database, own)
    with (
        without(leg),
        KnowledgeBase.open(
            own, [asked.articles], leg.encoders(encoders), reader if leg.reads else None
        ) as knowledge,
    ):
        knowledge.reindex(rebuild=True)
        report = evaluate(asked.name, asked.questions, partial(knowledge.ask, limit=10))
    own.unlink()
    found = report.figures
    return [f"{found[name]:.2f}" if name in found else "" for name in FIGURES]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every leg on every set and print a table a set."""
    parser = argparse.ArgumentParser(description="Switch every part off in turn.")
    parser.add_argument("--every", type=int, default=5, help="of the large sets, one in so many")
    options = parser.parse_args(arguments)
    encoders = caching_encoders(load_encoders())
    loaded = load_reader()
    reader = None if loaded is None else caching_reader(loaded)
    console = Console()
    with tempfile.TemporaryDirectory(prefix="sourcier-") as folder:
        for asked in question_sets(options.every):
            database = Path(folder) / f"{asked.name}.db"
            KnowledgeBase.open(database, [asked.articles], encoders).close()
            table = Table(box=None, title=f"{asked.name} ({len(asked.questions)} questions)")
            table.add_column("")
            for figure in FIGURES:
                table.add_column(figure, justify="right")
            for leg in LEGS:
                table.add_row(leg.name, *measure(leg, asked, database, encoders, reader))
            console.print(table)


if __name__ == "__main__":
    main()
