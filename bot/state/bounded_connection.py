"""A connection to PostgreSQL that waits for no answer without end. Needs the extra “postgres”."""

from __future__ import annotations

from time import perf_counter
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen

__all__ = ["BoundedConnection"]

_Result = TypeVar("_Result")


class BoundedConnection(psycopg.Connection[Any]):
    """Gives up an answer that does not come, and the connection with it.

    PostgreSQL bounds its statements itself. A server that was stopped, or something between that
    forwards no more, bounds nothing, while its kernel keeps the connection alive.
    """

    usual_seconds: float | None = None
    """How long an answer may take, as a rule; ``None``: for ever."""

    answer_seconds: float | None = None
    """How long the next answer may take."""

    # What else the driver says here differs between its versions, and is its own affair.
    def wait(self, gen: PQGen[_Result], *options: Any, **more: Any) -> _Result:  # noqa: ANN401
        """Return what a generator of the driver returns, which every call of it comes to.

        Raises psycopg.OperationalError where no answer came in time, whatever became of what was
        asked for; the connection is closed then.
        """
        if self.answer_seconds is None:
            return super().wait(gen, *options, **more)
        return super().wait(self._bounded(gen, self.answer_seconds), *options, **more)

    def _bounded(self, gen: PQGen[_Result], seconds: float) -> PQGen[_Result]:
        """Go through a generator, which the driver resumes ten times a second."""
        end = perf_counter() + seconds
        try:
            awaited = next(gen)
            while True:
                ready = yield awaited
                if not ready and perf_counter() > end:
                    self.close()
                    raise psycopg.OperationalError(f"no answer for {seconds:g} seconds")
                awaited = gen.send(ready)
        except StopIteration as done:
            return done.value
