"""Files to articles: Markdown with front matter, plain text, and bulk JSON lines."""

from __future__ import annotations

import base64
import difflib
import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, TypeVar, cast

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    StringConstraints,
    ValidationError,
    field_validator,
)

from knowledge.corpus import golden_questions as golden
from knowledge.corpus.blocks import Block, markdown_blocks, plain_blocks
from knowledge.facts import curated
from knowledge.model import Article, ArticleProblem, Paragraph, Section
from knowledge.model.errors import ArticleError
from knowledge.text.detection import detect_language

__all__ = ["MAX_PARAGRAPH_CHARACTERS", "count_articles", "find_files", "read_articles"]

SUFFIXES = (".md", ".txt", ".jsonl")
MAX_FILE_BYTES = 20_000_000
MAX_LINE_BYTES = 2_000_000
MAX_PARAGRAPH_CHARACTERS = 20_000

_Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
_Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
_Kept = TypeVar("_Kept")
_SLUG = r"\S(?:.{0,118}\S)?"


class _Header(BaseModel):
    """What an article says about itself, in front matter or in a JSON line."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    title: _Title
    titles: dict[_Language, _Title] = Field(default_factory=dict[str, str])
    language: _Language | None = None
    source: _Title | None = None
    url: HttpUrl | None = None
    published: date | None = None
    reference_date: date | None = None

    @field_validator("published", "reference_date", mode="before")
    @classmethod
    def _day(cls, value: object) -> object:
        """Take the day of a time; a number is not a date."""
        if isinstance(value, datetime):
            return value.date()
        if value is None or isinstance(value, date):
            return value
        return date.fromisoformat(str(value).strip())


class _Line(BaseModel):
    """One article of a ``.jsonl`` file."""

    model_config = ConfigDict(extra="ignore")

    id: str
    title: Annotated[str, StringConstraints(max_length=300)] = ""
    text: Annotated[str, StringConstraints(min_length=1)]
    lang: _Language | None = None
    url: HttpUrl | None = None


def find_files(paths: Iterable[Path]) -> tuple[list[Path], list[ArticleProblem]]:
    """Return the article files that ``paths`` (files, or directories and all below) name.

    Files are sorted within a directory and named once. A path that does not exist or cannot be
    looked into, and a file named outright whose kind is not known, is a problem; other files of
    a directory are not.
    """
    files: dict[Path, None] = {}
    problems: list[ArticleProblem] = []
    for path in paths:
        if path.is_dir():
            found, unseen = _files_below(path)
            files.update(dict.fromkeys(found))
            problems += unseen
        elif not path.exists():
            problems.append(ArticleProblem(path, None, "does not exist. Check the path."))
        elif not _is_article_name(path) or not path.is_file():
            kinds = ", ".join(SUFFIXES)
            message = f"is not an article file. Give a file that ends in one of {kinds}."
            if _is_question_set(path):
                message = "keeps questions about the article beside it. Give that."
            problems.append(ArticleProblem(path, None, message))
        else:
            files[path.resolve()] = None
    return list(files), problems


def _files_below(directory: Path) -> tuple[list[Path], list[ArticleProblem]]:
    files: list[Path] = []
    problems: list[ArticleProblem] = []

    def note(error: OSError) -> None:
        reason = error.strerror or type(error).__name__
        place = Path(os.fsdecode(error.filename or directory))
        message = f"cannot be looked into ({reason}). Check its permissions."
        problems.append(ArticleProblem(place.resolve(), None, message))

    for folder, _, names in os.walk(directory, onerror=note):
        for path in (Path(folder, name) for name in names if _is_article_name(Path(name))):
            try:
                if path.resolve(strict=True).is_file():
                    files.append(path.resolve())
            except OSError as error:
                reason = error.strerror or type(error).__name__
                message = f"cannot be opened ({reason}). Mend or remove it."
                problems.append(ArticleProblem(path.absolute(), None, message))
    return sorted(files), problems


def _is_article_name(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not _is_question_set(path)


def _is_question_set(path: Path) -> bool:
    return path.name.lower().endswith(golden.SUFFIX)


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
    seen: dict[str, str] = {}
    for path in files:
        for line, item in _read_file(path):
            if isinstance(item, ArticleProblem):
                yield path, item
            elif item.slug in seen:
                message = f"its name “{item.slug}” is taken by {seen[item.slug]}. Rename one."
                yield path, ArticleProblem(path, line, message)
            else:
                place = f"{path.parent.name}/{path.name}"
                seen[item.slug] = place if line is None else f"{place}, line {line}"
                yield path, item


def _read_file(path: Path) -> Iterator[tuple[int | None, Article | ArticleProblem]]:
    """Yield what a file holds, with its line where there are several in one file."""
    try:
        if path.suffix.lower() == ".jsonl":
            yield from _read_lines(path)
            return
        slug = _checked_slug(path.stem)
        text = _read_whole(path)
        read = _read_text if path.suffix.lower() == ".txt" else _read_markdown
        yield None, _with_questions(_with_facts(read(slug, text), path), path)
    except ArticleError as error:
        yield None, ArticleProblem(path, error.line, str(error))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        yield None, ArticleProblem(path, line, "is not UTF-8 text. Save it as UTF-8.")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        message = f"cannot be opened ({reason}). Check its permissions."
        yield None, ArticleProblem(path, None, message)


def _with_facts(article: Article, path: Path) -> Article:
    """Return an article with the facts that were written by hand beside it."""
    beside = path.with_name(f"{path.stem}{curated.SUFFIX}")
    if not beside.is_file():
        return article
    facts, digest = _beside(article, beside, curated.read_curated)
    return replace(article, facts=facts, content_hash=digest)


def _with_questions(article: Article, path: Path) -> Article:
    """Return an article with the golden questions that are kept beside it."""
    beside = path.with_name(f"{path.stem}{golden.SUFFIX}")
    if not beside.is_file():
        return article
    questions, digest = _beside(article, beside, golden.read_golden)
    return replace(article, questions=questions, content_hash=digest)


def _beside(
    article: Article, beside: Path, read: Callable[[Article, Path], _Kept]
) -> tuple[_Kept, str]:
    """Return what a file beside an article keeps, and the content hash of both together."""
    try:
        kept, text = read(article, beside), beside.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ArticleError(f"{beside.name} is not UTF-8 text. Save it as UTF-8.") from None
    return kept, _digest(article.content_hash, text, length=24)


def _checked_slug(stem: str) -> str:
    is_text = stem.encode("utf-8", "replace").decode("utf-8") == stem
    if not is_text or not stem.isprintable() or not re.fullmatch(_SLUG, stem):
        raise ArticleError(
            "has a name that cannot be an article's: printable characters, at most 120. Rename it."
        )
    return stem


def _read_whole(path: Path) -> str:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ArticleError(f"is larger than {MAX_FILE_BYTES:,} bytes. Split it.")
    return path.read_text(encoding="utf-8-sig")


def _read_lines(path: Path) -> Iterator[tuple[int, Article | ArticleProblem]]:
    with path.open("rb") as lines:
        for number, raw in enumerate(lines, start=1):
            if not raw.strip():
                continue
            try:
                yield number, _read_line(raw)
            except ArticleError as error:
                yield number, ArticleProblem(path, number, str(error))


def _read_line(raw: bytes) -> Article:
    if len(raw) > MAX_LINE_BYTES:
        raise ArticleError(f"is longer than {MAX_LINE_BYTES:,} bytes. Split the article.")
    try:
        fields = json.loads(raw)
    except UnicodeDecodeError:
        raise ArticleError("is not UTF-8 text. Save the file as UTF-8.") from None
    except json.JSONDecodeError as error:
        raise ArticleError(f"is not JSON ({error.msg}). Write one object a line.") from None
    except (ValueError, RecursionError):
        raise ArticleError("is not JSON that can be read. Write one object a line.") from None
    try:
        line = _Line.model_validate(fields)
    except ValidationError as error:
        raise ArticleError(_explain(error)) from None
    slug = _checked_slug(line.id)
    header = _Header(title=line.title.strip() or slug, language=line.lang, url=line.url)
    return _article(slug, header, plain_blocks(line.text, first_line=1))


def _read_text(slug: str, text: str) -> Article:
    blocks = plain_blocks(text, first_line=1)
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
        fields, body = frontmatter.parse(text, handler=YAMLHandler())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else cast(int, mark.line) + 1
        reason = getattr(error, "problem", None) or "not YAML"
        message = (
            f"its front matter cannot be read ({reason}). Write “key: value” lines; put a value "
            "that has a colon in it in quotation marks."
        )
        raise ArticleError(message, line=line) from None
    except (ValueError, RecursionError) as error:  # a day that does not exist, an endless number
        message = f"its front matter cannot be read ({error}). Check its values."
        raise ArticleError(message, line=1) from None
    offset = text.count("\n") - body.count("\n") if fields else 0
    blocks = list(markdown_blocks(body, offset))
    if "title" not in fields and blocks and blocks[0].is_heading:
        fields["title"] = blocks.pop(0).text
    for key in fields:
        close = difflib.get_close_matches(str(key), _Header.model_fields, n=1, cutoff=0.8)
        if close and close[0] != key:
            message = f"does not know “{key}”. Did you mean “{close[0]}”?"
            raise ArticleError(message, line=_line_of(str(key), text))
    try:
        header = _Header.model_validate(fields)
    except ValidationError as error:
        line = _line_of(str(error.errors()[0]["loc"][0]), text)
        raise ArticleError(_explain(error), line=line) from None
    return _article(slug, header, blocks)


def _line_of(key: str, text: str) -> int:
    found = re.search(rf"^{re.escape(key)}\s*:", text, re.MULTILINE)
    return 1 if found is None else text.count("\n", 0, found.start()) + 1


_WANTED = {
    "title": "write a title of at most 300 characters: “title: …” between two lines “---”, "
    "or “# …” as the first line",
    "titles": "write titles by language, such as “titles: {en: A title}”",
    "language": "write two letters, such as fr (“no” in quotation marks)",
    "lang": "write two letters, such as fr",
    "source": "write at most 300 characters",
    "url": "write an address that starts with http:// or https://",
    "published": "write a date, such as 2024-01-31",
    "reference_date": "write a date, such as 2024-01-31",
    "id": "write a name for the article",
    "text": "write the article's text",
}


def _explain(error: ValidationError) -> str:
    location = error.errors(include_url=False, include_context=False)[0]["loc"]
    key = str(location[0]) if location else ""
    if not key:
        return "is not an object. Write {“id”: …, “title”: …, “text”: …} on each line."
    return f"“{key}” is missing or wrong: {_WANTED.get(key, 'check its value')}."


def _article(slug: str, header: _Header, blocks: Sequence[Block]) -> Article:
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
