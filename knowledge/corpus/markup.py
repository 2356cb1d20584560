"""What of HTML is text: all that is no tag, no comment, no script and no style."""

from __future__ import annotations

import re
from collections.abc import Container
from html import unescape

from knowledge.corpus.scripts import ScriptedText

__all__ = ["alternative", "ended_elements", "html_text", "is_break", "is_tag", "named"]

# An attribute's value has no “<”, so that a search for the end of a tag never looks at a sign
# twice. Where it has, the tag stays as text: nothing is lost.
_TAG = re.compile(r"""</?([a-zA-Z][a-zA-Z0-9-]*)((?>[^"'<>]|"[^"<]*"|'[^'<]*')*+)>""")
_DECLARATION = re.compile(r"<[!?][a-zA-Z][^<>]*+>|<!\[CDATA\[|\]\]>")
_MARKUP = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)(.*)>", re.DOTALL)
_KNOWN_DECLARATION = re.compile(
    r"<!--|<!\[CDATA\[|\]\]>|<!(?:doctype|element|entity|attlist|notation)\b|<\?[^<>]*\?>$",
    re.IGNORECASE,
)
_BOOLEAN = """
    allowfullscreen async autofocus autoplay checked compact contenteditable controls declare
    default defer disabled download formnovalidate hidden inert ismap itemscope loop markdown
    multiple muted nohref nomodule noresize noshade novalidate nowrap open playsinline readonly
    required reversed selected
"""
_ATTRIBUTE = re.compile(
    rf"""
    [\s/]++ (?:
        (?P<name>[^\s"'<>/=]++) (?: \s*=\s* (?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')
                                 | = (?P<bare>[^\s"'<>]++) )
        | (?:{"|".join(_BOOLEAN.split())}|data-[\w.:-]++) (?![^\s/])
    )?
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""What may stand in a tag: “a<b and c>d” is none."""

_ATTRIBUTES = re.compile(
    rf"(?:{re.sub(r'[?]P<[a-z]+>', '?:', _ATTRIBUTE.pattern)})*+", re.VERBOSE | re.IGNORECASE
)

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

    It is a tag if HTML has it, and if it has a value, ends itself, or is one of those ``ended``;
    and if what stands in it are attributes: "name=value", or those of HTML that have no value.
    """
    found = _MARKUP.fullmatch(markup)
    if found is None:
        return _KNOWN_DECLARATION.match(markup) is not None
    is_end, name, inside = found.groups()
    if is_end:
        return not inside.strip()
    if _ATTRIBUTES.fullmatch(inside) is None:
        return False
    return name.lower() in _ELEMENTS or "=" in inside or inside.endswith("/") or name in ended


def is_break(tag: str) -> bool:
    """Whether a tag begins a line: "<br>"."""
    return named(tag)[0] == "br"


def named(tag: str) -> tuple[str, bool]:
    """Return the name of a tag in lower case ("" of a comment), and whether it ends an element."""
    found = _MARKUP.fullmatch(tag)
    return ("", False) if found is None else (found[2].lower(), bool(found[1]))


def alternative(tag: str) -> str:
    """Return the words that stand for a picture ("<img alt='…'>"), nothing for another tag."""
    found = _MARKUP.fullmatch(tag)
    if found is None or found[1] or found[2].lower() != "img":
        return ""
    for one in _ATTRIBUTE.finditer(found[3]):
        if (one["name"] or "").lower() == "alt":
            words = one["double"] or one["single"] or one["bare"] or ""
            return " ".join(unescape(words).split())
    return ""


def html_text(html: str, ended: Container[str]) -> str:
    """Return the text of a piece of HTML on one line; ``ended``: see ``is_tag``.

    Raises ValueError, in words for whoever wrote it, for a comment, a script or a style that does
    not end: all that comes after would be part of it.
    """
    text = ScriptedText()
    _add_html(text, html, ended)
    return " ".join(text.text().split())


def _add_html(text: ScriptedText, html: str, ended: Container[str]) -> None:
    at = 0
    for opening in _OPENING.finditer(html):
        if opening.start() < at:
            continue
        _add_between_tags(text, html[at : opening.start()], ended)
        closing = _COMMENT_END if opening[1] is None else _CLOSING[opening[1].lower()]
        # “<!-->” is a whole comment.
        start = opening.start() + 2 if opening[1] is None else opening.end()
        end = closing.search(html, start)
        if end is None:
            raise ValueError(
                f"has “{opening.group()}” without an end: all that comes after it would be left "
                "out. Close or remove it."
            )
        text.add(" ")
        at = end.end()
    _add_between_tags(text, html[at:], ended)


def _add_between_tags(text: ScriptedText, html: str, ended: Container[str]) -> None:
    at = 0
    for tag in re.finditer(f"{_TAG.pattern}|{_DECLARATION.pattern}", html):
        if not is_tag(tag.group(), ended):
            continue
        text.add(unescape(html[at : tag.start()]))
        at = tag.end()
        name, is_end = named(tag.group())
        text.tag(name, is_end=is_end)
        if words := alternative(tag.group()):
            text.add(f" {words}")
        if name not in _INSIDE_A_WORD:
            text.add(" ")
    text.add(unescape(html[at:]))
