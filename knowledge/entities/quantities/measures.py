"""The unit of a number, and what that measures."""

from __future__ import annotations

from dataclasses import replace

from knowledge.entities.quantities.words import QuantityWords
from knowledge.entities.units import Unit, units
from knowledge.entities.values import QuantityEntity, QuantitySort

__all__ = ["currency_before", "in_unit", "unit_after"]


def unit_after(words: QuantityWords, at: int, *, is_scaled: bool) -> tuple[Unit | None, int]:
    """Return the unit that stands at a word, if any, and where it ends.

    ``is_scaled``: whether "de" may stand before it, as in "deux millions d'euros".
    """
    end = at
    if is_scaled and words.folded(at) in words.say.of:
        at += 1
    gaps = ("", " ", "-") if at == end else (" ", "'")
    if at >= len(words.all) or words.all[at].gap not in gaps:
        return None, end
    unit = units().get(f"{words.folded(at)} {words.folded(at + 1)}")
    if unit is not None:
        return unit, at + 2
    unit = units().get(words.folded(at))
    if unit is None or words.folded(at) == "second":  # "the second", an ordinal
        return None, end
    return _compound(words, at, unit)


def _compound(words: QuantityWords, at: int, unit: Unit) -> tuple[Unit, int]:
    """Take "/h", "carrés" behind a unit in."""
    end = at + 1
    if end >= len(words.all):
        return unit, end
    following = words.all[end]
    if following.folded == "/" and end + 1 < len(words.all) and words.all[end + 1].gap == "":
        return Unit(f"{unit.name} per {words.all[end + 1].folded}", QuantitySort.SPEED), end + 2
    if following.gap == " " and unit.sort is QuantitySort.LENGTH:
        if following.folded in ("carre", "carres", "square"):
            return Unit(f"square {unit.name}", QuantitySort.AREA), end + 1
        if following.folded in ("cube", "cubes"):
            return Unit(f"cubic {unit.name}", QuantitySort.VOLUME), end + 1
    return unit, end


def currency_before(words: QuantityWords, at: int) -> Unit | None:
    """Return the currency of the sign before a number: "$5"."""
    unit = units().get(words.all[at - 1].folded) if words.all[at - 1].kind == "sign" else None
    return unit if unit is not None and unit.sort is QuantitySort.MONEY else None


def in_unit(
    words: QuantityWords, entity: QuantityEntity, unit: Unit, first: int, end: int
) -> QuantityEntity:
    """Return a quantity of words ``first`` up to ``end`` as one in a unit."""
    sort, value, upper = unit.sort, entity.value, entity.upper
    if sort is QuantitySort.SHARE:
        value = None if value is None else value / 100
        upper = None if upper is None else upper / 100
    elif sort is QuantitySort.DURATION and _is_age(words, first, end):
        sort = QuantitySort.AGE
    return replace(entity, sort=sort, unit=unit.name, value=value, upper=upper)


def _is_age(words: QuantityWords, first: int, end: int) -> bool:
    if any(words.folded(i) in words.say.age_before for i in range(first - 3, first)):
        return True
    following = words.folded(end)
    return following == "old" or (following == "d" and words.folded(end + 1) == "age")
