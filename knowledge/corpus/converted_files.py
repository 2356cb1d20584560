"""Article files that are converted first: web pages and PDF files in the articles' folders."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict

from knowledge.corpus.conversion import ConversionRefused, Refusal, convert_apart
from knowledge.model.errors import ArticleError

__all__ = ["converted"]

_MAX_KEPT = 20_000_000
"""Characters of conversions that are kept for the next reindex of this process."""

_REASONS = {
    Refusal.KIND: "is of no kind that can be read. Save it as Markdown.",
    Refusal.MISSING_EXTRA: (
        "needs the extra “convert” to be read: install “sourcier[convert]”, or save it as Markdown."
    ),
    Refusal.DAMAGED: "is damaged, or not what its name says. Save it anew.",
    Refusal.ENCRYPTED: "opens with a password only. Save it without one.",
    Refusal.SCANNED: (
        "has pictures of pages, or unknown letters: no text that can be read. Run it through a "
        "text recognition (OCR)."
    ),
    Refusal.EMPTY: "has no text. Write some, or remove it.",
    Refusal.ENCODING: "is no text in a known encoding. Save it as UTF-8.",
    Refusal.TOO_LONG: "has more than 1,000,000 characters, or 300 pages. Split it.",
    Refusal.TOO_SLOW: "takes too long to read. Split it, or save it anew.",
    Refusal.INVALID: "cannot be an article.",
}

_lock = threading.Lock()
_kept: OrderedDict[tuple[str, str], str] = OrderedDict()


def converted(name: str, data: bytes) -> str:
    """Return the article in a file as Markdown, read in a process of its own (20 seconds, 512 MiB).

    What this process has converted before and has not changed is known. Raises ArticleError.
    """
    key = (name, hashlib.sha256(data).hexdigest())
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    try:
        markdown = convert_apart(name, data)
    except ConversionRefused as refused:
        raise ArticleError(_REASONS[refused.reason]) from None
    with _lock:
        _kept[key] = markdown
        while sum(map(len, _kept.values())) > _MAX_KEPT:
            _kept.popitem(last=False)
    return markdown
