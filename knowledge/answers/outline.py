"""An article in brief: its headings and first sentences, word for word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from knowledge.answers.snippets import MAX_SNIPPET_CHARACTERS
from knowledge.index import IndexReader
from knowledge.model import Answer, Article, Citation, Paragraph, Span, Verdict
from knowledge.questions.outline_request import OutlineRequest
from knowledge.text.sentences import clauses, sentences
from knowledge.text.tokens import tokenize

__all__ = ["answer_with_outline"]

_PARTS = 8
"""Sections, paragraphs or articles of an outline at most."""


def answer_with_outline(
    request: OutlineRequest,
    reader: IndexReader,
    limit: int,
    nearest: Callable[[str], str | None],
    follows: str | None,
) -> Answer | None:
    """Return the outline that is asked for, ``None`` where no article has the name.

    ``nearest`` returns the article (its slug) that has the best passage for some words. Where none
    is named, the article is the one that ``follows``, the message before, was about, or the only
    one; else the outline is of all articles.
    """
    outline: tuple[Citation, ...]
    if request.named:
        slug = nearest(" ".join(request.named))
        if slug is None or not _has_name(reader.title(slug), request.named):
            return None
        outline = outline_of(reader.article(slug))
    else:
        slugs = reader.first_slugs(_PARTS)
        slug = slugs[0] if len(slugs) == 1 else follows and nearest(follows)
        if slug:
            outline = outline_of(reader.article(slug))
        else:
            outline = tuple(one for slug in slugs for one in outline_of(reader.article(slug))[:1])
    if not outline:
        return None
    return Answer(
        question="",
        language=None,
        verdict=Verdict.ANSWERED,
        confidence=1.0,
        citations=outline[:limit],
        elapsed_ms=0.0,
        outline=outline,
    )


def _has_name(title: str, words: Iterable[str]) -> bool:
    return set(words) <= {token.folded for token in tokenize(title)}


def outline_of(article: Article) -> tuple[Citation, ...]:
    """Return the first sentence of each section; of each paragraph, where there are no headings."""
    if article.sections:
        groups = groupby(article.paragraphs, key=lambda one: one.section)
        firsts = [next(paragraphs) for _, paragraphs in groups]
    else:
        firsts = list(article.paragraphs)
    return tuple(_cited(article, firsts[:_PARTS]))


def _cited(article: Article, paragraphs: Iterable[Paragraph]) -> Iterator[Citation]:
    for one in paragraphs:
        yield Citation(
            passage=one.id,
            article=article.slug,
            title=article.title,
            section=article.section_of(one),
            paragraph=one.number,
            text=one.text,
            span=_first_sentence(one.text),
            highlights=(),
            score=0.0,
            url=article.url,
        )


def _first_sentence(text: str) -> Span:
    """Return the first sentence; of one that is too long, its first clauses, or what fits."""
    first = next(iter(sentences(text)), Span(0, len(text)))
    if first.end - first.start <= MAX_SNIPPET_CHARACTERS:
        return first
    longest = first.start + MAX_SNIPPET_CHARACTERS
    ends = [part.end for part in clauses(text, first) if part.end <= longest]
    return Span(first.start, max(ends, default=longest))
