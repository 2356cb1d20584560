"""Typed entities in a text, French and English: dates, quantities and names.

Each finder returns places in the text (never new text) with what they say, in order and not
overlapping, and reads the same text once. ``units.tsv``, ``cues.tsv``: written by hand;
``first_names.txt``: written by ``knowledge.training.first_names``; months, states and organisations
come from ``knowledge.entities.gazetteer``.
"""

from __future__ import annotations

from knowledge.entities.dates import dates
from knowledge.entities.names import names
from knowledge.entities.quantities import quantities
from knowledge.entities.values import (
    Approximation,
    DateEntity,
    DatePrecision,
    NamedEntity,
    NameKind,
    PartialDate,
    QuantityEntity,
    QuantitySort,
)

__all__ = [
    "Approximation",
    "DateEntity",
    "DatePrecision",
    "NameKind",
    "NamedEntity",
    "PartialDate",
    "QuantityEntity",
    "QuantitySort",
    "dates",
    "names",
    "quantities",
]
