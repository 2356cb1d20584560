"""Typed entities in a text, French and English: dates, quantities and names.

``AnalysedText`` holds what is read in a text: places in it (never new text) with what they say.
Words come from ``knowledge.languages``; ``first_names.txt`` is written by
``knowledge.training.first_names``; months, states and organisations come from
``knowledge.entities.gazetteer``.
"""

from __future__ import annotations

from knowledge.entities.analysed_text import AnalysedText, analysed
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
    "AnalysedText",
    "Approximation",
    "DateEntity",
    "DatePrecision",
    "NameKind",
    "NamedEntity",
    "PartialDate",
    "QuantityEntity",
    "QuantitySort",
    "analysed",
    "dates",
    "names",
    "quantities",
]


def dates(text: str) -> tuple[DateEntity, ...]:
    """Return the dates that ``text`` says, in order, not overlapping.

    Relative ones ("hier", "last year", a weekday alone) have a place and no day. This and the
    following read the same text once.
    """
    return analysed(text).dates


def quantities(text: str) -> tuple[QuantityEntity, ...]:
    """Return the quantities that ``text`` says, in order, not overlapping, but for dates."""
    return analysed(text).quantities


def names(text: str) -> tuple[NamedEntity, ...]:
    """Return the proper names in ``text``, in order, not overlapping."""
    return analysed(text).names
