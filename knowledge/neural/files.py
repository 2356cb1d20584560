"""The files of the models that come with the package, checked before they are used.

One vocabulary serves both networks. ``manifest.json`` has the version and the hashes.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge.neural.vocabulary import Vocabulary

__all__ = ["ARTEFACT", "READER", "RETRIEVER", "ModelFiles", "problem_with", "version_of"]

ARTEFACT = Path(__file__).with_name("artefact")
"""Where the models lie."""

RETRIEVER, READER = "retriever/encoder.onnx", "reader/encoder.onnx"
_VOCABULARY = "words.npz"
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """The files of one model: ``folder`` has the vocabulary, too; ``name``: its network there."""

    folder: Path
    name: str
    version: str

    @property
    def network(self) -> Path:
        """The network's own file."""
        return self.folder / self.name

    def vocabulary(self) -> Vocabulary:
        """Return the vocabulary, which is read once for all networks."""
        return _vocabulary(self.folder / _VOCABULARY)


@lru_cache(maxsize=1)
def _vocabulary(path: Path) -> Vocabulary:
    return Vocabulary.load(path)


def version_of(folder: Path) -> str:
    """Return the version of the models in ``folder``.

    Raises OSError, ValueError, KeyError or TypeError where the manifest is none.
    """
    return str(json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))["version"])


def problem_with(name: str, folder: Path = ARTEFACT) -> str | None:
    """Return why the network ``name`` in ``folder`` cannot be used, for whoever installs it;
    ``None`` where nothing speaks against it. Files are read whole and compared with the manifest.
    """
    manifest = folder / _MANIFEST
    if not manifest.exists():
        return f"{manifest} is missing"
    try:
        hashes = json.loads(manifest.read_text(encoding="utf-8"))["sha256"]
        for file in (_VOCABULARY, name):
            if hashlib.sha256((folder / file).read_bytes()).hexdigest() != hashes[file]:
                return f"{folder / file} is not the file that the manifest names"
        version_of(folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        return f"{folder} cannot be read: {error!r}"
    return None
