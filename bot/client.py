"""The Discord client: what it listens to, how it starts and ends, and where its errors go."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import sys
from functools import partial
from pathlib import Path
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answering.acknowledging import in_time
from bot.answering.asking import Answering
from bot.answering.latency import Latencies
from bot.answering.pacing import Pace
from bot.buttons.library import LIBRARY_BUTTONS
from bot.buttons.passages import BUTTONS
from bot.buttons.reports import ReportButton
from bot.cogs import COGS
from bot.drawing.pictures import Pictures
from bot.failures import fail_interaction, fail_message
from bot.localisation import CATALOGUE, Catalogue, CommandTranslator, Language
from bot.permissions import is_for_admins, require_open
from bot.repeating import every
from bot.servers.bases import KnowledgeBases
from bot.servers.library import Library
from bot.servers.reindexing import Reindex, ReindexStopped
from bot.servers.settings import Servers
from bot.servers.unanswered import Keeper
from bot.single_flight import SingleFlight
from bot.state import State, StateError
from bot.threads import OPENING, STATE
from knowledge import KnowledgeBase, KnowledgeError

__all__ = ["HEAL_SECONDS", "SourcierBot"]

HEAL_SECONDS = 30.0
"""How often it is looked whether an index was lost: members are told to come back in a minute."""

_log = logging.getLogger(__name__)

_SWITCH_SECONDS = 0.0005
"""How long a thread that looks something up may go on while the event loop wants to run. Python's
own 5 ms, at every turn of the loop, made a crowd wait for seconds for the bot's first word."""


class _Tree(app_commands.CommandTree[Any]):
    """The application commands; every error of one ends in ``bot.failures``."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Hold commands to the channels where the bot may answer, and members to a pace.

        A command is acknowledged meanwhile, privately, where the settings are long in coming.
        Raises ChannelClosed and TooFast.
        """
        if interaction.type is discord.InteractionType.application_command and interaction.command:
            bot: SourcierBot = interaction.client
            try:
                reading = bot.servers.settings(interaction.guild_id)
                settings = await in_time(interaction, reading)
            except StateError as error:
                raise app_commands.CommandInvokeError(interaction.command, error) from error
            require_open(settings, interaction, interaction.command)
            if not is_for_admins(interaction.command):
                channel = interaction.channel_id or 0
                bot.pace.require(interaction.user.id, channel, interaction.created_at)
        return True

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        """Tell the member, in the order of cases of ``bot.failures.explain``."""
        name = "unknown" if interaction.command is None else interaction.command.qualified_name
        await fail_interaction(interaction, error, f"/{name}")


