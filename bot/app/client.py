"""The Discord client: what it listens to, how it starts and ends, and where its errors go."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import sys
from pathlib import Path
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.app.features import FEATURES
from bot.i18n.localisation import CATALOGUE, Catalogue
from bot.i18n.translations import CommandTranslator
from bot.interactions.acknowledging import in_time
from bot.interactions.failures import fail_interaction, fail_message
from bot.interactions.forms import Form, take_form
from bot.interactions.message_language import language_of
from bot.interactions.permissions import is_for_admins, require_open
from bot.services.knowledge_bases import KnowledgeBases
from bot.services.metrics import Metrics
from bot.services.registry import Services, services_of
from bot.services.threads import STATE
from bot.shards import ONE_SHARD, Shards
from bot.state import State, StateError
from knowledge import AnsweringProcesses, KnowledgeBase

__all__ = ["SourcierBot"]

_log = logging.getLogger(__name__)

_SWITCH_SECONDS = 0.0005
"""How long a thread that looks something up may go on while the event loop wants to run. Python's
own 5 ms, at every turn of the loop, made a crowd wait for seconds for the bot's first word."""


class _Tree(app_commands.CommandTree[Any]):
    """The application commands; every error of one ends in ``bot.interactions.failures``."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Hold commands to the channels where the bot may answer, and members to a pace.

        A command is acknowledged meanwhile, privately, where the settings are long in coming.
        Raises ChannelClosed and TooFast.
        """
        if interaction.type is discord.InteractionType.application_command and interaction.command:
            services = services_of(interaction)
            services.running.join()
            try:
                reading = services.server_settings.of(interaction.guild_id)
                settings = await in_time(interaction, reading)
            except StateError as error:
                raise app_commands.CommandInvokeError(interaction.command, error) from error
            require_open(settings, interaction, interaction.command)
            if not is_for_admins(interaction.command):
                channel = interaction.channel_id or 0
                services.rate_limiter.require(interaction.user.id, channel, interaction.created_at)
        return True

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        """Tell the member, in the order of cases of ``bot.interactions.failures.explain``."""
        name = "unknown" if interaction.command is None else interaction.command.qualified_name
        await fail_interaction(interaction, error, f"/{name}")


