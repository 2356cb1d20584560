"""Files to articles: Markdown with front matter, plain text, and bulk JSON lines."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, cast

import frontmatter
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token as MarkdownToken
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints, ValidationError

from knowledge.detection import detect_language
from knowledge.errors import ArticleError
from knowledge.model import Article, ArticleProblem, Paragraph, Section

__all__ = ["MAX_PARAGRAPH_CHARACTERS", "count_articles", "find_files", "read_articles"]

SUFFIXES = (".md", ".txt", ".jsonl")
MAX_FILE_BYTES = 20_000_000
MAX_LINE_CHARACTERS = 2_000_000
MAX_PARAGRAPH_CHARACTERS = 20_000
_BLANK_LINES = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")

_Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
_Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
_Slug = Annotated[str, StringConstraints(pattern=r"^\S(?:.{0,118}\S)?$")]


class _Header(BaseModel):
    """What an article says about itself, in front matter or in a JSON line."""

    model_config = ConfigDict(extra="ignore")

    title: _Title
    titles: dict[_Language, _Title] = Field(default_factory=dict[str, str])
    language: _Language | None = None
    source: _Title | None = None
    url: HttpUrl | None = None
    published: date | None = None
    reference_date: date | None = None


class _Line(BaseModel):
    """One article of a ``.jsonl`` file."""

    model_config = ConfigDict(extra="ignore")

    id: _Slug
    title: Annotated[str, StringConstraints(max_length=300)] = ""
    text: Annotated[str, StringConstraints(min_length=1)]
    lang: _Language | None = None
    url: HttpUrl | None = None


@dataclass(frozen=True, slots=True)
class _Block:
    """A heading or a paragraph, and the line of the file that it starts on."""

    text: str
    is_heading: bool
    line: int


def find_files(paths: Iterable[Path]) -> tuple[list[Path], list[ArticleProblem]]:
    """Return the article files that ``paths`` (files, or directories and all below) name.

    Files are sorted within a directory and named once. A path that does not exist, and a file
    named outright whose kind is not known, is a problem; other files of a directory are not.
    """
    files: dict[Path, None] = {}
    problems: list[ArticleProblem] = []
    for path in paths:
        if path.is_dir():
            below = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES)
            files.update(dict.fromkeys(p.resolve() for p in below if p.is_file()))
        elif not path.exists():
            problems.append(ArticleProblem(path, None, "does not exist. Check the path."))
        elif path.suffix.lower() not in SUFFIXES:
            kinds = ", ".join(SUFFIXES)
            problems.append(
                ArticleProblem(path, None, f"is not an article file. Give one of {kinds}.")
            )
        else:
            files[path.resolve()] = None
    return list(files), problems


def count_articles(files: Sequence[Path]) -> int:
    """Return about how many articles ``files`` hold (lines of ``.jsonl``), for progress."""
    total = 0
    for path in files:
        if path.suffix.lower() != ".jsonl":
            total += 1
            continue
        try:
            with path.open("rb") as lines:
                total += sum(1 for _ in lines)
        except OSError:
            total += 1  # read_articles reports it
    return total


def read_articles(files: Iterable[Path]) -> Iterator[tuple[Path, Article | ArticleProblem]]:
    """Yield each article of ``files`` with its file, or the problem that kept it from being read.

    Slugs are the file's stem, or the ``id`` of a line of ``.jsonl``; the second article of a slug
    is a problem.
    """
    seen: dict[str, Path] = {}
    for path in files:
        for item in _read_file(path):
            if isinstance(item, Article):
                if item.slug in seen:
                    item = ArticleProblem(
                        path,
                        None,
                        f"its name “{item.slug}” is taken by {seen[item.slug]}. Rename one.",
                    )
                else:
                    seen[item.slug] = path
            yield path, item


def _read_file(path: Path) -> Iterator[Article | ArticleProblem]:
    try:
        if path.suffix.lower() == ".jsonl":
            yield from _read_lines(path)
            return
        text = _read_whole(path)
        read = _read_text if path.suffix.lower() == ".txt" else _read_markdown
        yield read(path.stem, text)
    except ArticleError as error:
        yield ArticleProblem(path, error.line, str(error))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        yield ArticleProblem(path, line, "is not UTF-8 text. Save it as UTF-8.")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        yield ArticleProblem(path, None, f"cannot be opened ({reason}). Check its permissions.")


def _read_whole(path: Path) -> str:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ArticleError(f"is larger than {MAX_FILE_BYTES:,} bytes. Split it.")
    return path.read_text(encoding="utf-8-sig")


def _read_lines(path: Path) -> Iterator[Article | ArticleProblem]:
    with path.open("rb") as lines:
        for number, raw in enumerate(lines, start=1):
            if not raw.strip():
                continue
            try:
                yield _read_line(raw)
            except ArticleError as error:
                yield ArticleProblem(path, number, str(error))


def _read_line(raw: bytes) -> Article:
    if len(raw) > MAX_LINE_CHARACTERS:
        raise ArticleError(f"is longer than {MAX_LINE_CHARACTERS:,} bytes. Split the article.")
    try:
        fields = json.loads(raw)
    except UnicodeDecodeError:
        raise ArticleError("is not UTF-8 text. Save the file as UTF-8.") from None
    except (json.JSONDecodeError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
        raise ArticleError(f"is not JSON ({reason}). Write one object a line.") from None
    try:
        line = _Line.model_validate(fields)
    except ValidationError as error:
        raise ArticleError(_explain(error, "id, title, text")) from None
    header = _Header(title=line.title.strip() or line.id, language=line.lang, url=line.url)
    return _article(line.id, header, _plain_blocks(line.text, first_line=1))


def _read_text(slug: str, text: str) -> Article:
    blocks = _plain_blocks(text, first_line=1)
    if not blocks:
        raise ArticleError("is empty. Write a title, a blank line and paragraphs.")
    title, *paragraphs = blocks
    if "\n" in title.text or len(title.text) > 300:
        raise ArticleError(
            "does not start with a title. Write it on the first line, then a blank line.",
            line=title.line,
        )
    return _article(slug, _Header(title=title.text), paragraphs)


def _read_markdown(slug: str, text: str) -> Article:
    try:
        fields, body = frontmatter.parse(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else cast(int, mark.line) + 1
        reason = getattr(error, "problem", None) or "not YAML"
        raise ArticleError(
            f"its front matter cannot be read ({reason}). Write “key: value” lines.", line=line
        ) from None
    offset = text.count("\n") - body.count("\n") if fields else 0
    blocks = list(_markdown_blocks(body, offset))
    if "title" not in fields and blocks and blocks[0].is_heading:
        fields["title"] = blocks.pop(0).text
    try:
        header = _Header.model_validate(fields)
    except ValidationError as error:
        key = str(error.errors()[0]["loc"][0])
        found = re.search(rf"^{re.escape(key)}\s*:", text, re.MULTILINE)
        line = 1 if found is None else text.count("\n", 0, found.start()) + 1
        raise ArticleError(_explain(error, "title"), line=line) from None
    return _article(slug, header, blocks)


def _explain(error: ValidationError, required: str) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "the object"
    return f"{place}: {first['msg']}. Needed: {required}; check its value."


def _plain_blocks(text: str, first_line: int) -> list[_Block]:
    text = text.replace("\r\n", "\n").replace("\x00", "\ufffd").removeprefix("\ufeff")
    blocks: list[_Block] = []
    position = 0
    for gap in (*_BLANK_LINES.finditer(text), None):
        end = len(text) if gap is None else gap.start()
        block = text[position:end].strip("\n\t ")
        if block.strip():
            blocks.append(
                _Block(block, is_heading=False, line=first_line + text.count("\n", 0, position))
            )
        position = end if gap is None else gap.end()
    return blocks


def _markdown_blocks(body: str, offset: int) -> Iterator[_Block]:
    """Yield headings and paragraphs as plain text; list items, quotes and code are paragraphs."""
    tokens = MarkdownIt("commonmark").parse(body)
    for previous, token in zip([None, *tokens], tokens, strict=False):
        line = offset + (token.map[0] if token.map else 0) + 1
        if token.type == "inline":
            text = _inline_text(token.children or []).strip("\n\t ")
            is_heading = previous is not None and previous.type == "heading_open"
            if text:
                yield _Block(text, is_heading, line)
        elif token.type in ("fence", "code_block") and token.content.strip():
            yield _Block(token.content.strip("\n"), is_heading=False, line=line)


def _inline_text(children: Sequence[MarkdownToken]) -> str:
    parts: list[str] = []
    for child in children:
        if child.type in ("text", "code_inline", "image"):
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("\n")
    return "".join(parts)


def _article(slug: str, header: _Header, blocks: Sequence[_Block]) -> Article:
    sections: list[Section] = []
    paragraphs: list[Paragraph] = []
    repeats: Counter[str] = Counter()
    for block in blocks:
        if block.is_heading:
            sections.append(Section(len(sections), block.text))
            continue
        if len(block.text) > MAX_PARAGRAPH_CHARACTERS:
            raise ArticleError(
                f"has a paragraph of more than {MAX_PARAGRAPH_CHARACTERS:,} characters. "
                "Put blank lines where it can be divided.",
                line=block.line,
            )
        repeats[block.text] += 1
        paragraphs.append(
            Paragraph(
                id=_digest(slug, block.text, str(repeats[block.text]), length=9),
                number=len(paragraphs) + 1,
                section=len(sections) - 1 if sections else None,
                text=block.text,
            )
        )
    if not paragraphs:
        raise ArticleError("has no paragraph. Write the text below the title.")
    language = header.language or detect_language(
        "\n".join(p.text for p in paragraphs)[:5_000], default="en"
    )
    url = None if header.url is None else str(header.url)
    parts = [
        slug, header.title, language, header.source, url, str(header.published),
        str(header.reference_date), sorted(header.titles.items()),
        [s.title for s in sections], [(p.section, p.text) for p in paragraphs],
    ]  # fmt: skip
    return Article(
        slug=slug,
        title=header.title,
        language=language,
        sections=tuple(sections),
        paragraphs=tuple(paragraphs),
        content_hash=_digest(json.dumps(parts, ensure_ascii=False), length=24),
        titles=header.titles,
        source=header.source,
        url=url,
        published=header.published,
        reference_date=header.reference_date,
    )


def _digest(*parts: str, length: int) -> str:
    """Return the first ``length`` bytes of a SHA-256 as URL-safe text of 4/3 the length."""
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    return base64.urlsafe_b64encode(digest[:length]).decode("ascii").rstrip("=")
