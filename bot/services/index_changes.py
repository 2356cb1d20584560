"""Tells that indexes have changed, to whoever looks after what was shown of them."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["IndexChanges"]


class IndexChanges:
    """The servers whose members are answered from another index, or a changed one, since it was
    last looked; ``None``: all that share the common index. For one event loop."""

    def __init__(self) -> None:
        self._changed: set[int | None] = set()
        self._call: Callable[[], None] | None = None

    def __bool__(self) -> bool:
        return bool(self._changed)

    def tell(self, call: Callable[[], None] | None) -> None:
        """Have ``call`` called after each change, which must not raise; ``None``: nothing."""
        self._call = call

    def note(self, server: int | None) -> None:
        """Tell of a change that has been committed."""
        self._changed.add(server)
        if self._call is not None:
            self._call()

    def take(self) -> frozenset[int | None]:
        """Return what has changed since the last call."""
        changed, self._changed = frozenset(self._changed), set()
        return changed
