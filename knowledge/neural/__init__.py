"""Meaning beside words: vectors of passages and questions, where models are installed."""

from __future__ import annotations

from knowledge.neural.encoders import NO_ENCODERS, Encoder, Encoders, load_encoders

__all__ = ["NO_ENCODERS", "Encoder", "Encoders", "load_encoders"]
