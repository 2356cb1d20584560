"""Reading: whether a passage answers a question, and where."""

from __future__ import annotations

from knowledge.neural.reader.loading import load_reader, problem_with
from knowledge.neural.reader.protocol import Reader, Reading

__all__ = ["Reader", "Reading", "load_reader", "problem_with"]
