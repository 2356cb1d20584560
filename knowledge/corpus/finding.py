"""Article files among all that directories hold, and what of the rest is worth telling."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.corpus import golden_questions as golden
from knowledge.facts import curated
from knowledge.model import ArticleProblem
from knowledge.model.notes import ArticleNote, NoteKind, Notes

__all__ = ["CONVERTED", "SINGLE", "SUFFIXES", "Found", "count_articles", "find_files", "name_of"]

CONVERTED = (".html", ".htm", ".pdf")
"""Endings of files that are converted to Markdown first."""

SINGLE = (".md", ".markdown", ".txt", *CONVERTED)
"""Endings of files that hold an article each, which facts and questions may be kept beside."""

SUFFIXES = (*SINGLE, ".jsonl")

_BESIDE = {curated.SUFFIX: "facts", golden.SUFFIX: "questions"}
_INDEXES = ("index", "_index")
_README = "readme"
_DRAFTS = "_drafts"
_BLOCK = 1 << 20
_AUTOSAVED = re.compile("#.+#")


@dataclass(slots=True)
class Found:
    """What there is to be read: ``files`` in order, each once, as they are without links.

    ``problems``: what could not be looked at. ``roots``: the directories that were given.
    """

    files: list[Path] = field(default_factory=list[Path])
    problems: list[ArticleProblem] = field(default_factory=list[ArticleProblem])
    notes: Notes = field(default_factory=Notes)
    roots: set[Path] = field(default_factory=set[Path])


def find_files(paths: Iterable[Path]) -> Found:
    """Return the article files that ``paths`` (files, or directories and all below) name.

    Files are sorted within a directory and named once. A path that does not exist or cannot be
    looked into, and a file named outright whose kind is not known, is a problem. Of a directory,
    what is hidden, folders of drafts, editors' copies and what is no article are passed over with
    a note, and so are facts and questions that no article stands beside; links to folders are not
    followed.
    """
    found = Found()
    files: dict[Path, None] = {}
    for path in paths:
        try:
            if path.is_dir():
                found.roots.add(path.resolve())
                files.update(dict.fromkeys(_files_below(path, found)))
            elif (message := _no_article(path)) is not None:
                found.problems.append(ArticleProblem(path.absolute(), None, message))
            else:
                files[path.resolve()] = None
        except OSError as error:
            found.problems.append(_closed(path, error))
    found.files = list(files)
    return found


def _closed(path: Path, error: OSError) -> ArticleProblem:
    reason = error.strerror or type(error).__name__
    message = f"cannot be looked into ({reason}). Check its permissions."
    return ArticleProblem(path.absolute(), None, message)


def _no_article(path: Path) -> str | None:
    """Return why a file that was named outright cannot be read, ``None`` where it can."""
    if not path.exists():
        if path.is_symlink():
            return "is a link that leads nowhere. Mend or remove it."
        return "does not exist. Check the path."
    kept = _kept_beside(path.name)
    if kept is not None:
        return f"keeps {_BESIDE[kept]} about the article beside it. Give that."
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        return f"is not an article file. Give a file that ends in one of {', '.join(SUFFIXES)}."
    return None


def _files_below(directory: Path, found: Found) -> list[Path]:
    files: list[Path] = []

    def note(error: OSError) -> None:
        place = Path(os.fsdecode(error.filename or directory))
        found.problems.append(_closed(place.resolve(), error))

    for name, folders, names in os.walk(directory, onerror=note):
        folder = Path(name).absolute()
        real = folder.resolve()
        folders[:] = sorted(one for one in folders if _is_walked(folder / one, found.notes))
        shown = [one for one in sorted(names) if not _is_hidden(folder, one, found.notes)]
        for one in shown:
            if _kept_beside(one) is not None:
                _note_orphan(folder / one, shown, found.notes)
            elif _suffix(one) in SUFFIXES:
                files += _opened(folder / one, real / one, found)
            else:
                message = f"not read: articles end in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
                found.notes.add(ArticleNote(NoteKind.UNREAD, folder / one, None, message))
    return sorted(files)


def _suffix(name: str) -> str:
    """Return the ending of a file's name in small letters, as ``Path.suffix`` has it."""
    start = name.rfind(".")
    return name[start:].lower() if 0 < start < len(name) - 1 else ""


