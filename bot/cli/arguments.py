"""What may stand on the command line."""

from __future__ import annotations

import argparse
import importlib.metadata
from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from bot.database_url import DatabaseUrl, read_place
from knowledge import FactKind, FactOrigin, days_of

__all__ = ["read_arguments"]

_EPILOGUE = """\
Without a command: Discord where DISCORD_TOKEN is set, else the preview where it is installed,
else the console. With --port or --no-browser: the preview.
"""


def read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read a command line: ``command`` of the result names what it runs, ``start`` without any.

    Nothing of the bot or the engine is imported, so that help is there at once.

    Ends the program as argparse does, for help and (exit code 2) for wrong usage.
    """
    options = _parser().parse_args(arguments)
    complain: Callable[[str], None] = options.parser.error
    if options.command == "ask" and bool(options.question.strip()) == options.jsonl:
        complain("give either a question or --jsonl")
    if options.command == "ask" and options.jsonl and options.follows is not None:
        complain("--follows is for one question; with --jsonl each line may have its own")
    if options.command == "timeline" and options.json and options.output is not None:
        complain("give either --json or --output")
    if options.command == "timeline" and _is_backwards(options.start, options.end):
        complain("--from is after --to: swap them")
    if options.command == "timeline" and options.language and options.output is None:
        complain("--language is for --output")
    if options.command not in ("start", "preview"):
        for name in ("port", "no_browser"):
            if name in options:
                complain(f"--{name.replace('_', '-')} is for the preview")
    return options


def _is_backwards(start: date | None, end: date | None) -> bool:
    return start is not None and end is not None and start > end


class _Joined(argparse.Action):
    """Takes the words of a question together, so that it needs no quotation marks."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,  # noqa: ARG002 - argparse's signature
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,  # noqa: ARG002 - argparse's signature
    ) -> None:
        """Store the words, joined by spaces, and whether there were any."""
        setattr(namespace, self.dest, " ".join(values or ()))


def _shared() -> argparse.ArgumentParser:
    """Return the options of every command.

    They are absent unless given, so that one before the command is not undone by one after it.
    """
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument(
        "--database", metavar="FILE", type=Path,
        help="the index (SOURCIER_DATABASE; by default in your user data directory)",
    )  # fmt: skip
    shared.add_argument(
        "--articles", metavar="PATH", type=Path, action="append",
        help="a directory or file of articles; may be repeated (SOURCIER_ARTICLES; "
        "by default the articles that come with Sourcier)",
    )  # fmt: skip
    return shared


def _page() -> argparse.ArgumentParser:
    """Return the options of the preview."""
    page = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    page.add_argument("--port", type=_port, help="port of the preview (by default a free one)")
    page.add_argument("--no-browser", action="store_true", help="do not open a browser")
    return page


