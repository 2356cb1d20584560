"""What cannot be done, and why, in the words of whoever asked."""

from __future__ import annotations

from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED

__all__ = ["Refused"]


class Refused(Exception):
    """What was asked for cannot be done, for a reason that is nobody's fault.

    ``key`` names the shared phrase that says so, ``values`` fill its places: our own words, or
    other people's that ``bot.ui.markdown`` has made harmless.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values

    def sentence(self, language: Language) -> str:
        """Return the reason in a language."""
        template: str = getattr(SHARED.of(language), self.key)
        return template.format(**self.values)
