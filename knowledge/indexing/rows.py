"""An article to the rows that the index stores of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from knowledge.entities import analysed
from knowledge.entities.analysis import ENGINE_VERSION, Analysis, analyse
from knowledge.facts.extraction import extract
from knowledge.facts.terms import quoted_terms, spoken_terms
from knowledge.index import ArticleRows, FactRow, ParagraphRow
from knowledge.indexing.chunks import chunks_of
from knowledge.model import Article, Fact, Paragraph

__all__ = ["rows_of"]


def rows_of(article: Article, file: Path) -> ArticleRows:
    """Return the rows of an article that was read from ``file``.

    What they are follows from the article alone; whoever changes that counts ``ENGINE_VERSION`` up.
    """
    return ArticleRows(
        article=article,
        file=file,
        engine_version=ENGINE_VERSION,
        title=tuple(_terms(analyse(analysed(article.title, article.language)))),
        paragraphs=tuple(_paragraph(article, paragraph) for paragraph in article.paragraphs),
        facts=tuple(_fact(fact) for fact in (*article.facts, *extract(article))),
    )


def _paragraph(article: Article, paragraph: Paragraph) -> ParagraphRow:
    text = analysed(paragraph.text, article.language)
    body = analyse(text)
    headings = [(article.title, article.language)]
    headings += [(title, language) for language, title in article.titles.items()]
    headings += [(heading, article.language) for heading in article.headings_of(paragraph)]
    context = [analyse(analysed(heading, language)) for heading, language in headings]
    return ParagraphRow(
        paragraph=paragraph,
        length=len(body.words),
        analysis=body.to_json(),
        sentences=text.sentences,
        chunks=tuple(chunks_of(article, paragraph, text.sentences)),
        body=tuple(_terms(body)),
        context=tuple(term for heading in context for term in _terms(heading)),
        words=tuple(word for part in (body, *context) for word in part.folded),
    )


def _fact(fact: Fact) -> FactRow:
    return FactRow(fact, tuple(spoken_terms(fact)), tuple(quoted_terms(fact)))


def _terms(analysis: Analysis) -> Iterator[str]:
    for part in (*analysis.words, *analysis.names):
        yield from part.terms
