"""The articles that a server keeps: put in use, taken out of it, and brought back.

The state is changed first, then the server's index; where the index cannot follow, the state is
changed back, so that both always tell the same.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from bot.i18n.refusals import Refused
from bot.services.article_checks import (
    brings_nothing,
    refusal_of,
    require_indexed,
    told_apart,
    twin_of,
)
from bot.services.index_maintenance import IndexMaintenance
from bot.services.knowledge_bases import KnowledgeBases
from bot.services.reindexing import Reindex
from bot.services.threads import LOOK_UPS, STATE
from bot.services.uploads import Upload
from bot.state.article_room import ArticlesFull
from bot.state.article_versions import ArticleText, Draft, KeptArticle
from bot.state.articles import ArticleOutdated, ArticlesTable, Swap
from bot.ui import containers
from knowledge import (
    ReindexInProgress,
    ReindexProgress,
    ReindexReport,
    fold,
)

__all__ = ["ArticleService", "Told", "slug_of"]

Told: TypeAlias = Callable[[ReindexProgress], None]
"""What is called now and then with how far a reindex is, in the event loop."""

_MAX_SLUG = 60
_WAITING_SECONDS = 120.0
"""How long another reindex of the same index is waited for."""

_LOOK_AGAIN_SECONDS = 0.5


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
            raise Refused("article_ambiguous", articles=told_apart(found))
        return found[0]

    async def version(self, server: int, identifier: int) -> KeptArticle:
        """Return a version of an article of a server, whatever its status."""
        found = await STATE.run(self._table.find, server, identifier)
        if found is None:
            raise Refused("article_outdated")
        return found

    async def text(self, kept: KeptArticle) -> ArticleText:
        """Return what a version of an article says."""
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
        twin = await LOOK_UPS.run(twin_of, knowledge, upload, own)
        if twin is None:
            return
        title = containers.short(twin.title, containers.TITLE_ROOM)
        if instead is None or twin.slug != instead.slug:
            raise Refused("article_already", title=title)
        is_same = brings_nothing(upload, await self.text(instead))
        if instead.title == upload.title and is_same:
            raise Refused("article_unchanged", title=title)

    async def offer(
        self, server: int, uploads: Sequence[Upload], instead: KeptArticle | None = None
    ) -> tuple[KeptArticle, ...]:
        """Keep uploads until somebody confirms them; ``instead`` is what one is to replace.

        Facts and golden questions of what is replaced stay where the upload brings none.
        """
        before = ArticleText("") if instead is None else await self.text(instead)
        drafts = [
            Draft(
                slug_of(upload.title) if instead is None else instead.slug,
                upload.title,
                ArticleText(
                    upload.markdown,
                    upload.facts_file or before.facts,
                    upload.questions_file or before.questions,
                ),
            )
            for upload in uploads
        ]
        return await STATE.run(self._table.offer, server, drafts)

    async def together(self, server: int, batch: int) -> tuple[KeptArticle, ...]:
        """Return the versions of articles that were offered together; ``batch``: the first."""
        return await STATE.run(self._table.together, server, batch)

    async def withdraw(self, server: int, identifiers: Sequence[int]) -> None:
        """Forget uploads that were not confirmed."""
        await STATE.run(self._table.withdraw, server, identifiers)

    async def accept(
        self, server: int, identifiers: Sequence[int], told: Told | None = None
    ) -> tuple[Swap, ...]:
        """Put uploads in use, but for those that say what is in use by now; return what took the
        place of what. ``told`` is called with the progress of the index."""
        async with self._changing[server]:
            # The same file may have been sent twice before either was confirmed.
            twins = await STATE.run(self._table.twins, server, identifiers)
            await self.withdraw(server, tuple(twins))
            left = [one for one in identifiers if one not in twins]
            if twins and not left:
                title = next(iter(twins.values())).title
                title = containers.short(title, containers.TITLE_ROOM)
                raise Refused("article_already", title=title)
            try:
                swaps = await STATE.run(self._table.accept, server, left)
            except (ArticleOutdated, ArticlesFull) as error:
                raise refusal_of(error) from error
            await self._index_or_change_back(server, swaps, told)
            return swaps

    async def swap(self, server: int, swaps: Sequence[Swap], told: Told | None = None) -> None:
        """Put versions of articles in use, and others out of it."""
        async with self._changing[server]:
            try:
                await STATE.run(self._table.swap, server, swaps)
            except (ArticleOutdated, ArticlesFull) as error:
                raise refusal_of(error) from error
            await self._index_or_change_back(server, swaps, told)

    async def rewrite(
        self,
        server: int,
        slug: str,
        title: str,
        write: Callable[[str | None], str],
        told: Told | None = None,
    ) -> Swap:
        """Put a version in use that ``write`` makes of the Markdown that an article has, of the one
        that ``slug`` is reserved for; return what took the place of what.

        ``title``: where there is none in use yet.
        """
        async with self._changing[server]:
            now, then = await self._rewritten(server, slug, title, write)
            try:
                await STATE.run(self._table.swap, server, [(now, then)])
            except (ArticleOutdated, ArticlesFull) as error:
                await self.withdraw(server, [then])
                raise refusal_of(error) from error
            await self._index_or_change_back(server, [(now, then)], told)
            return now, then

    async def offer_rewritten(
        self, server: int, slug: str, title: str, write: Callable[[str | None], str]
    ) -> tuple[int | None, int]:
        """Keep such a version until somebody confirms it; return what it is to replace, and it."""
        async with self._changing[server]:
            return await self._rewritten(server, slug, title, write)

    async def _rewritten(
        self, server: int, slug: str, title: str, write: Callable[[str | None], str]
    ) -> tuple[int | None, int]:
        own = await self.articles(server)
        kept = next((one for one in own if one.slug == slug), None)
        before = ArticleText("") if kept is None else await self.text(kept)
        text = replace(before, markdown=write(None if kept is None else before.markdown))
        draft = Draft(slug, title if kept is None else kept.title, text)
        (offered,) = await STATE.run(self._table.offer, server, [draft], reserved=True)
        return None if kept is None else kept.id, offered.id

    async def rehearse(
        self, offered: KeptArticle, told: Told | None = None
    ) -> ReindexReport | None:
        """Return what a reindex would report with an offered version in use; ``None`` where the
        server keeps no article any more."""
        async with self._changing[offered.server]:
            with tempfile.TemporaryDirectory(prefix="sourcier-") as folder:
                written = await asyncio.to_thread(self._bases.write_aside, offered, Path(folder))
                if written is None:
                    return None
                base, sources = written
                return await _patiently(lambda: self._indexes.start_rehearsal(base, sources), told)

    async def _index_or_change_back(
        self, server: int, swaps: Sequence[Swap], told: Told | None
    ) -> None:
        try:
            report = await self._index(server, told)
            for _, then in swaps:
                if report is not None and then is not None:
                    require_indexed(report, await self.version(server, then))
        except Exception:  # whatever it was: what is told of it is that nothing has changed
            back = [(then, now) for now, then in swaps]
            await STATE.run(self._table.swap, server, back)
            await asyncio.to_thread(self._bases.write_out, server)
            raise

    async def _index(self, server: int, told: Told | None) -> ReindexReport | None:
        """Bring a server's index up to date; ``None`` where it shares the common one again."""
        base = await asyncio.to_thread(self._bases.write_out, server)
        if base is None:
            self._indexes.changes.note(server)
            return None
        # Confirmed by an admin: no golden question of the common articles may forbid it.
        return await _patiently(lambda: self._indexes.start_reindex(base, force=True), told)


async def _patiently(start: Callable[[], Reindex], told: Told | None) -> ReindexReport:
    """Return the report of what ``start`` begins, once no other reindex is in its way."""
    clock = asyncio.get_running_loop()
    end = clock.time() + _WAITING_SECONDS
    while True:
        try:
            reindex = start()
            if told is not None:
                async for moment in reindex.progress():
                    told(moment)
            return await reindex.report()
        except ReindexInProgress:
            if clock.time() > end:
                raise
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
