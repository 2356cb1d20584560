"""Weeks as a picture: a row each, with a bar of parts as long as there was something to count."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from bot.services.drawing.canvas import ACCENT, FAINT, Canvas

__all__ = ["Chart", "Week", "draw"]

_WIDTH, _MARGIN, _ROW = 800, 36, 58
_TITLE, _LEGEND, _TOP = 38, 24, 148
_SIZE, _SMALL, _BAR = 26, 22, 34
_LEFT, _LONGEST, _GAP = 244, 230, 14
_COLOURS = ("#3ba55d", ACCENT, "#80848e")
_SWATCH = 22
_CHARACTER = 0.62
"""How wide a character of the legend is, at most on average, for its size."""


@dataclass(frozen=True, slots=True)
class Week:
    """A row: what it is called, how much of each part, and what stands at its end."""

    label: str
    parts: tuple[int, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All that is in a picture; ``legend`` names the parts, three at most, ``note_legend`` what
    stands at the end of a week."""

    title: str
    legend: tuple[str, ...]
    weeks: tuple[Week, ...]
    note_legend: str = ""

    def to_json(self) -> str:
        """Write it down, for another process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Chart:
        """Read what ``to_json`` wrote."""
        read: dict[str, Any] = json.loads(text)
        weeks = tuple(Week(one["label"], tuple(one["parts"]), one["note"]) for one in read["weeks"])
        return cls(read["title"], tuple(read["legend"]), weeks, read["note_legend"])


def draw(chart: Chart) -> bytes:
    """Return a PNG of a chart."""
    canvas = Canvas(_WIDTH, _TOP + _ROW * len(chart.weeks) + _MARGIN)
    canvas.write(_MARGIN, _MARGIN, chart.title, _TITLE, bold=True)
    x = float(_MARGIN)
    for name, colour in zip(chart.legend, _COLOURS, strict=False):
        canvas.bar(x, _TOP - 50, _SWATCH, _SWATCH, colour)
        canvas.write(x + _SWATCH + 8, _TOP - 54, name, _LEGEND, FAINT)
        x += _SWATCH + 34 + len(name) * _LEGEND * _CHARACTER
    canvas.write(_WIDTH - _MARGIN, _TOP - 52, chart.note_legend, _SMALL, FAINT, align="right")
    most = max((sum(week.parts) for week in chart.weeks), default=0) or 1
    for number, week in enumerate(chart.weeks):
        _draw_week(canvas, week, _TOP + number * _ROW, _LONGEST / most)
    return canvas.png()


def _draw_week(canvas: Canvas, week: Week, y: float, scale: float) -> None:
    line = y + (_BAR - _SIZE) / 2
    canvas.write(_MARGIN, line, week.label, _SIZE)
    x = float(_LEFT)
    for part, colour in zip(week.parts, _COLOURS, strict=False):
        canvas.bar(x, y, part * scale, _BAR, colour)
        x += part * scale
    canvas.write(x + _GAP, line, str(sum(week.parts)), _SIZE, bold=True)
    canvas.write(_WIDTH - _MARGIN, line, week.note, _SMALL, FAINT, align="right")
