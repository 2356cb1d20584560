"""Models that encode each text once, for whoever asks the same in many indexes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from knowledge.neural.encoders import Encoder, Encoders

__all__ = ["caching_encoders"]


class _CachingEncoder:
    """See ``knowledge.neural.encoders.Encoder``."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._queries: dict[str, bytes] = {}
        self._passages: dict[str, bytes] = {}
        self.model = encoder.model
        self.dimension = encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> list[bytes]:
        """Return the vectors of questions, in order."""
        return _cached(texts, self._queries, self._encoder.encode_queries)

    def encode_passages(self, texts: Sequence[str]) -> list[bytes]:
        """Return the vectors of passages, in order."""
        return _cached(texts, self._passages, self._encoder.encode_passages)


def _cached(
    texts: Sequence[str],
    known: dict[str, bytes],
    encode: Callable[[Sequence[str]], list[bytes]],
) -> list[bytes]:
    new = [text for text in dict.fromkeys(texts) if text not in known]
    known.update(zip(new, encode(new), strict=True))
    return [known[text] for text in texts]


def caching_encoders(encoders: Encoders) -> Encoders:
    """Return the same models, which keep every vector for as long as they live."""
    passages, likeness = encoders.passages, encoders.likeness
    return Encoders(
        None if passages is None else _CachingEncoder(passages),
        None if likeness is None else _CachingEncoder(likeness),
    )
