"""What is active: the index, the optional parts, the settings. Never the token itself."""

from __future__ import annotations

import importlib.metadata
import platform
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from bot.app.opening import open_to_look
from bot.cli.views import NAMES_SHOWN, counted, names
from bot.extras import EXTRAS, is_installed
from bot.settings import Settings
from bot.state.inspection import SchemaAge, inspect_state
from knowledge import (
    IndexPart,
    KnowledgeError,
    MeasuredBy,
    problem_with_encoder,
    problem_with_reader,
)

__all__ = ["check_view", "inspect"]


_AGES = {
    SchemaAge.ABSENT: "empty yet: made at the first start",
    SchemaAge.OLDER: "of an older version: brought up to date at the next start",
    SchemaAge.CURRENT: "up to date",
    SchemaAge.NEWER: "of a newer version",
}


def inspect(settings: Settings) -> dict[str, Any]:
    """Return what ``sourcier check`` tells, by name.

    An index or a state that cannot be used is told as well: ``problem`` and ``state_problem`` say
    why.
    """
    place, state = settings.state, inspect_state(settings.state)
    findings: dict[str, Any] = {
        "sourcier": importlib.metadata.version("sourcier"),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "database": str(settings.database.absolute()),
        "articles_from": [str(path.absolute()) for path in settings.articles],
        "state": str(place.absolute() if isinstance(place, Path) else place),
        "state_kind": state.kind,
        "state_schema": state.schema,
        "state_listeners": state.listeners,
        "shards": None if settings.shards is None else str(settings.shards),
        "token": settings.token is not None,
        "api_url": settings.api_url,
        "log_level": settings.log_level,
        "log_format": settings.log_format,
        "metrics": None if settings.metrics is None else str(settings.metrics),
        "semantic": "SOURCIER_SEMANTIC is off"
        if not settings.semantic
        else problem_with_encoder() or "active",
        "reader": "SOURCIER_READER is off"
        if not settings.reader
        else problem_with_reader() or "active",
        "extras": {extra: is_installed(extra) for extra in EXTRAS},
    }
    if state.problem is not None:
        findings["state_problem"] = state.problem
    try:
        with open_to_look(settings) as knowledge:
            status, size = knowledge.status(), knowledge.size()
            slugs = [summary.slug for summary in knowledge.articles()[:NAMES_SHOWN]]
    except KnowledgeError as error:
        return {**findings, "problem": str(error)}
    return {
        **findings,
        "articles": status.articles,
        "paragraphs": status.paragraphs,
        "facts": status.facts,
        "articles_lacking_facts": status.lacking_facts,
        "golden_questions": status.questions,
        "index_version": status.index_version,
        "engine_version": status.engine_version,
        "indexed_at": status.built_at,
        "semantic_model": status.embedded if settings.semantic else None,
        "article_names": slugs,
        "index_bytes": size.total,
        "index_bytes_free": size.free,
        "index_bytes_saved_by_rebuild": size.saved_by_rebuild,
        "index_bytes_by_part": {part.value: size.parts[part] for part in IndexPart},
        "index_measured_by": size.measured_by.value,
        "paragraphs_lacking_vectors": size.lacking_vectors if settings.semantic else None,
    }


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
        row("Articles", findings["articles"], f"({counted(findings['paragraphs'], 'paragraph')})")
        row("", names(findings["article_names"], findings["articles"]))
        lacking = findings["articles_lacking_facts"]
        yet = (f"(those of {counted(lacking, 'article')} are yet to be found)",) if lacking else ()
        row("Facts", findings["facts"], *yet)
        row("Golden questions", findings["golden_questions"] or "none")
        built = f"of {findings['indexed_at']}, engine {findings['engine_version']}"
        row("Index version", findings["index_version"], built)
        row("Vectors by", findings["semantic_model"] or "none: answers go by words alone")
        if lacking := findings["paragraphs_lacking_vectors"]:
            row("", f"{counted(lacking, 'paragraph')} without: “sourcier index” computes them")
        for words in _sizes(findings):
            row(*words)
    row("Model of meaning", findings["semantic"])
    row("Reader of passages", findings["reader"])
    row("Articles from", ", ".join(findings["articles_from"]))
    row("State", findings["state"])
    age = findings["state_schema"]
    row("", findings["state_kind"], *(() if age is None else (f"({_AGES[age]})",)))
    if "state_problem" in findings:
        row("Problem", findings["state_problem"])
    if listeners := findings["state_listeners"]:
        row("", f"processes that listen for each other’s changes: {listeners}")
    row("Shards", findings["shards"] or "all, as many as Discord recommends")
    for extra, installed in findings["extras"].items():
        row(f"Extra “{extra}”", "installed" if installed else "not installed")
    row("DISCORD_TOKEN", "set" if findings["token"] else "not set")
    row("Discord’s API", findings["api_url"] or "Discord’s own address")
    row("Log", f"from {findings['log_level']}, as {findings['log_format']}")
    row("Metrics", f"at {findings['metrics']}" if findings["metrics"] else "not served")
    return table


def _sizes(findings: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the rows on how large the index is."""
    by_part = {**findings["index_bytes_by_part"], "free": findings["index_bytes_free"]}
    parts = ", ".join(f"{name} {_megabytes(size)}" for name, size in by_part.items())
    yield "Size of the index", f"{_megabytes(findings['index_bytes'])} MB"
    if findings["index_measured_by"] == MeasuredBy.PAGES:
        yield "", f"of these: {parts}"
    else:
        yield "", f"what is in the rows, without the pages that hold them: {parts}"
    if saved := findings["index_bytes_saved_by_rebuild"]:
        yield "", f"“sourcier index --rebuild” makes it {_megabytes(saved)} MB smaller"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f}"
