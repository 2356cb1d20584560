"""Pictures as the bot gets them: equal ones drawn once, and no more waited for than is decent."""

from __future__ import annotations

import hashlib
import importlib.metadata
from functools import cache, partial
from pathlib import Path

from bot.services.drawing.drawer import Drawer
from bot.services.drawing.drawings import SOURCES, Drawing, to_message
from bot.services.drawing.store import PictureStore
from bot.services.metrics import Lookups
from bot.services.single_flight import SingleFlight
from bot.services.threads import LOOK_UPS, PICTURES

__all__ = ["MAX_WAITING", "Pictures", "TooManyPictures"]

MAX_WAITING = 8
"""Different pictures that are drawn or wait for that: at half a second each, on an idle core."""


class TooManyPictures(Exception):
    """So many pictures wait to be drawn that this one is not."""


class Pictures:
    """Draws sheets, or has their pictures from a directory that nothing else is in."""

    def __init__(self, directory: Path) -> None:
        self._store = PictureStore(directory)
        self._drawer = Drawer()
        self._making: SingleFlight[str, bytes] = SingleFlight()
        self.lookups = Lookups()
        self.waiting = 0

    async def picture(self, sheet: Drawing) -> bytes:
        """Return the PNG of a sheet. Raises TooManyPictures and DrawingFailed."""
        key = _key(sheet)
        return await self._making.do(key, partial(self._made, key, sheet))

    async def _made(self, key: str, sheet: Drawing) -> bytes:
        known = await LOOK_UPS.run(self._store.find, key)
        self.lookups.note(is_hit=known is not None)
        if known is not None:
            return known
        if self.waiting >= MAX_WAITING:
            raise TooManyPictures
        self.waiting += 1
        try:
            drawn = await PICTURES.run(self._drawer.draw, sheet)
        finally:
            self.waiting -= 1
        await LOOK_UPS.run(self._store.keep, key, drawn)
        return drawn

    def tidy(self) -> None:
        """Delete pictures that are old. Blocks."""
        self._store.tidy()

    def close(self) -> None:
        """End the process that draws. Blocks for a moment."""
        self._drawer.close()


def _key(sheet: Drawing) -> str:
    """Return a digest of what is in a picture and of how it is drawn."""
    return hashlib.sha256(b"\0".join([*_drawn_by(), to_message(sheet)])).hexdigest()


@cache
def _drawn_by() -> tuple[bytes, ...]:
    """Return what draws, read once: it is asked for in the event loop, at every picture."""
    version = importlib.metadata.version("matplotlib")
    return *(Path(source).read_bytes() for source in SOURCES), version.encode()