class SourcierBot(commands.Bot):
    """The bot: asks a knowledge base, which it is given open and does not close.

    The indexes of servers that keep articles of their own are made below ``indexes``, by default
    a directory beside the index. The common index is brought up to date at start, unless that
    was done before (``is_up_to_date``).

    It has no privileged intent and keeps no message, so that it reads what is said to it and
    nothing else.
    """

    def __init__(
        self,
        knowledge: KnowledgeBase,
        state: State,
        catalogue: Catalogue = CATALOGUE,
        *,
        indexes: Path | None = None,
        is_up_to_date: bool = False,
    ) -> None:
        super().__init__(
            command_prefix=(),
            help_command=None,
            tree_cls=_Tree,
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
        )
        self.knowledge = knowledge
        self.state = state
        self.servers = Servers(state.servers)
        self.unanswered = Keeper(self.servers, state.unanswered, state.today)
        self.catalogue = catalogue
        self.latencies = Latencies()
        self.answering = Answering(self.knowledge_for, self.latencies)
        self.pace = Pace()
        directory = indexes or knowledge.database.with_suffix(".servers")
        self.bases = KnowledgeBases(knowledge, state, directory)
        self._opening: SingleFlight[int, KnowledgeBase] = SingleFlight()
        self.pictures = Pictures(knowledge.database.with_suffix(".pictures"))
        self.library = Library(self)
        self._reindexes: list[Reindex] = []
        self._refreshing: asyncio.Task[None] | None = None
        self._healing = every(HEAL_SECONDS, self._heal)
        self._is_ending = False
        self._is_up_to_date = is_up_to_date

    async def setup_hook(self) -> None:
        """Prepare everything before the connection; the index is brought up to date meanwhile."""
        sys.setswitchinterval(_SWITCH_SECONDS)
        for cog in COGS:
            await self.add_cog(cog(self))
        self.add_dynamic_items(*BUTTONS, *LIBRARY_BUTTONS, ReportButton)
        await self.tree.set_translator(CommandTranslator(self.catalogue))
        self._refreshing = asyncio.create_task(self._refresh_all(), name="refresh")
        self._healing.start()
        await self._sync_commands()

    @property
    def is_ending(self) -> bool:
        """Whether the bot is about to end, so that nothing long may be begun or gone on with."""
        return self._is_ending

    async def close(self) -> None:
        """Disconnect, and give up a reindex that is running."""
        self._is_ending = True
        self._healing.cancel()
        await asyncio.gather(*(reindex.stop() for reindex in self._reindexes))
        if self._refreshing is not None:
            await asyncio.wait({self._refreshing})
        await self.unanswered.finish()
        await super().close()
        await asyncio.to_thread(self.bases.close_all)
        await asyncio.to_thread(self.pictures.close)

    def start_reindex(
        self, knowledge: KnowledgeBase | None = None, *, force: bool = False
    ) -> Reindex:
        """Begin a reindex, by default of the common articles. It ends at the latest with the bot.

        A server's base is to be had from ``bases.write_out``, which puts its articles where the
        reindex reads them. ``force``: see ``KnowledgeBase.reindex``.
        """
        self._reindexes = [reindex for reindex in self._reindexes if not reindex.ended]
        reindex = Reindex(knowledge or self.knowledge, force=force)
        if self._is_ending:
            reindex.give_up()
        self._reindexes.append(reindex)
        return reindex

    def give_up_reindexes(self) -> None:
        """Let no reindex hold up the end of the program."""
        self._is_ending = True
        for reindex in self._reindexes:
            reindex.give_up()

    async def knowledge_for(self, server: int | None) -> KnowledgeBase:
        """Return what may be shown on a server, or where there is none: the articles it has.

        A server that the bot has left is shown what everybody is. Raises IndexUnavailable.
        """
        if server is None or not self.bases.has_own(server) or self.get_guild(server) is None:
            return self.knowledge
        base = self.bases.at_hand(server)
        if base is None:
            opening = partial(OPENING.run, partial(self.bases.of, server))
            base = await self._opening.do(server, opening)
        return base

    async def refresh_servers(self, *, but: int | None = None) -> None:
        """Bring the indexes of servers that keep articles up to date with these and the common.

        One that cannot be is logged, and answers as before. ``but``: one that has been already.
        """
        await asyncio.to_thread(self.bases.discard_strangers)
        for server in self.bases.servers():
            if self._is_ending:
                return
            if server != but:
                await self._refresh(server)

    async def refresh_others(self, server: int | None) -> None:
        """Bring every other index up to date after that which a server is answered from."""
        if self.bases.has_own(server):
            await self._refresh(None)
        await self.refresh_servers(but=server)

    async def _refresh_all(self) -> None:
        """Bring every index up to date at start, the common one first."""
        if not self._is_up_to_date:
            await self._refresh(None)
        await self.refresh_servers()

    async def _heal(self) -> None:
        """Make an index again that somebody met with and that was missing or damaged."""
        for server in self.bases.lost():
            if not self._is_ending:
                await self._refresh(server)

    async def _refresh(self, server: int | None) -> None:
        """Bring an index up to date. What it holds already is served whatever happens."""
        try:
            base = self.knowledge
            if server is not None:
                base = await asyncio.to_thread(self.bases.write_out, server)
            if base is not None:
                await self.start_reindex(base).report()
        except ReindexStopped:
            _log.info("The reindex was given up; the index is as it was")
        except (KnowledgeError, StateError) as error:
            _log.warning("The index was not brought up to date: %s", error)
        except Exception:  # noqa: BLE001 - nobody waits for this task, so that it ends here
            _log.exception("The index was not brought up to date")

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Let go of the index of a server that the bot has left. Its articles are kept."""
        await asyncio.to_thread(self.bases.close, guild.id)

    async def _sync_commands(self) -> None:
        """Tell Discord about the commands if they are not what it was told last.

        Discord limits how often that may be done, and the commands that it has go on working
        if it fails.
        """
        translator = CommandTranslator(self.catalogue)
        payload = [
            await command.get_translated_payload(self.tree, translator)
            for command in self.tree.get_commands()
        ]
        text = json.dumps(payload, sort_keys=True, ensure_ascii=False)
        fingerprint = hashlib.sha256(text.encode()).hexdigest()
        application = self.application_id or 0
        try:
            if await STATE.run(self.state.commands.fingerprint, application) == fingerprint:
                _log.info("The commands are the ones that Discord knows")
                return
            await self.tree.sync()
            await STATE.run(self.state.commands.remember, application, fingerprint)
        except discord.HTTPException as error:
            _log.error("Discord did not accept the commands: %s", error)
        except StateError as error:
            _log.error("The commands may be sent again at the next start: %s", error)
        else:
            _log.info("Discord was told about %d commands", len(payload))

    async def on_ready(self) -> None:
        """Say in the log that members can be answered."""
        _log.info("Connected as %s to %d servers", self.user, len(self.guilds))

    async def on_message(self, message: discord.Message, /) -> None:
        """Do nothing: there are no prefix commands, and ``bot.cogs.ask`` listens for itself."""

    def language_of(self, message: discord.Message, asked_in: str | None = None) -> Language:
        """Return the language to answer a message in: the question's, else the server's."""
        server = None if message.guild is None else message.guild.preferred_locale
        return self.catalogue.choose(asked_in, server)

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:  # noqa: ARG002
        """End an error of an event: a message's sender is told, anything else is only logged."""
        error = sys.exc_info()[1]
        if error is None:
            return
        if args and isinstance(args[0], discord.Message):
            await fail_message(args[0], error, event_method, self.language_of(args[0]))
        else:
            _log.error("Error in %s", event_method, exc_info=error)
