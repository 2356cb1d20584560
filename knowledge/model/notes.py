"""What a reindex passed over without its being a fault of the articles, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

__all__ = ["MAX_NOTES", "ArticleNote", "NoteKind", "Notes", "Reading", "Remark", "by_message"]

MAX_NOTES = 1_000
"""Notes of one kind that are kept; further ones are counted."""


class NoteKind(StrEnum):
    """What was passed over, the most telling first."""

    ORPHAN = "orphan"
    """A file of facts or questions whose article is not beside it."""
    STALE = "stale"
    """A fact or a golden question whose words its article does not have any more, or twice."""
    WITHHELD = "withheld"
    """An article that says of itself that it is not for members: a draft."""
    VALUE = "value"
    """What an article says about itself in a way that is not understood."""
    HIDDEN = "hidden"
    """A hidden file or folder."""
    UNREAD = "unread"
    """A file of a kind that is not read, or a folder that only a link leads to."""
    UNUSED = "unused"
    """What an article says about itself that nothing is done with, such as tags."""


@dataclass(frozen=True, slots=True)
class ArticleNote:
    """What was passed over, in words for whoever keeps the files.

    ``message`` goes on where the place ends ("a.md, line 3: …"), and is the same for what is passed
    over for the same reason. ``article``: the short name of an article that is withheld.
    """

    kind: NoteKind
    path: Path
    line: int | None
    message: str
    article: str | None = None

    def __str__(self) -> str:
        place = str(self.path) if self.line is None else f"{self.path}, line {self.line}"
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Remark:
    """What was left out of a file, and why; whoever knows the file makes it a note."""

    kind: NoteKind
    line: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What an article was read from, and what was remarked on it.

    ``fingerprint``: 16 bytes, the same for the same bytes of its file, or of its line of one, and
    of the files beside it. ``remarks``: each with the end of its file's name, "" for the article's.
    """

    fingerprint: bytes
    remarks: tuple[tuple[str, Remark], ...] = ()


class Notes:
    """Notes as they come: at most ``MAX_NOTES`` of each kind, and how many more there were."""

    def __init__(self) -> None:
        self._kept: list[ArticleNote] = []
        self._counts: Counter[NoteKind] = Counter()

    def add(self, note: ArticleNote) -> None:
        """Keep a note, or count it."""
        self._counts[note.kind] += 1
        if self._counts[note.kind] <= MAX_NOTES:
            self._kept.append(note)

    @property
    def kept(self) -> tuple[ArticleNote, ...]:
        """The notes, those of a kind together, the most telling kind first."""
        order = {kind: position for position, kind in enumerate(NoteKind)}
        return tuple(sorted(self._kept, key=lambda note: order[note.kind]))

    @property
    def uncounted(self) -> int:
        """How many notes were not kept."""
        return self._counts.total() - len(self._kept)


def by_message(notes: Iterable[ArticleNote]) -> list[list[ArticleNote]]:
    """Return notes in their order, those that say the same together."""
    together: dict[str, list[ArticleNote]] = {}
    for note in notes:
        together.setdefault(note.message, []).append(note)
    return list(together.values())
