"""The way to PostgreSQL: encrypted and checked as the address says, and waited for in bounds."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from postgres import PostgresServer, at_place, self_signed
from stored import sql
from world import World, shown

from bot.cli.main import main
from bot.database_url import DatabaseUrl
from bot.state import State, StateError, server

QUESTION = "Combien de barils de pétrole en juillet ?"
IS_ENCRYPTED = "select ssl from pg_stat_ssl where pid = pg_backend_pid()"

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of its processes")


@pytest.fixture(scope="module")
def certificate(postgres: PostgresServer) -> Iterator[Path]:
    """Of a server that speaks TLS as “localhost”."""
    with postgres.speaking_tls() as certificate:
        yield certificate


@pytest.fixture
def at_host(postgres: PostgresServer) -> Callable[..., DatabaseUrl]:
    def place(host: str, **options: str) -> DatabaseUrl:
        """Return the address of a new place, at a name that stands for this machine."""
        written = postgres.new_place(hostaddr="127.0.0.1", **options)
        return DatabaseUrl(written.secret.replace("@127.0.0.1:", f"@{host}:"), written.shown)

    return place


def test_a_server_that_is_asked_to_encrypts(
    certificate: Path, at_host: Callable[..., DatabaseUrl]
) -> None:
    with closing(State(at_host("localhost", sslmode="require"))) as state:
        assert sql(state, IS_ENCRYPTED) == [(True,)]
    with closing(State(at_host("localhost", sslmode="disable"))) as state:
        assert sql(state, IS_ENCRYPTED) == [(False,)]


def test_a_server_that_shows_the_right_certificate_is_trusted(
    certificate: Path, at_host: Callable[..., DatabaseUrl]
) -> None:
    place = at_host("localhost", sslmode="verify-full", sslrootcert=str(certificate))
    with closing(State(place)) as state:
        assert sql(state, IS_ENCRYPTED) == [(True,)]
        assert state.servers.change(1, private=True).private


@pytest.mark.parametrize(
    ("host", "trusted", "why"),
    [
        ("localhost", "another", "certificate verify failed"),
        ("db.example.org", "its own", 'does not match host name "db.example.org"'),
        ("localhost", "none", "root certificate file .* does not exist"),
    ],
)
def test_a_server_that_cannot_be_trusted_is_refused_in_a_sentence(
    certificate: Path,
    at_host: Callable[..., DatabaseUrl],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    host: str,
    trusted: str,
    why: str,
) -> None:
    monkeypatch.setattr(server, "_START_SECONDS", 0.0)
    monkeypatch.setattr(server, "_CALL_SECONDS", 0.0)
    root = {
        "another": self_signed(tmp_path, "localhost")[0],
        "its own": certificate,
        "none": tmp_path / "nowhere.crt",
    }[trusted]
    place = at_host(host, sslmode="verify-full", sslrootcert=str(root))
    with pytest.raises(StateError, match=why) as refused:
        State(place)
    assert "is not trusted" in str(refused.value)
    assert "Let sslrootcert in SOURCIER_STATE name" in str(refused.value)
    assert "\n" not in str(refused.value)
    monkeypatch.setenv("SOURCIER_STATE", place.secret)
    assert main(["check"]) == 1
    assert "s3cr" not in f"{refused.value} {capsys.readouterr()}"


@pytest.fixture
def timed_out() -> Iterator[Callable[[Callable[[], object]], str]]:
    """Return what a call is refused with while the server hangs; fails where it is not refused."""
    with ThreadPoolExecutor() as pool:

        def refused(call: Callable[[], object]) -> str:
            with pytest.raises(StateError) as error:
                pool.submit(call).result(60)
            return str(error.value)

        yield refused


def test_what_a_server_that_hangs_may_take_is_less_than_discord_waits() -> None:
    assert server._SIGN_SECONDS + server._CONNECT_SECONDS < 3
    assert server._STATEMENT_SECONDS + server._GRACE_SECONDS < 3
    assert server._CALL_SECONDS < server._CONNECT_SECONDS, "there is no second attempt"


@ON_LINUX
def test_every_call_to_a_server_that_hangs_is_refused_and_the_next_ones_work(
    postgres: PostgresServer, timed_out: Callable[[Callable[[], object]], str]
) -> None:
    with closing(State(postgres.new_place(""))) as state:
        state.servers.change(1, private=True)
        with postgres.hanging():
            for call in (
                lambda: state.servers.of(1),
                lambda: state.servers.change(1, private=False),
                lambda: state.articles.servers(),
            ):
                assert "cannot be reached" in timed_out(call)
        assert state.servers.of(1).private
        assert not state.servers.change(1, private=False).private


@ON_LINUX
def test_a_server_that_hangs_in_the_midst_of_a_call_is_given_up(
    postgres: PostgresServer, timed_out: Callable[[Callable[[], object]], str]
) -> None:
    with closing(State(postgres.new_place(""))) as state:
        entered, hanging = threading.Event(), threading.Event()

        def write() -> None:
            with state.database.writing(1) as connection:
                entered.set()
                hanging.wait(60)
                connection.exec_driver_sql("select 1")

        with ThreadPoolExecutor() as pool:
            writing = pool.submit(timed_out, write)
            entered.wait(60)
            with postgres.hanging():
                hanging.set()
                assert "no answer for 2 seconds" in writing.result(60)
        assert state.servers.change(1, private=True).private, "nothing is held any more"


@ON_LINUX
@at_place("usual postgresql")
async def test_questions_are_answered_while_the_server_hangs(
    world: World, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = await world.ask(QUESTION)
    with postgres.hanging():
        assert (await world.ask(QUESTION)).texts == answer.texts
        result = await world.member.click(answer.message, custom_id=answer.button("👍"))
        assert shown(result.response).text.startswith("I cannot read or write what I have to")
    await world.member.click(answer.message, custom_id=answer.button("👍"))
    assert world.state.feedback.tied_to(world.member.id) == 1
