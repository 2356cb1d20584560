"""What of HTML is text: all that is no tag, no comment, no script and no style."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from html import unescape

__all__ = ["ended_elements", "html_text", "is_tag"]

# An attribute's value has no “<”, so that a search for the end of a tag never looks at a sign
# twice. Where it has, the tag stays as text: nothing is lost.
_TAG = re.compile(r"""</?([a-zA-Z][a-zA-Z0-9-]*)((?>[^"'<>]|"[^"<]*"|'[^'<]*')*+)>""")
_DECLARATION = re.compile(r"<[!?][a-zA-Z][^<>]*+>|<!\[CDATA\[|\]\]>")
_OPENING = re.compile(r"<!--|<(script|style)\b", re.IGNORECASE)
_CLOSING = {name: re.compile(rf"</{name}[^<>]*>", re.IGNORECASE) for name in ("script", "style")}
_COMMENT_END = re.compile(r"--!?>")

_INSIDE_A_WORD = frozenset("a abbr b bdi code em i mark q s small span strong sub sup u".split())
_ELEMENTS = _INSIDE_A_WORD | frozenset(
    """
    acronym address applet area article aside audio base basefont bdo big blink blockquote body br
    button canvas caption center cite col colgroup data datalist dd del details dfn dialog dir div
    dl dt embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head
    header hgroup hr html iframe img input ins kbd label legend li link main map marquee menu
    menuitem meta meter nav nobr noframes noscript object ol optgroup option output p param picture
    portal pre progress rb rp rt rtc ruby samp script search section select slot source spacer
    strike style summary svg math table tbody td template textarea tfoot th thead time title tr
    track tt ul var video wbr
    """.split()
)


def ended_elements(text: str) -> frozenset[str]:
    """Return the names of the elements that a text ends somewhere ("b" for "</b>")."""
    return frozenset(re.findall(r"</([a-zA-Z][a-zA-Z0-9-]*)", text))


def is_tag(markup: str, ended: Container[str]) -> bool:
    """Whether ``markup`` is a tag or a comment, rather than words in angle brackets: "<your name>".

    It is a tag if HTML has it, and if it has a value, ends itself, or is one of those ``ended``.
    """
    found = _TAG.fullmatch(markup)
    if found is None or markup.startswith("</") or found[1].lower() in _ELEMENTS:
        return True
    return "=" in found[2] or found[2].endswith("/") or found[1] in ended


def html_text(html: str, ended: Container[str]) -> str:
    """Return the text of a piece of HTML on one line; ``ended``: see ``is_tag``.

    Raises ValueError, in words for whoever wrote it, for a comment, a script or a style that does
    not end: all that comes after would be part of it.
    """
    return " ".join("".join(_parts(html, ended)).split())


def _parts(html: str, ended: Container[str]) -> Iterator[str]:
    at = 0
    for opening in _OPENING.finditer(html):
        if opening.start() < at:
            continue
        yield from _between_tags(html[at : opening.start()], ended)
        closing = _COMMENT_END if opening[1] is None else _CLOSING[opening[1].lower()]
        # “<!-->” is a whole comment.
        start = opening.start() + 2 if opening[1] is None else opening.end()
        end = closing.search(html, start)
        if end is None:
            raise ValueError(
                f"has “{opening.group()}” without an end: all that comes after it would be left "
                "out. Close or remove it."
            )
        yield " "
        at = end.end()
    yield from _between_tags(html[at:], ended)


def _between_tags(html: str, ended: Container[str]) -> Iterator[str]:
    at = 0
    for tag in re.finditer(f"{_TAG.pattern}|{_DECLARATION.pattern}", html):
        if not is_tag(tag.group(), ended):
            continue
        yield unescape(html[at : tag.start()])
        at = tag.end()
        if tag[1] is None or tag[1].lower() not in _INSIDE_A_WORD:
            yield " "
    yield unescape(html[at:])
