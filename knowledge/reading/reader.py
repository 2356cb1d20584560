"""Reads passages for the answer to a question: is it there, and which words are it.

A small encoder that sees question and passage together (what it is made of and how: see
``knowledge.reading.training``). Optional: without its files or its engine there is no reader, and
nothing else changes.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from knowledge.model import Span
from knowledge.reading.choice import best_span
from knowledge.reading.layout import laid_out
from knowledge.reading.pieces import Pieces
from knowledge.reading.windows import windows
from knowledge.reading.words import Floats, Words

__all__ = ["ARTEFACT", "OnnxReader", "Reader", "Reading", "load_reader"]

_log = logging.getLogger(__name__)

ARTEFACT = Path(__file__).with_name("artefact")
"""Where the reader's files lie: ``manifest.json`` has the hashes of the others."""

_FILES = ("encoder.onnx", "words.npz")
_THREADS = 1  # more of them wait for each other as soon as anything else is running
_FIRST_GUESS = 0.0003  # seconds a piece, until some were read
_WEIGHT = 0.2  # of the last window in what a piece is expected to take


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a passage gave.

    ``answerable``: the logit that the passage answers the question; ``span``: its likeliest answer
    as characters of the passage (``None`` where it has no words at all); ``span_score``: by how
    much that is likelier than that there is none, as a logarithm.
    """

    answerable: float
    span: Span | None
    span_score: float

    @property
    def score(self) -> float:
        """One number for both: the higher, the likelier that the passage answers."""
        return self.answerable + self.span_score / 2


class Reader(Protocol):
    """Reads. Safe to use from several threads."""

    @property
    def model(self) -> str:
        """Name and version: another one whenever readings are."""
        ...

    def read(
        self, question: str, passages: Sequence[str], *, seconds: float | None = None
    ) -> list[Reading | None]:
        """Return the readings of ``passages`` in order.

        With a budget of ``seconds``, those that it is not enough for are ``None``: first come the
        passages that are given first, and none is begun that would end too late.
        """
        ...


class OnnxReader:
    """See ``Reader``. Files are loaded with the first question.

    One window after another, each as long as it is: on one core a batch is no faster, and what
    a passage is read as must not depend on those beside it.
    """

    def __init__(self, folder: Path, engine: Any, version: str) -> None:  # noqa: ANN401 - untyped
        self._folder, self._engine = folder, engine
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Words, Pieces] | None = None
        self._a_piece = _FIRST_GUESS
        self.model = f"sourcier-reader/{version}"

    def read(
        self, question: str, passages: Sequence[str], *, seconds: float | None = None
    ) -> list[Reading | None]:
        """See ``Reader``."""
        late = None if seconds is None else time.monotonic() + seconds
        readings: list[Reading | None] = [None] * len(passages)
        wait = -1 if seconds is None else max(0.0, seconds)
        if not self._lock.acquire(timeout=wait):
            return readings
        try:
            session, words, pieces = self._load()
            for at, passage in enumerate(passages):
                reading = self._read_passage(session, words, pieces, question, passage, late)
                if reading is None:
                    break
                readings[at] = reading
        finally:
            self._lock.release()
        return readings

    def _read_passage(
        self,
        session: Any,  # noqa: ANN401 - untyped
        words: Words,
        pieces: Pieces,
        question: str,
        passage: str,
        late: float | None,
    ) -> Reading | None:
        laid = [
            (window, laid_out(pieces, question, window.of(passage))) for window in windows(passage)
        ]
        count = sum(len(one.numbers) for _, one in laid)
        begun = time.monotonic()
        if late is not None and begun + count * self._a_piece > late:
            return None
        best = Reading(float("-inf"), None, float("-inf"))
        for window, one in laid:
            embedded: Floats = words.embeddings(one.numbers)[None]
            starts, ends, answerable = session.run(None, {"words": embedded})
            kept = [0, *range(one.first, len(one.numbers) - 1)]
            span, margin = best_span(starts[0, kept], ends[0, kept], one.spans)
            if span is not None:
                span = Span(span.start + window.start, span.end + window.start)
            reading = Reading(float(answerable[0]), span, margin)
            if best.span is None or reading.score > best.score:
                best = reading
        if count:
            spent = (time.monotonic() - begun) / count
            self._a_piece += _WEIGHT * (spent - self._a_piece)
        return best

    def _load(self) -> tuple[Any, Words, Pieces]:
        if self._loaded is None:
            options: Any = self._engine.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = _THREADS
            session = self._engine.InferenceSession(
                str(self._folder / _FILES[0]), options, providers=["CPUExecutionProvider"]
            )
            words = Words.load(self._folder / _FILES[1])
            self._loaded = session, words, words.tokeniser()
        return self._loaded


def load_reader(folder: Path = ARTEFACT) -> OnnxReader | None:
    """Return the reader in ``folder``; ``None`` where it or its engine is missing, or (with a line
    in the log) where a file is not the one that the manifest names or the engine cannot run."""
    manifest = folder / "manifest.json"
    if not manifest.exists() or importlib.util.find_spec("onnxruntime") is None:
        return None
    try:
        told = json.loads(manifest.read_text(encoding="utf-8"))
        for name in _FILES:
            found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
            if found != told["sha256"][name]:
                _log.warning("The reader is not used: %s is not the file that it should be.", name)
                return None
        engine: Any = importlib.import_module("onnxruntime")
    except (ImportError, OSError, ValueError, KeyError) as error:
        _log.warning("The reader cannot be used here: %s", error)
        return None
    return OnnxReader(folder, engine, str(told["version"]))
