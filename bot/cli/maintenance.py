"""The commands of the command line that keep a bot in order: its own test, backup, restoring."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.app.opening import open_knowledge
from bot.cli import payloads
from bot.cli import views as terminal
from bot.cli.commands import CommandFailure
from bot.cli.streams import Output, print_json
from bot.settings import Settings

__all__ = ["backup", "copy_state_to", "restore_state", "selftest"]


def selftest(options: argparse.Namespace, settings: Settings) -> int:
    """Ask the golden questions that are kept with the articles; a miss is a failure."""
    with open_knowledge(settings) as knowledge:
        test = knowledge.selftest()
    if not test.trials:
        raise CommandFailure(
            "There are no golden questions. Write some into NAME.questions.jsonl beside NAME.md, "
            "then run “sourcier index”."
        )
    if options.json:
        print_json(payloads.selftest_payload(test))
    else:
        Output().print(terminal.selftest_view(test), soft_wrap=True)
    return 1 if test.misses else 0


def backup(options: argparse.Namespace, settings: Settings) -> int:
    """Copy what the bot must remember to a file."""
    from bot.state import StateError  # SQLAlchemy is slow to import
    from bot.state.backup import back_up

    state = _file_of(settings)
    try:
        back_up(state, options.file, overwrite=options.overwrite)
    except StateError as error:
        raise CommandFailure(str(error)) from None
    Output().print(f"{state} was copied to {options.file}.", markup=False, soft_wrap=True)
    return 0


def _file_of(settings: Settings) -> Path:
    """Return the file of the state. Raises CommandFailure where it is in a database."""
    if isinstance(settings.state, Path):
        return settings.state
    raise CommandFailure(
        f"{settings.state} is backed up and restored with PostgreSQL's own pg_dump and pg_restore; "
        "“sourcier state copy” copies it to a file."
    )


def restore_state(options: argparse.Namespace, settings: Settings) -> int:
    """Put a backup in the place of what the bot remembers now."""
    from bot.state import StateError  # SQLAlchemy is slow to import
    from bot.state.backup import restore

    state = _file_of(settings)
    try:
        aside = restore(options.file, state)
    except StateError as error:
        raise CommandFailure(str(error)) from None
    out = Output()
    out.print(f"{state} was restored from {options.file}.", markup=False, soft_wrap=True)
    if aside is not None:
        out.print(f"What it was before is in {aside}.", markup=False, soft_wrap=True)
    out.print("If the bot is running, restart it now.", markup=False)
    return 0


def copy_state_to(options: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001
    """Copy a whole state from a file or a database to another."""
    from bot.state import StateError  # SQLAlchemy is slow to import
    from bot.state.copying import copy_state

    try:
        counts = copy_state(options.source, options.target)
    except StateError as error:
        raise CommandFailure(str(error)) from None
    rows = terminal.counted(sum(counts.values()), "row")
    Output().print(
        f"{options.source} was copied to {options.target}: {rows}, each compared.",
        markup=False,
        soft_wrap=True,
    )
    return 0
