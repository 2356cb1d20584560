"""Why a file is not taken, in words."""

from __future__ import annotations

import re

from bot.extras import how_to_install
from bot.i18n.refusals import Refused
from bot.ui import containers, markdown
from knowledge import (
    CONVERTED_SUFFIXES,
    MAX_ARCHIVE_FILES,
    MAX_FILE_BYTES,
    MAX_UNPACKED_BYTES,
    UPLOAD_SUFFIXES,
    Refusal,
    Span,
)

__all__ = ["refused_by"]

_DETAIL_ROOM = 600
_LINE_ROOM = 400
_MEGABYTE = 1_000_000


def refused_by(reason: Refusal, detail: str = "") -> Refused:
    """Return the refusal of a file for a reason; ``detail``: in the engine's words, a line each;
    of what is too large, the bytes that are taken."""
    values: dict[str, object] = {}
    lines = detail.split("\n")
    if reason is Refusal.KIND:
        values["kinds"] = ", ".join((*UPLOAD_SUFFIXES, ".zip"))
    elif reason is Refusal.MISSING_EXTRA:
        kinds = [suffix for suffix in UPLOAD_SUFFIXES if suffix not in CONVERTED_SUFFIXES]
        values.update(kinds=", ".join(kinds), install=how_to_install("convert"))
    elif reason is Refusal.INVALID and len(lines) > 1:
        told = [f"\n• {containers.short(line, _LINE_ROOM)}" for line in lines]
        return Refused("refused_invalid_several", count=len(lines), reasons="".join(told))
    elif reason is Refusal.INVALID:
        values["reason"] = markdown.excerpt(detail, _DETAIL_ROOM, around=Span(0, 1))
    elif reason is Refusal.LARGE:
        most = int(detail) if re.fullmatch("[0-9]{1,12}", detail) else MAX_FILE_BYTES
        values["megabytes"] = most // _MEGABYTE
    elif reason is Refusal.TOO_MANY:
        values["files"] = MAX_ARCHIVE_FILES
    elif reason is Refusal.TOO_LARGE:
        values["megabytes"] = MAX_UNPACKED_BYTES // _MEGABYTE
    return Refused(f"refused_{reason.value}", **values)
