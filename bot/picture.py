"""The timeline as a picture: every event in a row of its own, further apart where time has passed.

It has a background of its own, dark and opaque: its contrast is then the same in both of
Discord's themes, and the dark one, which most members use, gets no white page. Without the extra
“picture” there is none. Only Matplotlib's objects are used, never its global state, so that
several threads can draw at once. What articles say is never read as mathematics.
"""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.days import in_words
from bot.localisation import Language
from bot.markdown import CUT
from knowledge.model import Fact

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

__all__ = ["EXTRA", "MAX_EVENTS", "NAME", "draw_timeline"]

EXTRA = "picture"

NAME = "timeline.png"

MAX_EVENTS = 25
"""Events in a picture: as many as can be read on a phone."""

_WIDTH = 1080  # pixels: the width of a phone's screen
_BACKGROUND, _WORDS, _FAINT = "#1e1f22", "#f2f3f5", "#b5bac1"
_RULE, _ACCENT = "#4e5058", "#f0b232"
_SIZE, _SMALL, _LARGE, _LINE = 27, 22, 38, 38
_DOTS, _LEFT, _RIGHT = 136, 168, _WIDTH - 36
_TOP, _GAP, _MARGIN = 124, 26, 40
_LINES = 2
_MOST_READ = 400
"""Characters of a statement that are looked at: many more than its lines hold."""

_MOST_SPACE = 80
_MISSING = "□"

_Axes: TypeAlias = Any  # Matplotlib's own types are not whole


@dataclass(frozen=True, slots=True)
class _Event:
    start: date
    end: date
    when: str
    lines: tuple[str, ...]
    y: int

    @property
    def bottom(self) -> int:
        return self.y + _LINE * (1 + len(self.lines)) + _GAP


def draw_timeline(facts: Sequence[Fact], language: Language) -> bytes | None:
    """Return a PNG of the first ``MAX_EVENTS`` dated facts, ``None`` where there is none.

    Says how many there are if there are more. Needs the extra “picture”.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ft2font import FT2Font

    dated = [fact for fact in facts if fact.date_start is not None and fact.date_end is not None]
    if not dated:
        return None
    events = _events(dated[:MAX_EVENTS], language, FT2Font(_font(bold=False)))
    notes = _notes(dated, language)
    height = events[-1].bottom + _LINE * len(notes) + _MARGIN
    figure: Any = Figure(figsize=(_WIDTH / 100, height / 100), dpi=100, facecolor=_BACKGROUND)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, _WIDTH)
    axes.set_ylim(height, 0)
    _write(axes, _MARGIN, _MARGIN, language.phrases.list_timeline, _LARGE, bold=True)
    _draw_line(axes, events)
    for event in events:
        _write(axes, _LEFT, event.y, event.when, _SIZE, colour=_ACCENT, bold=True)
        for number, line in enumerate(event.lines, start=1):
            _write(axes, _LEFT, event.y + number * _LINE, line, _SIZE)
    for number, note in enumerate(notes):
        _write(axes, _LEFT, events[-1].bottom + number * _LINE, note, _SMALL, colour=_FAINT)
    file = io.BytesIO()
    canvas: Any = FigureCanvasAgg(figure)
    canvas.print_png(file)
    return file.getvalue()


def _events(facts: Sequence[Fact], language: Language, font: FT2Font) -> list[_Event]:
    events: list[_Event] = []
    y = _TOP
    for fact in facts:
        assert fact.date_start is not None  # noqa: S101 - only dated facts are drawn
        assert fact.date_end is not None  # noqa: S101
        start, end = date.fromisoformat(fact.date_start), date.fromisoformat(fact.date_end)
        when = (in_words(fact, language) or "") + (" *" if fact.is_year_inferred else "")
        text = fact.statements.get(language.code, fact.statement)
        if events:
            y = events[-1].bottom + _space((start - events[-1].start).days)
        events.append(_Event(start, end, when, _wrapped(text, font), y))
    return events


def _space(days: int) -> int:
    """Return the pixels for the time between two events: more for more, but no empty screens."""
    return min(round(10 * math.log2(1 + days / 30)), _MOST_SPACE)


def _notes(dated: Sequence[Fact], language: Language) -> list[str]:
    notes: list[str] = []
    if any(fact.is_year_inferred for fact in dated[:MAX_EVENTS]):
        notes.append(f"* {language.phrases.year_inferred}")
    if len(dated) > MAX_EVENTS:
        first = language.phrases.picture_first
        notes.append(first.format(shown=MAX_EVENTS, total=len(dated)))
    return notes


def _draw_line(axes: _Axes, events: Sequence[_Event]) -> None:
    """Draw the line of time: a disc is a day, a ring is longer, a year stands where it begins."""
    rows = [event.y + _LINE * 0.42 for event in events]
    axes.plot([_DOTS, _DOTS], [rows[0], rows[-1]], color=_RULE, linewidth=3)
    year: int | None = None
    for event, row in zip(events, rows, strict=True):
        inside = _ACCENT if event.start == event.end else _BACKGROUND
        axes.plot(
            [_DOTS], [row], color=_ACCENT, marker="o", markersize=11, markeredgewidth=3,
            markerfacecolor=inside,
        )  # fmt: skip
        if event.start.year != year:
            year = event.start.year
            _write(axes, _DOTS - 24, event.y, str(year), _SIZE, colour=_FAINT, side="right")


def _write(
    axes: _Axes,
    x: float,
    y: float,
    text: str,
    size: int,
    colour: str = _WORDS,
    *,
    bold: bool = False,
    side: str = "left",
) -> None:
    """Write ``text`` exactly as it is: “$” begins no mathematics and “\\” no command."""
    from matplotlib.font_manager import FontProperties

    font = FontProperties(fname=_font(bold=bold), size=_points(size))
    axes.text(
        x, y, text, color=colour, fontproperties=font, ha=side, va="top", parse_math=False,
        usetex=False,
    )  # fmt: skip


def _font(*, bold: bool) -> str:
    """Return the path of the font that comes with Matplotlib: the same wherever it is drawn."""
    import matplotlib

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name)


def _points(pixels: int) -> float:
    return pixels * 72 / 100


def _wrapped(text: str, font: FT2Font) -> tuple[str, ...]:
    """Return the lines of a statement: as much as they hold, “[…]” for the rest."""
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
        mark = f" {CUT}" if is_last else ""
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
    font.set_size(_points(_SIZE), 100)
    font.set_text(text)
    return font.get_width_height()[0] / 64
