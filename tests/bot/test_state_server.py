"""The state in PostgreSQL: what can be wrong with it, and what holds when it comes and goes."""

from __future__ import annotations

import logging
import shutil
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from pathlib import Path

import psycopg
import pytest
from postgres import IMPATIENT, PASSWORD, PostgresServer, at_place
from psycopg.sql import SQL, Identifier
from stored import sql
from world import World, shown

from bot.app.run import run_discord
from bot.cli.arguments import read_arguments
from bot.cli.main import main
from bot.database_url import DatabaseUrl, read_place
from bot.settings import Settings, SettingsError, load_settings
from bot.state import State, StateBusy, StateError, server, server_migrations
from bot.state.answer_counts import Counted
from bot.state.inspection import SchemaAge, inspect_state

TODAY = date(2026, 1, 1)
QUESTION = "Combien de barils de pétrole en juillet ?"


@pytest.fixture
def in_postgres(postgres: PostgresServer) -> Iterator[State]:
    with closing(State(postgres.new_place())) as state:
        yield state


@pytest.fixture(autouse=True)
def _indexed(tmp_path: Path, bundled_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands and bots have an index that is made already."""
    shutil.copy(bundled_index, tmp_path / "index.db")
    monkeypatch.setenv("SOURCIER_DATABASE", str(tmp_path / "index.db"))


@pytest.fixture
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be waited for that does not come."""
    monkeypatch.setattr(server, "_START_SECONDS", 0.0)
    monkeypatch.setattr(server, "_CALL_SECONDS", 0.0)


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("postgresql://host/name", "postgresql://host/name"),
        ("postgres://me:secret@host:5433/name?sslmode=require", "postgresql://me@host:5433/name"),
        ("postgresql://me:%40%2F%3F@[::1]:5/name", "postgresql://me@[::1]:5/name"),
        ("postgresql://a:1,b:2/name", "postgresql://a:1,b:2/name"),
        ("postgresql:///name?host=/run/postgresql&password=secret", "postgresql:///name"),
        ("postgresql://host?password=secret", "postgresql://host/"),
    ],
)
def test_an_address_is_shown_without_what_is_secret(text: str, how: str) -> None:
    place = read_place(text)
    assert isinstance(place, DatabaseUrl)
    assert place.secret == text
    assert str(place) == f"{place}" == how
    assert "secret" not in f"{place!r} {Settings(state=place)!r}"


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://me:se@cret@host/name",
        "postgresql://me:se/cret@host/name",
        "postgresql://me:se?cret@host/name",
        "postgresql://me:secret/name",
        "postgresql:/me:secret@host/name",
        "postgresql+psycopg://me:secret@host/name",
        "mysql://me:secret@host/name",
        "POSTGRESQL://me:secret@host/name",
    ],
)
def test_an_address_that_is_none_is_refused_without_repeating_it(
    text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOURCIER_STATE", text)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert str(refused.value).startswith("SOURCIER_STATE must be a file or an address such as")
    assert "cret" not in str(refused.value)
    with pytest.raises(SystemExit):
        read_arguments(["state", "copy", text, "other.db"])
    assert "cret" not in capsys.readouterr().err


def test_a_file_s_name_is_no_address() -> None:
    for name in ("state.db", "/var/lib/postgres/state.db", "postgres", "a:b"):
        assert read_place(name) == Path(name)


def test_options_that_the_driver_does_not_know_are_named_as_the_fault() -> None:
    place = read_place("postgresql://me:secret@localhost/name?pasword=secret")
    with pytest.raises(StateError, match="Check the names of its options") as refused:
        State(place)
    assert "secret" not in str(refused.value)


def test_without_the_driver_it_is_said_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.delitem(sys.modules, "bot.state.server")
    place = read_place("postgresql://me:secret@localhost/name")
    sentence = "The extra “postgres” is not installed"
    with pytest.raises(StateError, match=sentence):
        State(place)
    monkeypatch.setenv("SOURCIER_STATE", "postgresql://me:secret@localhost/name")
    assert main(["check"]) == 1
    assert sentence in " ".join(capsys.readouterr().out.split())


@pytest.mark.usefixtures("_at_once")
def test_a_server_that_is_not_there_or_lets_nobody_in_is_told_without_the_password(
    postgres: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("bot.app.run.configure_logging", lambda *_: None)  # caplog has it all
    good = postgres.url("").secret
    wrong = good.replace("s3cr", "wr0ng")
    for secret, why in (
        (f"postgresql://sourcier:{PASSWORD[:4]}@127.0.0.1:1/x", "cannot be reached"),
        (wrong, "password authentication failed"),
        (good.replace("/postgres?", "/nowhere?"), 'database "nowhere" does not exist'),
        (f"{good}sslmode=require", "does not support SSL"),
    ):
        place = read_place(secret)
        with pytest.raises(StateError, match=why) as refused:
            State(place)
        monkeypatch.setenv("SOURCIER_STATE", secret)
        monkeypatch.setenv("DISCORD_TOKEN", "a.b.c")
        assert main(["check"]) == 1
        assert run_discord(load_settings()) == 1
        told = capsys.readouterr()
        for text in (str(refused.value), told.out, told.err, caplog.text):
            for part in ("s3cr", "wr0ng", "%20tests"):
                assert part not in text
        assert "\n" not in str(refused.value)
        assert str(refused.value) in told.err


@pytest.mark.usefixtures("_at_once")
def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        place = read_place(f"postgresql://me:secret@127.0.0.1:{port}/name")
        with pytest.raises(StateError, match="cannot be reached") as refused:
            State(place)
    assert "secret" not in str(refused.value)


def test_a_new_database_gets_the_tables_and_check_tells_of_it(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = postgres.new_place()
    assert inspect_state(place).schema is SchemaAge.ABSENT
    assert inspect_state(place).schema is SchemaAge.ABSENT, "looking makes nothing"
    State(place).close()
    found = inspect_state(place)
    assert (found.schema, found.problem) == (SchemaAge.CURRENT, None)
    assert found.kind.startswith("PostgreSQL 1")
    monkeypatch.setenv("SOURCIER_STATE", place.secret)
    assert main(["check"]) == 0
    told = capsys.readouterr().out
    assert str(place) in told
    assert f"{found.kind} (up to date)" in told
    assert "s3cr" not in told


def test_check_tells_of_shards_and_of_processes_that_listen(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = postgres.new_place()
    before = inspect_state(place).listeners
    assert before is not None
    monkeypatch.setenv("SOURCIER_STATE", place.secret)
    monkeypatch.setenv("SOURCIER_SHARDS", "0-1,3/4")
    states = [State(place), State(place)]
    for state in states:
        state.listen(0.01)  # connects
        state.listen(0.01)
    assert inspect_state(place).listeners == before + 2
    assert main(["check"]) == 0
    told = capsys.readouterr().out
    assert f"processes that listen for each other’s changes: {before + 2}" in told
    assert "0,1,3/4" in told
    for state in states:
        state.close()


def test_a_database_of_an_older_version_is_brought_up_to_date_once(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = postgres.new_place()
    with closing(State(place)) as before:
        before.commands.remember(1, "one")
    step = "create table tomorrow (x bigint); insert into tomorrow values (1)"
    monkeypatch.setattr(server_migrations, "STEPS", [*server_migrations.STEPS, step])
    monkeypatch.setattr(server, "STEPS", server_migrations.STEPS)
    assert inspect_state(place).schema is SchemaAge.OLDER
    monkeypatch.setenv("SOURCIER_STATE", place.secret)
    assert main(["check"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "(of an older version: brought up to date at the next start)" in told
    with ThreadPoolExecutor() as pool:  # as many processes start at once
        states = list(pool.map(State, [place] * 4))
    assert sql(states[0], "select x from tomorrow") == [(1,)]
    assert {state.commands.fingerprint(1) for state in states} == {"one"}
    assert inspect_state(place).schema is SchemaAge.CURRENT
    for state in states:
        state.close()


def test_a_step_that_fails_leaves_the_database_as_it_was(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = postgres.new_place()
    State(place).close()
    step = "drop table articles; select 1 / 0"
    with monkeypatch.context() as patched:
        patched.setattr(server_migrations, "STEPS", [*server_migrations.STEPS, step])
        with pytest.raises(StateError, match="division by zero"):
            State(place)
    with closing(State(place)) as state:
        assert state.articles.servers() == frozenset()


def test_a_database_of_a_newer_version_is_refused(in_postgres: State) -> None:
    sql(in_postgres, "update sourcier_schema set version = 99")
    known = len(server_migrations.STEPS)
    sentence = rf"was made by a newer version of Sourcier \(schema 99, this one knows {known}\)"
    with pytest.raises(StateError, match=sentence) as refused:
        State(in_postgres.place)
    found = inspect_state(in_postgres.place)
    assert (found.schema, found.problem) == (SchemaAge.NEWER, str(refused.value))


@pytest.mark.parametrize("name", ["cats", "feedback"])
def test_tables_of_another_program_are_left_alone(postgres: PostgresServer, name: str) -> None:
    place = postgres.new_place()
    cats = Identifier(place.secret.partition("search_path%3D")[2].partition("%20")[0], name)
    with postgres.connect() as connection:
        connection.execute(SQL("create table {} (cat text)").format(cats))
        if name == "cats":
            State(place).close()
        else:
            with pytest.raises(StateError, match="has a table “feedback” that is not Sourcier's"):
                State(place)
            assert inspect_state(place).schema is SchemaAge.ABSENT
        assert connection.execute(SQL("select cat from {}").format(cats)).fetchall() == []


def test_text_is_compared_by_bytes_whatever_the_locale(postgres: PostgresServer) -> None:
    with postgres.connect() as connection:
        connection.execute(
            "create database french template template0 locale_provider icu icu_locale 'fr-FR'"
        )
        assert connection.execute("select 'a' < 'B' collate \"fr-FR-x-icu\"").fetchone() == (True,)
    place = read_place(postgres.url("").secret.replace("/postgres?", "/french?"))
    with closing(State(place)) as state:
        state.answer_counts.add({Counted(1, name): 1 for name in ("é", "a", "B")}, TODAY)
        assert state.answer_counts.quoted(1, TODAY, 9) == (("B", 1), ("a", 1), ("é", 1))


@contextmanager
def held(state: State, *servers: int) -> Iterator[None]:
    with state.database.writing(*servers):
        yield


def test_whoever_writes_keeps_others_of_the_server_waiting_and_nobody_else(
    postgres: PostgresServer,
) -> None:
    place = postgres.new_place(IMPATIENT)
    with closing(State(place)) as one, closing(State(place)) as other:
        with held(one, 7):
            with pytest.raises(StateBusy, match="is held by others, or too slow"):
                other.servers.change(7, private=True)
            assert not other.servers.of(7).private, "reading waits for nobody"
            assert other.servers.change(8, private=True).private
        assert other.servers.change(7, private=True).private


def test_a_call_waits_for_less_than_discord_does(postgres: PostgresServer) -> None:
    assert 0 < server._STATEMENT_SECONDS < 2
    assert server._CONNECT_SECONDS < 3
    assert server._CALL_SECONDS + server._STATEMENT_SECONDS < 3
    with closing(State(postgres.new_place(""))) as state:
        for name in ("statement_timeout", "lock_timeout"):
            assert sql(state, f"show {name}") == [(f"{server._STATEMENT_SECONDS * 1000:.0f}ms",)]


@pytest.mark.usefixtures("_at_once")
def test_no_more_connections_are_made_than_one_process_may_have(postgres: PostgresServer) -> None:
    with closing(State(postgres.new_place(application_name="counted"))) as state:
        with ExitStack() as calls:
            for number in range(server._MAX_CONNECTIONS):
                calls.enter_context(held(state, number))
            with pytest.raises(StateBusy, match="All 8 connections"):
                state.servers.of(1)
            count = "select count(*) from pg_stat_activity where application_name = 'counted'"
            with postgres.connect() as connection:
                found = connection.execute(count).fetchone()
            assert found == (server._MAX_CONNECTIONS,)
        assert not state.servers.of(1).private


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL])
def test_after_a_restart_the_next_call_works_and_what_was_written_is_there(
    ended_postgres: PostgresServer, how: signal.Signals
) -> None:
    with closing(State(ended_postgres.new_place())) as state:
        state.servers.change(1, private=True)
        ended_postgres.stop(how)
        with pytest.raises(StateError, match="cannot be reached"):
            state.servers.of(1)
        ended_postgres.start()
        assert state.servers.of(1).private
        assert state.servers.change(1, language="fr").private


def test_a_call_waits_for_a_server_that_is_back_in_a_moment(
    ended_postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_CALL_SECONDS", 60.0)
    with closing(State(ended_postgres.new_place())) as state, ThreadPoolExecutor() as pool:
        ended_postgres.kill()
        calls = [pool.submit(state.servers.change, number, private=True) for number in range(4)]
        ended_postgres.start()
        assert all(call.result().private for call in calls)


def test_no_write_that_was_acknowledged_is_lost_when_the_server_is_killed(
    ended_postgres: PostgresServer,
) -> None:
    ending, acknowledged = threading.Event(), [0, 0, 0]
    with closing(State(ended_postgres.new_place())) as state:

        def write(number: int) -> None:
            while not ending.is_set():
                try:
                    state.unanswered.note(number, "What wine?", TODAY)
                except StateError:
                    continue
                acknowledged[number] += 1

        with ThreadPoolExecutor() as pool:
            writers = [pool.submit(write, number) for number in range(3)]
            try:
                for goal in range(1, 6):
                    while min(acknowledged) < 20 * goal:
                        ending.wait(0.01)
                        assert not any(one.done() for one in writers)
                    ended_postgres.restart()
            finally:
                ending.set()
        for number, count in enumerate(acknowledged):
            (kept,) = state.unanswered.of(number, TODAY)
            assert kept.times >= count >= 100
            assert kept.times <= count + 5, "each restart cuts one call off at most"


@at_place("impatient postgresql")
async def test_a_member_is_told_what_cannot_be_answered_in_time(
    world: World,
) -> None:
    answer = await world.ask(QUESTION)
    with held(world.state, int(world.guild.id)):
        result = await world.member.click(answer.message, custom_id=answer.button("👍"))
        assert shown(result.response).text.startswith("What I have to remember is in use elsewhere")
    world.env.errors.clear()
    result = await world.member.click(answer.message, custom_id=answer.button("👍"))
    assert not shown(result.response).text.startswith("What I have to remember")


def test_the_backup_of_a_database_is_left_to_its_own_tools(
    postgres: PostgresServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SOURCIER_STATE", postgres.url("").secret)
    for command in ("backup", "restore"):
        assert main([command, str(tmp_path / "backup.db")]) == 1
        told = capsys.readouterr().err
        assert "pg_dump and pg_restore" in told
        assert "s3cr" not in told
    assert not (tmp_path / "backup.db").exists()


@at_place("postgresql")
async def test_questions_are_answered_while_the_server_is_away(
    world: World, postgres: PostgresServer
) -> None:
    answer = await world.ask(QUESTION)
    postgres.kill()
    try:
        assert (await world.ask(QUESTION)).texts == answer.texts
        result = await world.member.click(answer.message, custom_id=answer.button("👍"))
        assert shown(result.response).text.startswith("I cannot read or write what I have to")
    finally:
        postgres.start()
    await world.member.click(answer.message, custom_id=answer.button("👍"))
    assert world.state.feedback.tied_to(world.member.id) == 1


def test_a_call_that_outlives_its_state_leaves_no_connection(postgres: PostgresServer) -> None:
    state = State(postgres.new_place())
    with state.database.writing(1) as connection:
        driver_s = connection.connection.driver_connection
        state.close()
    assert isinstance(driver_s, psycopg.Connection)
    assert driver_s.closed
