"""The retriever's encoder: a question and the passage that answers it get near vectors.

A dual encoder trained on from multilingual-e5-small (Wang et al., "Multilingual E5 Text
Embeddings: A Technical Report", 2024, arXiv:2402.05672), which is asymmetric: questions and
passages each have a prefix of their own. The vector is the mean of the last layer's states.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import groupby
from os import cpu_count
from typing import Any

import numpy as np

from knowledge.neural.engine import open_session
from knowledge.neural.files import ModelFiles
from knowledge.neural.vocabulary import END, START, Floats, Vocabulary

__all__ = ["OnnxEncoder"]

_DIMENSION = 384
_MOST = 512
"""Subword tokens of a text with its marks, at most: what the network has positions for."""
_MAX_PASSAGE = 2_400
_MAX_QUERY = 300
"""Characters that are looked at: nobody waits for the rest of a long message."""
_TOKENS_AT_ONCE = 2_048
"""Subword tokens of a batch at most: it takes about half a second, so that whoever asks meanwhile
is not kept waiting."""


class OnnxEncoder:
    """See ``knowledge.neural.encoder.Encoder``. The files are loaded with the first text.

    Texts of a batch are of one length, since the network knows no padding.
    """

    def __init__(self, files: ModelFiles) -> None:
        self._files = files
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Vocabulary] | None = None
        self.model = f"sourcier-retriever/{files.version}"
        self.dimension = _DIMENSION

    def encode_queries(self, texts: Sequence[str]) -> list[bytes]:
        """Return the vectors of questions, in order."""
        return [self._encode([self._tokens("query", text[:_MAX_QUERY])])[0] for text in texts]

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> list[bytes]:
        """Return the vectors of passages, in order, computed on all cores: see ``Encoder``."""
        rows = [self._tokens("passage", text[:_MAX_PASSAGE]) for text in texts]
        vectors: list[bytes] = [b""] * len(rows)
        batches = list(_batches(rows))
        if len(batches) == 1:
            return self._in_order(batches[0], rows, progress)
        with ThreadPoolExecutor(cpu_count(), thread_name_prefix="encoding") as threads:
            running = {
                threads.submit(self._encode, [rows[at] for at in batch]): batch for batch in batches
            }
            try:
                for future in as_completed(running):
                    batch = running[future]
                    for at, vector in zip(batch, future.result(), strict=True):
                        vectors[at] = vector
                    if progress is not None:
                        progress(len(batch))
            except BaseException:
                threads.shutdown(cancel_futures=True)
                raise
        return vectors

    def _in_order(
        self,
        batch: Sequence[int],
        rows: Sequence[Sequence[int]],
        progress: Callable[[int], None] | None,
    ) -> list[bytes]:
        encoded = self._encode([rows[at] for at in batch])
        vectors = [vector for _, vector in sorted(zip(batch, encoded, strict=True))]
        if progress is not None:
            progress(len(batch))
        return vectors

    def _tokens(self, role: str, text: str) -> list[int]:
        """Return the numbers of a text's subword tokens between the marks of start and end."""
        _, vocabulary = self._load()
        numbers, _ = vocabulary.tokenizer(f"{role}: {text}")
        return [START, *numbers[: _MOST - 2], END]

    def _encode(self, rows: Sequence[Sequence[int]]) -> list[bytes]:
        session, vocabulary = self._load()
        words = np.stack([vocabulary.embeddings(row) for row in rows])
        vectors: Floats = session.run(None, {"words": words})[0]
        return [vector.tobytes() for vector in vectors.astype("<f2")]

    def _load(self) -> tuple[Any, Vocabulary]:
        with self._lock:
            if self._loaded is None:
                self._loaded = open_session(self._files.network), self._files.vocabulary()
            return self._loaded


def _batches(rows: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Yield the places of rows of one length, the longest first: what ends last is then short."""
    ordered = sorted(range(len(rows)), key=lambda at: -len(rows[at]))
    for length, places in groupby(ordered, key=lambda at: len(rows[at])):
        alike = list(places)
        most = max(1, _TOKENS_AT_ONCE // length)
        for start in range(0, len(alike), most):
            yield alike[start : start + most]
