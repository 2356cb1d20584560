"""The reader of this package: an encoder with heads for start, end and answerable, on onnxruntime.

A span predictor after Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers for
Language Understanding", 2019 (arXiv:1810.04805), section 4.3, with a head of its own for whether
there is an answer, made by ``knowledge.training.encoders`` out of multilingual-e5-small.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from knowledge.model import Span
from knowledge.neural.engine import open_session
from knowledge.neural.files import ModelFiles
from knowledge.neural.reader.chunks import chunks
from knowledge.neural.reader.decoding import likeliest_spans
from knowledge.neural.reader.inputs import EncodedPair, encode_pair
from knowledge.neural.reader.protocol import NO_SPAN, Readable, SpanPrediction
from knowledge.neural.reader.turns import Job, Turns
from knowledge.neural.vocabulary import Floats, Vocabulary

__all__ = ["OnnxReader"]

_FIRST_GUESS = 0.0003  # seconds a token, until some were read


@dataclass(frozen=True, slots=True)
class _Laid:
    """A chunk of a passage, laid out for the network."""

    passage: int
    chunk: Span
    pair: EncodedPair


class OnnxReader:
    """See ``knowledge.neural.reader.protocol.Reader``. Files are loaded with the first question.

    Each chunk is read by itself, as long as it is: in a batch it is no faster on one core, and
    what a passage is read as must not depend on those beside it.
    """

    def __init__(self, files: ModelFiles, *, steps_back: int = 0) -> None:
        self._files = files
        self._lock = threading.Lock()
        self._turns = Turns(_FIRST_GUESS, steps_back=steps_back)
        self._loaded: tuple[Any, Vocabulary] | None = None
        self.model = f"sourcier-reader/{files.version}"

    def read(
        self, question: str, passages: Sequence[Readable], *, seconds: float | None = None
    ) -> list[SpanPrediction | None]:
        """See ``Reader``."""
        session, vocabulary = self._load()
        laid = [
            _Laid(at, chunk, encode_pair(vocabulary.tokenizer, question, one.title, part))
            for at, one in enumerate(passages)
            for chunk in chunks(one.text)
            for part in [chunk.of(one.text)]
        ]
        jobs = [
            Job(one.passage, len(one.pair.numbers), partial(_predict, session, vocabulary, one))
            for one in laid
        ]
        best: list[SpanPrediction | None] = [SpanPrediction(NO_SPAN) for _ in passages]
        for one, prediction in zip(laid, self._turns.do(jobs, seconds), strict=True):
            known = best[one.passage]
            if prediction is None:
                best[one.passage :] = [None] * (len(passages) - one.passage)
            elif known is not None and (known.span is None or prediction.score > known.score):
                best[one.passage] = prediction
        return best

    def _load(self) -> tuple[Any, Vocabulary]:
        with self._lock:
            if self._loaded is None:
                self._loaded = open_session(self._files.network), self._files.vocabulary()
            return self._loaded


def _predict(session: Any, vocabulary: Vocabulary, laid: _Laid) -> SpanPrediction:  # noqa: ANN401 - untyped
    """Return the prediction of a chunk, in characters of its passage."""
    pair = laid.pair
    embedded: Floats = vocabulary.embeddings(pair.numbers)[None]
    starts, ends, answerable = session.run(None, {"words": embedded})
    kept = [0, *range(pair.first, len(pair.numbers) - 1)]
    found = likeliest_spans(starts[0, kept], ends[0, kept], pair.spans)
    return SpanPrediction(float(answerable[0]), found).moved(laid.chunk.start)
