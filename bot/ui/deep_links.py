"""Links to the very words in an article's page: the page's address with a text fragment.

A browser that knows text fragments scrolls to the words and marks them; any other one opens the
page. The syntax is that of https://wicg.github.io/scroll-to-text-fragment:

    ADDRESS#FRAGMENT:~:text=[prefix-,]start[,end]

A fragment is written only where it leads to the quoted words and no others of their paragraph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from knowledge import Citation, Span

__all__ = ["deep_link", "link_to"]

_DIRECTIVE = ":~:"
_WHOLE = 100
_PART = 64
"""Characters, percent-encoded: words that are written whole, and either end of longer ones."""

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a paragraph. Browsers compare them parted by one space, and in any case."""

    written: tuple[str, ...]

    def text(self, first: int, last: int) -> str:
        """Return the words from ``first`` to before ``last``."""
        return " ".join(self.written[first:last])

    def is_first(self, first: int, last: int) -> bool:
        """Whether the same words stand nowhere earlier: a browser takes the first place."""
        place = len(self.text(0, first).casefold()) + (first > 0)
        whole = self.text(0, last).casefold()
        return whole.find(self.text(first, last).casefold()) == place


def deep_link(url: str, text: str, span: Span) -> str:
    """Return the address of a page that leads to ``span`` of the paragraph ``text`` in it.

    ``url`` itself where no fragment would lead there. A fragment that it has is kept; a text
    fragment that it has is replaced.
    """
    page = url.split(_DIRECTIVE)[0] if _DIRECTIVE in url.partition("#")[2] else url
    directive = _directive(text, span)
    if directive is None:
        return url
    return f"{page}{'' if '#' in page else '#'}{_DIRECTIVE}text={directive}"


def link_to(citation: Citation) -> str | None:
    """Return the address that leads to what a citation quotes, ``None`` where there is none."""
    if citation.url is None:
        return None
    return deep_link(citation.url, citation.text, citation.span)


def _encoded(words: str) -> str:
    """Percent-encode words; a hyphen would be read as the mark of a prefix or suffix."""
    return quote(words, safe="").replace("-", "%2D")


def _directive(text: str, span: Span) -> str | None:
    matches = list(_WORD.finditer(text))
    inside = [
        position
        for position, word in enumerate(matches)
        if word.start() < span.end and word.end() > span.start
    ]
    if not inside:
        return None
    words = _Words(tuple(word[0] for word in matches))
    first, last = inside[0], inside[-1] + 1
    whole = _encoded(words.text(first, last))
    if len(whole) <= _WHOLE:
        return _placed(words, first, last, whole)
    begun = _longest(words, first, last)
    if begun is None:
        return None
    end = last
    while end > begun and len(_encoded(words.text(end - 1, last))) <= _PART:
        end -= 1
    if end == last:
        return None
    start, stop = _encoded(words.text(first, begun)), _encoded(words.text(end, last))
    return _placed(words, first, begun, f"{start},{stop}")


def _longest(words: _Words, first: int, last: int) -> int | None:
    """Return where the longest beginning that fits ends, ``None`` where not one word fits."""
    end = first
    while end < last and len(_encoded(words.text(first, end + 1))) <= _PART:
        end += 1
    return end if end > first else None


def _placed(words: _Words, first: int, last: int, written: str) -> str | None:
    """Return the directive, with words before it where the same words stand earlier, too."""
    if words.is_first(first, last):
        return written
    for prefix in range(first - 1, -1, -1):
        before = _encoded(words.text(prefix, first))
        if len(before) > _PART:
            break
        if words.is_first(prefix, last):
            return f"{before}-,{written}"
    return None
