"""``python -m knowledge.corpus.conversion NAME [TITLE] < FILE``: a file to an article, as JSON.

Holds itself to limits of memory, processor time and output (``limits``) before it loads what reads
files; whoever runs it limits its time besides.

Prints an object with ``markdown``, ``title``, ``language``, ``sections`` (their titles),
``paragraphs`` (how many), ``beginning`` (the first), ``words`` (a digest of all of them, see
``words_of``), ``facts`` (how many) and ``first_facts`` (kind and words of the first), or one with
``refusal`` and ``detail``.
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
    name, title = arguments[0], arguments[1] if len(arguments) > 1 else None
    try:
        from knowledge.corpus.conversion.describing import described

        said = json.dumps(described(name, sys.stdin.buffer.read(), title))
    except ConversionRefused as refused:
        said = json.dumps({"refusal": refused.reason, "detail": refused.detail})
    except (MemoryError, RecursionError):
        said = json.dumps({"refusal": Refusal.TOO_SLOW, "detail": ""})
    sys.stdout.write(said)


if __name__ == "__main__":
    main(sys.argv[1:])
