"""An answer as people see it in a terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from bot.cli.views import passages_view
from knowledge import CITATIONS_SHOWN, Answer, Verdict

__all__ = ["answer_view"]

_COLOURS = {
    Verdict.ANSWERED: "green",
    Verdict.UNCERTAIN: "yellow",
    Verdict.UNANSWERED: "bright_black",
}


def answer_view(answer: Answer) -> RenderableType:
    """Return an answer: the passage that answers, or comes closest, or none. Of several questions,
    each with its best citation under its own words."""
    if not answer.is_question:
        return Panel(Text("Ask me a question about the articles."), expand=False)
    if answer.outline:
        return Panel(passages_view(answer.outline))
    if not answer.parts:
        return _one_answer(answer, CITATIONS_SHOWN[answer.verdict])
    panels = [_one_answer(part, 1, " ".join(part.question.split())) for part in answer.parts]
    left_out = [Text(f"Ask this on its own: {' '.join(one.split())}") for one in answer.left_out]
    return Group(*panels, *left_out)


def _one_answer(answer: Answer, shown: int, about: str = "") -> RenderableType:
    """Return the answer to one question with so many citations; ``about``: its words."""
    colour = _COLOURS[answer.verdict]
    heading = Text(about) if about else None
    if answer.verdict is Verdict.UNANSWERED:
        not_said = Text("The articles don’t say.")
        return Panel(not_said, title=heading, title_align="left", border_style=colour, expand=False)
    if answer.verdict is Verdict.UNCERTAIN:
        not_sure = "Not sure. Closest passage"
        heading = Text(f"{about} · {not_sure}" if about else not_sure)
    return Panel(
        passages_view(answer.citations[:shown]),
        title=heading,
        title_align="left",
        border_style=colour,
    )
