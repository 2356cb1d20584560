"""What can be drawn, as messages to the process that draws it."""

from __future__ import annotations

from typing import TypeAlias

from bot.services.drawing import canvas, timeline, weeks
from bot.services.drawing.timeline import Sheet
from bot.services.drawing.weeks import Chart

__all__ = ["SOURCES", "Drawing", "draw", "to_message"]

Drawing: TypeAlias = Sheet | Chart

SOURCES = (canvas.__file__, timeline.__file__, weeks.__file__)
"""The files of what draws: how a picture looks."""

_TIMELINE, _WEEKS = "timeline", "weeks"


def to_message(drawing: Drawing) -> bytes:
    """Write down what is to be drawn."""
    kind = _TIMELINE if isinstance(drawing, Sheet) else _WEEKS
    return f"{kind}\n{drawing.to_json()}".encode()


def draw(message: bytes) -> bytes:
    """Return the PNG of what ``to_message`` wrote. Raises whatever a plotting library does."""
    kind, _, text = message.decode().partition("\n")
    if kind == _TIMELINE:
        return timeline.draw(Sheet.from_json(text))
    return weeks.draw(Chart.from_json(text))
