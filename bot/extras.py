"""The optional parts: what each needs, and whether it is there."""

from __future__ import annotations

import importlib.util

__all__ = ["EXTRAS", "how_to_install", "is_installed"]

EXTRAS = {
    "convert": ("bs4", "markdownify", "pdfminer"),
    "preview": ("simcord", "markdown_it", "linkify_it", "regex", "PIL", "av"),
    "picture": ("matplotlib",),
    "postgres": ("psycopg",),
}
"""The modules that an extra does not work without."""


def is_installed(extra: str) -> bool:
    """Whether an extra's modules can be imported. Nothing is imported to find out."""
    return all(importlib.util.find_spec(module) is not None for module in EXTRAS[extra])


def how_to_install(extra: str) -> str:
    """Say that an extra is missing and what to do."""
    return (
        f"The extra “{extra}” is not installed. "
        f'In your clone of Sourcier, run: pip install -e ".[{extra}]"'
    )
