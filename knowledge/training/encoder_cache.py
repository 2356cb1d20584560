"""An encoder that encodes each text once, for whoever asks the same in many indexes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from knowledge.neural.encoder import Encoder

__all__ = ["caching_encoder"]


class _CachingEncoder:
    """See ``knowledge.neural.encoder.Encoder``."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._queries: dict[str, bytes] = {}
        self._passages: dict[str, bytes] = {}
        self.model = encoder.model
        self.dimension = encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> list[bytes]:
        """Return the vectors of questions, in order."""
        return _cached(texts, self._queries, self._encoder.encode_queries)

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> list[bytes]:
        """Return the vectors of passages, in order."""
        vectors = _cached(texts, self._passages, self._encoder.encode_passages)
        if progress is not None:
            progress(len(texts))
        return vectors


def _cached(
    texts: Sequence[str],
    known: dict[str, bytes],
    encode: Callable[[Sequence[str]], list[bytes]],
) -> list[bytes]:
    new = [text for text in dict.fromkeys(texts) if text not in known]
    if new:
        known.update(zip(new, encode(new), strict=True))
    return [known[text] for text in texts]


def caching_encoder(encoder: Encoder) -> Encoder:
    """Return the same model, which keeps every vector for as long as it lives."""
    return _CachingEncoder(encoder)
