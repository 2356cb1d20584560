"""Passages read for the answer: their order, the bold words, the confidence, and no time for it."""

import importlib.util
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.answers.confidence import load_model
from knowledge.answers.confidence_features import confidence_features
from knowledge.answers.quoting import quote
from knowledge.base import BUNDLED_ARTICLES, KnowledgeBase
from knowledge.model import ReaderUse, Span
from knowledge.neural.reader import Reader, SpanPrediction, load_reader, problem_with
from knowledge.neural.reader.loading import ARTEFACT
from knowledge.neural.reader.protocol import SpanCandidate
from knowledge.retrieval.reranking import RERANKED
from knowledge.training.reader_cache import caching_reader

CATS = (
    "Le chat gris dort toute la journée sur le vieux canapé.",
    "Le chat gris mange chaque soir. Il aime le poisson frais du port.",
    "Le chien noir garde la maison.",
    "Le chat blanc chasse les souris du grenier.",
    "Le chat roux dort chez la voisine.",
)
QUESTION = "Que mange le chat gris ?"


class Finding:
    """A reader that finds one phrase, and keeps what it was asked."""

    model = "finding/1"

    languages = ("fr",)

    def __init__(self, phrase: str, passages: int = RERANKED) -> None:
        self.phrase, self.passages = phrase, passages
        self.asked: list[tuple[str, list[str], float | None]] = []

    def read(
        self, question: str, passages: Sequence[str], *, seconds: float | None = None
    ) -> list[SpanPrediction | None]:
        self.asked.append((question, list(passages), seconds))
        read: list[SpanPrediction | None] = []
        for text in passages[: self.passages]:
            at = text.find(self.phrase)
            end = at + len(self.phrase)
            found = at >= 0
            read.append(
                SpanPrediction(6.0, (SpanCandidate(Span(at, end), 8.0),))
                if found
                else SpanPrediction(-6.0)
            )
        return read + [None] * (len(passages) - len(read))


Open = Callable[..., KnowledgeBase]


@pytest.fixture
def open_base(tmp_path: Path) -> Iterator[Open]:
    opened: list[KnowledgeBase] = []

    def open_it(*paragraphs: str, reader: Reader | None = None, **options: object) -> KnowledgeBase:
        article = tmp_path / "a.md"
        text = "\n\n".join(paragraphs)
        article.write_text(f"---\ntitle: Bêtes\nlanguage: fr\n---\n\n{text}\n", encoding="utf-8")
        database = tmp_path / f"{len(opened)}.db"
        opened.append(KnowledgeBase.open(database, [article], reader=reader, **options))  # pyright: ignore
        return opened[-1]

    yield open_it
    for base in opened:
        base.close()


def order(base: KnowledgeBase, question: str) -> list[int]:
    return [citation.paragraph for citation in base.ask(question).citations]


def test_a_passage_that_answers_comes_before_one_like_it(open_base: Open) -> None:
    question = "Où dort le chat ?"
    before = order(open_base(*CATS), question)
    assert before[:2] == [5, 1]
    assert order(open_base(*CATS, reader=Finding("canapé")), question)[:2] == [1, 5]


def test_what_is_not_read_overtakes_nothing_that_is(open_base: Open) -> None:
    question = "Où dort le chat ?"
    before = order(open_base(*CATS), question)
    read = order(open_base(*CATS, reader=Finding("nowhere")), question)
    assert set(read[:RERANKED]) == set(before[:RERANKED])
    assert read[RERANKED:] == before[RERANKED:]


def test_with_no_reader_or_no_time_the_answer_is_the_same(open_base: Open) -> None:
    plain = open_base(*CATS).ask(QUESTION)
    skipped = open_base(*CATS, reader=Finding("poisson", passages=0)).ask(QUESTION)
    read = open_base(*CATS, reader=Finding("poisson")).ask(QUESTION)
    assert [answer.reader for answer in (plain, skipped, read)] == [
        None, ReaderUse.SKIPPED, ReaderUse.READ,
    ]  # fmt: skip
    assert skipped.citations == plain.citations
    assert skipped.evidence == plain.evidence
    assert skipped.confidence == plain.confidence
    assert read.confidence != plain.confidence


def test_only_what_there_was_time_for_counts(open_base: Open) -> None:
    answer = open_base(*CATS, reader=Finding("poisson", passages=1)).ask(QUESTION)
    assert answer.reader is ReaderUse.READ
    assert answer.evidence is not None
    assert {"read_answerable", "read_lead"} <= {one.name for one in answer.evidence.factors}


def test_where_nothing_is_asked_or_found_nothing_is_read(open_base: Open) -> None:
    reader = Finding("poisson")
    base = open_base(*CATS, reader=reader)
    reader.asked.clear()
    assert base.ask("Bonjour !").reader is None
    assert base.ask("xyzzy").reader is None
    assert reader.asked == []


def test_a_question_in_a_language_that_was_not_learned_is_answered_as_without_a_reader(
    open_base: Open,
) -> None:
    question = "Che cosa mangia il gatto che dorme sul divano?"
    plain, reader = open_base(*CATS), Finding("poisson")
    base = open_base(*CATS, reader=reader)
    reader.asked.clear()
    answer = base.ask(question)
    assert (answer.language, answer.reader, reader.asked) == ("it", None, [])
    assert replace(answer, elapsed_ms=0.0) == replace(plain.ask(question), elapsed_ms=0.0)


