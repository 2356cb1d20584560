"""Looking up: ``/fact``, ``/who``, ``/timeline``, ``/numbers``, ``/quotes``, ``/sources``,
``/search``."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import discord
from discord import app_commands, ui

from bot.features.lookups.fact_choices import fact_choices, name_choices
from bot.features.lookups.findings import find, find_fact
from bot.features.lookups.list_button import EntriesButton, ListButton
from bot.features.lookups.list_layout import list_layout, row_layout
from bot.features.lookups.list_pages import timeline
from bot.features.lookups.phrases import PHRASES
from bot.i18n.days import read_days
from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.interactions.acknowledging import say
from bot.interactions.autocomplete import offered
from bot.interactions.command_declaration import look_up
from bot.interactions.feature import Feature
from bot.interactions.replies import Reply, manner_of, reply
from bot.services.threads import LOOK_UPS
from bot.ui import containers
from bot.ui.custom_ids.listing import Listing, LookUp, fitted, is_too_long
from knowledge import FactKind, KnowledgeBase

__all__ = ["MAX_TEXT", "LookUps"]

MAX_TEXT = 300
"""Characters of the words of a look-up."""

_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{12}")
_KINDS = [
    app_commands.Choice(name=SHARED.command_text(f"kind.{kind.value}"), value=kind.value)
    for kind in FactKind
]

_Text = app_commands.Range[str, 1, MAX_TEXT]
_Interaction = discord.Interaction[Any]


class LookUps(Feature):
    """Lists facts and passages, in the language of whoever looks."""

    phrases = PHRASES
    buttons = (ListButton, EntriesButton)

    def _language(self, interaction: _Interaction) -> Language:
        return self.services.catalogue.choose(interaction.locale)

    async def _show(
        self,
        interaction: _Interaction,
        which: LookUp,
        text: str | None,
        *,
        private: bool | None,
        kind: FactKind | None = None,
    ) -> None:
        """Show the fact that ``text`` names by its id, else the first page of what it means."""
        manner = await manner_of(interaction, private)
        listing = Listing(which, kind=kind)
        made = self._reply(interaction.guild_id, listing, text or "", manner.language)
        await reply(interaction, made, private=manner.private)

    async def _reply(
        self, server: int | None, listing: Listing, text: str, language: Language
    ) -> Reply:
        knowledge = await self.services.bases.knowledge_for(server)
        view = await LOOK_UPS.run(_found, knowledge, listing, text, language)
        return Reply(view, language)

    @look_up(PHRASES, "fact", text="fact.text", kind="fact.kind")
    @app_commands.choices(kind=_KINDS)
    async def fact(
        self,
        interaction: _Interaction,
        text: _Text,
        kind: str | None = None,
        private: bool | None = None,  # noqa: FBT001 - an option of a command
    ) -> None:
        """Show a fact that was chosen, or the facts that words mean, the best first."""
        chosen = None if kind is None else FactKind(kind)
        await self._show(interaction, LookUp.FACT, text, private=private, kind=chosen)

    @fact.autocomplete("text")
    async def _facts(self, interaction: _Interaction, text: str) -> list[app_commands.Choice[str]]:
        kind = interaction.namespace.kind
        known = FactKind(kind) if kind in tuple(FactKind) else None
        return await self._offer_facts(interaction, text, known)

    async def _offer_facts(
        self, interaction: _Interaction, text: str, kind: FactKind | None
    ) -> list[app_commands.Choice[str]]:
        language = self._language(interaction)
        choose = partial(fact_choices, text=text, kind=kind, language=language)
        return await offered(interaction, choose)

    @look_up(PHRASES, "who", text="who.text")
    async def who(
        self,
        interaction: _Interaction,
        text: _Text | None = None,
        private: bool | None = None,  # noqa: FBT001
    ) -> None:
        """List people and their roles: all of them, or those that words mean."""
        await self._show(interaction, LookUp.WHO, text, private=private)

    @who.autocomplete("text")
    async def _people(self, interaction: _Interaction, text: str) -> list[app_commands.Choice[str]]:
        choose = partial(name_choices, text=text, kind=FactKind.PERSON)
        return await offered(interaction, choose)

    @look_up(PHRASES, "numbers", text="numbers.text")
    async def numbers(
        self,
        interaction: _Interaction,
        text: _Text | None = None,
        private: bool | None = None,  # noqa: FBT001
    ) -> None:
        """List figures: all of them, or those that words mean."""
        await self._show(interaction, LookUp.NUMBERS, text, private=private)

    @numbers.autocomplete("text")
    async def _figures(
        self, interaction: _Interaction, text: str
    ) -> list[app_commands.Choice[str]]:
        return await self._offer_facts(interaction, text, FactKind.QUANTITY)

    @look_up(PHRASES, "quotes", speaker="quotes.speaker")
    async def quotes(
        self,
        interaction: _Interaction,
        speaker: _Text | None = None,
        private: bool | None = None,  # noqa: FBT001
    ) -> None:
        """List quotations: all of them, or one speaker's; other words than a name will do."""
        await self._show(interaction, LookUp.QUOTES, speaker, private=private)

    @quotes.autocomplete("speaker")
    async def _speakers(
        self, interaction: _Interaction, text: str
    ) -> list[app_commands.Choice[str]]:
        choose = partial(name_choices, text=text, kind=FactKind.QUOTE)
        return await offered(interaction, choose)

    @look_up(PHRASES, "sources", text="sources.text")
    async def sources(
        self,
        interaction: _Interaction,
        text: _Text | None = None,
        private: bool | None = None,  # noqa: FBT001
    ) -> None:
        """List who reported what: all of it, or one source's; other words will do."""
        await self._show(interaction, LookUp.SOURCES, text, private=private)

    @sources.autocomplete("text")
    async def _reporters(
        self, interaction: _Interaction, text: str
    ) -> list[app_commands.Choice[str]]:
        choose = partial(name_choices, text=text, kind=FactKind.SOURCE)
        return await offered(interaction, choose)

    @look_up(PHRASES, "search", words="search.words")
    async def search(
        self,
        interaction: _Interaction,
        words: _Text,
        private: bool | None = None,  # noqa: FBT001
    ) -> None:
        """List the passages that have any of the words, the best first."""
        await self._show(interaction, LookUp.SEARCH, words, private=private)

    @look_up(PHRASES, "timeline", start="timeline.start", end="timeline.end")
    async def timeline(
        self,
        interaction: _Interaction,
        start: _Text | None = None,
        end: _Text | None = None,
        private: bool | None = None,  # noqa: FBT001
    ) -> None:
        """List dated facts, the earliest first; days that cannot be read are told privately."""
        language = self._language(interaction)
        days: list[date | None] = []
        for written, position in ((start, 0), (end, 1)):
            try:
                days.append(None if written is None else read_days(written)[position])
            except ValueError:
                shown = containers.short(written or "", containers.TITLE_ROOM)
                text = PHRASES.of(language).not_a_day.format(text=shown)
                await say(interaction, containers.notice(text))
                return
        first, last = days
        if first is not None and last is not None and first > last:
            await say(interaction, containers.notice(PHRASES.of(language).days_reversed))
            return
        listing = Listing(LookUp.TIMELINE, start=first, end=last)
        manner = await manner_of(interaction, private)
        made = self._listed(interaction.guild_id, listing, manner.language)
        await reply(interaction, made, private=manner.private)

    async def _listed(self, server: int | None, listing: Listing, language: Language) -> Reply:
        knowledge = await self.services.bases.knowledge_for(server)
        view, files = await timeline(knowledge, listing, language, self.services.pictures)
        return Reply(view, language, files)


def _found(
    knowledge: KnowledgeBase, listing: Listing, text: str, language: Language
) -> ui.LayoutView:
    """Lay out the fact that ``text`` names by its id, else the first page of what it means."""
    is_identifier = _IDENTIFIER.fullmatch(text) and listing.look_up is not LookUp.SEARCH
    row = find_fact(knowledge, text) if is_identifier else None
    if row is not None:
        return row_layout(row, language)
    findings = find(knowledge, replace(listing, words=fitted(text)))
    return list_layout(findings, language, is_shortened=is_too_long(text))