class SourcierBot(commands.AutoShardedBot):
    """The bot: asks a knowledge base, which it is given open and does not close.

    The indexes of servers that keep articles of their own are made below ``indexes``, by default
    a directory beside the index. The common index is brought up to date at start, unless that
    was done before (``is_up_to_date``). It runs ``shards``; ``None``: all that Discord recommends.
    What happens is counted in ``metrics``, by default its own. With ``processes``, questions are
    asked of the knowledge base by those, which it does not close either.

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
        shards: Shards | None = None,
        metrics: Metrics | None = None,
        processes: AnsweringProcesses | None = None,
    ) -> None:
        super().__init__(
            # Its types do not say so, but None is every shard.
            shard_ids=None if shards is None else [*shards.ids],  # pyright: ignore[reportArgumentType]
            shard_count=None if shards is None else shards.count,
            command_prefix=(),
            help_command=None,
            tree_cls=_Tree,
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
        )
        self._has_peers = shards is not None and not shards.is_all
        if self._has_peers:
            state.changes.news()  # whatever others change from here on, before anything is read
        directory = indexes or knowledge.database.with_suffix(".servers")
        bases = KnowledgeBases(
            knowledge,
            state,
            directory,
            is_on=self._is_on,
            is_ours=(shards or ONE_SHARD).has,
            let_go=None if processes is None else processes.close_index,
        )
        self.services = Services.of(state, bases, catalogue, metrics or Metrics(), processes)
        self._is_up_to_date = is_up_to_date
        self._was_ready = False
        self._away: set[int] = set()
        self._forms: dict[str, Form] = {}

    async def setup_hook(self) -> None:
        """Prepare everything before the connection; the index is brought up to date meanwhile."""
        sys.setswitchinterval(_SWITCH_SECONDS)
        for feature in FEATURES:
            await self.add_cog(feature(self, self.services))
            self.add_dynamic_items(*feature.buttons)
            self._forms.update(feature.forms)
        await self.tree.set_translator(CommandTranslator(self.services.catalogue))
        if self._has_peers:
            self.services.peers.start()
        self.services.indexes.start(is_up_to_date=self._is_up_to_date)
        await self._sync_commands()

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Take the forms that are sent, whenever they were opened."""
        if interaction.type is discord.InteractionType.modal_submit:
            await take_form(interaction, self._forms)

    def _is_on(self, server: int) -> bool:
        """Whether the bot is (still) on a server."""
        return self.get_guild(server) is not None

    @property
    def is_connected(self) -> bool:
        """Whether all its shards are logged in at the gateway, so that what is said to it
        arrives."""
        return self._was_ready and not self._away

    async def drain(self, seconds: float) -> None:
        """Take no new question, give up reindexes, and let what members wait for come to its end.

        Returns once it has, after ``seconds`` at the latest. What is asked meanwhile gets a line
        that says so.
        """
        self.services.answering.close()
        self.services.indexes.give_up()
        running = self.services.running
        _log.info("Told to end; requests that are being answered: %d", len(running))
        cut_off = await running.finish(seconds)
        if cut_off:
            _log.warning("Requests that are cut off after %.0f s: %d", seconds, cut_off)

    async def close(self) -> None:
        """Disconnect, and give up a reindex that is running."""
        await self.services.indexes.stop()
        await self.services.peers.stop()
        await self.services.unanswered.finish()
        await self.services.watched.finish()
        await self.services.counter.finish()
        await super().close()
        await asyncio.to_thread(self.services.bases.close_all)
        await asyncio.to_thread(self.services.pictures.close)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Let go of the index of a server that the bot has left. Its articles are kept."""
        await asyncio.to_thread(self.services.bases.close, guild.id)

    async def _sync_commands(self) -> None:
        """Tell Discord about the commands if they are not what it was told last.

        Discord limits how often that may be done, and the commands that it has go on working
        if it fails. Of several processes the one that runs the first shard does it.
        """
        if self.shard_ids is not None and 0 not in self.shard_ids:
            return
        translator = CommandTranslator(self.services.catalogue)
        payload = [
            await command.get_translated_payload(self.tree, translator)
            for command in self.tree.get_commands()
        ]
        text = json.dumps(payload, sort_keys=True, ensure_ascii=False)
        fingerprint = hashlib.sha256(text.encode()).hexdigest()
        application, synced = self.application_id or 0, self.services.state.commands
        try:
            if await STATE.run(synced.fingerprint, application) == fingerprint:
                _log.info("The commands are the ones that Discord knows")
                return
            await self.tree.sync()
            await STATE.run(synced.remember, application, fingerprint)
        except discord.HTTPException as error:
            _log.error("Discord did not accept the commands: %s", error)
        except StateError as error:
            _log.error("The commands may be sent again at the next start: %s", error)
        else:
            _log.info("Discord was told about %d commands", len(payload))

    async def on_ready(self) -> None:
        """Say in the log that members can be answered."""
        self._was_ready = True
        _log.info("Connected as %s to %d servers", self.user, len(self.guilds))

    async def on_shard_connect(self, shard: int) -> None:
        """Take down that a shard is connected."""
        self._away.discard(shard)

    async def on_shard_resumed(self, shard: int) -> None:
        """Take down that a shard's connection is back."""
        self._away.discard(shard)

    async def on_shard_disconnect(self, shard: int) -> None:
        """Take down that a shard's connection is lost; discord.py connects again."""
        self._away.add(shard)

    async def on_message(self, message: discord.Message, /) -> None:
        """Do nothing: there are no prefix commands, and the feature ``ask`` listens."""

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:  # noqa: ARG002
        """End an error of an event: a message's sender is told, anything else is only logged."""
        error = sys.exc_info()[1]
        if error is None:
            return
        if args and isinstance(args[0], discord.Message):
            language = language_of(self.services.catalogue, args[0])
            metrics = self.services.metrics
            await fail_message(args[0], error, event_method, language, metrics)
        else:
            _log.error("Error in %s", event_method, exc_info=error)
