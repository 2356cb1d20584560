"""A web page to Markdown: its article, without what stands around it."""

from __future__ import annotations

import re
from copy import copy
from typing import Any

import yaml
from bs4 import BeautifulSoup, Tag
from markdownify import ATX, MarkdownConverter

from knowledge.corpus.conversion.boilerplate import without_boilerplate, without_surroundings
from knowledge.corpus.conversion.draft import ConversionRefused, Refusal, as_title

__all__ = ["read_html"]

_BLOCKS = ["table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"]
"""What stands in no cell of a table that is one."""

_MAX_ROWSPAN = 50
_MAX_TAGS = 100_000
_MAX_DEPTH = 200


def read_html(data: bytes) -> str:
    """Return the article of a page as Markdown with front matter: its title and its address.

    Where links lead and pictures are left out: what is shown of an article is its words, and
    raised figures stay raised. Raises ConversionRefused.
    """
    if len(re.findall(rb"<[a-zA-Z]", data)) > _MAX_TAGS:
        raise ConversionRefused(Refusal.TOO_LONG)
    soup = BeautifulSoup(data, "html.parser")
    if _is_too_deep(soup):
        raise ConversionRefused(Refusal.DAMAGED)
    title = _title(soup)
    url = _address(soup)
    main = _article(soup)
    heading = main.find("h1")
    if isinstance(heading, Tag) and (own := as_title(heading.get_text(" "))):
        title = own
        heading.decompose()
    converter = _Converter(
        heading_style=ATX,
        strip=["a", "img"],
        escape_misc=True,
        bullets="*",
        sup_symbol="<sup>",
        sub_symbol="<sub>",
    )
    body = converter.convert_soup(main).strip()
    if not body:
        raise ConversionRefused(Refusal.EMPTY)
    known = {key: value for key, value in (("title", title), ("url", url)) if value}
    if not known:
        return body
    front = yaml.safe_dump(known, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{front}---\n\n{body}\n"


class _Converter(MarkdownConverter):
    """Writes terms and what they mean as one paragraph."""

    def convert_dd(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        return f": {text.strip()}\n" if text.strip() else "\n"


def _lay_out(table: Tag) -> None:
    """Make the parts of a table that lays out a page parts of the page, and cells that reach over
    several rows of another cells of each."""
    cells = [cell for cell in table.find_all(["td", "th"]) if cell.find_parent("table") is table]
    if any(cell.find(_BLOCKS) or len(cell.find_all("p", limit=2)) > 1 for cell in cells):
        for tag in (table, *table.find_all(["tbody", "thead", "tfoot", "tr"]), *cells):
            tag.name = "div"
        return
    for cell in cells:
        row = cell.parent
        rows, cell["rowspan"] = str(cell.get("rowspan") or ""), "1"
        if row is None or not rows.isdecimal() or cell.get("colspan"):
            continue
        position = len(cell.find_previous_siblings(["td", "th"]))
        for below in row.find_next_siblings("tr", limit=min(int(rows[:3]), _MAX_ROWSPAN) - 1):
            beside = below.find_all(["td", "th"], recursive=False)
            (beside[position].insert_before if position < len(beside) else below.append)(copy(cell))


def _address(soup: BeautifulSoup) -> str:
    """Return where a page says that it is, "" where it does not, or not in full."""
    link = soup.select_one('link[rel="canonical"]')
    address: Any = link.get("href") if link is not None else None
    is_whole = isinstance(address, str) and re.fullmatch(r"https?://[^\s<>\"]{4,1000}", address)
    return address if is_whole else ""


def _article(soup: BeautifulSoup) -> Tag:
    """Return what holds the article of a page, freed of what it is not of."""
    without_boilerplate(soup)
    main = _main(soup)
    if main is None or not main.get_text(strip=True):
        raise ConversionRefused(Refusal.EMPTY)
    for table in main.find_all("table"):
        _lay_out(table)
    if main in (soup, soup.body):
        for tag in main.find_all("header"):
            if tag.find("h1") is None:
                tag.decompose()
        without_surroundings(main)
    return main


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
