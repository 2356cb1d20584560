"""The commands of the command line that look something up: passages, facts, dated events."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from bot.app.opening import open_knowledge
from bot.cli import payloads
from bot.cli import views as terminal
from bot.cli.commands import CommandFailure
from bot.cli.streams import Output, print_json
from bot.extras import how_to_install, is_installed
from bot.settings import Settings
from knowledge import (
    Fact,
)

__all__ = ["facts", "search", "timeline"]

_FACTS_A_PAGE = 20
_ALL = 10**9


def search(options: argparse.Namespace, settings: Settings) -> int:
    """Print a page of passages that have any of the words."""
    with open_knowledge(settings) as knowledge:
        page = knowledge.search(" ".join(options.words), offset=10 * (options.page - 1))
    if options.json:
        for citation in page.citations:
            print_json(payloads.citation_payload(citation))
    else:
        Output().print(terminal.search_view(page))
    return 0


def facts(options: argparse.Namespace, settings: Settings) -> int:
    """Print the facts that the words mean, or all of them; as JSON without pages."""
    size = _ALL if options.json else _FACTS_A_PAGE
    offset = 0 if options.json else _FACTS_A_PAGE * (options.page - 1)
    with open_knowledge(settings) as knowledge:
        page = knowledge.facts(
            options.text or None,
            kind=options.kind,
            origin=options.origin,
            limit=size,
            offset=offset,
        )
    if options.json:
        _print_facts_json(page.facts)
        return 0
    out = Output()
    if not page.facts:
        out.print("No further facts." if page.total else "No such fact.", markup=False)
        return 0
    out.print(f"{terminal.counted(page.total, 'fact')}, page {options.page}", markup=False)
    for fact in page.facts:
        out.print(_fact_line(fact), markup=False, highlight=False)
    return 0


def timeline(options: argparse.Namespace, settings: Settings) -> int:
    """Print the dated events in their order, or draw them."""
    if options.output is not None and not is_installed("picture"):
        raise CommandFailure(how_to_install("picture"))
    with open_knowledge(settings) as knowledge:
        dated = knowledge.timeline(options.start, options.end)
    if options.output is not None:
        _draw(dated, options.output, options.language or "en")
        return 0
    if options.json:
        _print_facts_json(dated)
        return 0
    out = Output()
    if not dated:
        out.print("No event of that time.", markup=False)
    for fact in dated:
        days = fact.date_start or ""
        if fact.date_end != fact.date_start:
            days = f"{days} – {fact.date_end}"
        out.print(f"{days:<23}  {_fact_line(fact)}", markup=False, highlight=False)
    return 0


def _draw(dated: Sequence[Fact], file: Path, code: str) -> None:
    """Write a picture of the events to ``file``, in place of what it held."""
    from bot.features.lookups.timeline_picture import draw_timeline
    from bot.i18n.localisation import CATALOGUE  # discord.py is slow to import

    language = CATALOGUE.languages.get(code)
    if language is None:
        there_are = ", ".join(CATALOGUE.languages)
        raise CommandFailure(f"There is no language “{code}”. There are: {there_are}.")
    drawn = draw_timeline(dated, language)
    if drawn is None:
        raise CommandFailure("No event of that time: there is nothing to draw.")
    try:
        file.write_bytes(drawn)
    except OSError as error:
        raise CommandFailure(f"{file} cannot be written: {error.strerror}.") from None


def _print_facts_json(found: Sequence[Fact]) -> None:
    for fact in found:
        print_json(payloads.fact_payload(fact))


def _fact_line(fact: Fact) -> str:
    return f"{fact.statement} ({fact.kind.value}; {fact.article} ¶ {fact.paragraph})"
