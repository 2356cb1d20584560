"""What admins see of the state of the bot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import discord
from discord import ui

from bot.features.reindex.reindex_report import progress_text
from bot.features.status.phrases import PHRASES
from bot.i18n.localisation import Language
from bot.ui.containers import GREY, button, coloured, notice, short
from bot.ui.custom_ids.prefixes import Prefix
from knowledge import IndexStatus, ProcessUse, ReindexProgress

__all__ = ["Running", "details_layout", "status_layout"]

_MODEL_ROOM = 300


@dataclass(frozen=True, slots=True)
class Running:
    """What runs since ``started``.

    ``p50`` and ``p95``: milliseconds within which half, and 19 of 20, of the last ``measured``
    answers were made; ``None`` where there was none. ``processes``: that answer beside the bot's
    own, ``None`` where it does. ``has_own_index``: the server is answered from
    an index of its own. ``moment``: how far the reindex is, where it can be told.
    """

    version: str
    started: datetime
    has_own_index: bool
    is_reindexing: bool
    moment: ReindexProgress | None
    answers: int
    measured: int
    p50: float | None
    p95: float | None
    servers: int
    shards: int
    processes: ProcessUse | None = None


def status_layout(running: Running, index: IndexStatus, language: Language) -> ui.LayoutView:
    """Lay out the state of the bot, of the index, and of its answers, with a button for details;
    times as each reader's Discord writes them."""
    parts = (_bot(running, language), _index(running, index, language), _answers(running, language))
    children: list[ui.Item[ui.LayoutView]] = []
    for lines in parts:
        if children:
            children.append(ui.Separator())
        children.append(ui.TextDisplay("\n".join(lines)))
    details = button(PHRASES.of(language).details, f"{Prefix.STATUS_DETAILS}/")
    return coloured(GREY, [*children, ui.ActionRow(details)])


def details_layout(index: IndexStatus, reader: str | None, language: Language) -> ui.LayoutView:
    """Lay out what only whoever looks into something needs: versions, and the names of models.

    ``reader``: what reads passages, ``None`` where nothing does.
    """
    phrases = PHRASES.of(language)
    lines = [
        f"**{phrases.details}**",
        phrases.index_version.format(version=index.index_version, engine=index.engine_version),
        f"SQLite {index.sqlite_version}",
        phrases.no_models
        if index.embedded is None
        else phrases.models.format(models=short(index.embedded, _MODEL_ROOM)),
    ]
    if reader is not None:
        lines.append(phrases.reader.format(reader=short(reader, _MODEL_ROOM)))
    return notice("\n".join(lines))


def _bot(running: Running, language: Language) -> Iterator[str]:
    phrases = PHRASES.of(language)
    yield f"**Sourcier {running.version}**"
    yield phrases.since.format(
        time=discord.utils.format_dt(running.started, "f"),
        ago=discord.utils.format_dt(running.started, "R"),
    )
    yield phrases.servers.format(servers=running.servers, shards=running.shards)
    use = running.processes
    if use is not None:
        yield phrases.processes.format(
            ready=use.answering + use.free, all=use.answering + use.free + use.starting
        )


def _index(running: Running, index: IndexStatus, language: Language) -> Iterator[str]:
    phrases = PHRASES.of(language)
    own = phrases.own if running.has_own_index else phrases.common
    yield f"**{own}**"
    built = "–"
    if index.built_at is not None:
        built = discord.utils.format_dt(datetime.fromisoformat(index.built_at), "f")
    yield phrases.index.format(time=built)
    yield phrases.contents.format(
        articles=index.articles,
        paragraphs=index.paragraphs,
        facts=index.facts,
        questions=index.questions,
    )
    if index.lacking_facts:
        yield phrases.lacking_facts.format(articles=index.lacking_facts)
    if index.embedded is None:
        yield phrases.no_models
    if running.is_reindexing:
        yield phrases.reindexing
        if running.moment is not None:
            yield progress_text(running.moment, language)


def _answers(running: Running, language: Language) -> Iterator[str]:
    phrases = PHRASES.of(language)
    yield f"**{phrases.answers.format(count=running.answers)}**"
    if running.p50 is None or running.p95 is None:
        return
    yield phrases.latency.format(
        p50=_duration(running.p50, language),
        p95=_duration(running.p95, language),
        count=running.measured,
    )


def _duration(milliseconds: float, language: Language) -> str:
    if milliseconds < 1_000:
        return f"{milliseconds:.0f} ms"
    return f"{language.decimal(milliseconds / 1_000)} s"
