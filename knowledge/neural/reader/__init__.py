"""Extractive question answering: whether a passage answers a question, and with which span."""

from __future__ import annotations

from knowledge.neural.reader.protocol import Reader, SpanPrediction

__all__ = ["Reader", "SpanPrediction"]
