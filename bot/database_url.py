"""Where a PostgreSQL database is: an address that may hold a password, which nothing shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["DatabaseUrl", "read_place"]

_MEANT = re.compile(r"postgres(?:ql)?:|[^/]*://", re.IGNORECASE)
_ADDRESS = re.compile(
    r"postgres(?:ql)?://(?:(?P<user>[^/?@]*)@)?(?P<hosts>[^/?@]*)(?:/(?P<name>[^?@]*))?(?:\?[^@]*)?"
)
_HOST = re.compile(r"(?:[^:\[\]]*|\[[^]]*\])(?::\d{1,5})?")
_HOW = (
    "must be a file or an address such as postgresql://USER:PASSWORD@HOST/DATABASE, in which “@”, "
    "“/” and “?” of a password are written %40, %2F and %3F"
)


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """The address of a PostgreSQL database; as text it is ``shown``, without password and options.

    ``secret``: the whole of it, for the driver alone.
    """

    secret: str = field(repr=False)
    shown: str

    def __str__(self) -> str:
        return self.shown


def read_place(text: str) -> Path | DatabaseUrl:
    """Return the file or the database that a text names.

    Raises ValueError for an address that is none, with a sentence that lacks its subject and
    repeats nothing of the text. So is one with an “@” too many: the driver would take a part of
    the password for the host, and show it.
    """
    if not _MEANT.match(text):
        return Path(text).expanduser()
    address = _ADDRESS.fullmatch(text.strip())
    if address is None or not all(map(_HOST.fullmatch, address["hosts"].split(","))):
        raise ValueError(_HOW)
    user = "" if address["user"] is None else f"{address['user'].partition(':')[0]}@"
    shown = f"postgresql://{user}{address['hosts']}/{address['name'] or ''}"
    return DatabaseUrl(text.strip(), shown)
