"""Which words of the index mean nearly what a word of the question means, in any language."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.index import IndexReader, IndexStatistics
from knowledge.model import Span
from knowledge.neural.encoders import Encoder
from knowledge.questions.query import MAX_INDEX_LANGUAGES
from knowledge.text.tokens import Token, fold, stems

__all__ = ["SimilarWordFinder"]

_LEAST = 0.66
"""The cosine from which two words are taken for alike: translations reach 0.7 and more, words of
the same field stay below 0.6."""

_NEAREST = 8
_CACHED = 4_096


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    words: tuple[str, ...]
    matrix: NDArray[np.float32]
    languages: tuple[str, ...]


class SimilarWordFinder:
    """Compares words with those of an index. Safe to use from several threads."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._lock = threading.Lock()
        self._cached: tuple[tuple[str, int], _Vocabulary] | None = None
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    def similar_terms(
        self, words: Sequence[str], reader: IndexReader, statistics: IndexStatistics
    ) -> dict[str, Mapping[str, float]]:
        """Return, for each of ``words`` (in lower case, accents kept), the index terms of the
        words most like it, with their cosines."""
        vocabulary = self._vocabulary(reader, statistics)
        if not words or not vocabulary.words:
            return {}
        cosines = np.stack(self._encoded(words)) @ vocabulary.matrix.T
        return {
            word: self._terms(vocabulary, row) for word, row in zip(words, cosines, strict=True)
        }

    def _terms(self, vocabulary: _Vocabulary, cosines: NDArray[np.float32]) -> Mapping[str, float]:
        near = np.flatnonzero(cosines >= _LEAST)
        best = near[np.argsort(-cosines[near], kind="stable")[:_NEAREST]]
        terms: dict[str, float] = {}
        for position in best:
            word = vocabulary.words[int(position)]
            token = Token(fold(word), word, Span(0, len(word)))
            for language in vocabulary.languages:
                for term in stems(token, language):
                    terms.setdefault(term, float(cosines[position]))
        return terms

    def _encoded(self, words: Sequence[str]) -> list[NDArray[np.float32]]:
        with self._lock:
            known = {word: self._vectors.get(word) for word in words}
        new = [word for word, vector in known.items() if vector is None]
        encoded = {
            word: np.frombuffer(packed, dtype="<f4")
            for word, packed in zip(new, self._encoder.encode_queries(new), strict=True)
        }
        with self._lock:
            self._vectors.update(encoded)
            while len(self._vectors) > _CACHED:
                self._vectors.popitem(last=False)
        return [encoded[word] if (old := known[word]) is None else old for word in words]

    def _vocabulary(self, reader: IndexReader, statistics: IndexStatistics) -> _Vocabulary:
        with self._lock:
            if self._cached is None or self._cached[0] != statistics.state:
                stored = reader.word_vectors(self._encoder.model)
                packed = b"".join(vector for _, vector in stored)
                matrix = np.frombuffer(packed, dtype="<f4").reshape(
                    len(stored), self._encoder.dimension
                )
                words = tuple(word for word, _ in stored)
                vocabulary = _Vocabulary(words, matrix, statistics.languages[:MAX_INDEX_LANGUAGES])
                self._cached = (statistics.state, vocabulary)
            return self._cached[1]
