"""The articles that a server keeps: put in use, taken out of it, and brought back.

The state is changed first, then the server's index; where the index cannot follow, the state is
changed back, so that both always tell the same.
"""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections import defaultdict

from bot.i18n.refusals import Refused
from bot.services.index_maintenance import IndexMaintenance
from bot.services.knowledge_bases import KnowledgeBases
from bot.services.uploads import Upload
from bot.state.articles import (
    MAX_ARTICLES,
    MAX_CHARACTERS,
    ArticleOutdated,
    ArticlesFull,
    ArticlesTable,
    KeptArticle,
)
from bot.ui import containers
from knowledge import ReindexInProgress, ReindexReport, fold

__all__ = ["ArticleService", "slug_of"]

_MAX_SLUG = 60
_WAITING_SECONDS = 120.0
"""How long another reindex of the same index is waited for."""

_LOOK_AGAIN_SECONDS = 0.5
_REASON_ROOM = 600


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
        return await asyncio.to_thread(self._table.of, server)

    async def named(self, server: int, text: str) -> KeptArticle:
        """Return the article of a server that was chosen from the list, or typed by its title."""
        kept = await self.articles(server)
        wanted = fold(text.strip())
        found = [one for one in kept if one.slug == text] or [
            one for one in kept if fold(one.title) == wanted
        ]
        if len(found) != 1:
            raise Refused("uploads", "unknown")
        return found[0]

    async def version(self, server: int, identifier: int) -> KeptArticle:
        """Return a version of an article of a server, whatever its status."""
        found = await asyncio.to_thread(self._table.find, server, identifier)
        if found is None:
            raise Refused("uploads", "outdated")
        return found

    async def text(self, kept: KeptArticle) -> str:
        """Return the Markdown of a version of an article."""
        text = await asyncio.to_thread(self._table.text, kept.server, kept.id)
        if text is None:
            raise Refused("uploads", "outdated")
        return text

    async def offer(self, server: int, upload: Upload, instead: KeptArticle | None) -> KeptArticle:
        """Keep an upload until somebody confirms it; ``instead`` is what it is to replace."""
        slug = slug_of(upload.title) if instead is None else instead.slug
        return await asyncio.to_thread(
            self._table.offer, server, slug, upload.title, upload.markdown
        )

    async def withdraw(self, server: int, identifier: int) -> None:
        """Forget an upload that was not confirmed."""
        await asyncio.to_thread(self._table.withdraw, server, identifier)

    async def accept(self, server: int, identifier: int) -> int | None:
        """Put an upload in use; return the id of the version that it has replaced."""
        async with self._changing[server]:
            try:
                before = await asyncio.to_thread(self._table.accept, server, identifier)
            except (ArticleOutdated, ArticlesFull) as error:
                raise _refused(error) from error
            await self._index_or_change_back(server, before, identifier)
            return before

    async def swap(self, server: int, now: int | None, then: int | None) -> None:
        """Put version ``then`` of an article in use and ``now`` out of it; ``None``: neither."""
        async with self._changing[server]:
            try:
                await asyncio.to_thread(self._table.swap, server, now, then)
            except (ArticleOutdated, ArticlesFull) as error:
                raise _refused(error) from error
            await self._index_or_change_back(server, now, then)

    async def _index_or_change_back(self, server: int, now: int | None, then: int | None) -> None:
        try:
            report = await self._index(server)
            if report is not None and then is not None:
                _require_indexed(report, await self.version(server, then))
        except Exception:  # whatever it was: what is told of it is that nothing has changed
            await asyncio.to_thread(self._table.swap, server, then, now)
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


def _require_indexed(report: ReindexReport, article: KeptArticle) -> None:
    """Let no article be in use that the index could not take. Raises Refused."""
    for problem in report.problems:
        if problem.path.stem == article.slug:
            reason = containers.short(problem.message, _REASON_ROOM)
            raise Refused("uploads", "refused_invalid", reason=reason)


def _refused(error: ArticleOutdated | ArticlesFull) -> Refused:
    if isinstance(error, ArticleOutdated):
        return Refused("uploads", "outdated")
    return Refused(
        "uploads",
        "full",
        articles=MAX_ARTICLES,
        characters=containers.short(f"{MAX_CHARACTERS:_}".replace("_", "\u202f"), 20),
    )
