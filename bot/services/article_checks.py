"""What is looked at before an article of a server is put in use, and the words for what is not."""

from __future__ import annotations

from collections.abc import Sequence, Set

from bot.i18n.refusals import Refused
from bot.services.uploads import Upload
from bot.state.article_room import MAX_ARTICLES, MAX_CHARACTERS, ArticlesFull
from bot.state.article_versions import ArticleText, KeptArticle
from bot.state.articles import ArticleOutdated
from bot.ui import containers
from knowledge import ArticleNotFound, ArticleSummary, KnowledgeBase, ReindexReport, article_words

__all__ = [
    "brings_nothing",
    "full",
    "refusal_of",
    "require_indexed",
    "room_beside",
    "told_apart",
    "twin_of",
]

_REASON_ROOM = 600
_MAX_COMPARED = 1_000
"""Articles of as many paragraphs that an upload is compared with, word for word."""

_TOLD_APART = 10


def brings_nothing(upload: Upload, text: ArticleText) -> bool:
    """Whether an upload has no other facts or golden questions than there are."""
    return upload.facts_file in ("", text.facts) and upload.questions_file in ("", text.questions)


def twin_of(knowledge: KnowledgeBase, upload: Upload, own: Set[str]) -> ArticleSummary | None:
    """Return an article that says the same as an upload, those of the server first."""
    alike = [one for one in knowledge.articles() if one.paragraphs == upload.paragraphs]
    alike.sort(key=lambda one: one.slug not in own)
    for one in alike[:_MAX_COMPARED]:
        try:
            article = knowledge.article(one.slug)
        except ArticleNotFound:  # a reindex came between the two reads
            continue
        if article_words(paragraph.text for paragraph in article.paragraphs) == upload.words:
            return one
    return None


def told_apart(kept: Sequence[KeptArticle]) -> str:
    """Return articles of one title by their short names, with their days and sizes.

    Discord writes the day as each reader's client does.
    """
    told = [
        f"\n- `{one.slug}` (<t:{int(one.changed_at)}:d>, {one.characters:_})".replace("_", "\u202f")
        for one in kept[:_TOLD_APART]
    ]
    return "".join([*told, "\n- …" if len(kept) > _TOLD_APART else ""])


def require_indexed(report: ReindexReport, article: KeptArticle) -> None:
    """Let no article be in use that the index could not take. Raises Refused."""
    for problem in report.problems:
        if problem.path.stem == article.slug:
            reason = containers.short(problem.message, _REASON_ROOM)
            raise Refused("refused_invalid", reason=reason)


def refusal_of(error: ArticleOutdated | ArticlesFull) -> Refused:
    """Say in words why an article is not put in use."""
    return Refused("article_outdated") if isinstance(error, ArticleOutdated) else full()


def room_beside(kept: Sequence[KeptArticle]) -> tuple[int, int]:
    """Return how many articles and characters a server may keep beside those that it has."""
    characters = sum(one.characters for one in kept)
    return MAX_ARTICLES - len(kept), MAX_CHARACTERS - characters


def full() -> Refused:
    """Say that a server has no room for a further article."""
    return Refused(
        "articles_full",
        articles=MAX_ARTICLES,
        characters=containers.short(f"{MAX_CHARACTERS:_}".replace("_", "\u202f"), 20),
    )
