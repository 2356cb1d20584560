"""What people are told when something fails. The one place where errors end.

Nobody is shown a traceback: people get a sentence, and where the fault is not theirs a short
reference that stands in the log beside the traceback.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands

from bot.i18n.localisation import CATALOGUE, Language
from bot.i18n.phrases import SHARED, Phrases
from bot.i18n.refusals import Refused
from bot.interactions.acknowledging import SEEN_BY_ALL, say
from bot.interactions.late import too_late
from bot.interactions.permissions import ChannelClosed
from bot.services.metrics import Metrics, Outcome
from bot.services.question_queue import QueueFull
from bot.services.rate_limiter import TooFast
from bot.services.registry import services_of
from bot.services.reindexing import ReindexStopped
from bot.state import StateBusy, StateError
from bot.ui.containers import RED, notice
from knowledge import IndexLocked, IndexUnavailable, KnowledgeError, ReindexInProgress, ReindexWorse

__all__ = [
    "Failure",
    "explain",
    "fail_interaction",
    "fail_message",
    "tell_privately",
]

_log = logging.getLogger(__name__)

_ANNOUNCED = discord.InteractionResponseType.deferred_channel_message
_CHANNELS_NAMED = 5


@dataclass(frozen=True, slots=True)
class Failure:
    """How an error ends: the sentence to show, and whether it is a fault worth a traceback."""

    sentence: str
    fault: bool
    reference: str


def _cause(error: BaseException) -> BaseException:
    """Return the error that a command's own error wraps."""
    return error.original if isinstance(error, app_commands.CommandInvokeError) else error


def _where_open(error: ChannelClosed, phrases: Phrases) -> str:
    """Say that the bot may not answer here, and name the first channels where it may."""
    channels = sorted(error.open_channels)
    if not channels:
        return phrases.closed
    named = ", ".join(f"<#{channel}>" for channel in channels[:_CHANNELS_NAMED])
    more = ", …" if len(channels) > _CHANNELS_NAMED else ""
    return phrases.closed_but.format(channels=named + more)


def explain(error: BaseException, language: Language) -> Failure:
    """Put an error in words. In this order:

    1. it cannot be done, for a reason that is known, such as asking too fast, or not in time,
       since another process holds what has to be remembered: said so, no fault
    2. the bot may not answer in this channel: said so, and where it may; no fault
    3. the member may not do that: said so, no fault
    4. the command as Discord knows it is not ours any more: said so, no fault
    5. a reindex is already running, was given up or was rolled back, or another program holds the
       index: said so, no fault
    6. the index cannot be read, for now or until somebody does what the log says: a fault with a
       reference
    7. what the bot has to remember cannot be read or written: a fault with a reference
    8. Discord refused or failed: a fault with a reference
    9. anything else: a fault with a reference
    """
    error, phrases = _cause(error), SHARED.of(language)
    reference = secrets.token_hex(3).upper()
    if (refusal := _refusal(error, language)) is not None:
        return Failure(refusal, fault=False, reference=reference)
    if isinstance(error, StateBusy):
        return Failure(phrases.state_busy, fault=False, reference=reference)
    if isinstance(error, IndexUnavailable) and error.lasts:
        template = phrases.unavailable_until
    elif isinstance(error, KnowledgeError):
        template = phrases.unavailable
    elif isinstance(error, StateError):
        template = phrases.forgetful
    elif isinstance(error, discord.DiscordException):
        template = phrases.discord_trouble
    else:
        template = phrases.failed
    return Failure(template.format(reference=reference), fault=True, reference=reference)


def _refusal(error: BaseException, language: Language) -> str | None:
    """Return what is said of an error that is no fault, ``None`` where it is one."""
    phrases = SHARED.of(language)
    match error:
        case Refused():
            return error.sentence(language)
        case TooFast():
            slower = phrases.too_fast_here if error.is_channel else phrases.too_fast
            return slower.format(when=f"<t:{error.again_at}:R>")
        case QueueFull():
            return phrases.queue_full
        case ChannelClosed():
            return _where_open(error, phrases)
        case app_commands.CheckFailure():
            return phrases.admins_only
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return phrases.outdated
        case ReindexInProgress():
            is_locked = isinstance(error, IndexLocked)
            return phrases.index_locked if is_locked else phrases.reindex_busy
        case ReindexStopped():
            return phrases.reindex_stopped
        case ReindexWorse():
            before, after = error.comparison.before.hits, error.comparison.after.hits
            return phrases.reindex_worse.format(before=before, after=after)
        case _:
            return None


def _record(failure: Failure, error: BaseException, where: str, metrics: Metrics) -> None:
    metrics.unsuccessful(Outcome.FAILED if failure.fault else Outcome.REFUSED)
    cause = _cause(error)
    if failure.fault:
        _log.error("Error %s in %s", failure.reference, where, exc_info=cause)
    elif isinstance(cause, IndexLocked):  # whoever runs the bot may know which program it is
        _log.warning("Refused %s: %s", where, cause)
    else:
        _log.info("Refused %s: %s", where, type(cause).__name__)


async def tell_privately(
    interaction: discord.Interaction[Any], view: discord.ui.LayoutView
) -> None:
    """Show ``view`` to whoever acted and to nobody else, whatever was already answered."""
    # A “thinking” message must be filled before anything else can be said.
    await say(interaction, view)
    is_announced = interaction.response.type is _ANNOUNCED
    if is_announced and interaction.extras.get(SEEN_BY_ALL):
        await interaction.followup.send(view=view, ephemeral=True)
        await interaction.delete_original_response()


async def fail_interaction(
    interaction: discord.Interaction[Any], error: BaseException, where: str
) -> None:
    """End a failed command or button: log it, and tell its user privately.

    One that came too late for Discord is one line of the log: nothing failed here, and there is
    nobody left to tell.
    """
    if (reason := too_late(error)) is not None:
        _log.info("Nobody to answer in %s: %s", where, reason)
        return
    language = CATALOGUE.choose(interaction.locale)
    failure = explain(error, language)
    _record(failure, error, where, services_of(interaction).metrics)
    try:
        await tell_privately(interaction, notice(failure.sentence, RED))
    except discord.HTTPException as second:
        _log.warning("Error %s could not be told: %s", failure.reference, second)


async def fail_message(
    message: discord.Message,
    error: BaseException,
    where: str,
    language: Language,
    metrics: Metrics,
) -> None:
    """End a message that could not be answered: log it, and say so in a reply.

    In a flood of them their sender is told once.
    """
    failure = explain(error, language)
    _record(failure, error, where, metrics)
    if isinstance(error, discord.Forbidden):
        return  # The bot may not write there.
    if isinstance(error, TooFast) and error.is_known:
        return
    try:
        await message.channel.send(
            view=notice(failure.sentence, RED),
            reference=message.to_reference(fail_if_not_exists=False),
            mention_author=False,
        )
    except discord.HTTPException as second:
        _log.warning("Error %s could not be told: %s", failure.reference, second)
