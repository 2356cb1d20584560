"""A timeline as a picture: every event in a row of its own, further apart where time has passed.

More than a few stand in two columns, so that it is about as wide as it is high: Discord shows a
tall picture as a narrow strip. Needs the extra “picture”. What articles say is never read as
mathematics.

Nothing of Discord is imported here: drawing is done in a process of its own
(``bot.services.drawing``).
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.services.drawing.canvas import ACCENT, BACKGROUND, FAINT, Axes, Canvas, font_path, points

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

__all__ = ["Entry", "Sheet", "draw"]

_COLUMN = 800  # pixels
_ALONE = 5
"""Events that stand in one column."""
_RULE = "#4e5058"
_SIZE, _SMALL, _LARGE, _LINE = 27, 22, 38, 38
_DOTS, _LEFT, _RIGHT = 52, 84, _COLUMN - 28
_TOP, _GAP, _MARGIN = 116, 22, 40
_LINES = 3
_MOST_READ = 400
"""Characters of a statement that are looked at: many more than its lines hold."""

_MOST_SPACE = 40
_MISSING = "□"


@dataclass(frozen=True, slots=True)
class Entry:
    """An event: its first and last day (ISO 8601), how its date is written, and what it is."""

    start: str
    end: str
    when: str
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is in a picture; ``cut`` stands for what its lines do not hold of a text."""

    title: str
    notes: tuple[str, ...]
    entries: tuple[Entry, ...]
    cut: str

    def to_json(self) -> str:
        """Write it down, for another process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Sheet:
        """Read what ``to_json`` wrote."""
        read: dict[str, Any] = json.loads(text)
        entries = tuple(Entry(**one) for one in read["entries"])
        return cls(read["title"], tuple(read["notes"]), entries, read["cut"])


@dataclass(frozen=True, slots=True)
class _Event:
    start: date
    end: date
    when: str
    lines: tuple[str, ...]
    x: int = 0
    y: int = _TOP

    @property
    def bottom(self) -> int:
        return self.y + _LINE * (1 + len(self.lines)) + _GAP


def draw(sheet: Sheet) -> bytes:
    """Return a PNG of a sheet with at least one entry."""
    from matplotlib.ft2font import FT2Font

    font = FT2Font(font_path(bold=False))
    events = [_event(entry, sheet.cut, font) for entry in sheet.entries]
    return _drawn(events, sheet.notes, sheet.title)


def _drawn(events: Sequence[_Event], notes: Sequence[str], title: str) -> bytes:
    columns = _columns(events)
    bottom = max(column[-1].bottom for column in columns)
    width, height = len(columns) * _COLUMN, bottom + _LINE * len(notes) + _MARGIN
    canvas = Canvas(width, height)
    canvas.write(_MARGIN, _MARGIN, title, _LARGE, bold=True)
    for column in columns:
        _draw_line(canvas.axes, column)
        for event in column:
            x, y = event.x + _LEFT, event.y
            canvas.write(x, y, event.when, _SIZE, ACCENT, bold=True)
            for number, line in enumerate(event.lines, start=1):
                canvas.write(x, y + number * _LINE, line, _SIZE)
    for number, note in enumerate(notes):
        canvas.write(_MARGIN, bottom + number * _LINE, note, _SMALL, FAINT)
    return canvas.png()


def _event(entry: Entry, cut: str, font: FT2Font) -> _Event:
    start, end = date.fromisoformat(entry.start), date.fromisoformat(entry.end)
    return _Event(start, end, entry.when, _wrapped(entry.text, cut, font))


def _columns(events: Sequence[_Event]) -> list[list[_Event]]:
    """Return the events in their places: in one column, or two of heights as alike as can be."""
    if len(events) <= _ALONE:
        return [_placed(events, 0)]
    parts = [
        [_placed(events[:at], 0), _placed(events[at:], _COLUMN)] for at in range(1, len(events))
    ]
    return min(parts, key=lambda columns: max(column[-1].bottom for column in columns))


def _placed(events: Sequence[_Event], x: int) -> list[_Event]:
    placed: list[_Event] = []
    y = _TOP
    for event in events:
        if placed:
            y = placed[-1].bottom + _space((event.start - placed[-1].start).days)
        placed.append(replace(event, x=x, y=y))
    return placed


def _space(days: int) -> int:
    """Return the pixels for the time between two events: more for more, but no empty screens."""
    return min(round(10 * math.log2(1 + days / 30)), _MOST_SPACE)


def _draw_line(axes: Axes, events: Sequence[_Event]) -> None:
    """Draw the line of time of a column: a disc is a day, a ring is longer."""
    x, rows = events[0].x + _DOTS, [event.y + _LINE * 0.42 for event in events]
    axes.plot([x, x], [rows[0], rows[-1]], color=_RULE, linewidth=3)
    for event, row in zip(events, rows, strict=True):
        inside = ACCENT if event.start == event.end else BACKGROUND
        axes.plot(
            [x], [row], color=ACCENT, marker="o", markersize=11, markeredgewidth=3,
            markerfacecolor=inside,
        )  # fmt: skip


def _wrapped(text: str, cut: str, font: FT2Font) -> tuple[str, ...]:
    """Return the lines of a statement: as much as they hold, ``cut`` for the rest."""
    known = font.get_charmap()
    shown = [one for one in " ".join(text.split()) if unicodedata.category(one)[0] != "C"]
    text = "".join(one if ord(one) in known else _MISSING for one in shown)
    is_cut = len(text) > _MOST_READ
    text = text[:_MOST_READ]
    lines: list[str] = []
    while text and len(lines) < _LINES:
        is_last = len(lines) == _LINES - 1
        if not is_cut and _width(text, font) <= _RIGHT - _LEFT:
            lines.append(text)
            return tuple(lines)
        mark = f" {cut}" if is_last else ""
        length = _fitting(text, mark, font)
        lines.append(text[:length].rstrip() + mark)
        text = text[length:].lstrip()
    return tuple(lines)


def _fitting(text: str, mark: str, font: FT2Font) -> int:
    """Return how many characters fit on a line before ``mark``: whole words where possible."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if _width(text[:middle] + mark, font) <= _RIGHT - _LEFT:
            low = middle
        else:
            high = middle - 1
    if low == len(text) or text[low] == " ":
        return low
    space = text.rfind(" ", 0, low)
    return space if space > 0 else low


def _width(text: str, font: FT2Font) -> float:
    font.set_size(points(_SIZE), 100)
    font.set_text(text)
    return font.get_width_height()[0] / 64
