"""A reader that reads the same but once, for whoever asks the same in many indexes."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.neural.reader.protocol import Readable, Reader, SpanPrediction

__all__ = ["caching_reader"]


class _CachingReader:
    """See ``knowledge.neural.reader.protocol.Reader``. Takes its time."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[tuple[str, Readable], SpanPrediction | None] = {}
        self.model = reader.model

    def read(
        self,
        question: str,
        passages: Sequence[Readable],
        *,
        seconds: float | None = None,  # noqa: ARG002 - nobody waits
    ) -> list[SpanPrediction | None]:
        """Return the predictions of ``passages`` in order."""
        new = [text for text in dict.fromkeys(passages) if (question, text) not in self._known]
        for text, prediction in zip(new, self._reader.read(question, new), strict=True):
            self._known[question, text] = prediction
        return [self._known[question, text] for text in passages]


def caching_reader(reader: Reader) -> Reader:
    """Return the same reader, which keeps every reading for as long as it lives."""
    return _CachingReader(reader)
