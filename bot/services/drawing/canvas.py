"""What pictures are drawn on: Matplotlib's objects alone, never its global state.

They have a background of their own, dark and opaque: its contrast is then the same in both of
Discord's themes, and the dark one, which most members use, gets no white page. Needs the extra
“picture”.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Literal, TypeAlias

__all__ = ["ACCENT", "BACKGROUND", "FAINT", "WORDS", "Axes", "Canvas", "font_path", "points"]

BACKGROUND, WORDS, FAINT, ACCENT = "#1e1f22", "#f2f3f5", "#b5bac1", "#f0b232"

Axes: TypeAlias = Any  # Matplotlib's own types are not whole


class Canvas:
    """A picture of so many pixels; places are in pixels from its upper left corner."""

    def __init__(self, width: int, height: int) -> None:
        from matplotlib.figure import Figure

        self._figure: Any = Figure(
            figsize=(width / 100, height / 100), dpi=100, facecolor=BACKGROUND
        )
        self.axes: Axes = self._figure.add_axes((0, 0, 1, 1))
        self.axes.set_axis_off()
        self.axes.set_xlim(0, width)
        self.axes.set_ylim(height, 0)

    def write(
        self,
        x: float,
        y: float,
        text: str,
        size: int,
        colour: str = WORDS,
        *,
        bold: bool = False,
        align: Literal["left", "right"] = "left",
    ) -> None:
        """Write ``text`` exactly as it is: “$” begins no mathematics and “\\” no command."""
        from matplotlib.font_manager import FontProperties

        font = FontProperties(fname=font_path(bold=bold), size=points(size))
        self.axes.text(
            x, y, text, color=colour, fontproperties=font, ha=align, va="top", parse_math=False,
            usetex=False,
        )  # fmt: skip

    def bar(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Fill a rectangle."""
        from matplotlib.patches import Rectangle

        self.axes.add_patch(Rectangle((x, y), width, height, facecolor=colour, linewidth=0))

    def png(self) -> bytes:
        """Return the picture."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        file = io.BytesIO()
        canvas: Any = FigureCanvasAgg(self._figure)
        canvas.print_png(file)
        return file.getvalue()


def font_path(*, bold: bool) -> str:
    """Return the path of the font that comes with Matplotlib: the same wherever it is drawn."""
    import matplotlib

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name)


def points(pixels: int) -> float:
    """Return the size of a font."""
    return pixels * 72 / 100
