"""A PostgreSQL database for what the bot must remember: how it is reached and asked.

What it is asked is the same as of a file. Needs the extra “postgres”.
"""

from __future__ import annotations

import random
import time
import weakref
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, NamedTuple, cast

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.database_url import DatabaseUrl
from bot.state.bounded_connection import BoundedConnection
from bot.state.connection_use import ConnectionUse, ConnectionWatch
from bot.state.database import CHANNEL, StateBusy, StateError
from bot.state.listener import Listener
from bot.state.sentences import newer
from bot.state.server_migrations import (
    STEPS,
    ForeignTables,
    NewerSchema,
    migrate,
    schema_version,
)

__all__ = ["StateServer", "look_at_server"]

# Discord waits three seconds.
_CONNECT_SECONDS: Final = 2
_CALL_SECONDS: Final = 1.0
"""How long a call waits for a free connection, or tries again to make one."""
_STATEMENT_SECONDS: Final = 1.5
"""How long a statement may take, waiting for others included."""
_GRACE_SECONDS: Final = 0.5
"""How much longer an answer may take, of a server that does not even end the statement by then."""
_SIGN_SECONDS: Final = 0.5
"""How long a sign of life may take on a connection that was free, before another is made."""

_START_SECONDS: Final = 5.0
"""How long a start tries to reach the server, for which nobody waits."""
_PATIENT_SECONDS: Final = 60.0

_KEPT_CONNECTIONS: Final = 2
_MAX_CONNECTIONS: Final = 8
"""Of one process: PostgreSQL has a hundred for all, as it comes."""

_FIRST_PAUSE_SECONDS: Final = 0.05
_LONGEST_PAUSE_SECONDS: Final = 0.4

_STATEMENT_TIMEOUT: Final = (
    "select setting::integer from pg_catalog.pg_settings where name = 'statement_timeout'"
)
_LISTENERS: Final = text(
    "select count(*) from pg_stat_activity where datname = current_database() and query = :last"
)
"""Connections whose last statement was to listen, which is the only one of a listener."""

_DIRECT_MESSAGES: Final = 0
"""Takes the place of a server's id, for what is of none."""

_BUSY: Final = frozenset(
    (
        "40001",  # serialization_failure
        "40P01",  # deadlock_detected
        "55P03",  # lock_not_available
        "57014",  # query_canceled, as when it took too long
    )
)


class StateServer:
    """A PostgreSQL database, brought to the schema of today when it is opened (a
    ``StateDatabase``).

    What reads sees one snapshot (repeatable read). What writes is read committed, and holds an
    advisory lock of each server that it is about until it ends: of two that read, decide and
    write, the later sees what the earlier has written. Of what is about no single server, each
    statement is whole by itself; where two of them lock each other out, one ends as StateBusy and
    has changed nothing.

    A connection that was lost is noticed before it is used, and made again, with growing pauses
    between the attempts. What was lost in the midst of a call is never tried again: that call ends
    as StateError, and nobody was told that it was done.

    Raises StateError, like ``reading`` and ``writing``.
    """

    def __init__(self, url: DatabaseUrl) -> None:
        self._url = url
        parameters = _parameters(url)
        self._engine = _engine(parameters)
        self._snapshots = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._watch = ConnectionWatch()
        self._listener = Listener(partial(_connect, parameters, 0.0))
        self._dispose = weakref.finalize(self, _dispose, self._engine)
        with _in_words(url):
            _connect(parameters, _START_SECONDS).close()
            with self._engine.begin() as connection:
                _be_patient(connection)
                connection.exec_driver_sql("set local statement_timeout = 0")
                _give(connection, None)
                try:
                    migrate(connection)
                except NewerSchema as error:
                    schema = f"schema {error}, this one knows {len(STEPS)}"
                    raise StateError(newer(str(url), schema)) from None
                except ForeignTables as error:
                    raise StateError(
                        f"{url} has a table “{error}” that is not Sourcier's. "
                        "Let SOURCIER_STATE name a database of its own."
                    ) from None

    @contextmanager
    def reading(self, *, patient: bool = False) -> Generator[Connection]:
        """Yield a connection that sees one committed state throughout."""
        with _in_words(self._url), self._watch.counted(self._snapshots.connect) as connection:
            if patient:
                _be_patient(connection)
            yield connection

    @contextmanager
    def writing(self, *servers: int | None, patient: bool = False) -> Generator[Connection]:
        """Yield a connection whose changes are committed together at the end, or not at all.

        Whoever else writes something of one of ``servers`` waits until then.
        """
        with _in_words(self._url), self._watch.counted(self._engine.connect) as connection:
            if patient:
                _be_patient(connection)
            for key in sorted({server or _DIRECT_MESSAGES for server in servers}):
                connection.execute(select(func.pg_advisory_xact_lock(key)))
            yield connection
            connection.commit()

    def listen(self, seconds: float) -> None:
        """Wait for so many seconds, until the database calls, or until ``stop_listening``."""
        self._listener.listen(seconds)

    def stop_listening(self) -> None:
        """Let ``listen`` return within half a second, now and whenever it is called."""
        self._listener.stop()

    def connection_use(self) -> ConnectionUse:
        """Return how the pool's connections are used: not that of the listener."""
        return self._watch.use(free=cast(QueuePool, self._engine.pool).checkedin())

    def close(self) -> None:
        """Let go of all connections: of one that is in use, when its call ends."""
        self._listener.close()
        self._dispose()


