"""Units of measure by the words that they are written in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from knowledge.entities.values import QuantitySort
from knowledge.languages import vocabulary

__all__ = ["Unit", "units"]

_MEASURED = {
    QuantitySort.SHARE: ("percent",),
    QuantitySort.MONEY: (
        "euro", "dollar", "pound", "yen", "rouble", "franc", "yuan", "won", "rupee",
    ),
    QuantitySort.DURATION: (
        "second", "minute", "hour", "day", "night", "week", "month", "year", "decade", "century",
        "millennium",
    ),
    QuantitySort.LENGTH: (
        "kilometre", "metre", "centimetre", "millimetre", "mile", "foot", "inch", "league",
        "light year",
    ),
    QuantitySort.AREA: ("square kilometre", "square metre", "hectare", "acre"),
    QuantitySort.MASS: ("tonne", "kilogram", "gram", "milligram", "pound mass"),
    QuantitySort.VOLUME: ("litre", "cubic metre", "barrel", "gallon"),
    QuantitySort.SPEED: ("kilometre per hour",),
    QuantitySort.TEMPERATURE: ("degree",),
    QuantitySort.POWER: ("watt", "volt", "hertz", "byte"),
    QuantitySort.COUNT: ("time",),
}  # fmt: skip
"""What is measured in which units, by the names that languages know them by."""


class Unit(NamedTuple):
    """A unit of measure: its canonical name, in English and the singular, and what it measures."""

    name: str
    sort: QuantitySort


@cache
def units() -> Mapping[str, Unit]:
    """Return the units by folded word or sign, or by two with a space between."""
    written = vocabulary().quantities.units
    return MappingProxyType(
        {
            words: Unit(name, sort)
            for sort, names in _MEASURED.items()
            for name in names
            for words in written[name]
        }
    )
