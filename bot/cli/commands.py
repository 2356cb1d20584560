"""The commands of the command line: each takes its options, prints, and returns an exit code."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel

from bot.app.opening import open_knowledge, unopened_knowledge
from bot.app.progress import indexing_progress
from bot.cli import payloads
from bot.cli import views as terminal
from bot.cli.answer_view import answer_view
from bot.cli.console import run_console
from bot.cli.streams import Output, print_json, questions
from bot.extras import how_to_install, is_installed
from bot.settings import Settings
from knowledge import (
    Answer,
    ArticleNotFound,
    Fact,
    KnowledgeBase,
    ReindexReport,
    ReindexWorse,
)

__all__ = [
    "CommandFailure",
    "ask",
    "check",
    "console",
    "evaluate",
    "index",
    "preview",
    "run",
    "show",
    "start",
]

_MAX_LINE_BYTES = 100_000


class CommandFailure(Exception):
    """The command failed; ``str`` says why, in a sentence."""


def _complain(*lines: str) -> None:
    """Write lines to standard error as they are, however long."""
    for line in lines:
        terminal.error_console().print(line, soft_wrap=True)


def start(options: argparse.Namespace, settings: Settings) -> int:
    """Run the face that there is everything for: Discord, else the preview, else the console."""
    if "port" in options or "no_browser" in options:
        return preview(options, settings)
    if settings.token is not None:
        return run(options, settings)
    if is_installed("preview"):
        return preview(options, settings)
    return console(options, settings)


def run(_: argparse.Namespace, settings: Settings) -> int:
    """Run the bot on Discord."""
    from bot.app.run import run_discord  # discord.py is slow to import

    return run_discord(settings)


def preview(options: argparse.Namespace, settings: Settings) -> int:
    """Show the bot in a local page."""
    if not is_installed("preview"):
        raise CommandFailure(how_to_install("preview"))
    from bot.app.preview import run_preview  # discord.py is slow to import

    return run_preview(
        settings,
        port=getattr(options, "port", None),
        open_browser=not getattr(options, "no_browser", False),
    )


def console(_: argparse.Namespace, settings: Settings) -> int:
    """Answer questions in the terminal."""
    questions()  # there must be a standard input to ask them
    with open_knowledge(settings) as knowledge:
        return run_console(knowledge, Output())


def ask(options: argparse.Namespace, settings: Settings) -> int:
    """Answer a question, or a file of them."""
    with open_knowledge(settings) as knowledge:
        if options.jsonl:
            return _ask_lines(knowledge)
        answer = knowledge.ask(options.question, follows=options.follows)
        facts = _facts_cited(knowledge, answer) if options.json else ()
    if options.json:
        print_json(payloads.answer_payload(answer, facts=facts))
    else:
        Output().print(answer_view(answer))
    return 0


def _ask_lines(knowledge: KnowledgeBase) -> int:
    """Answer each line of standard input; name the lines that are no question and go on."""
    failed = False
    for number, line in enumerate(questions(), start=1):
        if not line.strip():
            continue
        try:
            identifier, question, follows = _read_question(line)
        except ValueError as error:
            failed = True
            _complain(f"Line {number}: {error}")
            continue
        answer = knowledge.ask(question, follows=follows)
        facts = _facts_cited(knowledge, answer)
        print_json(payloads.answer_payload(answer, identifier, facts))
        sys.stdout.flush()
    return int(failed)


def _facts_cited(knowledge: KnowledgeBase, answer: Answer) -> Sequence[Fact]:
    return knowledge.facts_cited(answer.citations[0]) if answer.citations else ()


class _QuestionLine(BaseModel):
    """A line of ``ask --jsonl``; whatever else it holds is not ours."""

    id: Any = None
    question: str
    follows: str | None = None


def _read_question(line: bytes) -> tuple[object, str, str | None]:
    if len(line) > _MAX_LINE_BYTES:
        raise ValueError(f"longer than {_MAX_LINE_BYTES:,} bytes. Shorten the question.")
    try:
        read = _QuestionLine.model_validate(json.loads(line))
    except (ValueError, RecursionError):
        raise ValueError("write a JSON object with “id” and “question” (text).") from None
    try:
        json.dumps(read.id, allow_nan=False)
    except (ValueError, RecursionError):
        raise ValueError("its “id” holds a number that JSON has not, such as NaN.") from None
    return read.id, read.question, read.follows


def show(options: argparse.Namespace, settings: Settings) -> int:
    """Print an article, or one of its paragraphs."""
    with open_knowledge(settings) as knowledge:
        try:
            article = knowledge.article(options.article)
        except ArticleNotFound as error:
            slugs = [summary.slug for summary in knowledge.articles()]
            there_are = terminal.names(slugs) or "none"
            raise CommandFailure(f"{error} There are: {there_are}.") from None
    number = cast(int | None, options.paragraph)
    if number is None:
        if options.json:
            print_json(payloads.article_payload(article))
        else:
            Output().print(terminal.article_view(article))
        return 0
    if number > len(article.paragraphs):
        has = terminal.counted(len(article.paragraphs), "paragraph")
        raise CommandFailure(f"“{article.slug}” has {has}.")
    paragraph = article.paragraphs[number - 1]
    if options.json:
        print_json(payloads.paragraph_payload(article, paragraph))
    else:
        Output().print(terminal.paragraph_view(article, paragraph, ()))
    return 0


def index(options: argparse.Namespace, settings: Settings) -> int:
    """Make the index hold exactly the articles given, and print what changed."""
    from knowledge import find_files  # slow to import

    sources: Sequence[Path] = options.sources or settings.articles
    for source in sources:
        found = find_files([source])
        if source.is_dir() and not (found.files or found.problems):
            _complain(f"There is no article in {source}.")
    with unopened_knowledge(settings) as knowledge:
        try:
            report = _reindex(knowledge, sources, rebuild=options.rebuild, force=options.force)
        except ReindexWorse as worse:
            terminal.error_console().print(
                terminal.comparison_view(worse.comparison), soft_wrap=True
            )
            raise CommandFailure(
                "The index was left as it is: fewer golden questions would be answered rightly. "
                "To take the articles all the same, add --force."
            ) from None
    if options.json:
        print_json(payloads.reindex_payload(report))
    else:
        Output().print(terminal.reindex_view(report), soft_wrap=True)
    if not report.problems:
        return 0
    count = terminal.counted(len(report.problems), "problem")
    _complain(f"{count}:", *(f"• {problem}" for problem in report.problems))
    return 1


def _reindex(
    knowledge: KnowledgeBase, sources: Sequence[Path], *, rebuild: bool, force: bool
) -> ReindexReport:
    with indexing_progress() as advance:
        return knowledge.reindex(sources, rebuild=rebuild, force=force, progress=advance)


def evaluate(options: argparse.Namespace, settings: Settings) -> int:
    """Print how well labelled questions are answered, by default those kept with the articles."""
    from knowledge import (  # slow to import
        EVALUATED_RANKS,
        evaluate_questions,
        golden_sets,
        read_questions,
    )

    sets = [(str(path), read_questions(path)) for path in options.sets]
    with tempfile.TemporaryDirectory(prefix="sourcier-") as folder:
        if options.corpus:
            settings = settings.model_copy(
                update={
                    "database": Path(folder) / "corpus.db",
                    "articles": tuple(options.corpus),
                }
            )
        with open_knowledge(settings) as knowledge:
            for name, asked in sets or golden_sets(knowledge.questions()):
                report = evaluate_questions(
                    name, asked, lambda text: knowledge.ask(text, limit=EVALUATED_RANKS)
                )
                if options.json:
                    print_json(payloads.report_payload(report))
                else:
                    Output().print(terminal.evaluation_view(report))
    return 0


def check(options: argparse.Namespace, settings: Settings) -> int:
    """Print what is active; a problem with the index or the state is a failure."""
    from bot.cli.check import check_view, inspect  # SQLAlchemy is slow to import

    findings = inspect(settings)
    if options.json:
        print_json(findings)
    else:
        Output().print(check_view(findings))
    return 1 if "problem" in findings or "state_problem" in findings else 0
