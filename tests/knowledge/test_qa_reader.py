"""Reading passages: subword tokens, chunks, spans, turns, and the models of the package."""

import hashlib
import importlib
import json
import os
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
from knowledge.neural import load_encoder, load_reader, problem_with_encoder, problem_with_reader
from knowledge.neural.engine import load_engine
from knowledge.neural.files import ARTEFACT, READER, RETRIEVER, ModelFiles
from knowledge.neural.reader.chunks import chunks
from knowledge.neural.reader.decoding import CONSIDERED, LONGEST, likeliest_spans
from knowledge.neural.reader.inputs import MOST, encode_pair
from knowledge.neural.reader.onnx_reader import OnnxReader
from knowledge.neural.reader.protocol import Readable, SpanPrediction
from knowledge.neural.reader.turns import Job, Turns
from knowledge.neural.tokenizer import SubwordTokenizer
from knowledge.neural.vocabulary import END, START, Vocabulary, dequantised

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
    return toy_words().tokenizer


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
    numbers, spans = toy_words().tokenizer(text)
    assert len(numbers) == len(spans)
    covering = [span for span in spans if span]
    assert all(0 <= span.start < span.end <= len(text) for span in covering)
    assert all(a.start <= b.start and a.end <= b.end for a, b in pairwise(covering))


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


def test_question_title_and_chunk_are_laid_out_between_marks(toy: SubwordTokenizer) -> None:
    laid = encode_pair(toy, "chat", "ch", "chats")
    assert laid.numbers[0] == START
    assert laid.numbers[laid.first - 1] == laid.numbers[-1] == END
    assert [TOY[n] for n in laid.numbers[laid.first - 3 : laid.first]] == ["</s>", "▁ch", "</s>"]
    assert [TOY[number] for number in laid.numbers[laid.first : -1]] == ["▁chat", "s"]
    assert list(laid.spans) == [Span(0, 4), Span(4, 5)]


def test_what_is_too_long_is_cut(toy: SubwordTokenizer) -> None:
    laid = encode_pair(toy, "chat " * 500, "chat " * 500, "chats " * 500)
    assert len(laid.numbers) == MOST
    assert laid.first == 1 + 80 + 1 + 28 + 1
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


# Turns


def test_the_most_promising_comes_first_whoever_gave_it() -> None:
    turns = Turns(0.0, threads=1)
    free, order = threading.Event(), list[str]()
    with ThreadPoolExecutor() as pool:
        busy = pool.submit(turns.do, [Job(0, 1, lambda: free.wait(60))])
        while turns._threads._work_queue.qsize() or not turns._threads._threads:
            time.sleep(0.001)
        asked = []
        for who in ("one", "two"):
            jobs = [
                Job(rank, 1, lambda who=who, rank=rank: order.append(f"{who} {rank}"))
                for rank in range(3)
            ]
            asked.append(pool.submit(turns.do, jobs))
            while len(turns._waiting) < 3 * len(asked):
                time.sleep(0.001)
        free.set()
        for one in (busy, *asked):
            one.result()
    assert order == ["one 0", "two 0", "one 1", "two 1", "one 2", "two 2"]


def test_what_would_end_too_late_is_not_begun() -> None:
    turns, begun = Turns(1.0, threads=1), list[int]()
    assert turns.do([Job(0, 10, lambda: begun.append(1))], seconds=5) == [None]
    assert turns.do([Job(0, 10, lambda: begun.append(2) or "done")], seconds=60) == ["done"]
    assert begun == [2]
    assert turns.do([], seconds=0) == []


def test_who_waits_in_vain_is_not_kept_longer_than_agreed() -> None:
    turns, free, begun = Turns(0.0, threads=1), threading.Event(), list[int]()
    with ThreadPoolExecutor() as pool:
        busy = pool.submit(turns.do, [Job(0, 1, lambda: free.wait(60))])
        while not turns._threads._threads:
            time.sleep(0.001)
        assert turns.do([Job(0, 1, lambda: begun.append(1))], seconds=0.01) == [None]
        free.set()
        busy.result()
    assert turns.do([Job(0, 1, lambda: "next")]) == ["next"]
    assert begun == []


def test_a_slow_moment_is_forgotten() -> None:
    turns = Turns(100.0)
    done = [turns.do([Job(0, 1, lambda: True)], seconds=5)[0] for _ in range(200)]
    assert done[0] is None
    assert done[-1]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
def test_reading_stands_back_as_far_as_it_is_told() -> None:
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    asker = priority()
    assert Turns(0.0).do([Job(0, 1, priority)]) == [asker]
    assert Turns(0.0, steps_back=4).do([Job(0, 1, priority)]) == [asker + 4]
    assert priority() == asker


def test_what_a_job_raises_is_raised() -> None:
    def fail() -> None:
        raise LookupError("no such thing")

    with pytest.raises(LookupError, match="no such thing"):
        Turns(0.0).do([Job(0, 1, fail)])


# The reader


class Session:
    """An engine's session that finds the last token, and counts what it is given."""

    def __init__(self, answers: Sequence[float] = (1.0,)) -> None:
        self.answers, self.lengths = list(answers), list[int]()

    def run(self, _: None, given: dict[str, Any]) -> list[Any]:
        length = given["words"].shape[1]
        self.lengths.append(length)
        starts, ends = np.zeros((1, length), np.float32), np.zeros((1, length), np.float32)
        starts[0, -2] = ends[0, -2] = 2.0
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [starts, ends, np.array([answer], np.float32)]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that makes a reader with a session of the tests' own, on one thread."""

    def make(session: Session) -> OnnxReader:
        toy_words().save(tmp_path / "words.npz")
        monkeypatch.setattr("knowledge.neural.reader.onnx_reader.open_session", lambda _: session)
        reader = OnnxReader(ModelFiles(tmp_path, READER, "1"))
        reader._turns = Turns(0.0, threads=1)
        return reader

    return make


