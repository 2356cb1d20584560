"""The retriever's encoder: a question and the passage that answers it get near vectors.

A dual encoder trained on from multilingual-e5-small (Wang et al., "Multilingual E5 Text
Embeddings: A Technical Report", 2024, arXiv:2402.05672), which is asymmetric: questions and
passages each have a prefix of their own. The vector is the mean of the last layer's states.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from typing import Any

from knowledge.neural.engine import open_session
from knowledge.neural.files import ModelFiles
from knowledge.neural.vocabulary import END, START, Floats, Vocabulary
from knowledge.thread_priority import lower_thread_priority

__all__ = ["OnnxEncoder"]

_DIMENSION = 384
_MOST = 512
"""Subword tokens of a text with its marks, at most: what the network has positions for."""
_MAX_PASSAGE = 2_400
_MAX_QUERY = 300
"""Characters that are looked at: nobody waits for the rest of a long message."""

_STEPS_BACK = 10
"""How far passages stand back (``nice``) once questions are asked. Before that somebody waits for
them, maybe on a busy machine."""


class OnnxEncoder:
    """See ``knowledge.neural.encoder.Encoder``. The files are loaded with the first text.

    One text is run at a time: the 8-bit arithmetic goes by the range of all numbers of a run, and
    the vector of a text must not depend on those beside it. Nor is a batch faster.
    """

    def __init__(self, files: ModelFiles, threads: int | None = None) -> None:
        self._files = files
        self._threads = threads or os.cpu_count() or 1
        self._is_asked = False
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Vocabulary] | None = None
        self.model = f"sourcier-retriever/{files.version}"
        self.dimension = _DIMENSION

    def encode_queries(self, texts: Sequence[str]) -> list[bytes]:
        """Return the vectors of questions, in order."""
        self._is_asked = True
        return [self._encode(self._tokens("query", text[:_MAX_QUERY])) for text in texts]

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> list[bytes]:
        """Return the vectors of passages, in order, computed by ``threads``, by default as many as
        there are cores: see ``Encoder``."""
        rows = [self._tokens("passage", text[:_MAX_PASSAGE]) for text in texts]
        if len(rows) == 1:
            return [self._told(self._encode(rows[0]), progress)]
        vectors: list[bytes] = [b""] * len(rows)
        begin = partial(lower_thread_priority, _STEPS_BACK) if self._is_asked else None
        with ThreadPoolExecutor(self._threads, "encoding", begin) as threads:
            # The longest first: what ends last is then short.
            order = sorted(range(len(rows)), key=lambda at: -len(rows[at]))
            running = {threads.submit(self._encode, rows[at]): at for at in order}
            try:
                for future in as_completed(running):
                    vectors[running[future]] = self._told(future.result(), progress)
            except BaseException:
                threads.shutdown(cancel_futures=True)
                raise
        return vectors

    @staticmethod
    def _told(vector: bytes, progress: Callable[[int], None] | None) -> bytes:
        if progress is not None:
            progress(1)
        return vector

    def _tokens(self, role: str, text: str) -> list[int]:
        """Return the numbers of a text's subword tokens between the marks of start and end."""
        _, vocabulary = self._load()
        numbers, _ = vocabulary.tokenizer(f"{role}: {text}")
        return [START, *numbers[: _MOST - 2], END]

    def _encode(self, row: Sequence[int]) -> bytes:
        session, vocabulary = self._load()
        vectors: Floats = session.run(None, {"words": vocabulary.embeddings(row)[None]})[0]
        return vectors[0].astype("<f2").tobytes()

    def _load(self) -> tuple[Any, Vocabulary]:
        with self._lock:
            if self._loaded is None:
                self._loaded = open_session(self._files.network), self._files.vocabulary()
            return self._loaded
