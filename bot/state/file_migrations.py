"""The schema of a SQLite file, grown version by version: a file of any of them goes on.

A new migration has its like in ``server_migrations``, and its columns in ``schema``.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from knowledge import STATE_ID

__all__ = ["is_of_today", "migrate", "unknown_migrations"]

_migrations = Migrations("sourcier.state")


@_migrations(name="001_synced_commands")
def _synced_commands(database: Database) -> None:
    database.table("synced_commands").create(
        {"application": int, "fingerprint": str}, pk="application", not_null={"fingerprint"}
    )


@_migrations(name="002_server_settings")
def _server_settings(database: Database) -> None:
    database.table("server_settings").create(
        {"server": int, "settings": str}, pk="server", not_null={"settings"}
    )


@_migrations(name="003_articles")
def _articles(database: Database) -> None:
    table = database.table("articles")
    table.create(
        {
            "id": int,
            "server": int,
            "slug": str,
            "title": str,
            "text": str,
            "status": str,
            "changed_at": float,
        },
        pk="id",
        not_null={"server", "slug", "title", "text", "status", "changed_at"},
    )
    table.create_index(["server", "status", "slug"])


@_migrations(name="004_feedback")
def _feedback(database: Database) -> None:
    table = database.table("feedback")
    table.create(
        {
            "id": int,
            "server": int,
            "message": int,
            "member": int,
            "passages": str,
            "verdict": str,
            "vote": str,
            "reason": str,
            "day": str,
        },
        pk="id",
        not_null={"passages", "verdict", "vote", "day"},
    )
    table.create_index(["message", "member"], unique=True)
    table.create_index(["member"])
    table.create_index(["server", "day"])


@_migrations(name="005_unanswered")
def _unanswered(database: Database) -> None:
    table = database.table("unanswered")
    table.create(
        {"id": int, "server": int, "question": str, "times": int, "last_asked": str},
        pk="id",
        not_null={"server", "question", "times", "last_asked"},
    )
    table.create_index(["server", "question"], unique=True)


@_migrations(name="006_reports")
def _reports(database: Database) -> None:
    database.table("reports").create(
        {"id": str, "server": int, "made_at": str, "colour": int, "pages": str},
        pk="id",
        not_null={"server", "made_at", "colour", "pages"},
    )
    database.table("reports").create_index(["server", "made_at"])


@_migrations(name="007_application_id")
def _application_id(database: Database) -> None:
    database.conn.execute(f"pragma application_id = {STATE_ID}")


@_migrations(name="008_clock")
def _clock(database: Database) -> None:
    database.table("clock").create(
        {"id": int, "trusted": float, "doubted_since": float, "doubted": float},
        pk="id",
        not_null={"trusted"},
    )
    # The latest of what there is tells what time it was when the bot last ran.
    database.conn.execute(
        """
        insert into clock (id, trusted) select 1, max(moment) from (
            select cast(strftime('%s', max(day)) as real) as moment from feedback
            union all select cast(strftime('%s', max(last_asked)) as real) from unanswered
            union all select cast(strftime('%s', max(made_at)) as real) from reports
            union all select max(changed_at) from articles
        ) having max(moment) is not null
        """
    )


@_migrations(name="009_articles_beside")
def _articles_beside(database: Database) -> None:
    """Facts and golden questions of an article, and which uploads came together."""
    table = database.table("articles")
    for column in ("facts", "questions"):
        table.add_column(column, str, not_null_default="")
    table.add_column("batch", int)


@_migrations(name="010_watched")
def _watched(database: Database) -> None:
    table = database.table("watched")
    table.create(
        {
            "id": int,
            "server": int,
            "channel": int,
            "message": int,
            "passage": str,
            "article": str,
            "seen": str,
            "day": str,
        },
        pk="id",
        not_null={"server", "channel", "message", "passage", "article", "day"},
    )
    table.create_index(["message", "passage"], unique=True)
    table.create_index(["server", "message"])


@_migrations(name="010_answer_counts")
def _answer_counts(database: Database) -> None:
    """How often something was answered or quoted on a day: never by whom, nor what was asked."""
    table = database.table("answer_counts")
    table.create(
        {"id": int, "server": int, "day": str, "kind": str, "passage": str, "times": int},
        pk="id",
        not_null={"server", "day", "kind", "passage", "times"},
    )
    table.create_index(["server", "day", "kind", "passage"], unique=True)


@_migrations(name="011_answered_by")
def _answered_by(database: Database) -> None:
    """Which version of an article answers a question, so that undoing it brings that back."""
    database.table("unanswered").add_column("answered_by", int)


@_migrations(name="012_changes")
def _changes(database: Database) -> None:
    """What the processes that share a state tell each other."""
    table = database.table("changes")
    table.create(
        {"matter": str, "server": int, "position": int, "origin": str},
        pk=("matter", "server"),
        not_null={"matter", "server", "position", "origin"},
    )
    table.create_index(["position"])


def migrate(database: Database) -> None:
    """Bring a state to the latest schema."""
    _migrations.apply(database)


def is_of_today(database: Database) -> bool:
    """Whether a state has all migrations that there are. Changes nothing."""
    return {one.name for one in _migrations.applied(database)} >= _known()


def unknown_migrations(database: Database) -> list[str] | None:
    """Return the migrations that a newer version applied to a state; ``None``: it is none."""
    applied = [one.name for one in _migrations.applied(database)]
    known = _known()
    return [name for name in applied if name not in known] if applied else None


def _known() -> set[str]:
    with closing(sqlite3.connect(":memory:")) as empty:
        return {one.name for one in _migrations.pending(Database(empty))}
