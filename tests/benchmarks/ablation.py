"""What each part earns: ``python tests/benchmarks/ablation.py [--every N]``.

Every leg is switched off in turn and all question sets are asked again: right passage first
(hit@1, recall@1), right clause or answer quoted, highlight F1, and how well confidence tells
answerable questions from others (AUC). Vectors are computed once a set, and each passage is read
once.
"""

import argparse
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unittest.mock import patch

from rich.console import Console
from rich.table import Table

from knowledge import (
    BUNDLED_ARTICLES,
    Answer,
    Encoder,
    KnowledgeBase,
    Reader,
    Verdict,
    load_encoder,
    load_reader,
    read_questions,
)
from knowledge.answers.outright import NOTHING_DECIDED
from knowledge.entities import analysed
from knowledge.evaluation.question_sets import Question, evaluate
from knowledge.retrieval.bm25 import Bm25
from knowledge.retrieval.fusion import Weights, weights_for
from knowledge.retrieval.lexical import Scoring
from knowledge.training.encoder_cache import caching_encoder
from knowledge.training.measure import labelled
from knowledge.training.reader_cache import caching_reader
from knowledge.training.written import read_written, written_out

DATA = Path(__file__).parents[1] / "data"
FIGURES = (
    "hit@1", "recall@1", "snippet@1", "answer_in_snippet", "highlight_f1",
    "auc_unanswerable", "auc_offtopic", "green", "green, not said",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions and the articles that they are asked of."""

    name: str
    articles: tuple[Path, ...]
    questions: list[Question]


@dataclass(frozen=True, slots=True)
class Leg:
    """A part of the engine: how to do without it. ``patches``: what stands in for what."""

    name: str
    patches: Mapping[str, object]
    compares: bool = True
    reads: bool = True


NO_WEIGHTS = dict.fromkeys(("lexical", "dense"), 0.0)


def scoring(**changes: float | Bm25) -> Mapping[str, object]:
    """Return what makes the retriever score with other constants."""
    return {"knowledge.retrieval.retriever.Scoring": partial(Scoring, **changes)}


def without_words(asked: str | None, language: str) -> Weights:
    """Return the weights of the fusion with none for words."""
    return weights_for(asked, language)._replace(lexical=0.0)


LEGS = (
    Leg("everything", {}),
    Leg("words alone", {}, compares=False, reads=False),
    Leg("− meaning", {}, compares=False),
    Leg("− reader", {}, reads=False),
    Leg("− order by reading", {"knowledge.retrieval.reranking.stored_weights": lambda: NO_WEIGHTS}),
    Leg("− words", {"knowledge.retrieval.ranking.weights_for": without_words}),
    Leg(
        "− other names",
        {
            "knowledge.entities.analysed_text.find_names": lambda *_: (),
            "knowledge.questions.content_words.find_names": lambda _: (),
        },
    ),
    Leg("− spelling", {"knowledge.text.spelling.Speller.suggest": lambda *_: ()}),
    Leg("− headings and titles", scoring(bm25=Bm25(context=0.0))),
    Leg("− best sentence", scoring(sentence=0.0)),
    Leg("− words side by side", scoring(pair=0.0)),
    Leg("− kind of answer", scoring(kind=0.0)),
    Leg("− curated facts", {"knowledge.facts.curated.read_curated": lambda *_: ((), ())}),
    Leg(
        "− question found in message",
        {"knowledge.answers.answerer.questions_in": lambda message: (message,)},
    ),
    Leg(
        "− title left out of what is read",
        {"knowledge.retrieval.reranking.without_title": lambda question, _: question},
    ),
    Leg(
        "− decided by shape",
        {"knowledge.answers.answerer.decide_outright": lambda ranking: (ranking, NOTHING_DECIDED)},
    ),
    Leg(
        "− what is asked for is there",
        {"knowledge.answers.answerer.missing_thing": lambda *_: None},
    ),
)


def question_sets(every: int) -> Iterator[QuestionSet]:
    """Yield the sets in ``tests/data``; of the large ones every so many a question."""
    for language in ("fr", "en", "xx"):
        path = DATA / "questions" / f"dev.{language}.jsonl"
        yield QuestionSet(f"bundled {language}", (BUNDLED_ARTICLES,), read_questions(path))
    for name in ("piaf_fr", "piaf_ontopic_fr", "xquad_en2es", "squad2_en"):
        asked = read_questions(DATA / name / "queries.jsonl")[::every]
        yield QuestionSet(name, (DATA / name / "corpus.jsonl",), asked)
    written = read_written(DATA / "written", "dev")
    asked = [labelled(one) for own in written.values() for one in own[::every]]
    with written_out(list(written)) as folder:
        yield QuestionSet("written dev, a library", (folder,), asked)


@contextmanager
def without(leg: Leg) -> Iterator[None]:
    """Switch a leg off, and forget the texts that were read with it or without."""
    with ExitStack() as stack:
        for target, stand_in in leg.patches.items():
            stack.enter_context(patch(target, stand_in))
        analysed.cache_clear()
        stack.callback(analysed.cache_clear)
        yield


def measure(
    leg: Leg, asked: QuestionSet, database: Path, encoder: Encoder, reader: Reader
) -> list[str]:
    """Return the figures of a set without a leg, in the order of ``FIGURES``."""
    own = database.with_suffix(f".{abs(hash(leg.name))}.db")
    shutil.copy(database, own)
    with (
        without(leg),
        KnowledgeBase.open(
            own,
            asked.articles,
            encoder if leg.compares else None,
            reader if leg.reads else None,
        ) as knowledge,
    ):
        knowledge.reindex(rebuild=True)
        answers = [knowledge.ask(one.question, limit=10) for one in asked.questions]
    own.unlink()
    given = iter(answers)
    report = evaluate(asked.name, asked.questions, lambda _: next(given))
    found = {**report.figures, **claimed(asked.questions, answers)}
    return [f"{found[name]:.3f}" if name in found else "" for name in FIGURES]


def claimed(questions: Sequence[Question], answers: Sequence[Answer]) -> Mapping[str, float]:
    """Return the shares of the answerable and of the other questions that are green."""
    shares: dict[str, float] = {}
    for name, is_answerable in (("green", True), ("green, not said", False)):
        own = [
            answer.verdict is Verdict.ANSWERED
            for question, answer in zip(questions, answers, strict=True)
            if question.is_answerable is is_answerable
        ]
        if own:
            shares[name] = sum(own) / len(own)
    return shares


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every leg on every set and print a table a set."""
    parser = argparse.ArgumentParser(description="Switch every part off in turn.")
    parser.add_argument("--every", type=int, default=5, help="of the large sets, one in so many")
    options = parser.parse_args(arguments)
    loaded, loaded_reader = load_encoder(), load_reader()
    if loaded is None or loaded_reader is None:
        parser.error("the models cannot be used: see “sourcier check”")
    encoder, reader = caching_encoder(loaded), caching_reader(loaded_reader)
    console = Console(width=150)  # a table is wider than what a log is taken for
    with tempfile.TemporaryDirectory(prefix="sourcier-") as folder:
        for asked in question_sets(options.every):
            database = Path(folder) / f"{asked.name}.db"
            KnowledgeBase.open(database, asked.articles, encoder).close()
            table = Table(box=None, title=f"{asked.name} ({len(asked.questions)} questions)")
            table.add_column("")
            for figure in FIGURES:
                table.add_column(figure, justify="right")
            for leg in LEGS:
                table.add_row(leg.name, *measure(leg, asked, database, encoder, reader))
            console.print(table)


if __name__ == "__main__":
    main()
