"""The command line: ``sourcier``.

Exit codes: 0 done, 1 failed (standard error says why), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn, TextIO, cast

from pydantic import BaseModel
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot import payloads, terminal
from bot.check import check_view, inspect
from bot.console import run_console
from bot.opening import open_knowledge, unopened_knowledge
from bot.settings import Settings, SettingsError, load_settings
from knowledge import evaluation
from knowledge.base import KnowledgeBase
from knowledge.errors import ArticleNotFound, KnowledgeError
from knowledge.model import ReindexProgress, ReindexReport, ReindexStage

__all__ = ["main"]

_EPILOGUE = """\
Without a command: Discord where DISCORD_TOKEN is set, else the preview where it is installed
(pip install "sourcier[preview]"), else the console.
"""
_MAX_LINE_BYTES = 100_000
_STAGES = {ReindexStage.READING: "Indexing", ReindexStage.ENCODING: "Computing vectors"}


class _Failure(Exception):
    """The command failed; ``str`` says why, in a sentence."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    options = _parser().parse_args(arguments)
    _accept_any_text(sys.stdout, sys.stderr)
    try:
        settings = load_settings(
            database=getattr(options, "database", None),
            articles=tuple(options.articles) if "articles" in options else None,
        )
        return options.run(options, settings)
    except (SettingsError, KnowledgeError, _Failure) as error:
        terminal.error_console().print(str(error))
        return 1
    except KeyboardInterrupt:
        return 1
    except BrokenPipeError:
        # Whoever read our output has enough; nothing may be flushed to it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _accept_any_text(*streams: TextIO) -> None:
    """Write what a terminal's encoding lacks as escapes (which JSON reads) instead of failing."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def script() -> NoReturn:
    """Run the command line as a program."""
    sys.exit(main())


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    # Absent unless given, so that a place before the command is not undone by one after it.
    shared.add_argument(
        "--database", metavar="FILE", type=Path, default=argparse.SUPPRESS,
        help="the index (SOURCIER_DATABASE; by default in your user data directory)",
    )  # fmt: skip
    shared.add_argument(
        "--articles", metavar="PATH", type=Path, action="append", default=argparse.SUPPRESS,
        help="a directory or file of articles; may be repeated (SOURCIER_ARTICLES; "
        "by default the articles that come with Sourcier)",
    )  # fmt: skip
    parser = argparse.ArgumentParser(
        prog="sourcier",
        description="Answers questions from indexed articles, word for word and with the source.",
        epilog=_EPILOGUE,
        parents=[shared],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--version", action="version", version=f"sourcier {importlib.metadata.version('sourcier')}"
    )
    parser.set_defaults(run=_start)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace, Settings], int], summary: str
    ) -> argparse.ArgumentParser:
        added = commands.add_parser(
            name, help=summary, description=summary[0].upper() + summary[1:] + ".", parents=[shared]
        )
        added.set_defaults(run=run)
        return added

    command("run", _run, "run the bot on Discord (needs DISCORD_TOKEN)")
    preview = command("preview", _preview, "try the real bot in a local page like Discord")
    preview.add_argument("--port", type=_port, help="port of the page (by default a free one)")
    preview.add_argument("--no-browser", action="store_true", help="do not open a browser")
    command("console", _console, "ask questions in this terminal")

    ask = command("ask", _ask, "answer one question, or a file of them")
    asked = ask.add_mutually_exclusive_group(required=True)
    asked.add_argument("question", metavar="QUESTION", nargs="?", help="the question")
    asked.add_argument(
        "--jsonl", action="store_true",
        help="read objects with “id” and “question” from standard input, write one answer a line",
    )  # fmt: skip
    ask.add_argument("--json", action="store_true", help="print the answer as JSON")

    search = command("search", _search, "find passages that have any of the words")
    search.add_argument("words", metavar="WORDS", nargs="+")
    search.add_argument("--page", type=_positive, default=1, help="page of ten results, from 1")
    search.add_argument("--json", action="store_true", help="print one JSON object a line")

    show = command("show", _show, "print an article, or one of its paragraphs")
    show.add_argument("article", metavar="ARTICLE", help="its name, as “sourcier check” lists it")
    show.add_argument("paragraph", metavar="PARAGRAPH", nargs="?", type=_positive)
    show.add_argument("--json", action="store_true", help="print JSON")

    index = command("index", _index, "make the index hold exactly the articles given")
    index.add_argument(
        "sources", metavar="DIR", nargs="*", type=Path,
        help="directories or files (by default those of --articles)",
    )  # fmt: skip
    index.add_argument("--rebuild", action="store_true", help="analyse unchanged articles again")
    index.add_argument("--json", action="store_true", help="print the report as JSON")

    evaluate = command("evaluate", _evaluate, "measure answers to labelled questions")
    evaluate.add_argument("sets", metavar="QUESTIONS.jsonl", nargs="+", type=Path)
    evaluate.add_argument(
        "--corpus", metavar="CORPUS.jsonl", type=Path, action="append",
        help="ask about these articles, in an index made for the purpose",
    )  # fmt: skip
    evaluate.add_argument("--json", action="store_true", help="print one JSON object a set")

    check = command("check", _check, "tell what is active: index, extras, settings")
    check.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 10**9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65_536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (1 to 65535)")
    return int(text)


class _Output(Console):
    """Standard output, for results."""

    def __init__(self) -> None:
        super().__init__(highlight=False, markup=False, emoji=False)

    def on_broken_pipe(self) -> None:
        """Let ``main`` deal with a reader that has enough; by itself, rich exits with 1."""
        raise BrokenPipeError


def _print_json(payload: object) -> None:
    is_unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    sys.stdout.write(json.dumps(payload, ensure_ascii=not is_unicode) + "\n")


def _start(options: argparse.Namespace, settings: Settings) -> int:
    if settings.token is not None:
        return _run(options, settings)
    from bot.preview import preview_available, run_preview  # discord.py is slow

    if preview_available():
        return run_preview(settings, port=None, open_browser=True)
    return _console(options, settings)


def _run(_: argparse.Namespace, settings: Settings) -> int:
    from bot.running import run_discord  # discord.py is slow to import

    return run_discord(settings)


def _preview(options: argparse.Namespace, settings: Settings) -> int:
    from bot.preview import preview_available, run_preview  # discord.py is slow

    if not preview_available():
        raise _Failure('The preview is not installed. Run: pip install "sourcier[preview]"')
    return run_preview(settings, port=options.port, open_browser=not options.no_browser)


def _console(_: argparse.Namespace, settings: Settings) -> int:
    with open_knowledge(settings) as knowledge:
        return run_console(knowledge, _Output())


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    with open_knowledge(settings) as knowledge:
        if options.jsonl:
            return _ask_lines(knowledge)
        answer = knowledge.ask(options.question)
    if options.json:
        _print_json(payloads.answer_payload(answer))
    else:
        _Output().print(terminal.answer_view(answer))
    return 0


def _ask_lines(knowledge: KnowledgeBase) -> int:
    """Answer each line of standard input; name the lines that are no question and go on."""
    failed = False
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        try:
            identifier, question = _read_question(line)
        except ValueError as error:
            failed = True
            terminal.error_console().print(f"Line {number}: {error}")
            continue
        _print_json(payloads.answer_payload(knowledge.ask(question), identifier))
        sys.stdout.flush()
    return int(failed)


class _QuestionLine(BaseModel):
    """A line of ``ask --jsonl``; whatever else it holds is not ours."""

    id: Any = None
    question: str


def _read_question(line: bytes) -> tuple[object, str]:
    if len(line) > _MAX_LINE_BYTES:
        raise ValueError(f"longer than {_MAX_LINE_BYTES:,} bytes. Shorten the question.")
    try:
        read = _QuestionLine.model_validate(json.loads(line))
    except (ValueError, RecursionError):
        raise ValueError("write a JSON object with “id” and “question” (text).") from None
    return read.id, read.question


def _search(options: argparse.Namespace, settings: Settings) -> int:
    with open_knowledge(settings) as knowledge:
        page = knowledge.search(" ".join(options.words), offset=10 * (options.page - 1))
    if options.json:
        for citation in page.citations:
            _print_json(payloads.citation_payload(citation))
    else:
        _Output().print(terminal.search_view(page))
    return 0


def _show(options: argparse.Namespace, settings: Settings) -> int:
    with open_knowledge(settings) as knowledge:
        try:
            article = knowledge.article(options.article)
        except ArticleNotFound as error:
            slugs = ", ".join(summary.slug for summary in knowledge.articles()[:20])
            raise _Failure(f"{error} There are: {slugs or 'none'}.") from None
    number = cast(int | None, options.paragraph)
    if number is None:
        if options.json:
            _print_json(payloads.article_payload(article))
        else:
            _Output().print(terminal.article_view(article))
        return 0
    if number > len(article.paragraphs):
        raise _Failure(f"“{article.slug}” has {len(article.paragraphs)} paragraphs.")
    paragraph = article.paragraphs[number - 1]
    if options.json:
        _print_json(payloads.paragraph_payload(article, paragraph))
    else:
        _Output().print(terminal.paragraph_view(article, paragraph, None))
    return 0


def _index(options: argparse.Namespace, settings: Settings) -> int:
    knowledge = unopened_knowledge(settings)
    report = _reindex(knowledge, options.sources or None, rebuild=options.rebuild)
    if options.json:
        _print_json(payloads.reindex_payload(report))
    else:
        _Output().print(terminal.reindex_view(report))
    for problem in report.problems:
        terminal.error_console().print(str(problem))
    return 1 if report.problems else 0


def _reindex(
    knowledge: KnowledgeBase, sources: Sequence[Path] | None, *, rebuild: bool
) -> ReindexReport:
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=terminal.error_console(),
        transient=True,
        disable=not sys.stderr.isatty(),
    ) as progress:
        task = progress.add_task("Indexing", total=None)

        def advance(moment: ReindexProgress) -> None:
            progress.update(
                task,
                completed=moment.done,
                total=moment.total,
                description=_STAGES[moment.stage],
            )

        return knowledge.reindex(sources, rebuild=rebuild, progress=advance)


def _evaluate(options: argparse.Namespace, settings: Settings) -> int:
    sets = [(path, evaluation.read_questions(path)) for path in options.sets]
    with tempfile.TemporaryDirectory(prefix="sourcier-") as folder:
        if options.corpus:
            settings = settings.model_copy(
                update={
                    "database": Path(folder) / "corpus.db",
                    "articles": tuple(options.corpus),
                }
            )
        with open_knowledge(settings) as knowledge:
            for path, questions in sets:
                report = evaluation.evaluate(
                    str(path), questions, lambda text: knowledge.ask(text, limit=evaluation.RANKS)
                )
                if options.json:
                    _print_json(payloads.report_payload(report))
                else:
                    _Output().print(terminal.evaluation_view(report))
    return 0


def _check(options: argparse.Namespace, settings: Settings) -> int:
    findings = inspect(settings)
    if options.json:
        _print_json(findings)
    else:
        _Output().print(check_view(findings))
    return 0
