"""Passages read for the answer: their order, the bold words, the confidence, and no time for it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from knowledge.base import BUNDLED_ARTICLES, KnowledgeBase
from knowledge.model import ReaderUse, Span
from knowledge.neural import load_reader
from knowledge.neural.reader import Reader, SpanPrediction
from knowledge.neural.reader.protocol import Readable, SpanCandidate
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

    def __init__(self, phrase: str, passages: int = RERANKED) -> None:
        self.phrase, self.passages = phrase, passages
        self.asked: list[tuple[str, list[Readable], float | None]] = []

    def read(
        self, question: str, passages: Sequence[Readable], *, seconds: float | None = None
    ) -> list[SpanPrediction | None]:
        self.asked.append((question, list(passages), seconds))
        read: list[SpanPrediction | None] = []
        for _, text in passages[: self.passages]:
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


def test_what_there_was_no_time_to_read_overtakes_nothing_that_was(open_base: Open) -> None:
    question = "Où dort le chat ?"
    base = open_base(*CATS, reader=Finding("nowhere", passages=1))
    assert order(base, question) == order(open_base(*CATS), question)


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
    assert {"read_answerable", "read_others"} <= {one.name for one in answer.evidence.factors}


def test_the_time_of_reading_is_part_of_the_whole(open_base: Open) -> None:
    plain = open_base(*CATS).ask(QUESTION)
    assert plain.reading_ms == 0
    read = open_base(*CATS, reader=Finding("poisson")).ask(f"{QUESTION} Où dort le chat roux ?")
    assert len(read.parts) == 2
    assert 0 < read.reading_ms < read.elapsed_ms


def test_where_nothing_is_asked_or_found_nothing_is_read(open_base: Open) -> None:
    reader = Finding("poisson")
    base = open_base(*CATS, reader=reader)
    reader.asked.clear()
    assert base.ask("Bonjour !").reader is None
    assert base.ask("xyzzy").reader is None
    assert reader.asked == []


def test_questions_in_any_language_are_read_under_the_title_of_the_article(
    open_base: Open,
) -> None:
    reader = Finding("poisson")
    base = open_base(*CATS, reader=reader)
    reader.asked.clear()
    answer = base.ask("Che cosa mangia il chat che dorme sul divano?")
    assert answer.language not in ("fr", "en")
    assert answer.reader is ReaderUse.READ
    assert {one.title for _, passages, _ in reader.asked for one in passages} == {"Bêtes"}


def test_the_first_passages_are_read_in_the_time_that_there_is(open_base: Open) -> None:
    reader = Finding("poisson")
    base = open_base(*CATS, reader=reader, reading_seconds=0.2)
    reader.asked.clear()
    base.ask(QUESTION, limit=1)
    ((question, passages, seconds),) = reader.asked
    assert question == QUESTION
    assert len(passages) == RERANKED
    assert seconds == 0.2


def test_the_words_that_the_reader_finds_are_bold_and_quoted(open_base: Open) -> None:
    answer = open_base(*CATS, reader=Finding("le poisson frais du port")).ask(QUESTION)
    best = answer.citations[0]
    assert "poisson" in best.snippet
    assert [span.of(best.snippet) for span in best.highlights] == ["le poisson frais du port"]


@pytest.mark.parametrize(
    ("found", "bold"),
    [
        ("1 €", ["1 €"]),
        ("Prix: 1 €", ["1 €"]),  # not the head of its column
        ("Prix", ["Froid"]),  # a head is no answer: the question's own word
    ],
)
def test_of_a_row_the_value_of_one_cell_is_bold(
    open_base: Open, found: str, bold: list[str]
) -> None:
    table = "| Programme | Prix |\n| --- | --- |\n| Froid | 1 € |\n| Coton | 3 € |"
    best = open_base(table, reader=Finding(found)).ask("Froid, ça va chercher dans les combien ?")
    snippet, highlights = best.citations[0].snippet, best.citations[0].highlights
    assert [span.of(snippet) for span in highlights] == bold


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
    assert all(len(part.text) <= 1_200 for _, passages, _ in reader.asked for part in passages)
    best = answer.citations[0]
    assert any("poisson" in span.of(best.snippet) for span in best.highlights)


def test_the_same_is_read_but_once() -> None:
    reader = Finding("poisson")
    cats = [Readable("Bêtes", text) for text in CATS]
    deduplicated = caching_reader(reader)
    first = deduplicated.read(QUESTION, cats[:2])
    assert deduplicated.read(QUESTION, cats[:2], seconds=0.0) == first
    deduplicated.read(QUESTION, cats[1:3])
    assert [passages for _, passages, _ in reader.asked if passages] == [cats[:2], [cats[2]]]


def test_the_reader_of_the_package_reads(tmp_path: Path) -> None:
    reader = load_reader()
    assert reader is not None
    database = tmp_path / "knowledge.db"
    with KnowledgeBase.open(database, [BUNDLED_ARTICLES], reader=reader) as base:
        answer = base.ask("Combien de barils de pétrole ont été livrés en juillet ?")
    assert answer.reader is ReaderUse.READ
    best = answer.citations[0]
    bold = " ".join(span.of(best.snippet) for span in best.highlights)
    assert "10 933" in bold.replace("\u00a0", " ")
