"""Which of Discord's shards a process runs, and so which servers it answers.

Discord divides servers among shards by their id:
https://discord.com/developers/docs/events/gateway#sharding
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["MAX_SHARDS", "ONE_SHARD", "Shards", "parse_shards"]

MAX_SHARDS = 10_000
"""Of all processes together: enough for twenty million servers."""

_WRITTEN = re.compile(r"(?P<ids>\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*)/(?P<count>\d+)", re.ASCII)
_FORM = "must be shards and how many there are of them, such as 0-3/16 or 0,4/8"
_SERVER_BITS = 22
"""Bits of an id below its moment."""


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards ``ids``, in order, of ``count``."""

    ids: tuple[int, ...]
    count: int

    def has(self, server: int) -> bool:
        """Whether a server is on one of them."""
        return (server >> _SERVER_BITS) % self.count in self.ids

    @property
    def is_all(self) -> bool:
        """Whether there are no others, which other processes would run."""
        return len(self.ids) == self.count

    def __str__(self) -> str:
        return f"{','.join(map(str, self.ids))}/{self.count}"


ONE_SHARD = Shards((0,), 1)
"""All servers on one."""


def parse_shards(text: str) -> Shards:
    """Read shards as they are written: ``0-3/16`` are the first four of sixteen.

    Raises ValueError, which says what is wrong.
    """
    found = _WRITTEN.fullmatch("".join(text.split()))
    if found is None:
        raise ValueError(_FORM)
    count = int(found["count"])
    if not 0 < count <= MAX_SHARDS:
        raise ValueError(f"must be of 1 to {MAX_SHARDS} shards")
    ids: set[int] = set()
    for part in found["ids"].split(","):
        first, _, last = part.partition("-")
        start, end = int(first), int(last or first)
        if end >= count:
            raise ValueError(f"names shard {end}, but {count} shards are 0 to {count - 1}")
        if end < start:
            raise ValueError(f"names shards {part}: write the lower one first")
        ids.update(range(start, end + 1))
    return Shards(tuple(sorted(ids)), count)
