"""Which version of the common index the other processes know of, over the end of this one."""

from __future__ import annotations

import logging

from knowledge import KnowledgeBase, KnowledgeError, beside, give_name

__all__ = ["ToldVersion"]

_log = logging.getLogger(__name__)


class ToldVersion:
    """A file beside the common index that names the version of it that the others know of.

    A process may end, or be killed, between a reindex and a state that takes word of it: the next
    start sees by the file that nobody was told. Methods block.
    """

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._path = base.database.with_suffix(".told")

    def current(self) -> str | None:
        """Return what tells the version that there is now from all others; ``None`` for an index
        that cannot be read, and is soon made again."""
        try:
            status = self._base.status()
        except KnowledgeError:
            return None
        return f"{status.index_version} of {status.built_at}"

    def is_untold(self) -> bool:
        """Whether the others do not know of the current version. Of a new index, they need not."""
        current = self.current()
        try:
            return self._path.read_text("utf-8") != (current or "")
        except FileNotFoundError:
            self.keep(current)
        except (OSError, ValueError) as error:
            _log.warning("What the others know of cannot be read in %s: %s", self._path, error)
            return True
        return False

    def keep(self, version: str | None) -> None:
        """Take down that the others know of a version."""
        try:
            with beside(self._path) as copy:
                copy.write_text(version or "", "utf-8")
                give_name(copy, self._path, overwrite=True)
        except OSError as error:
            _log.warning("What the others know of was not written to %s: %s", self._path, error)
