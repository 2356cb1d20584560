"""Units of measure by the words that they are written in."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from knowledge.entities.values import QuantitySort

__all__ = ["Unit", "units"]


class Unit(NamedTuple):
    """A unit of measure: its canonical name, in English and the singular, and what it measures."""

    name: str
    sort: QuantitySort


@cache
def units() -> dict[str, Unit]:
    """Return the units of ``units.tsv`` by folded word or sign."""
    found: dict[str, Unit] = {}
    text = Path(__file__).with_name("units.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, sort, words = line.split("\t")
            found.update((word, Unit(name, QuantitySort(sort))) for word in words.split())
    return found
