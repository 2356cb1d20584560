"""The reader that is installed, if it is: its engine is an extra, its files are checked."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
from pathlib import Path
from typing import Any

from knowledge.neural.reader.engine import load_engine
from knowledge.neural.reader.protocol import Reader

__all__ = ["ARTEFACT", "load_reader", "problem_with"]

_log = logging.getLogger(__name__)

ARTEFACT = Path(__file__).with_name("artefact")
"""Where the reader's files lie: ``manifest.json`` has the hashes of the others."""

_FILES = ("encoder.onnx", "words.npz")


def problem_with(folder: Path = ARTEFACT) -> str | None:
    """Return why the reader in ``folder`` cannot be used, for whoever installs it; ``None`` where
    nothing speaks against it. Every file is read whole and compared with the manifest."""
    if importlib.util.find_spec("onnxruntime") is None:
        return "the extra “reader” is not installed"
    manifest = folder / "manifest.json"
    if not manifest.exists():
        return f"{manifest} is missing"
    try:
        hashes = json.loads(manifest.read_text(encoding="utf-8"))["sha256"]
        for name in _FILES:
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != hashes[name]:
                return f"{folder / name} is not the file that the manifest names"
    except (OSError, ValueError, KeyError, TypeError) as error:
        return f"{folder} cannot be read: {error!r}"
    return None


def load_reader(folder: Path = ARTEFACT) -> Reader | None:
    """Return the reader in ``folder``; ``None`` where it or its engine is missing, or (with a line
    in the log) where a file is not the one that the manifest names or the engine cannot run."""
    manifest = folder / "manifest.json"
    if not manifest.exists() or importlib.util.find_spec("onnxruntime") is None:
        return None
    problem = problem_with(folder)
    if problem is None:
        try:
            engine: Any = load_engine()
            version = json.loads(manifest.read_text(encoding="utf-8"))["version"]
        except (ImportError, OSError, ValueError, KeyError) as error:
            problem = str(error)
        else:
            from knowledge.neural.reader.onnx_reader import OnnxReader  # needs numpy

            return OnnxReader(folder, engine, str(version))
    _log.warning("The reader cannot be used: %s", problem)
    return None
