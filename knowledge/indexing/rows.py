"""An article to the rows that the index stores of it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from knowledge.entities import AnalysedText, analysed
from knowledge.entities.analysis import ENGINE_VERSION, index_terms, pack_names
from knowledge.facts.extraction import extract
from knowledge.index import ArticleRows, ParagraphRow
from knowledge.indexing.chunks import chunks_of
from knowledge.model import Article, Paragraph

__all__ = ["rows_of"]


def rows_of(
    article: Article, file: Path, *, with_facts: bool = True, with_chunks: bool = True
) -> ArticleRows:
    """Return the rows of an article that was read from ``file``.

    Without those of the facts that rules find in it unless ``with_facts``, and of the texts that
    get a vector unless ``with_chunks``.

    What they are follows from the article alone; whoever changes that counts ``ENGINE_VERSION`` up.
    """
    headings = _Headings(article)
    # Remembered for the facts, which are looked for in the same texts.
    read = analysed if with_facts else AnalysedText
    return ArticleRows(
        article=article,
        file=file,
        engine_version=ENGINE_VERSION,
        title=headings.title,
        paragraphs=tuple(
            _paragraph(
                article,
                paragraph,
                read(paragraph.text, article.language),
                headings.above(paragraph),
                with_chunks=with_chunks,
            )
            for paragraph in article.paragraphs
        ),
        facts=(*article.facts, *(extract(article) if with_facts else ())),
        lacks_facts=not with_facts,
    )


class _Headings:
    """The titles of an article and the headings of its sections, each analysed once; ``title``: the
    terms of its title."""

    def __init__(self, article: Article) -> None:
        self._article = article
        titles = [(article.title, article.language)]
        titles += [(title, language) for language, title in article.titles.items()]
        self._titles = [index_terms(AnalysedText(title, language)) for title, language in titles]
        self.title = self._titles[0].terms
        self._by_section: dict[int | None, _Context] = {}

    def above(self, paragraph: Paragraph) -> _Context:
        """Return what stands above a paragraph."""
        known = self._by_section.get(paragraph.section)
        if known is None:
            language = self._article.language
            headings = self._article.headings_of(paragraph)
            own = [index_terms(AnalysedText(heading, language)) for heading in headings]
            parts = [*self._titles, *own]
            known = _Context(
                tuple(term for part in parts for term in part.terms),
                tuple(word for part in parts for word in part.folded),
            )
            self._by_section[paragraph.section] = known
        return known


class _Context(NamedTuple):
    """What a paragraph's headings and its article's titles are found by: terms, folded words."""

    terms: tuple[str, ...]
    folded: tuple[str, ...]


def _paragraph(
    article: Article,
    paragraph: Paragraph,
    text: AnalysedText,
    context: _Context,
    *,
    with_chunks: bool,
) -> ParagraphRow:
    body = index_terms(text)
    chunks = chunks_of(article, paragraph, text.sentences) if with_chunks else ()
    return ParagraphRow(
        paragraph=paragraph,
        length=body.length,
        names=pack_names(body.names),
        sentences=text.sentences,
        chunks=tuple(chunks),
        body=body.terms,
        context=context.terms,
        words=(*body.folded, *context.folded),
    )
