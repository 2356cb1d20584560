"""Typed mentions in a text, French and English: dates, quantities and names.

Each finder returns places in the text (never new text) with what they say, in order and not
overlapping, and reads the same text once. ``units.tsv``, ``cues.tsv``: written by hand;
``first_names.txt``: written by ``knowledge.mentions.generate``; months, states and organisations
come from ``knowledge.gazetteer``.
"""

from __future__ import annotations

from knowledge.mentions.dates import dates
from knowledge.mentions.model import (
    Approximation,
    DateMention,
    DatePrecision,
    NameKind,
    NameMention,
    PartialDate,
    QuantityMention,
    QuantitySort,
)
from knowledge.mentions.names import names
from knowledge.mentions.quantities import quantities

__all__ = [
    "Approximation",
    "DateMention",
    "DatePrecision",
    "NameKind",
    "NameMention",
    "PartialDate",
    "QuantityMention",
    "QuantitySort",
    "dates",
    "names",
    "quantities",
]
