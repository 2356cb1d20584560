"""The language to answer a message in."""

from __future__ import annotations

import discord

from bot.i18n.localisation import Catalogue, Language

__all__ = ["language_of"]


def language_of(
    catalogue: Catalogue, message: discord.Message, asked_in: str | None = None
) -> Language:
    """Return the language to answer a message in: the question's, else the server's."""
    server = None if message.guild is None else message.guild.preferred_locale
    return catalogue.choose(asked_in, server)
