"""The articles that a server keeps: put in use, taken out of it, and brought back.

The state is changed first, then the server's index; where the index cannot follow, the state is
changed back, so that both always tell the same.
"""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence, Set

from bot.i18n.refusals import Refused
from bot.services.index_maintenance import IndexMaintenance
from bot.services.knowledge_bases import KnowledgeBases
from bot.services.threads import LOOK_UPS, STATE
from bot.services.uploads import Upload
from bot.state.article_versions import KeptArticle
from bot.state.articles import (
    MAX_ARTICLES,
    MAX_CHARACTERS,
    ArticleOutdated,
    ArticlesFull,
    ArticlesTable,
)
from bot.ui import containers
from knowledge import (
    ArticleNotFound,
    ArticleSummary,
    KnowledgeBase,
    ReindexInProgress,
    ReindexReport,
    article_words,
    fold,
)

__all__ = ["ArticleService", "slug_of"]

_MAX_SLUG = 60
_WAITING_SECONDS = 120.0
"""How long another reindex of the same index is waited for."""

_LOOK_AGAIN_SECONDS = 0.5
_REASON_ROOM = 600
_MAX_COMPARED = 1_000
"""Articles of as many paragraphs that an upload is compared with, word for word."""

_TOLD_APART = 10


def slug_of(title: str) -> str:
    """Return how the slug of an article begins: letters and digits without accents."""
    ascii_only = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only)[:_MAX_SLUG].strip("-") or "article"


