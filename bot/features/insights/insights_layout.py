"""What ``/insights`` shows: a picture of the weeks, and all that is in it as text."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.features.insights.numbers import WEEKS, Insights, Quoted, Week
from bot.features.insights.phrases import PHRASES
from bot.i18n.localisation import Language
from bot.services.drawing import weeks as drawing
from bot.services.drawing.weeks import Chart
from bot.state.answer_counts import KEPT_DAYS
from bot.ui import containers, passages

__all__ = ["chart_of", "insights_layout"]

_MAX_DESCRIPTION = 1_024
_TITLE_ROOM, _ROOM = 80, 160


def chart_of(insights: Insights, language: Language) -> Chart | None:
    """Return what is drawn, ``None`` where nothing was asked."""
    if not sum(insights.answers):
        return None
    words = PHRASES.of(language)
    rows = tuple(
        drawing.Week(language.day_of_year(week.monday), week.answers, f"▲ {week.up}  ▼ {week.down}")
        for week in insights.weeks
    )
    legend = (words.green, words.amber, words.grey)
    return Chart(words.chart_title, legend, rows, words.votes_drawn)


def insights_layout(
    insights: Insights,
    language: Language,
    picture: discord.File | None,
    note: str | None = None,
    *,
    is_keeping: bool,
) -> ui.LayoutView:
    """Lay out the numbers, below their picture where there is one, which is to be sent with them.

    ``note`` says why there is none. ``is_keeping``: whether the words of questions are kept.
    """
    words = PHRASES.of(language)
    title = words.title.format(weeks=WEEKS)
    head = f"**{title}**\n-# {words.counts_only.format(days=KEPT_DAYS)}"
    head += "" if note is None else f"\n-# {note}"
    if not sum(insights.answers) and not sum(insights.votes):
        return containers.notice(f"{head}\n{words.none}")
    lines = [_week(week, language) for week in insights.weeks]
    busy = [line for line, week in zip(lines, insights.weeks, strict=True) if not week.is_quiet]
    shown = [words.weeks, *busy] + ([words.quiet_weeks] if len(busy) < len(lines) else [])
    children: list[ui.Item[Any]] = [ui.TextDisplay(head)]
    if picture is not None:
        told = words.picture.format(weeks="; ".join(lines))[:_MAX_DESCRIPTION]
        children.append(ui.MediaGallery(discord.MediaGalleryItem(picture, description=told)))
    children += [
        ui.TextDisplay(_together(insights, language)),
        ui.TextDisplay("\n".join(f"-# {line}" for line in shown)),
        ui.Separator(),
        ui.TextDisplay("\n".join([f"**{words.quoted}**", *_quoted(insights, language)])),
        ui.Separator(),
        ui.TextDisplay(
            "\n".join([f"**{words.in_vain}**", *_in_vain(insights, language, is_keeping)])
        ),
    ]
    return containers.coloured(containers.GREY, children)


def _together(insights: Insights, language: Language) -> str:
    words, total = PHRASES.of(language), sum(insights.answers)
    up, down = insights.votes
    names = (words.green, words.amber, words.grey)
    shares = [
        words.share.format(answer=name, percent=round(100 * count / total))
        for name, count in zip(names, insights.answers, strict=True)
        if total
    ]
    return " · ".join(
        [words.total.format(count=total), *shares, words.votes.format(up=up, down=down)]
    )


def _week(week: Week, language: Language) -> str:
    words, day = PHRASES.of(language), language.day_of_year(week.monday)
    green, amber, grey = week.answers
    if week.is_quiet:
        return words.quiet_week.format(day=day)
    return words.week.format(
        day=day,
        total=sum(week.answers),
        green=green,
        amber=amber,
        grey=grey,
        up=week.up,
        down=week.down,
    )


def _quoted(insights: Insights, language: Language) -> list[str]:
    words, gone = PHRASES.of(language), insights.quoted_gone
    lines = [_passage(one) for one in insights.quoted]
    lines += [f"-# {words.quoted_gone.format(count=gone)}"] if gone else []
    return lines or [f"-# {words.quoted_none}"]


def _passage(quoted: Quoted) -> str:
    where = passages.locator(quoted.citation, _TITLE_ROOM).removeprefix("-# ")
    return f"**{quoted.times}\u00a0×** {where}"


def _in_vain(insights: Insights, language: Language, is_keeping: bool) -> list[str]:  # noqa: FBT001
    words = PHRASES.of(language)
    asked = [
        f"**{one.times}\u00a0×** {containers.short(one.wordings[0].question, _ROOM)}"
        for one in insights.in_vain
    ]
    if asked:
        return [*asked, f"-# {words.in_vain_all}"]
    return [f"-# {words.in_vain_none if is_keeping else words.in_vain_off}"]
