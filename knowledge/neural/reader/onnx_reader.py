"""Reads passages for the answer to a question: is it there, and which words are it.

A small encoder that sees question and passage together (what it is made of and how: see
``knowledge.training.reader``). Optional: without its files or its engine there is no reader, and
nothing else changes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from knowledge.neural.reader.chunks import chunks
from knowledge.neural.reader.decoding import likeliest_spans
from knowledge.neural.reader.inputs import encode_pair
from knowledge.neural.reader.protocol import NO_SPAN, SpanPrediction
from knowledge.neural.reader.tokenizer import SubwordTokenizer
from knowledge.neural.reader.vocabulary import Floats, Vocabulary

__all__ = ["OnnxReader"]

_FILES = ("encoder.onnx", "words.npz")
_THREADS = 1  # more of them wait for each other as soon as anything else is running
_FIRST_GUESS = 0.0003  # seconds a token, until some were read
_AT_ONCE = 2  # questions: one is read, one waits
_HOPE = 0.95  # of what a token took is expected each time that something was not read for it
_WEIGHT = 0.2  # of the last chunk in what a token is expected to take


class OnnxReader:
    """See ``knowledge.neural.reader.protocol.Reader``. Files are loaded with the first question.

    One chunk after another, each as long as it is: on one core a batch is no faster, and what
    a passage is read as must not depend on those beside it. One question after another, too; of
    those with little time only one waits for its turn, since a further one would wait in vain.
    """

    languages = frozenset({"en", "fr"})
    """Of the questions in ``knowledge.training.reader.data``."""

    def __init__(self, folder: Path, engine: Any, version: str) -> None:  # noqa: ANN401 - untyped
        self._folder, self._engine = folder, engine
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(_AT_ONCE)
        self._loaded: tuple[Any, Vocabulary, SubwordTokenizer] | None = None
        self._seconds_a_token = _FIRST_GUESS
        self.model = f"sourcier-reader/{version}"

    def read(
        self, question: str, passages: Sequence[str], *, seconds: float | None = None
    ) -> list[SpanPrediction | None]:
        """See ``Reader``."""
        if seconds is None:
            with self._lock:
                return self._read(question, passages, None)
        late = time.monotonic() + seconds
        if not self._places.acquire(blocking=False):
            return [None] * len(passages)
        try:
            if not self._lock.acquire(timeout=max(0.0, seconds)):
                return [None] * len(passages)
            try:
                return self._read(question, passages, late)
            finally:
                self._lock.release()
        finally:
            self._places.release()

    def _read(
        self, question: str, passages: Sequence[str], late: float | None
    ) -> list[SpanPrediction | None]:
        predictions: list[SpanPrediction | None] = [None] * len(passages)
        session, vocabulary, tokenizer = self._load()
        for at, passage in enumerate(passages):
            predictions[at] = self._read_passage(
                session, vocabulary, tokenizer, question, passage, late
            )
            if predictions[at] is None:
                break
        return predictions

    def _read_passage(
        self,
        session: Any,  # noqa: ANN401 - untyped
        vocabulary: Vocabulary,
        tokenizer: SubwordTokenizer,
        question: str,
        passage: str,
        late: float | None,
    ) -> SpanPrediction | None:
        laid = [
            (chunk, encode_pair(tokenizer, question, chunk.of(passage)))
            for chunk in chunks(passage)
        ]
        count = sum(len(one.numbers) for _, one in laid)
        begun = time.monotonic()
        if late is not None and begun + count * self._seconds_a_token > late:
            self._seconds_a_token *= _HOPE
            return None
        best = SpanPrediction(NO_SPAN)
        for chunk, one in laid:
            embedded: Floats = vocabulary.embeddings(one.numbers)[None]
            starts, ends, answerable = session.run(None, {"words": embedded})
            kept = [0, *range(one.first, len(one.numbers) - 1)]
            found = likeliest_spans(starts[0, kept], ends[0, kept], one.spans)
            prediction = SpanPrediction(float(answerable[0]), found).moved(chunk.start)
            if best.span is None or prediction.score > best.score:
                best = prediction
        if count:
            spent = (time.monotonic() - begun) / count
            self._seconds_a_token += _WEIGHT * (spent - self._seconds_a_token)
        return best

    def _load(self) -> tuple[Any, Vocabulary, SubwordTokenizer]:
        if self._loaded is None:
            options: Any = self._engine.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = _THREADS
            session = self._engine.InferenceSession(
                str(self._folder / _FILES[0]), options, providers=["CPUExecutionProvider"]
            )
            vocabulary = Vocabulary.load(self._folder / _FILES[1])
            self._loaded = session, vocabulary, vocabulary.tokenizer()
        return self._loaded
