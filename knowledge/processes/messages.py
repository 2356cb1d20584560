"""What a program and the processes that answer its questions say to each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from knowledge.model import Answer, Strictness
from knowledge.model.errors import KnowledgeError
from knowledge.neural.encoder import Encoder
from knowledge.neural.reader.protocol import Reader

__all__ = [
    "Answered",
    "IndexClosing",
    "Opening",
    "Question",
    "Refused",
]


@dataclass(frozen=True, slots=True)
class Opening:
    """What a process is told first: the index that most questions are asked of, and how to answer.

    ``load_encoder`` and ``load_reader`` are called there, so that each process has models of its
    own; ``None``: it has none. ``question_seconds``: how long a question may take, with the opening
    of its index; the process ends then. ``steps_back``: how far it stands back for others, in steps
    of ``nice``.
    """

    database: Path
    load_encoder: Callable[[], Encoder | None] | None
    load_reader: Callable[[], Reader | None] | None
    reading_seconds: float | None
    question_seconds: float
    steps_back: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the index in a file: see ``knowledge.base.KnowledgeBase.ask``."""

    database: Path
    text: str
    follows: str | None
    limit: int
    strictness: Strictness


@dataclass(frozen=True, slots=True)
class IndexClosing:
    """The index in a file is not asked for now, and may be deleted. Nothing is said to that."""

    database: Path


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to the question that was asked last."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Refused:
    """It has none, for a reason that the engine knows."""

    error: KnowledgeError
