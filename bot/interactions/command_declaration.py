"""How look-ups are declared: usable everywhere, named and described in every language."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from discord import app_commands

from bot.i18n.phrases import SHARED
from bot.i18n.translations import Translations

__all__ = ["look_up"]

_Callback: TypeAlias = Callable[..., Coroutine[Any, Any, None]]


def look_up(
    phrases: Translations[Any], name: str, /, **options: str
) -> Callable[[_Callback], app_commands.Command[Any, ..., None]]:
    """Declare a method of a cog as the command that has the key ``name`` in ``phrases``.

    ``options``: the key there of each of its parameters but ``private``, which every look-up has.
    """
    texts = {option: phrases.command(key) for option, key in options.items()}
    texts["private"] = SHARED.command("private")

    def declare(callback: _Callback) -> app_commands.Command[Any, ..., None]:
        for decorate in (
            app_commands.rename(**{option: text["name"] for option, text in texts.items()}),
            app_commands.describe(
                **{option: text["description"] for option, text in texts.items()}
            ),
            app_commands.allowed_installs(guilds=True, users=True),
            app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True),
        ):
            callback = decorate(callback)
        return app_commands.command(**phrases.command(name))(callback)

    return declare