def read(reader: OnnxReader, *texts: str, **options: float) -> list[SpanPrediction | None]:
    return reader.read("chat", [Readable("Chats", text) for text in texts], **options)


def test_predictions_are_in_the_passages_characters(made: Any) -> None:
    session = Session()
    passage = "Un chat. " * 100 + "Le chat"
    (prediction,) = read(made(session), passage)
    assert prediction is not None
    assert prediction.span is not None
    assert prediction.span.of(passage).strip()
    assert (prediction.answerable, prediction.span_score) == (1.0, 4.0)
    assert prediction.score == 3.0
    assert len(session.lengths) == len(chunks(passage)) > 1


def test_the_best_chunk_counts(made: Any) -> None:
    passage = "Un chat. " * 70 + "Les chats"
    count = len(chunks(passage))
    assert count > 1
    (prediction,) = read(made(Session([-1.0] * (count - 1) + [5.0])), passage)
    assert prediction is not None
    assert prediction.answerable == 5.0
    assert prediction.span is not None
    assert prediction.span.start >= chunks(passage)[-1].start


def test_what_the_time_is_too_short_for_is_not_read(made: Any) -> None:
    session = Session()
    reader = made(session)
    assert read(reader, "chat", "chat", seconds=0) == [None, None]
    assert session.lengths == []
    assert None not in read(reader, "chat", "chat", seconds=60)
    assert read(reader) == []


def test_after_a_passage_that_was_not_read_none_is(made: Any) -> None:
    reader = made(Session())
    reader._turns._seconds = 0.05
    long = "chat " * 90
    assert [one is None for one in read(reader, "chat", long, "chat", seconds=1)] == [
        False, True, True,
    ]  # fmt: skip


def test_a_passage_without_words_does_not_answer(made: Any) -> None:
    (prediction,) = read(made(Session()), "")
    assert prediction is not None
    assert prediction.span is None
    assert prediction.answerable == float("-inf")


# The models of the package


def test_the_models_of_the_package_are_whole_and_small() -> None:
    assert problem_with_encoder() is problem_with_reader() is None
    files = {path.relative_to(ARTEFACT).as_posix(): path for path in ARTEFACT.rglob("*.*")}
    assert set(files) == {RETRIEVER, READER, "words.npz", "manifest.json"}
    assert sum(path.stat().st_size for path in files.values()) <= 80_000_000
    assert "CC BY-SA" in (ARTEFACT / "LICENSE").read_text(encoding="utf-8")


def test_both_models_read_one_vocabulary() -> None:
    encoder, reader = load_encoder(), load_reader()
    assert encoder is not None
    assert reader is not None
    assert encoder._files.vocabulary() is reader._files.vocabulary()  # pyright: ignore


def test_there_is_no_model_without_its_files(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert load_reader(tmp_path) is None
    assert load_encoder(tmp_path) is None
    assert "manifest.json is missing" in caplog.text


def test_a_file_that_is_not_the_named_one_is_not_used(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    network = tmp_path / READER
    network.parent.mkdir()
    network.write_bytes(b"encoder")
    toy_words().save(tmp_path / "words.npz")
    hashes = {
        name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()
        for name in (READER, "words.npz")
    }
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"version": "1", "sha256": hashes}), encoding="utf-8")
    reader = load_reader(tmp_path)
    assert reader is not None
    assert reader.model == "sourcier-reader/1"
    assert problem_with_reader(tmp_path) is None
    assert problem_with_encoder(tmp_path) is not None  # there is none
    network.write_bytes(b"other")
    assert load_reader(tmp_path) is None
    assert "encoder.onnx is not the file" in (problem_with_reader(tmp_path) or "")
    assert "encoder.onnx" in caplog.text
    manifest.write_text("{}", encoding="utf-8")
    assert load_reader(tmp_path) is None
    assert "cannot be read" in (problem_with_reader(tmp_path) or "")


def test_without_an_engine_there_is_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> None:
        raise ImportError("no such library")

    monkeypatch.setattr(importlib, "import_module", missing)
    assert load_encoder() is load_reader() is None
    assert "onnxruntime cannot run here: no such library" in (problem_with_reader() or "")


class Engine:
    """An engine that reports to nobody."""

    def disable_telemetry_events(self) -> None:
        """Report to nobody."""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to raise")
def test_a_signal_while_the_engine_is_loaded_waits_until_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    happened: list[str] = []

    def load(name: str) -> Engine:
        signal.raise_signal(signal.SIGTERM)
        happened.append("loaded")
        return Engine()

    monkeypatch.setattr(importlib, "import_module", load)
    before = signal.signal(signal.SIGTERM, lambda *_: happened.append("told to end"))
    try:
        load_engine()
    finally:
        signal.signal(signal.SIGTERM, before)
    assert happened == ["loaded", "told to end"]


def test_the_time_that_is_left_is_the_same_in_every_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the preview, the monotonic time that a question's thread is given is not the real one."""
    own = threading.get_ident()
    monkeypatch.setattr(time, "monotonic", lambda: 0.0 if threading.get_ident() == own else 1e6)
    jobs = [Job(0, 1, lambda: "read")]
    assert Turns(1e-6).do(jobs, seconds=60) == ["read"]
