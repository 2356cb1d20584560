"""The bundled article is the text that it was made from, character for character."""

from pathlib import Path

from knowledge.base import BUNDLED_ARTICLES
from knowledge.corpus.article_files import read_articles
from knowledge.model import Article

SEED = Path(__file__).parents[1] / "data" / "seed.txt"
HEADINGS = [
    "La guerre en Ukraine resserre les liens",
    "Coopération militaire croissante",
    "La Chine rejoindra-t-elle le bloc Russie-Corée du Nord ?",
]


def the_article() -> Article:
    [(_, article)] = read_articles([BUNDLED_ARTICLES / "north-korea-russia-summit.md"])
    assert isinstance(article, Article)
    return article


def test_titles_headings_and_paragraphs_are_the_lines_of_the_text() -> None:
    lines = [line for line in SEED.read_text(encoding="utf-8").split("\n") if line]
    article = the_article()

    read = [article.titles["en"], article.title]
    section = None
    for paragraph in article.paragraphs:
        if paragraph.section != section and paragraph.section is not None:
            read.append(article.sections[paragraph.section].title)
        section = paragraph.section
        read.append(paragraph.text)

    assert read == lines[:-1]
    assert lines[-1] == "A lire également"  # what is left out: a link of the page, not content


def test_it_has_three_headings_and_paragraphs_numbered_through() -> None:
    article = the_article()

    assert [section.title for section in article.sections] == HEADINGS
    assert [paragraph.number for paragraph in article.paragraphs] == list(range(1, 24))
    assert article.section_of(article.paragraphs[8]) == HEADINGS[0]


def test_no_break_spaces_and_typographic_apostrophes_are_kept() -> None:
    text = "\n".join(paragraph.text for paragraph in the_article().paragraphs)

    assert "3\u00a0833 tonnes" in text
    assert text.count("\u00a0") == 2
    assert "'" not in text
    assert "l’Ukraine" in text


def test_it_states_no_publisher_that_the_text_does_not_name() -> None:
    article = the_article()

    assert (article.source, article.url, article.published) == (None, None, None)
    assert article.language == "fr"
    assert str(article.reference_date) == "2023-09-13"
