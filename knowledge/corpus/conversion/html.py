"""A web page to Markdown: its article, without what stands around it."""

from __future__ import annotations

import re

import yaml
from bs4 import BeautifulSoup, Tag
from markdownify import ATX, MarkdownConverter

from knowledge.corpus.conversion.draft import ConversionRefused, Refusal, as_title

__all__ = ["read_html"]

_AROUND = (
    "script, style, noscript, template, svg, iframe, object, form, button, nav, aside, footer, "
    "dialog, [hidden], [aria-hidden=true]"
)
_MAX_TAGS = 100_000
_MAX_DEPTH = 200


def read_html(data: bytes) -> str:
    """Return the article of a page as Markdown; its title is a heading on top.

    Links and pictures are left out: what is shown of an article is its words. Raises
    ConversionRefused.
    """
    if len(re.findall(rb"<[a-zA-Z]", data)) > _MAX_TAGS:
        raise ConversionRefused(Refusal.TOO_LONG)
    soup = BeautifulSoup(data, "html.parser")
    if _is_too_deep(soup):
        raise ConversionRefused(Refusal.DAMAGED)
    title = _title(soup)
    for tag in soup.select(_AROUND):
        tag.decompose()
    main = _main(soup)
    if main is None or not main.get_text(strip=True):
        raise ConversionRefused(Refusal.EMPTY)
    if main.name == "body":
        for tag in main.find_all("header"):
            tag.decompose()
    heading = main.find("h1")
    if isinstance(heading, Tag) and (own := as_title(heading.get_text(" "))):
        title = own
        heading.decompose()
    converter = MarkdownConverter(
        heading_style=ATX, strip=["a", "img"], escape_misc=True, bullets="*"
    )
    body = converter.convert_soup(main).strip()
    if not body:
        raise ConversionRefused(Refusal.EMPTY)
    if not title:
        return body
    front = yaml.safe_dump({"title": title}, allow_unicode=True, width=10_000)
    return f"---\n{front}---\n\n{body}\n"


def _is_too_deep(soup: BeautifulSoup) -> bool:
    """Whether tags are nested as no page's are: walking them would exhaust the stack."""
    depth = 0
    tags: list[Tag] = [soup]
    while tags:
        depth += 1
        if depth > _MAX_DEPTH:
            return True
        tags = [child for tag in tags for child in tag.children if isinstance(child, Tag)]
    return False


def _title(soup: BeautifulSoup) -> str:
    shared = soup.select_one('meta[property="og:title"]')
    content = shared.get("content") if shared is not None else None
    if isinstance(content, str) and content.strip():
        return as_title(content)
    return "" if soup.title is None else as_title(soup.title.get_text(" "))


def _main(soup: BeautifulSoup) -> Tag | None:
    """Return what holds the article: the longest that says so, else the whole page."""
    for wanted in ("article", "main, [role=main]"):
        found = soup.select(wanted)
        if found:
            return max(found, key=lambda tag: len(tag.get_text()))
    return soup.body or soup
