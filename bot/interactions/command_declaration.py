"""How look-ups are declared: usable everywhere, named and described in every language."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from discord import app_commands

from bot.i18n.localisation import command_text

__all__ = ["look_up"]

_Callback: TypeAlias = Callable[..., Coroutine[Any, Any, None]]


def look_up(
    name: str, /, **options: str
) -> Callable[[_Callback], app_commands.Command[Any, ..., None]]:
    """Declare a method of a cog as the command ``name`` of ``locales``.

    ``options``: the key in ``locales`` of each of its parameters but ``private``, which every
    look-up has.
    """
    keys = {**options, "private": "ask.private"}

    def declare(callback: _Callback) -> app_commands.Command[Any, ..., None]:
        for decorate in (
            app_commands.rename(**{o: command_text(f"{key}.name") for o, key in keys.items()}),
            app_commands.describe(
                **{o: command_text(f"{key}.description") for o, key in keys.items()}
            ),
            app_commands.allowed_installs(guilds=True, users=True),
            app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True),
        ):
            callback = decorate(callback)
        return app_commands.command(
            name=command_text(f"{name}.name"), description=command_text(f"{name}.description")
        )(callback)

    return declare
