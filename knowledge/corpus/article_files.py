"""Files to articles: Markdown with front matter, plain text, web pages, PDF, bulk JSON lines."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar, cast

from knowledge.corpus import golden_questions as golden
from knowledge.corpus.block import Block
from knowledge.corpus.blocks import markdown_blocks, plain_blocks
from knowledge.corpus.finding import CONVERTED, name_of
from knowledge.corpus.footnotes import with_footnotes
from knowledge.corpus.front_matter import Field, fields_of, front_matter
from knowledge.corpus.header import MAX_TITLE, Header, Withheld, read_header, require_public
from knowledge.corpus.lists import with_lists_joined
from knowledge.corpus.questions_and_answers import with_questions_above
from knowledge.corpus.unchanged import (
    NOTHING_KNOWN,
    Known,
    Unchanged,
    file_fingerprint,
    line_fingerprint,
    notes_of,
)
from knowledge.facts import curated
from knowledge.model import Article, ArticleProblem, Paragraph, Section
from knowledge.model.errors import ArticleError, raise_together
from knowledge.model.notes import ArticleNote, NoteKind, Reading, Remark
from knowledge.text.detection import detect_language
from knowledge.text.plain_yaml import sound

__all__ = ["MAX_PARAGRAPH_CHARACTERS", "Convert", "Item", "read_articles", "read_markdown"]

MAX_FILE_BYTES = 20_000_000
MAX_LINE_BYTES = 2_000_000
MAX_PARAGRAPH_CHARACTERS = 20_000

_SLUG = r"\S(?:.{0,118}\S)?"
_Kept = TypeVar("_Kept")

Convert = Callable[[str, bytes], str]

Item = Article | Unchanged | ArticleProblem | ArticleNote
"""What is read of a file: an article, that it is an earlier one, why there is none, or what was
left out of one."""


def _no_convert(_name: str, _data: bytes) -> str:
    raise ArticleError("is not read here. Save it as Markdown.")


def read_articles(
    files: Iterable[Path],
    roots: Collection[Path] = (),
    convert: Convert = _no_convert,
    known: Known = NOTHING_KNOWN,
) -> Iterator[tuple[Path, Item]]:
    """Yield each article of ``files`` with its file, or the problem that kept it from being read.

    Notes on an article come after it; a draft is a note alone. Slugs are as
    ``knowledge.corpus.finding.name_of`` says (``roots``: the directories that were given), or the
    ``id`` of a line of ``.jsonl``; the second article of a slug is a problem. ``convert`` returns
    the Markdown of a web page or a PDF file, by its name and its bytes, or raises ArticleError.
    What is among ``known`` is not parsed again; its notes come all the same.
    """
    seen: dict[str, str] = {}
    for path in files:
        for line, item in _read_file(path, roots, convert, known):
            if not isinstance(item, Article | Unchanged):
                yield path, item
            elif item.slug in seen:
                message = f"its name “{item.slug}” is taken by {seen[item.slug]}. Rename one."
                yield path, ArticleProblem(path, line, message)
            else:
                place = f"{path.parent.name}/{path.name}"
                seen[item.slug] = place if line is None else f"{place}, line {line}"
                yield path, item


def _read_file(
    path: Path, roots: Collection[Path], convert: Convert, known: Known
) -> Iterator[tuple[int | None, Item]]:
    """Yield what a file holds, with its line where there are several in one file."""
    fingerprint: bytes | None = None
    try:
        slug = _slug_of(path, roots)
        if slug is None:
            yield from _read_lines(path, known)
            return
        data = _bounded(path).read_bytes()
        if path.suffix.lower() in CONVERTED:
            text = convert(f"{slug}{path.suffix}", data)
        else:
            fingerprint = file_fingerprint(slug, path, data)
            earlier = None if fingerprint is None else known.get(fingerprint)
            if earlier is not None:
                yield None, earlier
                yield from ((None, note) for note in notes_of(earlier.reading, path, None))
                return
            text = _text(data)
        if path.suffix.lower() == ".txt":
            article, remarks = _read_text(slug, text), []
        else:
            article, remarks = read_markdown(slug, text)
    except Withheld as withheld:
        yield None, _withheld(path, withheld, name_of(path, roots))
    except ArticleError as error:
        yield from ((None, ArticleProblem(path, one.line, str(one))) for one in error.all)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        yield None, ArticleProblem(path, line, "is not UTF-8 text. Save it as UTF-8.")
    except OSError as error:
        message = f"cannot be opened ({_reason(error)}). Check its permissions."
        yield None, ArticleProblem(path, None, message)
    else:
        items = [*_with_files_beside(article, path), *(_noted(path, one) for one in remarks)]
        yield from ((None, item) for item in _with_reading(items, path, fingerprint))


def _with_reading(items: Sequence[Item], path: Path, fingerprint: bytes | None) -> Sequence[Item]:
    """Return an article and its notes, the article with both for the next time; what has problems
    as it is."""
    article, *notes = items
    if fingerprint is None or not isinstance(article, Article):
        return items
    remarks = tuple(
        (note.path.name.removeprefix(path.stem) if note.path != path else "", _remark(note))
        for note in notes
        if isinstance(note, ArticleNote)
    )
    return [replace(article, reading=Reading(fingerprint, remarks)), *notes]


def _remark(note: ArticleNote) -> Remark:
    return Remark(note.kind, note.line, note.message)


def _text(data: bytes) -> str:
    """Return the text of a file, its lines ended alike. Raises UnicodeDecodeError."""
    return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def _withheld(path: Path, withheld: Withheld, slug: str) -> ArticleNote:
    return ArticleNote(NoteKind.WITHHELD, path, withheld.line, str(withheld), slug)


def _noted(path: Path, remark: Remark) -> ArticleNote:
    return ArticleNote(remark.kind, path, remark.line, remark.message)


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _with_files_beside(article: Article, path: Path) -> Iterator[Item]:
    """Yield an article with the facts and the golden questions that are kept beside it, and then
    what was left out of these; or all that is wrong with them, and the article alone with that."""
    wrong: list[ArticleError] = []
    notes: list[ArticleNote] = []
    try:
        facts, article_hash, left = _beside(article, path, curated.SUFFIX, curated.read_curated)
        article = replace(article, facts=facts, content_hash=article_hash)
        notes += left
    except ArticleError as error:
        wrong += error.all
    try:
        questions, article_hash, left = _beside(article, path, golden.SUFFIX, golden.read_golden)
        article = replace(article, questions=questions, content_hash=article_hash)
        notes += left
    except ArticleError as error:
        wrong += error.all
    if wrong:
        yield ArticleProblem(path, wrong[0].line, str(wrong[0]), rest=article)
        yield from (ArticleProblem(path, one.line, str(one)) for one in wrong[1:])
    else:
        yield article
        yield from notes


def _beside(
    article: Article,
    path: Path,
    suffix: str,
    read: Callable[[Article, Path], tuple[tuple[_Kept, ...], tuple[Remark, ...]]],
) -> tuple[tuple[_Kept, ...], str, list[ArticleNote]]:
    """Return what a file beside an article keeps, the content hash of both together, and what was
    left out. Raises ArticleError."""
    beside = path.with_name(f"{path.stem}{suffix}")
    if not os.path.lexists(beside):
        return (), article.content_hash, []
    if not beside.is_file():
        raise ArticleError(f"{beside.name} is no file, or a link that leads nowhere. Mend it.")
    try:
        (kept, left), text = read(article, beside), beside.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ArticleError(f"{beside.name} is not UTF-8 text. Save it as UTF-8.") from None
    except OSError as error:
        raise ArticleError(f"{beside.name} cannot be opened ({_reason(error)}).") from None
    notes = [_noted(beside, remark) for remark in left]
    return kept, _digest(article.content_hash, text, length=24), notes


def _slug_of(path: Path, roots: Collection[Path]) -> str | None:
    """Return the short name of the article in a file, ``None`` where its lines name several. Raises
    ArticleError where the article, or its place, has a name that cannot be kept."""
    slug = None if path.suffix.lower() == ".jsonl" else _checked_slug(name_of(path, roots))
    if not _is_text(str(path)):
        raise ArticleError("its name or that of a folder above it is no text. Rename it.")
    return slug


def _checked_slug(stem: str) -> str:
    if not _is_text(stem) or not stem.isprintable() or not re.fullmatch(_SLUG, stem):
        raise ArticleError(
            "has a name that cannot be an article's: printable characters, at most 120. Rename it."
        )
    return stem


def _is_text(name: str) -> bool:
    """Whether a name has only characters, and no bytes that are none."""
    return name.encode("utf-8", "replace").decode("utf-8") == name


def _bounded(path: Path) -> Path:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ArticleError(f"is larger than {MAX_FILE_BYTES:,} bytes. Split it.")
    return path


def _read_lines(path: Path, known: Known) -> Iterator[tuple[int, Item]]:
    noted: set[str] = set()
    with path.open("rb") as lines:
        for number, raw in enumerate(lines, start=1):
            if not raw.strip():
                continue
            fingerprint = line_fingerprint(raw)
            earlier = known.get(fingerprint)
            if earlier is not None:
                yield number, earlier
                yield from _noted_once(earlier.reading, path, number, noted)
                continue
            slug = ""
            try:
                slug, values = _parse_line(raw)
                text, fields = _text_and_fields(values)
                header, _, remarks = read_header(fields, fallback=slug)
                article = _article(slug, header, plain_blocks(text, first_line=1))
                reading = Reading(fingerprint, tuple(("", remark) for remark in remarks))
                yield number, replace(article, reading=reading)
            except Withheld as withheld:
                yield number, _withheld(path, Withheld(str(withheld), number), slug)
            except ArticleError as error:
                yield number, ArticleProblem(path, number, str(error), article=slug or None)
            else:
                yield from _noted_once(reading, path, number, noted)


def _noted_once(
    reading: Reading, path: Path, number: int, noted: set[str]
) -> Iterator[tuple[int, ArticleNote]]:
    """Yield the notes on a line. Bulk has keys of its own on every line: each is told once."""
    for note in notes_of(reading, path, number):
        if note.kind is not NoteKind.UNUSED or note.message not in noted:
            yield number, note
            noted.add(note.message)


def _parse_line(raw: bytes) -> tuple[str, dict[str, object]]:
    """Return the short name and all else that a line of ``.jsonl`` says."""
    if len(raw) > MAX_LINE_BYTES:
        raise ArticleError(f"is longer than {MAX_LINE_BYTES:,} bytes. Split the article.")
    try:
        line = json.loads(raw)
    except UnicodeDecodeError:
        raise ArticleError("is not UTF-8 text. Save the file as UTF-8.") from None
    except json.JSONDecodeError as error:
        raise ArticleError(f"is not JSON ({error.msg}). Write one object a line.") from None
    except (ValueError, RecursionError):
        raise ArticleError("is not JSON that can be read. Write one object a line.") from None
    if not isinstance(line, dict):
        raise ArticleError("is not an object. Write {“id”: …, “title”: …, “text”: …} on each line.")
    values = cast("dict[str, object]", line)
    slug = values.pop("id", None)
    if isinstance(slug, int) and slug.bit_length() <= 64:
        slug = str(slug)
    if not isinstance(slug, str):
        raise ArticleError("“id” is missing or wrong: write a name for the article.")
    return _checked_slug(slug), values


def _text_and_fields(values: dict[str, object]) -> tuple[str, tuple[Field, ...]]:
    text = values.pop("text", None)
    fields = fields_of(values)
    require_public(fields)
    if not isinstance(text, str) or not text:
        raise ArticleError("“text” is missing or wrong: write the article's text.")
    return sound(text), fields


def _read_text(slug: str, text: str) -> Article:
    blocks = plain_blocks(text, first_line=1)
    if not blocks:
        raise ArticleError("is empty. Write a title, a blank line and paragraphs.")
    title, *paragraphs = blocks
    if "\n" in title.text or len(title.text) > MAX_TITLE:
        raise ArticleError(
            "does not start with a title. Write it on the first line, then a blank line.",
            line=title.line,
        )
    return _article(slug, Header(title=title.text), paragraphs)


def read_markdown(slug: str, text: str) -> tuple[Article, list[Remark]]:
    """Return the article of a Markdown text, and what of its front matter was left out. Raises
    ArticleError or Withheld where there is none to be had."""
    fields, body, above = front_matter(text)
    require_public(fields)
    blocks = with_footnotes(markdown_blocks(body, above))
    heading = blocks[0].text if blocks and blocks[0].is_heading else None
    header, is_heading, remarks = read_header(fields, fallback=heading)
    return _article(slug, header, blocks[is_heading:]), remarks


def _article(slug: str, header: Header, blocks: Sequence[Block]) -> Article:
    sections: list[Section] = []
    paragraphs: list[Paragraph] = []
    repeats: Counter[str] = Counter()
    above: list[Block] = []
    too_long: list[ArticleError] = []
    for block in with_questions_above([*with_lists_joined(blocks)]):
        if block.is_heading:
            above = [heading for heading in above if heading.level < block.level]
            sections.append(Section(len(sections), block.text, tuple(h.text for h in above)))
            above.append(block)
            continue
        if len(block.text) > MAX_PARAGRAPH_CHARACTERS:
            message = (
                f"has a paragraph of more than {MAX_PARAGRAPH_CHARACTERS:,} characters. "
                "Put blank lines where it can be divided."
            )
            too_long.append(ArticleError(message, line=block.line))
            continue
        repeats[block.text] += 1
        paragraphs.append(
            Paragraph(
                id=_digest(slug, block.text, str(repeats[block.text]), length=9),
                number=len(paragraphs) + 1,
                section=len(sections) - 1 if sections else None,
                text=block.text,
            )
        )
    raise_together(too_long)
    if not paragraphs:
        raise ArticleError("has no paragraph. Write the text below the title.")
    language = header.language or detect_language(
        "\n".join(p.text for p in paragraphs)[:5_000], default="en"
    )
    parts = [
        slug, header.title, language, header.source, header.url, str(header.published),
        str(header.reference_date), sorted(header.titles.items()),
        [s.headings for s in sections], [(p.section, p.text) for p in paragraphs],
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
        url=header.url,
        published=header.published,
        reference_date=header.reference_date,
    )


def _digest(*parts: str, length: int) -> str:
    """Return the first ``length`` bytes of a SHA-256 as URL-safe text of 4/3 the length."""
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    return base64.urlsafe_b64encode(digest[:length]).decode("ascii").rstrip("=")
