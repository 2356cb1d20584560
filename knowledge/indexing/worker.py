"""The program of ``knowledge.indexing.workers``: works until nobody asks any more.

It reads a function of a module with a list of jobs, and writes the list of what it makes of them,
both pickled. What fails ends it: whoever asked does the work then, and sees why it fails.
"""

from __future__ import annotations

import os
import pickle
import sys

__all__ = ["main"]


def main() -> None:
    """Answer on standard output what is asked on standard input, to its end."""
    given, said = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr  # nothing that is printed can be taken for an answer
    if hasattr(os, "nice"):
        os.nice(5)  # answers of the bot come first
    while True:
        try:
            work, jobs = pickle.load(given)  # noqa: S301 - the process that began this one wrote it
        except EOFError:
            return
        pickle.dump([work(job) for job in jobs], said, pickle.HIGHEST_PROTOCOL)
        said.flush()


if __name__ == "__main__":
    main()
