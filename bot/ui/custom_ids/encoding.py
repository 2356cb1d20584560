"""What every ``custom_id`` is written with: numbers in base 64, within Discord's limit."""

from __future__ import annotations

__all__ = ["MAX_CUSTOM_ID", "MalformedReference", "is_number", "read_number", "write_number"]

MAX_CUSTOM_ID = 100
"""Characters of a ``custom_id``."""

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}


class MalformedReference(ValueError):
    """A ``custom_id`` is not one that the bot writes."""


def write_number(value: int, width: int) -> str:
    """Return ``value`` in base 64 with ``width`` digits."""
    digits = ""
    for _ in range(width):
        value, digit = divmod(value, 64)
        digits = _DIGITS[digit] + digits
    return digits


def read_number(digits: str) -> int:
    """Return the value of a number in base 64. Raises KeyError where a digit is none."""
    value = 0
    for digit in digits:
        value = value * 64 + _VALUES[digit]
    return value


def is_number(digits: str) -> bool:
    """Whether text is digits of base 64 alone."""
    return _VALUES.keys() >= set(digits)
