"""What was typed into a form that was sent: known by its ids alone, whenever it was opened."""

from __future__ import annotations

from typing import Any

import discord

__all__ = ["form_id", "typed"]


def form_id(interaction: discord.Interaction[Any]) -> tuple[str, str]:
    """Return the prefix of a sent form's ``custom_id``, and what it carries."""
    data: Any = interaction.data
    prefix, _, payload = str(data.get("custom_id", "")).partition("/")
    return prefix, payload


def typed(interaction: discord.Interaction[Any]) -> dict[str, str]:
    """Return what was typed into each field of a sent form, by the field's ``custom_id``."""
    data: Any = interaction.data
    return dict(_fields(data.get("components", [])))


def _fields(components: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - Discord's is not typed
    found: list[tuple[str, str]] = []
    for component in components:
        value = component.get("value")
        if isinstance(value, str):
            found.append((str(component.get("custom_id", "")), value))
        inner = component.get("components", []) or [component.get("component", {})]
        found += _fields([one for one in inner if one])
    return found
