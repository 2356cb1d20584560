"""A PostgreSQL server of the tests' own: on a free port, in a directory that goes with it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from bot.database_url import DatabaseUrl, read_place

__all__ = [
    "IMPATIENT",
    "PASSWORD",
    "PATIENT",
    "SETTINGS",
    "PostgresServer",
    "at_place",
    "on_both",
    "running_postgres",
    "self_signed",
]

PASSWORD = "s3cr:t/of @tests?"
"""With all that has to be written otherwise in an address."""

PATIENT = "-c statement_timeout=60s -c lock_timeout=60s"
"""A busy machine is slow, not wrong."""

IMPATIENT = "-c statement_timeout=60s -c lock_timeout=50ms"
"""For a test in which somebody waits in vain."""

SETTINGS = {"postgresql": PATIENT, "impatient postgresql": IMPATIENT, "usual postgresql": ""}
"""Of the sessions, by kind of place; a bot has the usual ones."""

_SECONDS = 60
_PLACES = ("file", "postgresql")

on_both = pytest.mark.parametrize("place", _PLACES, indirect=True)
"""Runs a test with the state in a file, and with the state in PostgreSQL."""


def at_place(kind: str) -> Any:
    """Return a mark that runs a test with the state in a file, or in PostgreSQL (``SETTINGS``)."""
    return pytest.mark.parametrize("place", [kind], indirect=True)


def _programs() -> Path | None:
    """Return the directory of PostgreSQL's own programs, which Debian keeps out of the path."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda one: int(one.parts[-3]), default=None)
    return None if newest is None else newest.parent


class PostgresServer:
    """A server that can be ended and started again; each state has a schema of its own in it."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._folder = programs, folder
        # It refuses to be root's.
        self._owner: dict[str, Any] = (
            {"user": "postgres", "group": "postgres", "extra_groups": []}
            if os.name == "posix" and os.geteuid() == 0
            else {}
        )
        self._process: subprocess.Popen[Any] | None = None
        self._states = 0
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        if self._owner:
            shutil.chown(folder, "postgres", "postgres")
        (folder / "password").write_text(PASSWORD)
        command = [programs / "initdb", "-D", folder / "data", "-U", "sourcier", "-E", "UTF8"]
        options = ["--locale=C", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}"]
        subprocess.run(
            [*command, *options, "--no-sync"],
            check=True,
            capture_output=True,
            cwd=folder,
            **self._owner,
        )

    def start(self, **more: str) -> None:
        """Start it unless it runs, with more settings than it has by default, and wait until it
        answers."""
        if self._process is not None:
            return
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self._folder,
            "fsync": "off",  # what is killed is the server, not the machine
            "shared_buffers": "16MB",
            **more,
        }
        with (self._folder / "log").open("ab") as log:
            process: subprocess.Popen[Any] = subprocess.Popen(
                [
                    self._programs / "postgres",
                    *("-D", self._folder / "data", "-p", str(self.port)),
                    *(f"--{name}={value}" for name, value in settings.items()),
                ],
                stdout=log,
                stderr=log,
                cwd=self._folder,
                **self._owner,
            )
        self._process = process
        end = time.monotonic() + _SECONDS
        while True:
            try:
                self.connect().close()
            except psycopg.OperationalError:
                if time.monotonic() > end or process.poll() is not None:
                    raise RuntimeError((self._folder / "log").read_text()) from None
                time.sleep(0.05)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it; by default as politely as it can be without waiting for its clients."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(_SECONDS)
            self._process = None

    def kill(self) -> None:
        """End it and its sessions at once, as when it crashes."""
        self.stop(signal.SIGQUIT)

    def restart(self) -> None:
        self.kill()
        self.start()

    def new_database(self, name: str) -> DatabaseUrl:
        """Return the address of an empty database, as a bot has one."""
        with self.connect() as connection:
            connection.execute(SQL("create database {}").format(Identifier(name)))
        place = read_place(self.url("", PATIENT).secret.replace("/postgres?", f"/{name}?"))
        assert isinstance(place, DatabaseUrl)
        return place

    def run(self, command: Sequence[str]) -> None:
        """Run one of PostgreSQL's own programs."""
        program, *arguments = command
        subprocess.run([self._programs / program, *arguments], check=True, cwd=self._folder)

    @contextmanager
    def speaking_tls(self) -> Iterator[Path]:
        """Have it speak TLS, as “localhost”; yield its certificate, which nobody has signed."""
        certificate, key = self_signed(self._folder, "localhost")
        if self._owner:
            for file in (certificate, key):
                shutil.chown(file, "postgres", "postgres")
        self.kill()
        self.start(ssl="on", ssl_cert_file=str(certificate), ssl_key_file=str(key))
        try:
            yield certificate
        finally:
            self.restart()

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Stop it and its sessions in the midst of what they do, without a word to anybody."""
        assert self._process is not None
        postmaster = self._process.pid
        os.kill(postmaster, signal.SIGSTOP)  # from now on none of its own begins or is gone
        told = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text()
        sessions = [int(one) for one in told.split()]
        try:
            for one in sessions:
                os.kill(one, signal.SIGSTOP)
            yield
        finally:
            for one in (*sessions, postmaster):
                os.kill(one, signal.SIGCONT)

    def connect(self) -> psycopg.Connection[Any]:
        """Return a connection of the server's owner, who commits each statement."""
        return psycopg.connect(self.url("").secret, autocommit=True)

    def url(self, schema: str, settings: str = "", **options: str) -> DatabaseUrl:
        """Return the address of a state, with settings of its sessions and further options."""
        given = options
        if schema:
            given = {"options": f"-c search_path={schema} {settings}".strip(), **options}
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in given.items())
        password = quote(PASSWORD, safe="")
        place = read_place(
            f"postgresql://sourcier:{password}@127.0.0.1:{self.port}/postgres?{query}"
        )
        assert isinstance(place, DatabaseUrl)
        return place

    def new_place(self, settings: str = PATIENT, **options: str) -> DatabaseUrl:
        """Return the address of a place that is empty yet."""
        self._states += 1
        schema = f"state_{self._states}"
        with self.connect() as connection:
            connection.execute(SQL("create schema {}").format(Identifier(schema)))
        return self.url(schema, settings, **options)


def self_signed(folder: Path, name: str) -> tuple[Path, Path]:
    """Make a certificate of a host and its key. Skips the test where OpenSSL is not installed."""
    if shutil.which("openssl") is None:
        pytest.skip("OpenSSL is not installed")
    certificate, key = folder / f"{name}.crt", folder / f"{name}.key"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"),
            *("-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    key.chmod(0o600)
    return certificate, key


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Have a server run. Skips the test where PostgreSQL is not installed."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="sourcier-postgres-"))
    try:
        server = PostgresServer(programs, folder)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)
