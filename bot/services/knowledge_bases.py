"""Which knowledge base a server's members are answered from.

Articles that a server's admins uploaded are never seen elsewhere: a server that has any gets an
index file of its own, made of the common articles and its own, and everything that is asked there
is asked of that one. All others share the common index. These files are derived: the articles are
in the bot's state. Where several processes share the servers, each has files of those that are its
own, made when they are first used.
"""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bot.services.metrics import Lookups
from bot.services.single_flight import SingleFlight
from bot.services.threads import OPENING
from bot.state import State
from bot.state.article_versions import ArticleText, KeptArticle
from knowledge import (
    FACTS_SUFFIX,
    QUESTIONS_SUFFIX,
    KnowledgeBase,
    make_directory,
    make_file,
    narrow,
    side_files,
)

__all__ = ["MAX_OPEN", "UNUSED_DAYS", "KnowledgeBases"]

_log = logging.getLogger(__name__)

MAX_OPEN = 16
"""Servers whose indexes are open at once; others are opened again when they are asked."""

UNUSED_DAYS = 14
"""Days after which the index of a server that asks nothing is deleted: its next question makes it
again."""

_DAY_SECONDS = 86_400


class KnowledgeBases:
    """The common base and those of servers, opened when they are first used.

    Safe to use from several threads. Every method but ``has_own``, ``at_hand`` and
    ``knowledge_for`` blocks. What the bot was given open (``common``) it does not close.
    """

    def __init__(
        self,
        common: KnowledgeBase,
        state: State,
        directory: Path,
        *,
        is_on: Callable[[int], bool] = lambda _: True,
        is_ours: Callable[[int], bool] = lambda _: True,
        let_go: Callable[[Path], None] | None = None,
    ) -> None:
        """Use the index files below ``directory``, which nothing else may be in.

        ``is_on``: whether the bot is (still) on a server; ``is_ours``: whether this process answers
        it, or another one. ``let_go`` is called with an index that is closed here, for whoever else
        has it open.
        """
        self.is_on = is_on
        self.is_ours = is_ours
        self.common = common
        self.lookups = Lookups()
        self._let_go = let_go
        self._state = state
        self._directory = directory
        if directory.is_dir():
            for ours in (directory, *directory.iterdir()):
                narrow(ours)
        self._own = set(filter(is_ours, state.articles.servers()))
        self._used: dict[int, float] = {}
        self._open: OrderedDict[int, KnowledgeBase] = OrderedDict()
        self._lock = threading.Lock()
        self._opening: SingleFlight[int, KnowledgeBase] = SingleFlight()
        self._making: defaultdict[int, threading.Lock] = defaultdict(threading.Lock)

    def has_own(self, server: int | None) -> bool:
        """Whether a server keeps articles of its own."""
        return server in self._own

    def server_of(self, base: KnowledgeBase) -> int | None:
        """Return the server that a base of ours is of, ``None`` for the common one."""
        return None if base is self.common else int(base.database.stem)

    def servers(self) -> tuple[int, ...]:
        """Return the servers of this process that keep articles of their own."""
        return tuple(sorted(self._own))

    def indexed(self) -> tuple[int, ...]:
        """Return those of them that have an index here; that of others is made when it is first
        used."""
        return tuple(one for one in self.servers() if self._database(one).exists())

    def of(self, server: int | None) -> KnowledgeBase:
        """Return the base that a server's members may see: the common one where there is no other.

        It stays usable for as long as the caller holds it. Raises IndexUnavailable.
        """
        if server is None or server not in self._own:
            return self.common
        return self._of(server, is_asked=True)

    def _of(self, server: int, *, is_asked: bool) -> KnowledgeBase:
        """Return a server's base. ``is_asked``: whether its articles must be in it already."""
        base = self.at_hand(server)
        if base is not None:
            return base
        with self._making_of(server):  # others go on using theirs meanwhile
            base = self.at_hand(server)
            if base is None:
                base = self._opened(server, is_asked=is_asked)
                self._keep(server, base)
            return base

    def _opened(self, server: int, *, is_asked: bool) -> KnowledgeBase:
        """Open a server's index. One that is not there, or is damaged, begins as a copy of the
        common one, which does not say what the server's articles say: they are put in before it
        ``is_asked``."""
        folder, database = self._folder(server), self._database(server)
        if is_asked and not database.exists():
            self._write_articles(server)
        make_directory(folder)
        sources = [*self.common.sources, folder]
        return self.common.open_beside(database, sources, fill=is_asked)

    async def knowledge_for(self, server: int | None) -> KnowledgeBase:
        """Return what may be shown on a server, or where there is none: the articles it has.

        A server that the bot has left is shown what everybody is. Raises IndexUnavailable.
        """
        if server is None or not self.has_own(server) or not self.is_on(server):
            return self.common
        base = self.at_hand(server)
        self.lookups.note(is_hit=base is not None)
        if base is None:
            opening = partial(OPENING.run, partial(self.of, server))
            base = await self._opening.do(server, opening)
        self._used[server] = time.time()
        return base

    def write_out(self, server: int) -> KnowledgeBase | None:
        """Write a server's articles as files and return the base that is to be reindexed.

        ``None`` where it has none (any more): it then shares the common base. Raises StateError,
        IndexUnavailable and OSError.
        """
        with self._making_of(server):
            if not self._write_articles(server):
                self._own.discard(server)
                self._discard(server)
                return None
            is_first = server not in self._own
            self._own.add(server)
        return self._of(server, is_asked=not is_first)

    def _write_articles(self, server: int) -> bool:
        """Write the articles that a server keeps into its folder; return whether there are any."""
        kept = {one.slug: one.id for one in self._state.articles.of(server)}
        if not kept:
            return False
        folder = self._folder(server)
        make_directory(folder)
        written: set[str] = set()
        for slug, identifier in kept.items():
            written |= self._write_version(server, slug, identifier, folder)
        for path in folder.iterdir():
            if path.name not in written:
                path.unlink()
        return True

    def write_aside(
        self, article: KeptArticle, folder: Path
    ) -> tuple[KnowledgeBase, tuple[Path, ...]] | None:
        """Write a version that is not in use into ``folder``; return its server's base, and what
        this would be reindexed from if the version were in the place of the one in use.

        ``None`` where the server keeps no article. Raises as ``write_out`` does.
        """
        server = article.server
        base = self.write_out(server)
        if base is None:
            return None
        others = [
            self._folder(server) / f"{one.slug}.md"
            for one in self._state.articles.of(server)
            if one.slug != article.slug
        ]
        self._write_version(server, article.slug, article.id, folder)
        return base, (*self.common.sources, *others, folder / f"{article.slug}.md")

    def _write_version(self, server: int, slug: str, identifier: int, folder: Path) -> set[str]:
        """Write a version of an article and what is beside it; return the names of the files."""
        text = self._state.articles.text(server, identifier) or ArticleText("")
        files = {
            f"{slug}.md": text.markdown,
            f"{slug}{FACTS_SUFFIX}": text.facts,
            f"{slug}{QUESTIONS_SUFFIX}": text.questions,
        }
        files = {name: said for name, said in files.items() if said or name.endswith(".md")}
        for name, said in files.items():
            _write(folder / name, said)
        return set(files)

    def lost(self) -> tuple[int | None, ...]:
        """Return the servers whose open index was found missing or damaged; ``None``: the common
        one was."""
        with self._lock:
            bases = [(None, self.common), *self._open.items()]
        return tuple(server for server, base in bases if base.seems_lost)

    def close(self, server: int) -> None:
        """Let go of a server's index; its files stay."""
        with self._lock:
            self._open.pop(server, None)
        if self._let_go is not None:
            self._let_go(self._database(server))

    def close_all(self) -> None:
        """Close every server's index. Nothing may be asked afterwards."""
        with self._lock:
            bases, self._open = list(self._open.values()), OrderedDict()
        for base in bases:
            base.close()

    def discard_strangers(self) -> None:
        """Delete the files of servers that keep no article any more."""
        known = {str(server) for server in self._own}
        for path in self._directory.glob("*"):
            name = path.name.partition(".")[0]
            if name.isdecimal() and name not in known:
                self._discard(int(name))

    def discard_unused(self) -> None:
        """Delete the indexes of servers whose members have not asked for ``UNUSED_DAYS``, and note
        beside the others when they were used last. Raises OSError."""
        before = time.time() - UNUSED_DAYS * _DAY_SECONDS
        for server in self.indexed():
            folder = self._folder(server)
            make_directory(folder)
            noted = folder.stat().st_mtime
            used = self._used.get(server, 0.0)
            if used > noted:
                os.utime(folder, (used, used))
            elif noted < before:
                with self._making_of(server):
                    self._discard(server)

    def at_hand(self, server: int) -> KnowledgeBase | None:
        """Return the base of a server that keeps articles, if it is open."""
        with self._lock:
            if server in self._open:
                self._open.move_to_end(server)
            return self._open.get(server)

    def _making_of(self, server: int) -> threading.Lock:
        """Return what is held while a server's files are made, so that others' can be used."""
        with self._lock:
            return self._making[server]

    def _keep(self, server: int, base: KnowledgeBase) -> None:
        """Keep a base open. One that gives way closes when the last caller inside has left it."""
        gone: list[KnowledgeBase] = []
        with self._lock:
            self._open[server] = base
            while len(self._open) > MAX_OPEN:
                gone.append(self._open.popitem(last=False)[1])
        gone.clear()  # not while others wait for the lock

    def _discard(self, server: int) -> None:
        self.close(server)
        shutil.rmtree(self._folder(server), ignore_errors=True)
        database = self._database(server)
        for path in (database, *side_files(database)):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:  # elsewhere than on POSIX, while somebody still reads it
                _log.warning("An index that nobody needs was not deleted: %s", error)

    def _database(self, server: int) -> Path:
        return self._directory / f"{server}.db"

    def _folder(self, server: int) -> Path:
        return self._directory / str(server)


def _write(path: Path, text: str) -> None:
    """Give a file its text; a reindex that reads it meanwhile sees the old one or the new one."""
    written = text.encode("utf-8")
    if path.exists() and path.read_bytes() == written:
        narrow(path)
        return
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    make_file(beside)
    beside.write_bytes(written)
    beside.replace(path)
