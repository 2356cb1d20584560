"""The backup of a state in PostgreSQL, by the commands that the manual has for it."""

from __future__ import annotations

import re
import shlex
from contextlib import closing
from pathlib import Path

from postgres import PostgresServer
from test_state_copy import content, fill

import bot
from bot.state import Change, Matter, State
from bot.state.article_versions import ArticleText, Draft

MANUAL = (Path(bot.__file__).parent / "README.md").read_text("utf-8")


def told(program: str, file: Path, address: str) -> list[str]:
    """Return the command that the manual has, with what it is to be given."""
    (command,) = re.findall(rf"`({program} [^`]+)`", MANUAL)
    return [
        part.replace("FILE", str(file)).replace("ADDRESS", address) for part in shlex.split(command)
    ]


def test_what_was_dumped_is_there_again_and_a_bot_goes_on_with_it(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    place = postgres.new_database("dumped")
    backup = tmp_path / "backup"
    draft = Draft("wine", "Wine", ArticleText("Red."))
    with closing(State(place)) as state:
        fill(state, 100)
        (offered,) = state.articles.offer(1, [draft])
        state.articles.accept(1, [offered.id])
        state.servers.change(1, private=True)
    before = content(place)
    postgres.run(told("pg_dump", backup, place.secret))
    with closing(State(place)) as state:
        state.servers.change(1, private=False)
        state.articles.remove(1, offered.id)
    assert content(place) != before
    postgres.run(told("pg_restore", backup, place.secret))
    assert content(place) == before
    with closing(State(place)) as state, closing(State(place)) as other:
        assert other.changes.news() == []
        (later,) = state.articles.offer(1, [draft])
        assert later.id > offered.id
        state.servers.change(1, language="fr")
        assert other.changes.news() == [Change(Matter.SETTINGS, 1)]


def test_a_new_server_takes_a_dump_as_well(postgres: PostgresServer, tmp_path: Path) -> None:
    place, elsewhere = postgres.new_database("old"), postgres.new_database("new")
    with closing(State(place)) as state:
        fill(state, 10)
    postgres.run(told("pg_dump", tmp_path / "backup", place.secret))
    postgres.run(told("pg_restore", tmp_path / "backup", elsewhere.secret))
    assert content(elsewhere) == content(place)
