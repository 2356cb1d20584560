"""What the processes that share a state tell each other of what they change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from typing import Any

import psycopg
import pytest
from postgres import PostgresServer, at_place, on_both
from stored import sql
from world import offer_article

from bot.state import Change, Matter, State
from bot.state.listener import Listener

__all__ = ["keep", "other"]

PATIENCE_SECONDS = 60.0
COMMON = Change(Matter.ARTICLES, None)


@pytest.fixture
def other(state: State) -> Iterator[State]:
    """The state as another process has it."""
    with closing(State(state.place)) as other:
        for one in (state, other):
            assert one.changes.news() == []
        yield other


def keep(state: State, server: int, text: str) -> int:
    offered = offer_article(state, server, "secrets", "Secrets", f"# Secrets\n\n{text}\n")
    state.articles.accept(server, [offered.id])
    return offered.id


@on_both
def test_what_another_changes_is_news_once_and_what_is_changed_here_is_none(
    state: State, other: State
) -> None:
    other.servers.change(1, private=True)
    kept = keep(other, 2, "Red.")
    other.changes.note_common_articles()
    news = [Change(Matter.SETTINGS, 1), Change(Matter.ARTICLES, 2), COMMON]
    assert set(state.changes.news()) == set(news)
    assert state.changes.news() == []
    assert other.changes.news() == []
    other.articles.remove(2, kept)
    assert state.changes.news() == [Change(Matter.ARTICLES, 2)]
    state.servers.change(1, private=False)
    assert state.changes.news() == []
    assert other.changes.news() == [Change(Matter.SETTINGS, 1)]


@on_both
def test_what_does_not_change_what_is_answered_is_no_news(state: State, other: State) -> None:
    offered = offer_article(other, 1, "secrets", "Secrets", "Red.")
    other.articles.withdraw(1, [offered.id])
    other.expire()
    assert state.changes.news() == []


@on_both
def test_what_was_changed_before_it_is_looked_for_is_no_news(state: State) -> None:
    with closing(State(state.place)) as other:
        other.servers.change(1, private=True)
        assert state.changes.news() == []
        other.servers.change(2, private=True)
        assert state.changes.news() == [Change(Matter.SETTINGS, 2)]


@on_both
def test_a_change_that_is_committed_late_is_not_missed(state: State, other: State) -> None:
    with other.database.writing(1) as connection:
        other.changes.note(connection, Matter.SETTINGS, 1)
        assert state.changes.news() == []
        assert state.changes.news() == []
    assert state.changes.news() == [Change(Matter.SETTINGS, 1)]
    assert state.changes.news() == []


@at_place("postgresql")
def test_a_change_that_overtakes_another_hides_it_from_nobody(state: State, other: State) -> None:
    with other.database.writing(1) as connection:
        other.changes.note(connection, Matter.SETTINGS, 1)
        for server in (2, 3):
            other.servers.change(server, private=True)
            assert state.changes.news() == [Change(Matter.SETTINGS, server)]
    assert state.changes.news() == [Change(Matter.SETTINGS, 1)]
    assert state.changes.news() == []


@at_place("postgresql")
def test_an_older_transaction_that_notes_later_is_news_too(state: State, other: State) -> None:
    with other.database.writing() as connection:
        other.changes.note(connection, Matter.SETTINGS, 2)  # it has its position now
        other.changes.note_common_articles()
        assert state.changes.news() == [COMMON]
        other.changes.note(connection, Matter.ARTICLES, None)
    assert set(state.changes.news()) == {Change(Matter.SETTINGS, 2), COMMON}
    assert state.changes.news() == []


@on_both
def test_a_change_that_is_undone_is_no_news(state: State, other: State) -> None:
    with suppress(KeyError), other.database.writing(1) as connection:
        other.changes.note(connection, Matter.SETTINGS, 1)
        raise KeyError
    assert state.changes.news() == []


@on_both
def test_a_change_of_which_nobody_knows_whether_it_was_committed_is_news(state: State) -> None:
    assert state.changes.news() == []
    with state.database.writing(1) as connection:
        noted = state.changes.note(connection, Matter.SETTINGS, 1)
    assert state.changes.news() == [Change(Matter.SETTINGS, 1)]
    state.changes.confirm(noted)
    assert state.changes.news() == []


@on_both
def test_a_change_here_does_not_hide_what_another_has_changed_just_before(
    state: State, other: State
) -> None:
    other.changes.note_common_articles()
    state.changes.note_common_articles()
    assert state.changes.news() == [COMMON]
    assert other.changes.news() == [COMMON]
    state.changes.note_common_articles()
    assert state.changes.news() == []


@on_both
def test_however_much_is_changed_there_is_a_row_a_matter(state: State, other: State) -> None:
    for number in range(20):
        (state, other)[number % 2].servers.change(number % 4 // 2, private=True)
    assert sql(state, "select matter, server from changes order by server") == [
        ("settings", 0),
        ("settings", 1),
    ]


@on_both
def test_a_matter_of_a_newer_version_is_left_alone(state: State, other: State) -> None:
    other.servers.change(1, private=True)
    sql(other, "update changes set matter = 'weather'")
    assert state.changes.news() == []


def ended(pool: ThreadPoolExecutor, state: State) -> Callable[[], None]:
    """Listen in a thread; return what waits for the end of it."""
    listening = pool.submit(state.listen, 10 * PATIENCE_SECONDS)
    return lambda: listening.result(PATIENCE_SECONDS)


@at_place("postgresql")
def test_whoever_listens_is_called_and_told_when_a_connection_is_there(
    state: State, other: State
) -> None:
    with ThreadPoolExecutor() as pool:
        try:
            ended(pool, state)()
            wait = ended(pool, state)
            other.servers.change(1, private=True)
            wait()
            assert state.changes.news() == [Change(Matter.SETTINGS, 1)]
        finally:
            state.stop_listening()


@on_both
def test_listening_ends_after_its_time_and_when_it_is_told_to(state: State) -> None:
    with ThreadPoolExecutor() as pool:
        state.listen(0.01)
        state.listen(0.01)
        wait = ended(pool, state)
        state.stop_listening()
        wait()
        ended(pool, state)()


def test_a_listener_that_was_cut_off_listens_again(ended_postgres: PostgresServer) -> None:
    with closing(State(ended_postgres.new_place())) as state, ThreadPoolExecutor() as pool:
        try:
            ended(pool, state)()
            wait = ended(pool, state)
            ended_postgres.restart()
            wait()
            wait = ended(pool, state)
            with closing(State(state.place)) as other:
                other.servers.change(1, private=True)
            wait()
        finally:
            state.stop_listening()


def test_a_server_that_is_away_is_tried_less_and_less_often() -> None:
    attempts = 0

    def refused() -> Any:
        nonlocal attempts
        attempts += 1
        raise psycopg.OperationalError("refused")

    listener = Listener(refused)
    pauses: list[float] = []
    for _ in range(8):
        pauses.append(listener._pause)
        listener._next_attempt = 0.0
        listener.listen(0.001)
    assert attempts == 8
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0, 10.0]