class ServerFindings(NamedTuple):
    """The version of a database's server, that of its schema (``None``: it holds no state yet) and
    that of today; ``listeners``: processes that are told there of each other's changes."""

    server: str
    schema: int | None
    today: int
    listeners: int


def look_at_server(url: DatabaseUrl) -> ServerFindings:
    """Return what there is at an address. Changes nothing there. Raises StateError."""
    engine = _engine(_parameters(url))
    try:
        with _in_words(url), engine.connect() as connection:
            server = str(connection.execute(text("show server_version")).scalar_one())
            listeners = connection.execute(_LISTENERS, {"last": f'listen "{CHANNEL}"'}).scalar_one()
            version = schema_version(connection)
            return ServerFindings(server.partition(" ")[0], version, len(STEPS), listeners)
    finally:
        engine.dispose()


def _parameters(url: DatabaseUrl) -> dict[str, Any]:
    """Return what the driver is told: the address, and what it does not say of our own.

    Raises StateError where it is none.
    """
    try:
        given = conninfo_to_dict(url.secret)
    except psycopg.Error:  # which may repeat the password
        raise StateError(
            f"{url} is no address that PostgreSQL's driver understands. Check the names of its "
            "options and how it is written: postgresql://USER:PASSWORD@HOST:PORT/DATABASE."
        ) from None
    milliseconds = round(_STATEMENT_SECONDS * 1_000)
    options = (
        f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}"
        f" -c idle_in_transaction_session_timeout={round(_PATIENT_SECONDS * 1_000)}"
    )
    return {
        "application_name": "sourcier",
        "connect_timeout": _CONNECT_SECONDS,
        "tcp_user_timeout": _CONNECT_SECONDS * 1_000,  # a peer that is gone is noticed
        "keepalives_idle": 30,
        **given,
        "options": f"{options} {given.get('options') or ''}".strip(),
    }


def _engine(parameters: Mapping[str, Any]) -> Engine:
    engine = create_engine(
        "postgresql+psycopg://",
        creator=partial(_connect, parameters, _CALL_SECONDS),
        pool_size=_KEPT_CONNECTIONS,
        max_overflow=_MAX_CONNECTIONS - _KEPT_CONNECTIONS,
        pool_timeout=_CALL_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,
    )
    event.listen(engine, "checkout", _is_taken)
    event.listen(engine, "checkin", _is_given_back)
    return engine


