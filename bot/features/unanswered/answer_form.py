"""*Write an answer*: a form, whose answer becomes a part of the server's own article.

uw/ID        open the form for the question with this number
ut/ID        the form itself, known by its id when it is sent
ur/NEW/OLD/ID   put version NEW of the article in the place of OLD, which answers the same question
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import discord
from discord import ui

from bot.features.reindex.reindex_report import progress_text
from bot.features.unanswered.phrases import PHRASES
from bot.features.unanswered.unanswered_layout import replace_layout, written_layout
from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.i18n.refusals import Refused
from bot.interactions.acknowledging import acknowledge, in_time, say, turn
from bot.interactions.components import Component
from bot.interactions.forms import new_form, typed
from bot.interactions.permissions import require_manager
from bot.interactions.progress_message import ProgressMessage
from bot.services.message_text import without_ids
from bot.services.registry import Services
from bot.services.team_article import (
    MAX_ANSWER,
    MAX_TEXT,
    SLUG,
    TeamAnswer,
    answer_to,
    with_answer,
)
from bot.services.threads import LOOK_UPS, STATE
from bot.state.unanswered import MAX_LENGTH
from bot.ui import containers
from bot.ui.custom_ids.encoding import MalformedReference
from bot.ui.custom_ids.prefixes import Prefix
from knowledge import ReindexProgress

__all__ = ["ReplaceAnswerButton", "WriteAnswerButton", "take_answer"]

_Interaction = discord.Interaction[Any]
_MAX_NAME = 80
_NUMBERS = re.compile(r"(\d{1,16})/(\d{1,16})/(\d{1,16})")


async def _managed(interaction: _Interaction, services: Services) -> int:
    """Return the server whose articles whoever acts may manage. Raises Refused."""
    return require_manager(interaction, await services.server_settings.of(interaction.guild_id))


class WriteAnswerButton(Component, prefix=Prefix.WRITE_ANSWER, payload=r"\d{1,16}"):
    """Opens the form for a question."""

    async def act(self, interaction: _Interaction, services: Services, language: Language) -> None:
        """Open it, or say that the question is gone; a form cannot be announced first."""

        async def asked() -> str | None:
            server = await _managed(interaction, services)
            finding = services.state.unanswered.question
            return await STATE.run(finding, server, int(self.payload))

        question = await in_time(interaction, asked())
        if question is None:
            await say(interaction, containers.notice(PHRASES.of(language).question_gone))
        elif interaction.response.is_done():
            await say(interaction, containers.notice(SHARED.of(language).state_busy))
        else:
            await interaction.response.send_modal(_form(self.payload, question, language))


def _form(identifier: str, question: str, language: Language) -> ui.Modal:
    words = PHRASES.of(language)
    heading = ui.TextInput[Any](custom_id="question", default=question, max_length=MAX_LENGTH)
    text = ui.TextInput[Any](
        custom_id="answer", style=discord.TextStyle.paragraph, max_length=MAX_ANSWER
    )
    labels = (
        ui.Label[Any](text=words.form_question, component=heading),
        ui.Label[Any](text=words.form_answer, description=words.form_answer_hint, component=text),
    )
    return new_form(words.form_title, f"{Prefix.ANSWER_FORM}/{identifier}", *labels)


async def take_answer(
    interaction: _Interaction, services: Services, language: Language, payload: str
) -> None:
    """Put the answer in a form that was sent in use, and say so."""
    if not re.fullmatch(r"[0-9]{1,16}", payload):
        raise MalformedReference(payload)
    identifier = int(payload)
    await acknowledge(interaction)
    server = await _managed(interaction, services)
    fields = typed(interaction)
    question = without_ids(fields.get("question", ""))[:MAX_LENGTH].strip()
    text = fields.get("answer", "")[:MAX_ANSWER].strip()
    if not question or not text:
        notice = containers.notice(PHRASES.of(language).nothing_written)
        await interaction.edit_original_response(view=notice)
        return
    settings = await services.server_settings.of(server)
    own = services.catalogue.choose(settings.language, interaction.guild_locale)
    title = PHRASES.of(own).article_title
    day = own.day(await STATE.run(services.state.today))
    name = " ".join(interaction.user.display_name.split())[:_MAX_NAME]
    answer = TeamAnswer(question, text, PHRASES.of(own).signature.format(name=name, day=day))
    try:
        async with ProgressMessage(interaction) as progress:
            progress.tell(PHRASES.of(language).indexing)
            told = partial(_tell, progress, language)
            write = partial(_written, title=title, answer=answer)
            before, now = await services.articles.rewrite(server, SLUG, title, write, told)
    except _AnsweredAlready:
        view = await _offered(services, server, title, answer, identifier, language)
        await interaction.edit_original_response(view=view)
        return
    await _tell_done(interaction, services, server, (before, now or 0), identifier, language)


class _AnsweredAlready(Exception):
    """There is an answer to the question, maybe of somebody who was a moment sooner."""


def _written(markdown: str | None, *, title: str, answer: TeamAnswer) -> str:
    """Return the article with an answer to a question that has none. Raises _AnsweredAlready."""
    if markdown is not None and answer_to(markdown, answer.question) is not None:
        raise _AnsweredAlready
    return _bounded(with_answer(markdown, title, answer))


def _bounded(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise Refused("refused_too_long")
    return text


async def _offered(
    services: Services,
    server: int,
    title: str,
    answer: TeamAnswer,
    identifier: int,
    language: Language,
) -> ui.LayoutView:
    """Keep an answer, and ask whether it is to take the place of the one that there is."""
    earlier = ""

    def write(markdown: str | None) -> str:
        nonlocal earlier
        found = None if markdown is None else answer_to(markdown, answer.question)
        if found is None:
            raise Refused("article_outdated")
        earlier = found
        return _bounded(with_answer(markdown, title, answer))

    old, new = await services.articles.offer_rewritten(server, SLUG, title, write)
    custom_id = f"{Prefix.REPLACE_ANSWER}/{new}/{old or 0}/{identifier}"
    return replace_layout(answer.question, earlier, answer.text, custom_id, new, language)


def _tell(progress: ProgressMessage, language: Language, moment: ReindexProgress) -> None:
    progress.tell(progress_text(moment, language))


class ReplaceAnswerButton(Component, prefix=Prefix.REPLACE_ANSWER, once=True):
    """Puts an answer in the place of an earlier one to the same question."""

    async def act(self, interaction: _Interaction, services: Services, language: Language) -> None:
        """Replace it, if nothing has changed since, and say so."""
        numbers = _NUMBERS.fullmatch(self.payload)
        if numbers is None:
            raise MalformedReference(self.payload)
        new, old, identifier = map(int, numbers.groups())
        server = await in_time(interaction, _managed(interaction, services), update=True)
        await turn(interaction, containers.notice(PHRASES.of(language).indexing))
        try:
            async with ProgressMessage(interaction) as progress:
                told = partial(_tell, progress, language)
                await services.articles.swap(server, [(old or None, new)], told)
        except Exception as error:
            # The message that told of work is to tell how it ended.
            is_refused = isinstance(error, Refused)
            said = error.sentence(language) if is_refused else PHRASES.of(language).not_written
            await interaction.edit_original_response(view=containers.notice(said, containers.RED))
            if not is_refused:
                raise
            return
        await _tell_done(interaction, services, server, (old or None, new), identifier, language)


async def _tell_done(
    interaction: _Interaction,
    services: Services,
    server: int,
    swap: tuple[int | None, int],
    identifier: int,
    language: Language,
) -> None:
    """Take a question with those that ask the same from the list, and say that it is answered."""
    before, now = swap
    today = (await STATE.run(services.state.calendar.moment)).today
    kept = await STATE.run(services.state.unanswered.of, server, today)
    knowledge = await services.bases.knowledge_for(server)
    groups = await LOOK_UPS.run(knowledge.group_alike, [one.question for one in kept])
    for group in groups:
        identifiers = [kept[position].id for position in group]
        if identifier in identifiers:
            await STATE.run(services.state.unanswered.answer, server, identifiers, now)
    article = await services.articles.version(server, now)
    view = written_layout(article, before, language)
    await interaction.edit_original_response(view=view)
