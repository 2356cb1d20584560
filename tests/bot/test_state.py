"""What is remembered survives, and what cannot be is said in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from postgres import PostgresServer, on_both
from sqlalchemy import inspect
from sqlite_utils import Database
from stored import sql

from bot.state import State, StateError, StoredReport, file_migrations
from bot.state.answer_counts import Counted
from bot.state.article_versions import ArticleText, Draft
from bot.state.articles import ArticleOutdated
from bot.state.feedback import Ballot, Vote
from bot.state.inspection import SchemaAge, inspect_state
from bot.state.reports import KEPT
from bot.state.schema import TABLES
from bot.state.watched import Quoted
from knowledge import Verdict


def test_a_state_is_made_with_the_folder_that_it_is_in(tmp_path: Path) -> None:
    State(tmp_path / "folder" / "state.db").commands.remember(1, "one")
    assert State(tmp_path / "folder" / "state.db").commands.fingerprint(1) == "one"


@on_both
def test_commands_are_remembered_for_each_application(state: State) -> None:
    assert state.commands.fingerprint(1) is None
    state.commands.remember(1, "one")
    state.commands.remember(2, "two")
    state.commands.remember(1, "three")
    with closing(State(state.place)) as again:
        kept = (again.commands.fingerprint(1), again.commands.fingerprint(2))
    assert kept == ("three", "two")


def test_a_file_that_is_no_state_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_bytes(b"this is not a database, not at all" * 100)
    with pytest.raises(StateError, match=r"state\.db is no SQLite file"):
        State(path)


def test_a_state_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    State(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values "
            "('sourcier.state', '999_of_tomorrow', '')"
        )
    with pytest.raises(StateError, match=r"newer version of Sourcier \(999_of_tomorrow\)"):
        State(path)


def test_a_place_that_cannot_be_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StateError, match="SOURCIER_STATE"):
        State(tmp_path / "file" / "state.db")


@on_both
def test_reports_are_kept_for_their_server_alone_and_the_latest_of_them(state: State) -> None:
    report = StoredReport({"en": [["one"], ["two"]]}, 7)
    first = state.reports.keep(1, report)
    assert state.reports.find(1, first) == report
    assert state.reports.find(2, first) is None
    elsewhere = state.reports.keep(2, report)
    later = [state.reports.keep(1, report) for _ in range(KEPT)]
    assert state.reports.find(1, first) is None
    assert all(state.reports.find(1, one) == report for one in later)
    assert state.reports.find(2, elsewhere) == report


@on_both
def test_changes_of_two_admins_are_both_kept_whichever_process_makes_them(state: State) -> None:
    with closing(State(state.place)) as other, ThreadPoolExecutor() as pool:
        for turn in range(20):
            changes = [
                pool.submit(state.servers.change, turn, private=True),
                pool.submit(other.servers.change, turn, language="fr"),
            ]
            for change in changes:
                change.result()
    kept = [state.servers.of(turn) for turn in range(20)]
    assert {(one.private, one.language) for one in kept} == {(True, "fr")}


@on_both
def test_uploads_of_two_admins_have_slugs_of_their_own_and_one_removal_is_the_first(
    state: State,
) -> None:
    draft = Draft("wine", "Wine", ArticleText("Red."))
    with closing(State(state.place)) as other, ThreadPoolExecutor() as pool:
        for turn in range(1, 11):
            uploads = [pool.submit(one.articles.offer, turn, [draft]) for one in (state, other)]
            (first,), (second,) = (upload.result() for upload in uploads)
            assert {first.slug, second.slug} == {"wine.1", "wine.2"}
            state.articles.accept(turn, [first.id])
            removals = [pool.submit(one.articles.remove, turn, first.id) for one in (state, other)]
            refused = [one for one in (removal.exception() for removal in removals) if one]
            assert [type(one) for one in refused] == [ArticleOutdated]


@on_both
def test_questions_that_two_processes_note_are_all_counted(state: State) -> None:
    today = date(2026, 1, 1)
    with closing(State(state.place)) as other, ThreadPoolExecutor(2) as pool:
        notes = [
            pool.submit(one.unanswered.note, 1, f"What wine? {number % 3}", today)
            for number in range(30)
            for one in (state, other)
        ]
        for note in notes:
            note.result()
    assert [one.times for one in state.unanswered.of(1, today)] == [20, 20, 20]


DISTINCT = {
    "feedback": {("message", "member")},
    "unanswered": {("server", "question")},
    "watched": {("message", "passage")},
    "answer_counts": {("server", "day", "kind", "passage")},
}


@on_both
def test_tables_are_as_the_statements_take_them_to_be(state: State) -> None:
    """Their columns in order, which may be empty, and what is distinct."""
    with state.database.reading() as connection:
        found = inspect(connection)
        for table in TABLES:
            key = found.get_pk_constraint(table.name)["constrained_columns"]
            assert key == [one.name for one in table.primary_key]
            columns = {
                one["name"]: one["nullable"] and one["name"] not in key
                for one in found.get_columns(table.name)
            }
            assert columns == {one.name: one.nullable for one in table.columns}
            indexes = found.get_indexes(table.name)
            distinct = {tuple(one["column_names"]) for one in indexes if one["unique"]}
            assert distinct == DISTINCT.get(table.name, set())


@on_both
@pytest.mark.parametrize("number", [0, -1, 2**63 - 1])
def test_an_id_of_nothing_finds_nothing(state: State, number: int) -> None:
    assert state.articles.find(1, number) is None
    assert state.unanswered.question(number, 1) is None
    assert state.reports.find(number, "x") is None


@on_both
def test_any_text_is_kept_but_for_the_character_that_a_database_lacks(state: State) -> None:
    text, today = "“Ünï” \\ % ' \n\t \u2028 😀 :name ?", date(2026, 1, 1)
    state.unanswered.note(1, f"{text}\0", today)
    assert [one.question for one in state.unanswered.of(1, today)] == [f"{text}\ufffd"]


SERVERS = st.sampled_from([1, 2])
DAYS = st.integers(0, 400).map(lambda days: date(2026, 1, 1) + timedelta(days=days))
WORDS = st.text(st.sampled_from("aZé☃'%"), max_size=4)
ACTS: st.SearchStrategy[Callable[[State], object]] = st.one_of(
    st.builds(
        lambda server, words, day: lambda state: state.unanswered.note(server, words, day),
        SERVERS,
        WORDS,
        DAYS,
    ),
    st.builds(
        lambda server, message, vote, reason, day: (
            lambda state: state.feedback.cast(
                Ballot(server, message, 5, Verdict.ANSWERED, ("a", "b"), vote, reason), day
            )
        ),
        st.none() | SERVERS,
        st.integers(1, 3),
        st.sampled_from(Vote),
        st.none() | WORDS,
        DAYS,
    ),
    st.builds(
        lambda server, what, times, day: (
            lambda state: state.answer_counts.add(
                {Counted(server, one): times for one in what}, day
            )
        ),
        SERVERS,
        st.sets(st.sampled_from([*Verdict, "p", "q"]), max_size=3),
        st.integers(1, 5),
        DAYS,
    ),
    st.builds(
        lambda server, message, passages, day: (
            lambda state: state.watched.note(
                server, 3, message, [Quoted(one, "article") for one in passages], day
            )
        ),
        SERVERS,
        st.integers(1, 3),
        st.lists(WORDS, max_size=3),
        DAYS,
    ),
    st.builds(
        lambda message, passage, version, gone: (
            lambda state: state.watched.see(message, {passage: version}, gone)
        ),
        st.integers(1, 3),
        WORDS,
        st.none() | WORDS,
        st.lists(WORDS, max_size=2),
    ),
    st.builds(
        lambda server, slugs: (
            lambda state: [
                one.slug
                for one in state.articles.offer(
                    server, [Draft(slug, slug.upper(), ArticleText(slug)) for slug in slugs]
                )
            ]
        ),
        SERVERS,
        st.lists(st.sampled_from(["a", "b", "é"]), max_size=3),
    ),
    st.builds(lambda server: lambda state: accept_all(state, server), SERVERS),
    st.builds(
        lambda server: (
            lambda state: [
                state.articles.remove(server, one.id) for one in state.articles.of(server)[:1]
            ]
        ),
        SERVERS,
    ),
    st.builds(lambda day: lambda state: state.unanswered.expire(day), DAYS),
    st.builds(lambda day: lambda state: state.feedback.expire(day), DAYS),
    st.builds(lambda day: lambda state: state.answer_counts.expire(day), DAYS),
    st.builds(lambda day: lambda state: state.watched.expire(day), DAYS),
    st.builds(lambda: lambda state: state.forget(5)),
)


def accept_all(state: State, server: int) -> int:
    """Put all that waits on a server in use; return how much."""
    offered = sql(state, f"select id from articles where server = {server} and status = 'offered'")
    state.articles.accept(server, sorted(row[0] for row in offered))
    return len(offered)


def told(state: State) -> list[object]:
    """Return what is told of all that is kept."""
    first = date(2026, 1, 1)
    found: list[object] = [state.watched.latest(first), state.articles.servers()]
    for server in (1, 2):
        found += [
            [(one.slug, one.title, one.characters) for one in state.articles.of(server)],
            state.unanswered.of(server, first),
            state.unanswered.count(server),
            state.feedback.of(server),
            state.feedback.by_day(server, first),
            state.watched.of(server, first),
            state.answer_counts.quoted(server, first, 10),
            sorted(state.answer_counts.answers(server, first)),
        ]
    return [*found, state.feedback.tied_to(5)]


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTS, min_size=5, max_size=30))
def test_both_databases_do_and_tell_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    postgres: PostgresServer,
    acts: list[Callable[[State], object]],
) -> None:
    file = tmp_path_factory.mktemp("same") / "state.db"
    with closing(State(file)) as one, closing(State(postgres.new_place())) as other:
        for act in acts:
            assert act(one) == act(other)
        assert told(one) == told(other)


def migrations() -> list[str]:
    """Return the names of what has made a file what it is today."""
    with closing(sqlite3.connect(":memory:")) as empty:
        return [one.name for one in file_migrations._migrations.pending(Database(empty))]


@pytest.mark.parametrize("missing", migrations()[1:])
def test_a_file_of_any_version_goes_on(tmp_path: Path, missing: str) -> None:
    path = tmp_path / "state.db"
    with closing(sqlite3.connect(path)) as connection:
        database = Database(connection)
        file_migrations._migrations.apply(database, stop_before=missing)
        database.table("synced_commands").insert({"application": 1, "fingerprint": "one"})
    assert inspect_state(path).schema is SchemaAge.OLDER
    state = State(path)
    assert inspect_state(path).schema is SchemaAge.CURRENT
    assert state.commands.fingerprint(1) == "one"
    state.expire()
    assert state.servers.change(1, private=True).private