def _is_taken(connection: BoundedConnection, *_: object) -> None:
    connection.answer_seconds = connection.usual_seconds


def _is_given_back(connection: BoundedConnection | None, _record: object) -> None:
    if connection is not None:
        connection.answer_seconds = _SIGN_SECONDS


def _dispose(engine: Engine) -> None:
    """Close what is free, and what is in use when it is given back."""
    event.listen(engine, "checkin", _close)
    engine.dispose()


def _close(connection: psycopg.Connection[Any] | None, _record: object) -> None:
    if connection is not None:
        connection.close()


def _connect(parameters: Mapping[str, Any], patience: float) -> BoundedConnection:
    """Connect, trying again for so many seconds: a server that restarts is soon back.

    Raises psycopg.OperationalError.
    """
    end = time.perf_counter() + patience
    pause = _FIRST_PAUSE_SECONDS
    while True:
        try:
            return _bounded(BoundedConnection.connect(**parameters))
        except psycopg.OperationalError:
            if time.perf_counter() + pause > end:
                raise
        time.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - so that not all come at once
        pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)


def _bounded(connection: BoundedConnection) -> BoundedConnection:
    """Bound the answers by what the server bounds statements by, which an address may change."""
    connection.answer_seconds = _STATEMENT_SECONDS + _GRACE_SECONDS
    try:
        with connection.transaction():
            ((milliseconds,),) = connection.execute(_STATEMENT_TIMEOUT).fetchall()
    except psycopg.Error:
        connection.close()
        raise
    bound = milliseconds / 1_000 + _GRACE_SECONDS if milliseconds else None
    connection.usual_seconds = connection.answer_seconds = bound
    return connection


def _be_patient(connection: Connection) -> None:
    """Give the statements of a transaction a minute each: nobody waits for them."""
    milliseconds = round(_PATIENT_SECONDS * 1_000)
    for name in ("statement_timeout", "lock_timeout"):
        connection.exec_driver_sql(f"set local {name} = {milliseconds}")
    _give(connection, _PATIENT_SECONDS + _GRACE_SECONDS)


def _give(connection: Connection, seconds: float | None) -> None:
    """Let an answer take so long, until the connection is given back."""
    cast(BoundedConnection, connection.connection.driver_connection).answer_seconds = seconds


@contextmanager
def _in_words(url: DatabaseUrl) -> Generator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise StateBusy(
            f"All {_MAX_CONNECTIONS} connections to {url} are in use. Try again in a moment."
        ) from error
    except (psycopg.Error, DBAPIError) as raised:
        error = raised.orig if isinstance(raised, DBAPIError) else raised
        is_busy = isinstance(error, psycopg.Error) and error.sqlstate in _BUSY
        raise (StateBusy if is_busy else StateError)(_explained(url, error)) from error


def _explained(url: DatabaseUrl, error: BaseException | None) -> str:
    """Say why a database cannot be used, and what to do; never with a value or a password."""
    state = error.sqlstate if isinstance(error, psycopg.Error) else None
    if state in _BUSY:
        return f"{url} is held by others, or too slow. Try again in a moment."
    if isinstance(error, psycopg.Error) and error.diag.message_primary:
        why = error.diag.message_primary
    else:
        why = " ".join(str(error).split())
    is_away = isinstance(error, psycopg.OperationalError) and (
        state is None or state.startswith(("08", "53", "57P"))
    )
    if is_away and "certificate" in why:  # libpq has no code for it
        return (
            f"{url} is not trusted ({why}). Let sslrootcert in SOURCIER_STATE name the "
            "certificate of who signed the server's, and the host be the one that it is for."
        )
    if is_away:
        return (
            f"{url} cannot be reached ({why}). See whether the server runs and lets the bot in, "
            "and that SOURCIER_STATE names it rightly."
        )
    return (
        f"{url} cannot be used as the bot's state ({why}). Check what its user may do there, or "
        "let SOURCIER_STATE name another database."
    )