class ArticleService:
    """Changes what servers keep, a change of a server after the other.

    Raises Refused for what cannot be done, StateError, KnowledgeError where the index cannot be
    written, and ReindexStopped where the bot is ending: nothing has changed then.
    """

    def __init__(
        self, table: ArticlesTable, bases: KnowledgeBases, indexes: IndexMaintenance
    ) -> None:
        self._table = table
        self._bases = bases
        self._indexes = indexes
        self._changing: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def articles(self, server: int) -> tuple[KeptArticle, ...]:
        """Return what a server keeps, by title."""
        return await STATE.run(self._table.of, server)

    async def named(self, server: int, text: str) -> KeptArticle:
        """Return the article of a server that was chosen from the list, or typed by its title.

        Where several have the title, the refusal tells which there are.
        """
        kept = await self.articles(server)
        wanted = fold(text.strip())
        found = [one for one in kept if one.slug == text.strip()] or [
            one for one in kept if fold(one.title) == wanted
        ]
        if not found:
            raise Refused("article_unknown")
        if len(found) > 1:
            raise Refused("article_ambiguous", articles=_told_apart(found))
        return found[0]

    async def version(self, server: int, identifier: int) -> KeptArticle:
        """Return a version of an article of a server, whatever its status."""
        found = await STATE.run(self._table.find, server, identifier)
        if found is None:
            raise Refused("article_outdated")
        return found

    async def text(self, kept: KeptArticle) -> str:
        """Return the Markdown of a version of an article."""
        text = await STATE.run(self._table.text, kept.server, kept.id)
        if text is None:
            raise Refused("article_outdated")
        return text

    async def require_new(self, server: int, upload: Upload, instead: KeptArticle | None) -> None:
        """Let nothing pass that members are answered from already, word for word.

        ``instead``: what the upload is to replace, which may say the same under another title.
        Raises Refused.
        """
        knowledge = await self._bases.knowledge_for(server)
        own = {one.slug for one in await self.articles(server)}
        twin = await LOOK_UPS.run(_twin, knowledge, upload, own)
        if twin is None:
            return
        title = containers.short(twin.title, containers.TITLE_ROOM)
        if instead is None or twin.slug != instead.slug:
            raise Refused("article_already", title=title)
        if instead.title == upload.title:
            raise Refused("article_unchanged", title=title)

    async def has_namesake(self, server: int, upload: Upload) -> bool:
        """Whether an article of a server has the title of an upload."""
        wanted = fold(upload.title)
        return any(fold(one.title) == wanted for one in await self.articles(server))

    async def offer(self, server: int, upload: Upload, instead: KeptArticle | None) -> KeptArticle:
        """Keep an upload until somebody confirms it; ``instead`` is what it is to replace."""
        slug = slug_of(upload.title) if instead is None else instead.slug
        return await STATE.run(self._table.offer, server, slug, upload.title, upload.markdown)

    async def withdraw(self, server: int, identifier: int) -> None:
        """Forget an upload that was not confirmed."""
        await STATE.run(self._table.withdraw, server, identifier)

    async def accept(self, server: int, identifier: int) -> int | None:
        """Put an upload in use; return the id of the version that it has replaced."""
        async with self._changing[server]:
            # The same file may have been sent twice before either was confirmed.
            twin = await STATE.run(self._table.twin, server, identifier)
            if twin is not None:
                await self.withdraw(server, identifier)
                title = containers.short(twin.title, containers.TITLE_ROOM)
                raise Refused("article_already", title=title)
            try:
                before = await STATE.run(self._table.accept, server, identifier)
            except (ArticleOutdated, ArticlesFull) as error:
                raise _refused(error) from error
            await self._index_or_change_back(server, before, identifier)
            return before

    async def swap(self, server: int, now: int | None, then: int | None) -> None:
        """Put version ``then`` of an article in use and ``now`` out of it; ``None``: neither."""
        async with self._changing[server]:
            try:
                await STATE.run(self._table.swap, server, now, then)
            except (ArticleOutdated, ArticlesFull) as error:
                raise _refused(error) from error
            await self._index_or_change_back(server, now, then)

    async def _index_or_change_back(self, server: int, now: int | None, then: int | None) -> None:
        try:
            report = await self._index(server)
            if report is not None and then is not None:
                _require_indexed(report, await self.version(server, then))
        except Exception:  # whatever it was: what is told of it is that nothing has changed
            await STATE.run(self._table.swap, server, then, now)
            await asyncio.to_thread(self._bases.write_out, server)
            raise

    async def _index(self, server: int) -> ReindexReport | None:
        """Bring a server's index up to date; ``None`` where it shares the common one again."""
        base = await asyncio.to_thread(self._bases.write_out, server)
        if base is None:
            return None
        clock = asyncio.get_running_loop()
        end = clock.time() + _WAITING_SECONDS
        while True:
            try:
                # Confirmed by an admin: no golden question of the common articles may forbid it.
                return await self._indexes.start_reindex(base, force=True).report()
            except ReindexInProgress:
                if clock.time() > end:
                    raise
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)


def _twin(knowledge: KnowledgeBase, upload: Upload, own: Set[str]) -> ArticleSummary | None:
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


def _told_apart(kept: Sequence[KeptArticle]) -> str:
    """Return articles of one title by their short names, with their days and sizes.

    Discord writes the day as each reader's client does.
    """
    told = [
        f"\n- `{one.slug}` (<t:{int(one.changed_at)}:d>, {one.characters:_})".replace("_", "\u202f")
        for one in kept[:_TOLD_APART]
    ]
    return "".join([*told, "\n- …" if len(kept) > _TOLD_APART else ""])


def _require_indexed(report: ReindexReport, article: KeptArticle) -> None:
    """Let no article be in use that the index could not take. Raises Refused."""
    for problem in report.problems:
        if problem.path.stem == article.slug:
            reason = containers.short(problem.message, _REASON_ROOM)
            raise Refused("refused_invalid", reason=reason)


def _refused(error: ArticleOutdated | ArticlesFull) -> Refused:
    if isinstance(error, ArticleOutdated):
        return Refused("article_outdated")
    return Refused(
        "articles_full",
        articles=MAX_ARTICLES,
        characters=containers.short(f"{MAX_CHARACTERS:_}".replace("_", "\u202f"), 20),
    )
