"""What admins see of golden questions: the self-test, and a reindex that it rolled back."""

from __future__ import annotations

from collections.abc import Iterable

import discord

from bot.features.reindex.phrases import PHRASES, ReindexPhrases
from bot.i18n.localisation import Language
from bot.ui.containers import AMBER, GREEN, GREY, RED, numbered, short
from bot.ui.report_pages import Block, pages_of
from knowledge import Comparison, Miss, SelfTest, Trial

__all__ = [
    "comparison_blocks",
    "comparison_line",
    "rolled_back_pages",
    "selftest_colour",
    "selftest_pages",
]

_QUESTION_ROOM = 400
_SLUG_ROOM = 120


def selftest_colour(test: SelfTest) -> discord.Colour:
    """Return green for hits alone, amber for some misses, red for no hit, grey for no question."""
    if not test.trials:
        return GREY
    if not test.misses:
        return GREEN
    return AMBER if test.hits else RED


def selftest_pages(test: SelfTest, language: Language) -> list[list[str]]:
    """Return the pages of a self-test: how many hits, the misses with their reasons, the hits."""
    phrases = PHRASES.of(language)
    if not test.trials:
        return [[phrases.no_questions]]
    lines = [f"**{phrases.selftest.format(hits=test.hits, total=len(test.trials))}**"]
    if test.left_out:
        lines.append(f"-# {phrases.selftest_left_out.format(count=test.left_out)}")
    hits = [trial for trial in test.trials if trial.miss is None]
    blocks = [_block(phrases.misses, test.misses, phrases), _block(phrases.hits, hits, phrases)]
    return pages_of("\n".join(lines), [block for block in blocks if block.lines], language)


def rolled_back_pages(comparison: Comparison, language: Language) -> list[list[str]]:
    """Return the pages that say why a reindex was rolled back, and how to force it."""
    phrases = PHRASES.of(language)
    names = PHRASES.commands(language)
    command, option = names["reindex.name"], names["reindex.force.name"]
    lines = (
        f"**{phrases.rolled_back}**",
        phrases.rolled_back_why.format(
            total=len(comparison.after.trials),
            before=comparison.before.hits,
            after=comparison.after.hits,
        ),
        phrases.rolled_back_force.format(command=f"`/{command} {option}:True`"),
    )
    return pages_of("\n".join(lines), comparison_blocks(comparison, language), language)


def comparison_line(comparison: Comparison, language: Language) -> str:
    """Return how many golden questions are answered rightly, and were before."""
    return PHRASES.of(language).golden.format(
        hits=comparison.after.hits,
        total=len(comparison.after.trials),
        before=comparison.before.hits,
    )


def comparison_blocks(comparison: Comparison, language: Language) -> list[Block]:
    """Return the golden questions that got worse, with the reasons, and those that got better."""
    phrases = PHRASES.of(language)
    blocks = (
        _block(phrases.worse, comparison.worse, phrases),
        _block(phrases.better, comparison.better, phrases),
    )
    return [block for block in blocks if block.lines]


def _block(heading: str, trials: Iterable[Trial], phrases: ReindexPhrases) -> Block:
    lines = tuple(_trial(trial, phrases) for trial in trials)
    return Block(f"**{heading.format(count=len(lines))}**", lines)


def _trial(trial: Trial, phrases: ReindexPhrases) -> str:
    """Return one line: a sign, the question, and where the answer stands or why it is wrong."""
    question = short(trial.question.question, _QUESTION_ROOM)
    place = ""
    if trial.article is not None and trial.paragraph is not None:
        place = f"{short(trial.article, _SLUG_ROOM)} {numbered(trial.paragraph)}"
    if trial.miss is None:
        return f"✅ {question}\n-# {place or phrases.rightly_silent}"
    template = {
        Miss.WITHHELD: phrases.miss_withheld,
        Miss.ELSEWHERE: phrases.miss_elsewhere if trial.rank else phrases.miss_elsewhere_unfound,
        Miss.NOT_FOUND: phrases.miss_not_found,
        Miss.ANSWERED: phrases.miss_answered,
    }[trial.miss]
    return f"❌ {question}\n-# {template.format(place=place, rank=trial.rank)}"
