"""``python -m knowledge.training COMMAND``: everything that fits or generates, one command each."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

from knowledge.training.fitting import PROGRAM

__all__ = ["main"]

_COMMANDS = {
    "refit": "everything that is fitted to a written set, in the order in which it depends",
    "fusion": "the weights of lexical and dense signals",
    "reranking": "what the reader's prediction counts in a ranking",
    "confidence": "the confidence in an answer",
    "measure": "figures of the answers to a written set, by language (fits nothing)",
    "encoders": "the networks that find passages and read them (extra “train”)",
    "gazetteer": "the tables that come from Unicode CLDR (extra “data”)",
    "first_names": "the table of first names (package faker)",
}


def main(arguments: Sequence[str]) -> None:
    """Run a command with its arguments. Exits with 2 where there is no such command."""
    name = arguments[0] if arguments else ""
    if name not in _COMMANDS:
        lines = [f"  {command:<12} {what}" for command, what in _COMMANDS.items()]
        usage = "\n".join([f"usage: {PROGRAM} COMMAND [--help]", "", *lines, ""])
        if name in ("-h", "--help"):
            sys.stdout.write(usage)
            return
        sys.stderr.write(usage)
        sys.exit(2)
    import_module(f"knowledge.training.{name}").main(arguments[1:])


if __name__ == "__main__":
    main(sys.argv[1:])
