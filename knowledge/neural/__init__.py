"""Meaning beside words: an encoder that finds passages and a reader that judges them."""

from __future__ import annotations

from knowledge.neural.encoder import Encoder
from knowledge.neural.loading import (
    load_encoder,
    load_reader,
    problem_with_encoder,
    problem_with_reader,
)

__all__ = ["Encoder", "load_encoder", "load_reader", "problem_with_encoder", "problem_with_reader"]
