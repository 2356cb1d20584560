"""Forms: opened without a trace in memory, and known by their ids alone when they are sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.interactions.failures import fail_interaction, tell_privately
from bot.services.registry import Services, services_of
from bot.ui import containers
from bot.ui.custom_ids.encoding import MalformedReference

__all__ = ["Form", "new_form", "take_form", "typed"]

Take: TypeAlias = Callable[[discord.Interaction[Any], Services, Language, str], Awaitable[None]]
"""Does what a form is for, with what its ``custom_id`` carries. Raises whatever goes wrong."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a feature: ``name`` tells it in the log."""

    name: str
    take: Take


def new_form(title: str, custom_id: str, *fields: ui.Label[Any]) -> ui.Modal:
    """Return a form to open, of which nothing is kept in memory: see ``take_form``."""
    form = ui.Modal(title=title, custom_id=custom_id)
    for field in fields:
        form.add_item(field)
    form.stop()
    return form


async def take_form(interaction: discord.Interaction[Any], forms: Mapping[str, Form]) -> None:
    """Do what a form that was sent is for, or say what went wrong: nobody else would."""
    data: Any = interaction.data
    prefix, _, payload = str(data.get("custom_id", "")).partition("/")
    form = forms.get(prefix)
    if form is None:  # of a version to come
        return
    services = services_of(interaction)
    services.running.join()
    language = services.catalogue.choose(interaction.locale)
    try:
        await form.take(interaction, services, language, payload)
    except MalformedReference:
        await tell_privately(interaction, containers.notice(SHARED.of(language).old_button))
    except Exception as error:  # noqa: BLE001 - the last stop before discord.py's silence
        await fail_interaction(interaction, error, f"the form of {form.name}")


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
