"""Discord's Markdown: other people's text shown as it is, with our own bold on top.

Nothing that comes from an article or a question may format, link, mention or ping. Every
character that could begin such a thing gets a backslash, which Discord does not show.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote, urlsplit

from knowledge import Span

__all__ = [
    "CUT",
    "bold",
    "escape",
    "excerpt",
    "link",
    "part",
    "plain",
    "quoted",
    "reach",
    "reach_back",
]

CUT = "[…]"
"""Stands where text was left out for want of room."""

# “:” begins links, time stamps and emoji names; “&” is there for clients that know entities.
_ANYWHERE = re.compile(r"[\\*_~`|<>@#:\[\]&]")
# A list, a sub-text, a heading's underline or an ordered list, only where a line begins.
_LINE_START = re.compile(
    r"(?:\A|(?<=[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]))([^\S\n]*)(?:([-+=])|(\d+)([.)]))"
)

# “@” is written %40: a link to somebody's page shall not read as a mention.
_URL_SAFE = "%/:?#!$&'*+,;=~._-"

# A cut looks this far for a space, so as not to split a word.
_SNAP = 40

# A page looks this far for the end of a sentence.
_SENTENCE_SNAP = 240
_SENTENCE_GAP = re.compile(r"(?<=[.!?…»”])\s+")


def _break_line_start(match: re.Match[str]) -> str:
    space, bullet, number, stop = match.groups()
    return f"{space}\\{bullet}" if bullet else f"{space}{number}\\{stop}"


def escape(text: str) -> str:
    """Return ``text`` so that Discord shows exactly it."""
    return _LINE_START.sub(_break_line_start, _ANYWHERE.sub(r"\\\g<0>", text))


def _lines(span: Span, text: str) -> Iterator[Span]:
    """Cut a span at line ends and trim it: bold neither crosses a line nor begins with a space."""
    for piece in re.finditer(r"\S(?:[^\n]*\S)?", span.of(text)):
        yield Span(span.start + piece.start(), span.start + piece.end())


def bold(text: str, spans: Iterable[Span] = ()) -> str:
    """Return ``text`` escaped, with ``spans`` of it in bold (offsets beyond it are ignored)."""
    limit = len(text)
    wanted = sorted(
        piece
        for span in spans
        if 0 <= span.start < min(span.end, limit)
        for piece in _lines(Span(span.start, min(span.end, limit)), text)
    )
    merged: list[Span] = []
    for span in wanted:
        # Two bolds that touch would read as four asterisks.
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    parts: list[str] = []
    position = 0
    for span in merged:
        parts += [escape(text[position : span.start]), "**", escape(span.of(text)), "**"]
        position = span.end
    return "".join([*parts, escape(text[position:])])


def part(text: str, kept: Span, spans: Iterable[Span] = ()) -> str:
    """Return a slice of ``text`` as Markdown, ``spans`` of the text in bold.

    Where the text goes on at either end, ``[…]`` says so.
    """
    inside = [
        Span(max(span.start, kept.start) - kept.start, min(span.end, kept.end) - kept.start)
        for span in spans
        if span.start < kept.end and span.end > kept.start
    ]
    before = f"{CUT} " if kept.start > 0 else ""
    after = f" {CUT}" if kept.end < len(text) else ""
    return f"{before}{bold(kept.of(text), inside)}{after}"


def _snapped(text: str, kept: Span) -> Span:
    """Move the ends of a cut inwards to the nearest space."""
    start, end = kept.start, kept.end
    if start > 0 and (space := re.search(r"\s+", text[start : min(start + _SNAP, end)])):
        start += space.end()
    if end < len(text) and (space := re.search(r"\s+\S*$", text[max(start, end - _SNAP) : end])):
        end = max(start, end - _SNAP) + space.start()
    return Span(start, end) if start < end else kept


def _most(high: int, fits: Callable[[int], bool]) -> int:
    """Return the largest size up to ``high`` that fits, at least 1."""
    low, high = 1, max(high, 1)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low


def excerpt(
    text: str, limit: int, *, around: Span, spans: Iterable[Span] = (), line_cost: int = 0
) -> str:
    """Return as much of ``text`` as ``limit`` characters of Markdown hold, ``around`` kept in view.

    What is left out at either end is marked with ``[…]``; nothing is left out in between.
    ``line_cost`` is what each line after the first takes beside its own characters.
    """
    spans = tuple(spans)
    whole = Span(0, len(text))

    def fits(kept: Span) -> bool:
        rendered = part(text, kept, spans)
        return len(rendered) + line_cost * rendered.count("\n") <= limit

    if not text or fits(whole):
        return part(text, whole, spans)

    def grown(size: int) -> Span:
        """``around`` from its start up to ``size`` characters, then more on both sides."""
        spare = max(0, size - (around.end - around.start))
        return Span(
            max(0, around.start - spare), min(len(text), around.start + size, around.end + spare)
        )

    most = _most(len(text), lambda size: fits(grown(size)))
    return part(text, _snapped(text, grown(most)), spans)


def reach(text: str, start: int, limit: int, spans: Iterable[Span] = ()) -> int:
    """Return how far the slice of ``text`` goes that begins at ``start``, which is no space, and
    takes at most ``limit`` characters as a ``part``.

    Short of the text's end it ends with a sentence or a word, if one ends near; it always holds
    a character.
    """
    spans, whole = tuple(spans), len(text)
    if whole - start <= limit and len(part(text, Span(start, whole), spans)) <= limit:
        return whole
    end = start + _most(
        min(limit, whole - start),
        lambda size: len(part(text, Span(start, start + size), spans)) <= limit,
    )
    near = max(start, end - _SENTENCE_SNAP)
    sentences = [gap.start() for gap in _SENTENCE_GAP.finditer(text, near, end + 1)]
    return sentences[-1] if sentences else _snapped(text, Span(start, end)).end


def reach_back(text: str, end: int, limit: int, spans: Iterable[Span] = ()) -> int:
    """Return where the slice of ``text`` begins that ends at ``end``, after what is no space, and
    takes at most ``limit`` characters as a ``part``. The reverse of ``reach``."""
    spans = tuple(spans)
    if end <= limit and len(part(text, Span(0, end), spans)) <= limit:
        return 0
    start = end - _most(
        min(limit, end), lambda size: len(part(text, Span(end - size, end), spans)) <= limit
    )
    near = min(end, start + _SENTENCE_SNAP)
    sentence = _SENTENCE_GAP.search(text, max(start - 1, 0), near)
    # A gap that reaches as far as was looked may go on.
    if sentence is not None and sentence.end() < near:
        return sentence.end()
    return start if start == 0 else _snapped(text, Span(start, end)).start


def quoted(markdown: str) -> str:
    """Return Markdown as a block quotation."""
    return "\n".join(f"> {line}" for line in markdown.split("\n"))


def plain(markdown: str) -> str:
    """Return the words of a quotation that ``quoted`` wrote, without what marks a cut at its ends.

    The reverse of it for comparing; white space is not kept.
    """
    lines = (line.removeprefix(">").strip() for line in markdown.split("\n"))
    text = re.sub(r"\\(.)", r"\1", " ".join(lines).replace("**", ""))
    for sign in ("…", CUT):
        text = text.removeprefix(f"{sign} ").removesuffix(f" {sign}")
    return text


def link(label: str, url: str | None) -> str:
    """Return ``label`` escaped, as a link where ``url`` is a web address.

    One with a user's name before the host looks like another host's, and is not linked.
    """
    shown = escape(" ".join(label.split()))
    if url is None:
        return shown
    try:
        parts = urlsplit(url)
    except ValueError:
        return shown
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return shown
    return f"[{shown}]({quote(url, safe=_URL_SAFE)})"