def _opened(path: Path, in_real_folder: Path, found: Found) -> list[Path]:
    """Return where a file really is, nothing where it is no file. ``in_real_folder``: its path with
    no link before its name, so that of most files nothing is left to be resolved."""
    try:
        mode = in_real_folder.lstat().st_mode
        if stat.S_ISREG(mode):
            return [in_real_folder]
        real = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:  # RuntimeError: a link to itself
        reason = getattr(error, "strerror", None) or "a link that leads to itself"
        message = f"cannot be opened ({reason}). Mend or remove it."
        found.problems.append(ArticleProblem(path, None, message))
        return []
    if real.is_file():
        return [real]
    found.notes.add(ArticleNote(NoteKind.UNREAD, path, None, "not read: it is no file"))
    return []


def _is_walked(folder: Path, notes: Notes) -> bool:
    if _is_hidden(folder.parent, folder.name, notes):
        return False
    if folder.name.lower() == _DRAFTS:
        notes.add(ArticleNote(NoteKind.HIDDEN, folder, None, "a folder of drafts, so not read"))
        return False
    if folder.is_symlink():
        message = "not read: a link to a folder is not followed. Name that folder, too"
        notes.add(ArticleNote(NoteKind.UNREAD, folder, None, message))
        return False
    return True


def _is_hidden(folder: Path, name: str, notes: Notes) -> bool:
    if name.startswith("."):
        message = "hidden, so not read"
    elif name.startswith("~$") or name.endswith("~") or _AUTOSAVED.fullmatch(name):
        message = "what a program keeps while a file is edited, so not read"
    else:
        return False
    notes.add(ArticleNote(NoteKind.HIDDEN, folder / name, None, message))
    return True


def _kept_beside(name: str) -> str | None:
    """Return how the name of a file ends that keeps something about the article beside it."""
    return next((suffix for suffix in _BESIDE if name.lower().endswith(suffix)), None)


def _note_orphan(path: Path, names: Collection[str], notes: Notes) -> None:
    suffix = _kept_beside(path.name) or ""
    stem = path.name[: -len(suffix)]
    beside = [one for one in names if Path(one).suffix.lower() in SINGLE]
    beside = [one for one in beside if Path(one).stem == stem]
    unread = f"keeps {_BESIDE[suffix]} that are not read"
    if not beside:
        message = f"{unread}: no “{stem}.md” stands beside it. Name it as its article, or remove it"
    elif not path.name.endswith(suffix):
        message = f"{unread}: its name must end in “{suffix}”"
    elif all(path.with_name(one).is_symlink() for one in beside):
        message = f"{unread}: its article is a link. Put it beside the article itself"
    else:
        return
    notes.add(ArticleNote(NoteKind.ORPHAN, path, None, message))


def name_of(path: Path, roots: Collection[Path] = ()) -> str:
    """Return the short name of the article in a file: the file's, without its ending.

    An index (``index.md``, ``_index.md``, ``index.html``) has the name of its folder, unless that
    is one of the ``roots``; a ``README.md``, too, where no index stands beside it.
    """
    stem = path.stem
    kind = stem.lower()
    if kind not in (*_INDEXES, _README) or path.parent in roots or not path.parent.name:
        return stem
    if kind in _INDEXES:
        return path.parent.name
    indexes = [path.with_name(f"{one}{suffix}") for one in _INDEXES for suffix in SINGLE]
    return stem if any(one.exists() for one in indexes) else path.parent.name


def count_articles(files: Sequence[Path]) -> int:
    """Return about how many articles ``files`` hold (lines of ``.jsonl``), for progress."""
    total = 0
    for path in files:
        if path.suffix.lower() != ".jsonl":
            total += 1
            continue
        try:
            total += _count_lines(path)
        except OSError:
            total += 1  # read_articles reports it
    return total


def _count_lines(path: Path) -> int:
    """Return how many lines a file has; the last need not be ended. Raises OSError."""
    count, last = 0, b"\n"
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            count += block.count(b"\n")
            last = block
    return count + (not last.endswith(b"\n"))
