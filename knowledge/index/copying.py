"""A new index that begins as a copy of another, with its vectors."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from knowledge.files.beside import beside, give_name
from knowledge.files.permissions import make_directory
from knowledge.index.connection import explained
from knowledge.index.reader import open_for_reading
from knowledge.model.errors import IndexUnavailable

__all__ = ["copy_index"]


def copy_index(source: Path, target: Path) -> None:
    """Copy the committed state of an index; ``target`` is there whole or not at all.

    The source may be written to meanwhile. Raises IndexUnavailable where it is missing or the copy
    cannot be made.
    """
    try:
        make_directory(target.parent)
        with beside(target) as copy:
            with closing(open_for_reading(source)) as reader:
                reader.copy_to(copy)
            give_name(copy, target, overwrite=True)
    except sqlite3.Error as error:
        raise explained(target, error) from error
    except OSError as error:
        raise IndexUnavailable(f"The index {target} cannot be made: {error}.") from error
