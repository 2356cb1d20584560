"""What of a web page is not its article: banners, adverts, menus, comments, what is not shown.

Of pages that have no ``<main>`` nothing says what is what but the names that their makers gave the
parts, and how much of a part is links. trafilatura was measured and left out: on the pages in
``tests/data/pages`` it keeps fewer paragraphs whole and leaves more in between than these rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

__all__ = ["without_boilerplate", "without_surroundings"]

_NEVER_SHOWN = (
    "script, style, noscript, template, svg, iframe, object, form, button, nav, aside, footer, "
    "dialog, [hidden], [aria-hidden=true], [role=navigation], [role=banner], [role=contentinfo], "
    "[role=complementary], [role=search], [role=dialog], [role=alertdialog]"
)
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)
_PART = re.compile(r"[a-z]+|[A-Z][a-z]*")

_BESIDE = re.compile(
    r"""
    ad | ads | adslot | adsense | advert(?:s|isement|isements|ising)? | sponsor(?:ed|s)? | promos?
    | cookies? | consent | gdpr | rgpd | onetrust | tarteaucitron
    | newsletters? | signup | subscribe | subscription | paywall | popup | modal | overlay
    | capture | optin | outbrain | reactions | taboola
    | comments | comment | commentlist | disqus | respond
    | share | sharing | social | related | recommended | recommendations
    | breadcrumbs? | nav | navbar | topnav | mainnav | subnav | navigation | sidebar | footer
    | colophon | masthead | pagination | pager
    """,
    re.VERBOSE,
)
"""Parts of names of what stands beside an article."""

_LINKED = frozenset(("header", "menu", "tags", "widget", "topbar", "toc"))
"""Parts of names of what stands beside it where it is links."""

_NAMES = frozenset(
    "header page-header site-header author-box author-bio skip-link skiplink sr-only d-none "
    "visually-hidden visuallyhidden screen-reader-text screen-reader-only".split()
)
_TELLING_OF = frozenset(("has", "no", "with", "without", "hide", "show"))
"""A name with such a word tells of a page with or without a part: “has-sidebar”."""

_MOSTLY = 0.5
_NOTHING_ELSE = 0.9
_NEARLY_ALL = 0.75


def without_boilerplate(soup: BeautifulSoup) -> None:
    """Take out of a page what is not shown, and what stands beside its article.

    What has the page's only heading of the first order stays, and without such a heading what is
    more than half of the page, whatever it is called.
    """
    total = len(soup.get_text())
    for tag in soup.select(_NEVER_SHOWN):
        # Some programs make a form of the whole page.
        if tag.decomposed or tag.name != "form" or len(tag.get_text()) <= _MOSTLY * total:
            tag.decompose()
    has_heading = soup.find("h1") is not None
    total = len(soup.get_text())
    for tag in soup.find_all():
        if tag.decomposed or tag.name in ("html", "body", "main", "h1"):
            continue
        if _HIDDEN.search(str(tag.get("style") or "")) or (
            _is_beside(tag)
            and tag.find("h1") is None
            and (has_heading or len(tag.get_text()) <= _MOSTLY * total)
        ):
            tag.decompose()


def without_surroundings(body: Tag) -> None:
    """Take out of a page of which nothing says where its article is what stands around that.

    Lists of links; and where one part holds the heading of the first order and nearly all that is
    no link, what stands outside that part, unless it has a heading of the second order.
    """
    total = len(body.get_text(strip=True))
    for tag in body.find_all(["ul", "ol", "div", "p", "section"]):
        if (
            not tag.decomposed
            and len(tag.find_all("a", limit=2)) == 2
            and len(tag.get_text(strip=True)) <= _MOSTLY * total
            and _linked(tag) > _NOTHING_ELSE
        ):
            tag.decompose()
    heading = body.find("h1")
    if heading is None:
        return
    least = _NEARLY_ALL * _prose(body)
    holding = next((tag for tag in heading.parents if tag is body or _prose(tag) >= least), body)
    while holding is not body and holding.parent is not None:
        for sibling in (*holding.previous_siblings, *holding.next_siblings):
            if not isinstance(sibling, Tag):
                sibling.extract()
            elif sibling.name != "h2" and sibling.find("h2") is None:
                sibling.decompose()
        holding = holding.parent


def _prose(tag: Tag) -> int:
    return _letters(tag) - sum(map(_letters, tag.find_all("a")))


def _is_beside(tag: Tag) -> bool:
    for name in _names(tag):
        parts = [part.lower() for part in _PART.findall(name)]
        if _TELLING_OF.intersection(parts):
            continue
        if name.lower() in _NAMES or any(map(_BESIDE.fullmatch, parts)):
            return True
        if _LINKED.intersection(parts) and _linked(tag) > _MOSTLY:
            return True
    return False


def _names(tag: Tag) -> Iterator[str]:
    for attribute in ("id", "class"):
        value = tag.get(attribute)
        yield from (value.split() if isinstance(value, str) else value or ())


def _linked(tag: Tag) -> float:
    """Return the share of a part's letters and digits that are links."""
    total = _letters(tag)
    return sum(map(_letters, tag.find_all("a"))) / total if total else 1.0


def _letters(tag: Tag) -> int:
    return sum(map(str.isalnum, tag.get_text()))
