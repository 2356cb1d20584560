"""The models that are used: those of the package, where their files are whole and can be run."""

from __future__ import annotations

import logging
from pathlib import Path

from threadpoolctl import threadpool_limits  # pyright: ignore[reportMissingTypeStubs]

from knowledge.neural.encoder import Encoder
from knowledge.neural.engine import load_engine
from knowledge.neural.files import ARTEFACT, READER, RETRIEVER, ModelFiles, problem_with, version_of
from knowledge.neural.onnx_encoder import OnnxEncoder
from knowledge.neural.reader.onnx_reader import OnnxReader
from knowledge.neural.reader.protocol import Reader

__all__ = ["load_encoder", "load_reader", "problem_with_encoder", "problem_with_reader"]

_log = logging.getLogger(__name__)


def load_encoder(folder: Path = ARTEFACT, *, threads: int | None = None) -> Encoder | None:
    """Return the retriever's encoder in ``folder``; ``None``, with a line in the log, where it
    cannot be used. Passages are encoded by so many ``threads``, by default one a core.

    Linear algebra of this process runs on one thread from then on: for matrices of this size
    more threads only wait for each other as soon as anything else is running.
    """
    files = _usable(RETRIEVER, folder, "Passages are found by words alone")
    threadpool_limits(limits=1, user_api="blas")
    return None if files is None else OnnxEncoder(files, threads)


def load_reader(folder: Path = ARTEFACT, *, steps_back: int = 0) -> Reader | None:
    """Return the reader in ``folder``; ``None``, with a line in the log, without a usable one.

    ``steps_back``: how far the threads that read stand back for others, in steps of ``nice``.
    """
    files = _usable(READER, folder, "Passages are not read for the answer")
    return None if files is None else OnnxReader(files, steps_back=steps_back)


def problem_with_encoder(folder: Path = ARTEFACT) -> str | None:
    """Return why the encoder cannot be used, ``None`` where it can."""
    return _problem(RETRIEVER, folder)


def problem_with_reader(folder: Path = ARTEFACT) -> str | None:
    """Return why the reader cannot be used, ``None`` where it can."""
    return _problem(READER, folder)


def _usable(name: str, folder: Path, otherwise: str) -> ModelFiles | None:
    problem = _problem(name, folder)
    if problem is not None:
        _log.warning("%s: %s", otherwise, problem)
        return None
    return ModelFiles(folder, name, version_of(folder))


def _problem(name: str, folder: Path) -> str | None:
    try:
        load_engine()
    except ImportError as error:
        return f"onnxruntime cannot run here: {error}"
    return problem_with(name, folder)
