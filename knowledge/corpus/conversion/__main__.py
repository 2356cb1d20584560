"""``python -m knowledge.corpus.conversion [--markdown] NAME [TITLE] < FILE``: a file to an article,
as JSON; ``--archive FIRST [TITLE]``: those in a ``.zip``.

Holds itself to limits of memory, processor time and output (``limits``) before it loads what reads
files; whoever runs it limits its time besides.

Prints an object with ``markdown``, ``title``, ``language``, ``sections`` (their titles),
``paragraphs`` (how many), ``beginning`` (the first), ``words`` (a digest of all of them, see
``words_of``), ``facts`` (how many) and ``first_facts`` (kind and words of the first), or one with
``refusal`` and ``detail``. With ``--markdown`` there is ``markdown`` alone, which is sooner.

Of an archive it prints a line each: first an object with ``files``, their names, or one with a
refusal of the archive; then as much as can be told at once from file number ``FIRST`` on.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from knowledge.corpus.conversion.draft import ConversionRefused, Refusal
from knowledge.corpus.conversion.limits import hold_to_limits


def main(arguments: Sequence[str]) -> None:
    """Convert standard input."""
    hold_to_limits()
    if arguments[0] == "--archive":
        _tell_archive(int(arguments[1]), *arguments[2:])
        return
    is_described = arguments[0] != "--markdown"
    name, *titles = arguments if is_described else arguments[1:]
    title = titles[0] if titles else None
    data = sys.stdin.buffer.read()
    try:
        if is_described:
            from knowledge.corpus.conversion.describing import described

            said = json.dumps(described(name, data, title))
        else:
            from knowledge.corpus.conversion.converting import convert

            said = json.dumps({"markdown": convert(name, data, title)})
    except ConversionRefused as refused:
        said = json.dumps({"refusal": refused.reason, "detail": refused.detail})
    except (MemoryError, RecursionError):
        said = json.dumps({"refusal": Refusal.TOO_SLOW, "detail": ""})
    sys.stdout.write(said)


def _tell_archive(first: int, title: str | None = None) -> None:
    from knowledge.corpus.conversion.describing import described_archive

    try:
        for one in described_archive(sys.stdin.buffer.read(), title, first):
            sys.stdout.write(f"{json.dumps(one)}\n")
            sys.stdout.flush()
    except ConversionRefused as refused:
        sys.stdout.write(f"{json.dumps({'refusal': refused.reason, 'detail': refused.detail})}\n")
    except (MemoryError, RecursionError):
        refusal = {"refusal": Refusal.TOO_SLOW, "detail": ""}
        sys.stdout.write(f"{json.dumps(refusal)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