def test_the_first_passages_are_read_in_the_time_that_there_is(open_base: Open) -> None:
    reader = Finding("poisson")
    base = open_base(*CATS, reader=reader, reading_seconds=0.2)
    reader.asked.clear()
    base.ask(QUESTION, limit=1)
    ((question, passages, seconds),) = reader.asked
    assert question == QUESTION
    assert len(passages) == RERANKED
    assert seconds == 0.2


def test_where_many_ask_at_once_nothing_is_read(open_base: Open) -> None:
    class Crowded(Finding):
        """While it reads, somebody else asks."""

        def read(
            self, question: str, passages: Sequence[str], *, seconds: float | None = None
        ) -> list[SpanPrediction | None]:
            self.asked.append((question, list(passages), seconds))
            if len(self.asked) < 5:
                base.ask(QUESTION)
            return [None] * len(passages)

    reader = Crowded("poisson")
    reader.asked = [("", [], None)] * 5  # nobody, while it is opened
    base = open_base(*CATS, reader=reader, reading_seconds=0.2)
    reader.asked.clear()
    base.ask(QUESTION)
    assert [seconds for _, _, seconds in reader.asked] == [0.2, 0.2, 0.0, 0.0, 0.0]
    assert base.ask(QUESTION).reader is ReaderUse.SKIPPED
    assert reader.asked[-1][2] == 0.2


def test_the_words_that_the_reader_finds_are_bold_and_quoted(open_base: Open) -> None:
    answer = open_base(*CATS, reader=Finding("le poisson frais du port")).ask(QUESTION)
    best = answer.citations[0]
    assert "poisson" in best.snippet
    assert [span.of(best.snippet) for span in best.highlights] == ["le poisson frais du port"]


def test_the_quotation_grows_towards_the_answer(open_base: Open) -> None:
    before = f"Il boit du lait {'tiède ' * 18}aussi."
    after = f"Il aime le poisson {'frais ' * 18}bien."
    long = f"{before} Le chat gris mange chaque soir à sept heures. {after}"
    for phrase, whole in (("du lait", before), ("le poisson", after)):
        snippet = open_base(long, reader=Finding(phrase)).ask(QUESTION).citations[0].snippet
        assert whole in snippet


def test_a_long_passage_is_read_around_its_best_sentence(open_base: Open) -> None:
    filler = "Le grenier de la maison est plein de vieilles choses oubliées. " * 40
    text = f"{filler}Le chat gris mange le poisson du port chaque soir. {filler}".strip()
    reader = Finding("le poisson")
    answer = open_base(text, reader=reader).ask(QUESTION)
    assert all(len(part) <= 1_200 for _, passages, _ in reader.asked for part in passages)
    best = answer.citations[0]
    assert any("poisson" in span.of(best.snippet) for span in best.highlights)


@pytest.mark.parametrize("name", ["lexical", "likeness", "dense"])
def test_the_package_has_a_model_that_goes_on_from_each(name: str) -> None:
    base, model = load_model(name), load_model(f"{name}, read")
    assert model.features[: len(base.features)] == base.features
    assert {feature for feature in model.features if feature.startswith("read_")} == {
        "read_answerable", "read_answer", "read_lead",
    }  # fmt: skip
    assert len(model.trees) > len(base.trees)
    assert 0 < model.uncertain < model.answered < 1


def test_the_surer_the_reader_the_surer_the_answer(open_base: Open) -> None:
    base = open_base(*CATS, reader=Finding("poisson"))
    ranking = base.rank(QUESTION)
    features = confidence_features(ranking, quote(ranking.query, ranking.found[0]))
    model = load_model("lexical, read")
    assert set(model.features) == set(features)
    for name in ("read_answerable", "read_answer", "read_lead"):
        said = [model.confidence({**features, name: value / 2}) for value in range(-30, 31)]
        assert said == sorted(said)
    total = model.intercept + sum(factor.contribution for factor in model.factors(features))
    assert model.confidence(features) == pytest.approx(1 / (1 + math.exp(-total)))


def test_the_same_is_read_but_once() -> None:
    reader = Finding("poisson")
    deduplicated = caching_reader(reader)
    assert deduplicated.read(QUESTION, CATS[:2]) == deduplicated.read(
        QUESTION, CATS[:2], seconds=0.0
    )
    deduplicated.read(QUESTION, CATS[1:3])
    assert [passages for _, passages, _ in reader.asked if passages] == [
        list(CATS[:2]), [CATS[2]],
    ]  # fmt: skip


# The reader of the package

needs_reader = pytest.mark.skipif(
    importlib.util.find_spec("onnxruntime") is None or not (ARTEFACT / "manifest.json").exists(),
    reason="the extra “reader” is not installed, or its files are not here",
)


@needs_reader
def test_the_reader_of_the_package_is_whole_and_small() -> None:
    assert problem_with() is None
    files = list(ARTEFACT.iterdir())
    assert {"encoder.onnx", "words.npz", "manifest.json", "LICENSE"} == {one.name for one in files}
    assert sum(one.stat().st_size for one in files) <= 40_000_000
    assert "CC BY-SA" in (ARTEFACT / "LICENSE").read_text(encoding="utf-8")


@needs_reader
def test_the_reader_of_the_package_reads(tmp_path: Path) -> None:
    reader = load_reader()
    assert reader is not None
    database = tmp_path / "knowledge.db"
    with KnowledgeBase.open(database, [BUNDLED_ARTICLES], reader=reader) as base:
        answer = base.ask("Combien de barils de pétrole ont été livrés en juillet ?")
    assert answer.reader is ReaderUse.READ
    best = answer.citations[0]
    assert "10\u00a0933" in "".join(span.of(best.snippet) for span in best.highlights) or (
        "10 933" in "".join(span.of(best.snippet) for span in best.highlights)
    )
