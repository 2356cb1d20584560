"""The command line: ``sourcier``. Where every command begins, and where its errors end.

Exit codes: 0 done, 1 failed (standard error says why), 2 wrong usage. What takes long to import
is imported inside, so that Ctrl-C is answered from the first moment on.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn, TextIO, cast

__all__ = ["main", "script"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    try:
        return _ended(arguments)
    except KeyboardInterrupt:
        return _failed("Interrupted.")
    except BrokenPipeError:  # whoever read our output has enough
        _discard_output()
        return 0
    except OSError as error:
        _discard_output()
        return _failed(_sentence(error))


def script() -> NoReturn:
    """Run the command line as a program."""
    sys.exit(main())


def _ended(arguments: Sequence[str] | None) -> int:
    """Run the command to its end, output written. Raises OSError where that cannot be done."""
    from bot.cli.arguments import read_arguments
    from bot.cli.streams import accept_any_text

    accept_any_text()
    try:
        code = _run(read_arguments(arguments))
    except SystemExit as ended:  # argparse has shown help, or why the usage is wrong
        code = ended.code if isinstance(ended.code, int) else 0
    if _is_open(sys.stdout):
        sys.stdout.flush()
    return code


def _run(options: argparse.Namespace) -> int:
    from bot.cli.commands import CommandFailure
    from bot.cli.dispatch import COMMANDS
    from bot.settings import SettingsError, load_settings
    from knowledge import KnowledgeError

    try:
        settings = load_settings(
            database=getattr(options, "database", None),
            articles=tuple(options.articles) if "articles" in options else None,
        )
        return COMMANDS[options.command](options, settings)
    except (SettingsError, KnowledgeError, CommandFailure) as error:
        return _failed(str(error))


def _is_open(stream: TextIO) -> bool:
    return cast(TextIO | None, stream) is not None


def _failed(sentence: str) -> int:
    if _is_open(sys.stderr):
        print(sentence, file=sys.stderr)  # noqa: T201 - whoever typed the command reads it
    return 1


def _sentence(error: OSError) -> str:
    if error.strerror is None:
        return str(error)
    what = "Reading or writing" if error.filename is None else str(error.filename)
    return f"{what} failed: {error.strerror}."


def _discard_output() -> None:
    from bot.cli.streams import discard_output

    if _is_open(sys.stdout):
        discard_output()
