"""How a command is answered: at once where that is possible, else announced first."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.i18n.localisation import Language
from bot.interactions.acknowledging import in_time, is_private_already, say
from bot.interactions.permissions import is_out_of_reach, is_with_bot_alone
from bot.server_settings import AnswerLength
from bot.services.metrics import Stage
from bot.services.registry import services_of
from bot.ui.offers import offer

__all__ = [
    "Manner",
    "Reply",
    "manner_of",
    "reply",
    "show",
    "show_with_files",
    "watch",
]


@dataclass(frozen=True, slots=True)
class Manner:
    """How a command is answered: to its user alone or to all, in which frame, at what length."""

    private: bool
    language: Language
    length: AnswerLength


async def manner_of(
    interaction: discord.Interaction[Any],
    private: bool | None,  # noqa: FBT001 - the option of a command, as it came
    asked_in: str | None = None,
) -> Manner:
    """Return how to answer a command by what its user chose and by the server's settings.

    ``private`` is ``None`` where its user did not say. Where the settings came so late that an
    answer was announced without them, it is private: that can be shared. What all see has the
    language that the server has set, if it has; else it is ``asked_in`` (ISO 639-1), where that
    is spoken, or the user's own. Raises StateError.
    """
    services = services_of(interaction)
    settings = await services.server_settings.of(interaction.guild_id)
    is_private = settings.private if private is None else private
    is_private = is_private or is_private_already(interaction)
    for_all = None if is_private else settings.language
    language = services.catalogue.choose(for_all, asked_in, interaction.locale)
    return Manner(is_private, language, settings.length)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a command is answered with: its frame is in ``language``; with the files it shows.

    ``is_watched``: it is an answer, to be marked when the articles change what it quotes.
    """

    view: ui.LayoutView
    language: Language
    files: Sequence[discord.File] = ()
    is_watched: bool = False


_Parts: TypeAlias = "tuple[ui.LayoutView, Sequence[discord.File], bool]"


async def reply(
    interaction: discord.Interaction[Any], made: Coroutine[Any, Any, Reply], *, private: bool
) -> None:
    """Answer a command with what ``made`` gives, here or to its user alone.

    Below what is private stands a button that shares it, where there is anybody to share it with;
    below anything else one that deletes it, where the menu of the message cannot do that.
    """

    async def parts() -> _Parts:
        return _parts(await made, interaction, private=private)

    await _send(interaction, parts(), private=private)


async def show(
    interaction: discord.Interaction[Any], view: Coroutine[Any, Any, ui.LayoutView]
) -> None:
    """Answer a command with what ``view`` makes, to its user alone.

    Nothing is added to the view: settings, reasons and questions that were kept are no answers,
    and no button puts them before everybody.
    """

    async def parts() -> _Parts:
        return await view, [], False

    await _send(interaction, parts(), private=True)


async def show_with_files(
    interaction: discord.Interaction[Any],
    made: Coroutine[Any, Any, tuple[ui.LayoutView, Sequence[discord.File]]],
) -> None:
    """Do as ``show`` does, with a view and the files that are in it."""

    async def parts() -> _Parts:
        view, files = await made
        return view, files, False

    await _send(interaction, parts(), private=True)


async def _send(
    interaction: discord.Interaction[Any], parts: Coroutine[Any, Any, _Parts], *, private: bool
) -> None:
    """Send a view and its files once they are made, announced if that takes long."""
    view, files, is_watched = await in_time(interaction, parts, private=private)
    with services_of(interaction).metrics.timed(Stage.REPLYING):
        message = await say(interaction, view, files, private=private)
    if is_watched and not private:
        watch(interaction, message, view)


def watch(interaction: discord.Interaction[Any], message: int | None, view: ui.LayoutView) -> None:
    """Have a message for all, sent with ``view``, marked when the articles change what it quotes.

    Not where only a member has the bot: it could not come back to it there.
    """
    if interaction.guild_id is None or interaction.client.get_guild(interaction.guild_id) is None:
        return
    watched = services_of(interaction).watched
    watched.note(interaction.guild_id, interaction.channel_id, message, view)


def _parts(made: Reply, interaction: discord.Interaction[Any], *, private: bool) -> _Parts:
    is_shareable = private and not is_with_bot_alone(interaction)
    is_deletable = not private and is_out_of_reach(interaction)
    view = offer(made.view, made.language, share=is_shareable, delete=is_deletable)
    return view, made.files, made.is_watched
