"""``sourcier state copy``: a whole state moves from a file to PostgreSQL and back."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from postgres import PostgresServer, on_both
from sqlalchemy import Table, insert, select
from stored import sql

from bot.cli.main import main
from bot.database_url import DatabaseUrl
from bot.state import State, StateError, copying
from bot.state.article_versions import ArticleText, Draft
from bot.state.copying import copy_state
from bot.state.schema import COPIED

Place = Path | DatabaseUrl
LETTERS = "aé☃😀 '%:\\\n\u2028"


@pytest.fixture
def other(place: Place, tmp_path: Path, postgres: PostgresServer) -> Place:
    """An empty place of the other kind."""
    return postgres.new_place() if isinstance(place, Path) else tmp_path / "other" / "state.db"


@pytest.fixture
def third(place: Place, tmp_path: Path, postgres: PostgresServer) -> Place:
    """A further empty place of the first kind."""
    return tmp_path / "third.db" if isinstance(place, Path) else postgres.new_place()


def content(place: Place) -> dict[str, list[tuple[Any, ...]]]:
    with closing(State(place)) as state, state.database.reading() as connection:
        return {
            table.name: [
                tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))
            ]
            for table in COPIED
        }


def any_rows(table: Table, count: int, chance: random.Random) -> Iterator[dict[str, object]]:
    """Yield rows with values of all kinds, as far as they may be."""
    for number in range(count):
        row: dict[str, object] = {}
        for column in table.columns:
            if column.nullable and chance.random() < 0.3:
                row[column.name] = None
            elif column.type.python_type is int:
                is_small = column.name in ("times", "colour")
                row[column.name] = chance.randrange(2**31 if is_small else 2**63)
            elif column.type.python_type is float:
                row[column.name] = chance.choice([0.1, -1e300, chance.random() * 1e10])
            else:
                row[column.name] = "".join(chance.choices(LETTERS, k=number % 40)) + str(number)
        yield row


def fill(state: State, count: int) -> None:
    chance = random.Random(17)
    with state.database.writing() as connection:
        for table in COPIED:
            connection.execute(insert(table), list(any_rows(table, count, chance)))


@on_both
def test_ten_thousand_rows_go_there_and_back_and_are_the_same(
    state: State, other: Place, third: Place
) -> None:
    each = 10_000 // len(COPIED) + 1
    fill(state, each)
    counts = copy_state(state.place, other)
    assert counts == dict.fromkeys((table.name for table in COPIED), each)
    assert sum(counts.values()) >= 10_000
    assert copy_state(other, third) == counts
    assert content(state.place) == content(other) == content(third)


@on_both
def test_a_bot_goes_on_with_what_was_copied(state: State, other: Place) -> None:
    draft = Draft("wine", "Wine", ArticleText("Red.", "facts", "questions"))
    (kept,) = state.articles.offer(1, [draft])
    state.articles.accept(1, [kept.id])
    state.servers.change(1, private=True)
    today = state.today()
    state.unanswered.note(1, "What wine?", today)
    state.expire()
    copy_state(state.place, other)
    with closing(State(other)) as copied:
        assert copied.servers.of(1).private
        assert copied.articles.text(1, kept.id) == draft.text
        (later,) = copied.articles.offer(1, [draft])
        assert later.id > kept.id
        assert later.slug == "wine.2"
        copied.unanswered.note(1, "What wine?", today)
        copied.unanswered.note(1, "Which wine?", today)
        assert [one.times for one in copied.unanswered.of(1, today)] == [2, 1]


@on_both
def test_a_target_that_is_not_empty_is_left_alone(state: State, other: Place) -> None:
    state.servers.change(1, private=True)
    with closing(State(other)) as used:
        used.commands.remember(1, "one")
    before = content(other)
    with pytest.raises(StateError, match="is not empty: its table “synced_commands” has rows"):
        copy_state(state.place, other)
    assert content(other) == before
    with pytest.raises(StateError, match="is not empty"):
        copy_state(state.place, state.place)


@on_both
def test_a_source_that_is_not_there_is_not_made(place: Place, third: Place, other: Place) -> None:
    with pytest.raises(StateError, match="There is no state at"):
        copy_state(third, other)
    if isinstance(third, Path):
        assert not third.exists()
    if isinstance(other, Path):
        assert not other.exists()


@on_both
@pytest.mark.parametrize(
    ("table", "damage"),
    [("reports", "update reports set colour = 0"), ("clock", "delete from clock")],
    ids=["not the same", "missing"],
)
def test_a_row_that_is_not_what_it_was_undoes_it_all(
    state: State, other: Place, monkeypatch: pytest.MonkeyPatch, table: str, damage: str
) -> None:
    fill(state, 3)
    copy = copying._copy

    def careless(copied: Table, reading: Any, writing: Any) -> int:
        count = copy(copied, reading, writing)
        if copied.name == table:
            writing.exec_driver_sql(damage)
        return count

    monkeypatch.setattr(copying, "_copy", careless)
    with pytest.raises(StateError, match=f"of “{table}” is not the same after the copy"):
        copy_state(state.place, other)
    assert not any(content(other).values())


@on_both
def test_the_command_copies_and_says_how_much(
    state: State, other: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    state.servers.change(1, private=True)
    state.commands.remember(1, "one")
    places = [
        one.secret if isinstance(one, DatabaseUrl) else str(one) for one in (state.place, other)
    ]
    assert main(["state", "copy", *places]) == 0
    told = capsys.readouterr()
    assert told.out == f"{state.place} was copied to {other}: 2 rows, each compared.\n"
    assert main(["state", "copy", *places]) == 1
    again = capsys.readouterr()
    assert again.err.startswith(f"{other} is not empty")
    assert "s3cr" not in told.out + told.err + again.out + again.err
    assert sql(state, "select count(*) from server_settings") == [(1,)]