def _parser() -> argparse.ArgumentParser:
    shared, page = _shared(), _page()
    parser = argparse.ArgumentParser(
        prog="sourcier",
        description="Answers questions from indexed articles, word for word and with the source.",
        epilog=_EPILOGUE,
        parents=[shared, page],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--version", action="version", version=f"sourcier {importlib.metadata.version('sourcier')}"
    )
    parser.set_defaults(command="start", parser=parser)
    added = parser.add_subparsers(title="commands", metavar="COMMAND")

    def command(
        name: str,
        summary: str,
        *more: argparse.ArgumentParser,
    ) -> argparse.ArgumentParser:
        description = f"{summary[0].upper()}{summary[1:]}."
        one = added.add_parser(
            name, help=summary, description=description, parents=[shared, *more]
        )  # fmt: skip
        one.set_defaults(command=name, parser=one)
        return one

    command("run", "run the bot on Discord (needs DISCORD_TOKEN)")
    command("preview", "try the real bot in a local page like Discord", page)
    command("console", "ask questions in this terminal")

    ask = command("ask", "answer one question, or a file of them")
    ask.add_argument(
        "question", metavar="QUESTION", nargs="*", action=_Joined, default="",
        help="the question, in one word or several",
    )  # fmt: skip
    ask.add_argument(
        "--jsonl", action="store_true",
        help="read objects with “id”, “question” and, if need be, “follows” from standard input, "
        "write one answer a line",
    )  # fmt: skip
    ask.add_argument(
        "--follows", metavar="QUESTION", help="the question before it, if it is a follow-up"
    )
    ask.add_argument("--json", action="store_true", help="print the answer as JSON")

    search = command("search", "find passages that have any of the words")
    search.add_argument("words", metavar="WORDS", nargs="+", help="one word or several")
    search.add_argument("--page", type=_positive, default=1, help="page of ten results, from 1")
    search.add_argument("--json", action="store_true", help="print one JSON object a line")

    facts = command("facts", "list facts: dates, figures, people, quotations, ...")
    facts.add_argument(
        "text", metavar="TEXT", nargs="*", action=_Joined, default="",
        help="words of them, in French or English (by default all)",
    )  # fmt: skip
    facts.add_argument(
        "--kind", type=_one_of(FactKind), metavar="KIND", help=f"one of {', '.join(FactKind)}"
    )
    facts.add_argument(
        "--origin", type=_one_of(FactOrigin), metavar="ORIGIN",
        help="extracted (found by rules) or curated (written by hand)",
    )  # fmt: skip
    facts.add_argument("--page", type=_positive, default=1, help="page of twenty facts, from 1")
    facts.add_argument("--json", action="store_true", help="print all, one JSON object a line")

    timeline = command("timeline", "list dated events in their order")
    timeline.add_argument(
        "--from", dest="start", metavar="DATE", type=_first_day,
        help="not before this day, month or year (2023-07-31, 2023-07, 2023)",
    )  # fmt: skip
    timeline.add_argument("--to", dest="end", metavar="DATE", type=_last_day, help="not after it")
    timeline.add_argument("--json", action="store_true", help="print one JSON object a line")
    timeline.add_argument(
        "--output", metavar="FILE.png", type=_png, help="draw them (needs the extra “picture”)"
    )
    timeline.add_argument(
        "--language", metavar="CODE", help="of what is drawn: en (by default) or fr"
    )

    show = command("show", "print an article, or one of its paragraphs")
    show.add_argument(
        "article",
        metavar="ARTICLE",
        help="its name: that of its file without the ending, or its “id”",
    )
    show.add_argument(
        "paragraph", metavar="PARAGRAPH", nargs="?", type=_positive,
        help="its number, from 1 (by default the whole article)",
    )  # fmt: skip
    show.add_argument("--json", action="store_true", help="print JSON")

    index = command("index", "make the index hold exactly the articles given")
    index.add_argument(
        "sources", metavar="DIR", nargs="*", type=Path,
        help="directories or files (by default those of --articles)",
    )  # fmt: skip
    index.add_argument("--rebuild", action="store_true", help="analyse unchanged articles again")
    index.add_argument(
        "--force", action="store_true",
        help="take the articles even if fewer golden questions are answered rightly",
    )  # fmt: skip
    index.add_argument("--json", action="store_true", help="print the report as JSON")

    evaluate = command("evaluate", "measure answers to labelled questions")
    evaluate.add_argument(
        "sets", metavar="QUESTIONS.jsonl", nargs="*", type=Path,
        help="one question a line (by default the golden questions kept with the articles)",
    )  # fmt: skip
    evaluate.add_argument(
        "--corpus", metavar="CORPUS.jsonl", type=Path, action="append",
        help="ask about these articles, in an index made for the purpose",
    )  # fmt: skip
    evaluate.add_argument("--json", action="store_true", help="print one JSON object a set")

    selftest = command("selftest", "ask the golden questions; exits with 1 at a miss")
    selftest.add_argument("--json", action="store_true", help="print JSON")

    backup = command("backup", "copy what the bot must remember to a file, while it runs")
    backup.add_argument("file", metavar="FILE", type=Path, help="the backup")
    backup.add_argument("--overwrite", action="store_true", help="in the place of an older one")

    restore = command("restore", "put a backup back; the present state is kept aside")
    restore.add_argument("file", metavar="FILE", type=Path, help="a file that backup made")

    state = command("state", "move what the bot must remember")
    actions = state.add_subparsers(title="actions", metavar="ACTION", required=True)
    copy = actions.add_parser(
        "copy",
        help="copy a whole state to an empty one: a file or a PostgreSQL database each",
        description="Copy a whole state to an empty one, and compare both row by row.",
    )
    copy.add_argument("source", metavar="FROM", type=_place, help="a file, or postgresql://...")
    copy.add_argument("target", metavar="TO", type=_place, help="likewise; made if it is a file")
    copy.set_defaults(command="state copy", parser=copy)

    check = command("check", "tell what is active: index, extras, settings")
    check.add_argument("--json", action="store_true", help="print JSON")
    return parser


_Chosen = TypeVar("_Chosen", bound=StrEnum)


def _place(text: str) -> Path | DatabaseUrl:
    try:
        return read_place(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _one_of(choices: type[_Chosen]) -> Callable[[str], _Chosen]:
    def read(text: str) -> _Chosen:
        try:
            return choices(text)
        except ValueError:
            listed = ", ".join(choices)
            raise argparse.ArgumentTypeError(f"{text!r} is none of {listed}") from None

    return read


def _first_day(text: str) -> date:
    return _days(text)[0]


def _last_day(text: str) -> date:
    return _days(text)[1]


def _days(text: str) -> tuple[date, date]:
    try:
        return days_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _png(text: str) -> Path:
    if Path(text).suffix.lower() != ".png":
        raise argparse.ArgumentTypeError(f"{text!r} does not end in .png")
    return Path(text)


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 10**9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65_536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (1 to 65535)")
    return int(text)
