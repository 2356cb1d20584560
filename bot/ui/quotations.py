"""What a layout quotes: each quotation, and the passage that its **In context** button leads to.

The button carries the reference (see ``bot.ui.custom_ids.references``), so that a message of ours
tells by itself which passages it shows, whoever laid it out and when.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from discord import ui

from bot.ui import containers
from bot.ui.custom_ids.encoding import MalformedReference
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.custom_ids.references import Reference, decode

__all__ = ["Quotation", "quotations"]

_CONTEXT = f"{Prefix.IN_CONTEXT}/"
_QUOTED = "> "


@dataclass(frozen=True, slots=True)
class Quotation:
    """``markdown``: the words as they are shown; ``label``: of the button that leads to them.

    ``at``: where in the box the item is that has the button; ``is_beside``: it has the words, too.
    """

    reference: Reference
    markdown: str
    label: str
    at: int
    is_beside: bool


def quotations(view: ui.LayoutView) -> tuple[Quotation, ...]:
    """Return what a layout of ours quotes, from the top."""
    return tuple(_found(containers.container_of(view).children))


def _found(items: Iterable[ui.Item[Any]]) -> Iterator[Quotation]:
    above: str | None = None
    for at, item in enumerate(items):
        if isinstance(item, ui.TextDisplay):
            if item.content.startswith(_QUOTED):
                above = item.content
        elif isinstance(item, ui.Section):
            beside = _quoted_in(item)
            quoted = above if beside is None else beside
            is_beside = beside is not None
            yield from _led_to([item.accessory], quoted, at, is_beside=is_beside)
        elif isinstance(item, ui.ActionRow):
            yield from _led_to(item.children, above, at, is_beside=False)


def _led_to(
    items: Iterable[ui.Item[Any]], quoted: str | None, at: int, *, is_beside: bool
) -> Iterator[Quotation]:
    for item in items:
        custom_id = getattr(item, "custom_id", None) or ""
        if quoted is None or not custom_id.startswith(_CONTEXT):
            continue
        try:
            (reference,) = decode(custom_id.removeprefix(_CONTEXT))
        except (MalformedReference, ValueError):  # of a version to come
            continue
        yield Quotation(reference, quoted, getattr(item, "label", None) or "", at, is_beside)


def _quoted_in(section: ui.Section[Any]) -> str | None:
    """Return the quotation in a section, whose text may begin with a heading."""
    lines = [
        line
        for item in section.children
        if isinstance(item, ui.TextDisplay)
        for line in item.content.split("\n")
    ]
    return "\n".join(line for line in lines if line.startswith(_QUOTED)) or None
