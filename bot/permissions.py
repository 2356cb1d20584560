"""Who may do what."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from discord import app_commands

__all__ = ["admins_only"]

_Command = TypeVar("_Command")


def admins_only() -> Callable[[_Command], _Command]:
    """Let only members who can manage the server run a command.

    Discord's own default is what hides the command, but a server's owner can override it for
    anyone, so that the same is checked again when the command runs.
    """

    def decorate(command: _Command) -> _Command:
        restricted = app_commands.default_permissions(manage_guild=True)(command)
        return app_commands.checks.has_permissions(manage_guild=True)(restricted)

    return decorate
