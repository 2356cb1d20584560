"""Meaning beside words: vectors of passages and questions, where a model is installed."""

from __future__ import annotations

from knowledge.semantic.encoder import Encoder, load_encoder

__all__ = ["Encoder", "load_encoder"]
