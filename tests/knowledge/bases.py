"""The type of a fixture that tests of this folder share."""

from collections.abc import Callable

from knowledge.base import KnowledgeBase

MakeBase = Callable[..., KnowledgeBase]
"""Indexes Markdown articles, ``make_base(name="text", ...)``, on a real SQLite file."""
