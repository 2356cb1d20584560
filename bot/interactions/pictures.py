"""A picture beside what it shows, which does not depend on it."""

from __future__ import annotations

import asyncio
import logging

from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.services.drawing.drawer import DrawingFailed
from bot.services.drawing.drawings import Drawing
from bot.services.drawing.pictures import Pictures, TooManyPictures

__all__ = ["EXTRA", "PATIENCE_SECONDS", "drawn_in_time"]

_log = logging.getLogger(__name__)

EXTRA = "picture"
"""The optional part that draws."""

PATIENCE_SECONDS = 10.0
"""How long an answer waits for its picture; whoever asks for it next has it at once."""


async def drawn_in_time(
    drawing: Drawing, language: Language, pictures: Pictures
) -> tuple[bytes | None, str | None]:
    """Return a picture, or why there is none."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await pictures.picture(drawing), None
    except (TooManyPictures, TimeoutError):
        return None, SHARED.of(language).picture_busy
    except DrawingFailed as error:
        _log.error("A picture could not be drawn: %s", error)
        return None, SHARED.of(language).picture_failed
