"""The bot as a process: it starts, it says why it cannot, it ends when told to."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import shutil
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from fake_discord import FakeDiscord, fake_discord
from pydantic import SecretStr
from world import eventually

from bot.app.logs import configure_logging

TOKEN = "MTIz.GAbcde.a-token_that-nobody-has"

PATIENCE_SECONDS = 120.0
"""How long a start or an end may take on a busy machine: no timing decides a test."""

ENDING = [signal.SIGTERM, signal.SIGINT, getattr(signal, "SIGHUP", signal.SIGTERM)]

RUN = """
import sys
from bot.app.run import run_discord
from bot.settings import load_settings
sys.exit(run_discord(load_settings()))
"""
PREVIEW = """
import sys
from bot.app.preview import run_preview
from bot.settings import load_settings
port, open_browser = int(sys.argv[1]) or None, sys.argv[2:] == ["browser"]
sys.exit(run_preview(load_settings(), port=port, open_browser=open_browser))
"""


def _heed_hangups() -> None:
    """Let SIGHUP end the process, even where the tests are run with it ignored (by nohup)."""
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


@asynccontextmanager
async def process(
    code: str, tmp_path: Path, *arguments: str, **variables: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run Python code in a process with settings of its own, and kill it at the end."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SOURCIER_", "DISCORD_"))
    }
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        code,
        *arguments,
        cwd=tmp_path,
        env={
            **environment,
            "SOURCIER_DATABASE": str(tmp_path / "knowledge.db"),
            "SOURCIER_STATE": str(tmp_path / "state.db"),
            "SOURCIER_SEMANTIC": "off",
            "SOURCIER_READER": "off",
            **variables,
        },
        preexec_fn=None if sys.platform == "win32" else _heed_hangups,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()


@pytest.fixture
def indexed(tmp_path: Path, bundled_index: Path) -> None:
    """The bundled article is indexed already, where ``process`` looks."""
    shutil.copy(bundled_index, tmp_path / "knowledge.db")


async def ended(started: asyncio.subprocess.Process) -> tuple[int | None, str, str]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        out, err = await started.communicate()
    return started.returncode, out.decode(), err.decode()


async def connected(server: FakeDiscord, started: asyncio.subprocess.Process) -> str:
    """Read the log until the bot says that it is connected; return it."""
    assert started.stderr is not None
    log = ""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while "Connected as" not in log:
            line = await started.stderr.readline()
            assert line, log
            log += line.decode()
    assert server.identified == [TOKEN]
    return log


@asynccontextmanager
async def online(
    tmp_path: Path, *arguments: str, code: str = RUN, **variables: str
) -> AsyncIterator[tuple[FakeDiscord, asyncio.subprocess.Process, str]]:
    """Run a bot at a Discord of its own; yield both, and the log until it was connected."""
    async with fake_discord(TOKEN) as server:
        mine = {"DISCORD_TOKEN": TOKEN, "DISCORD_API_URL": server.url, **variables}
        async with process(code, tmp_path, *arguments, **mine) as started:
            yield server, started, await connected(server, started)


async def test_without_a_token_it_says_what_to_do(tmp_path: Path) -> None:
    async with process(RUN, tmp_path) as started:
        code, out, err = await ended(started)
    assert (code, out) == (1, "")
    assert err.startswith("DISCORD_TOKEN is not set.")
    assert err.count("\n") == 1


@pytest.mark.usefixtures("indexed")
async def test_it_runs_the_shards_that_it_is_told(tmp_path: Path) -> None:
    variables = {"DISCORD_TOKEN": TOKEN, "SOURCIER_SHARDS": "1,3/4"}
    async with fake_discord(TOKEN) as server:
        variables["DISCORD_API_URL"] = server.url
        async with process(RUN, tmp_path, **variables) as started:
            await eventually(lambda: len(server.shards) == 2, PATIENCE_SECONDS)
            started.send_signal(signal.SIGTERM)
            code, _, err = await ended(started)
    assert (code, sorted(server.shards)) == (0, [(1, 4), (3, 4)]), err


@pytest.mark.usefixtures("indexed")
async def test_a_wrong_token_is_one_clear_sentence(tmp_path: Path) -> None:
    async with (
        fake_discord("another") as server,
        process(RUN, tmp_path, DISCORD_TOKEN=TOKEN, DISCORD_API_URL=server.url) as started,
    ):
        code, _, err = await ended(started)
    assert code == 1
    assert err.splitlines()[-1].startswith("Discord refused the token in DISCORD_TOKEN.")
    assert "Traceback" not in err
    assert TOKEN not in err


@pytest.mark.usefixtures("indexed")
async def test_a_server_that_is_not_there_is_one_clear_sentence(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        async with process(RUN, tmp_path, DISCORD_TOKEN=TOKEN, DISCORD_API_URL=url) as started:
            code, _, err = await ended(started)
    assert code == 1
    assert err.splitlines()[-1].startswith(f"{url}/api/v10 cannot be reached:")
    assert "Traceback" not in err


async def test_a_damaged_index_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "knowledge.db").write_bytes(b"no database at all " * 500)
    async with process(RUN, tmp_path, DISCORD_TOKEN=TOKEN) as started:
        code, _, err = await ended(started)
    assert code == 1
    assert "knowledge.db" in err.splitlines()[-1]
    assert "Traceback" not in err


@pytest.mark.usefixtures("indexed")
async def test_a_damaged_state_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_bytes(b"no database at all " * 500)
    async with process(RUN, tmp_path, DISCORD_TOKEN=TOKEN) as started:
        code, _, err = await ended(started)
    assert code == 1
    assert "SOURCIER_STATE" in err.splitlines()[-1]
    assert "Traceback" not in err


@pytest.mark.usefixtures("indexed")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to handle")
@pytest.mark.parametrize("number", ENDING)
async def test_it_connects_and_ends_cleanly_when_told_to(
    tmp_path: Path, number: signal.Signals
) -> None:
    async with online(tmp_path, SOURCIER_LOG_LEVEL="DEBUG") as (server, started, log):
        started.send_signal(number)
        code, out, rest = await ended(started)
        assert server.closed == [1000]
    assert (code, out) == (0, "")
    assert "Traceback" not in log + rest
    assert TOKEN not in log + rest
    assert "PUT /api/v10/applications/1/commands" in server.requests


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.mark.usefixtures("indexed")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to handle")
@pytest.mark.parametrize("number", ENDING)
async def test_the_preview_says_where_it_is_and_ends_cleanly(
    tmp_path: Path, number: signal.Signals
) -> None:
    port = _free_port()
    async with process(PREVIEW, tmp_path, str(port)) as started:
        assert started.stdout is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            line = (await started.stdout.readline()).decode()
        assert re.fullmatch(rf"Sourcier is at http://127\.0\.0\.1:{port}/#[\w-]+\n", line)
        started.send_signal(number)
        code, out, err = await ended(started)
    assert (code, out, err) == (0, "Ctrl-C ends it.\n", "")


@pytest.mark.usefixtures("indexed")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to handle")
@pytest.mark.parametrize(
    ("browser", "variables", "is_opened"),
    [
        ("w3m", {"TERM": "xterm"}, False),
        ("w3m", {"TERM": "xterm", "DISPLAY": ":9"}, False),
        ("some-browser", {"TERM": "xterm", "DISPLAY": ":9"}, True),
        ("some-browser", {"TERM": "xterm"}, False),
    ],
)
async def test_the_preview_waits_for_no_browser(
    tmp_path: Path, browser: str, variables: dict[str, str], is_opened: bool
) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    program = programs / browser
    program.write_text(f"#!/bin/sh\ntouch {tmp_path / 'opened'}\nexec sleep 20 >/dev/null 2>&1\n")
    program.chmod(0o755)
    settings = {
        "BROWSER": browser,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "DISPLAY": "",
        "WAYLAND_DISPLAY": "",
        **variables,
    }
    async with process(PREVIEW, tmp_path, "0", "browser", **settings) as started:
        assert started.stdout is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            line = (await started.stdout.readline()).decode()
        (address,) = re.findall(r"http://[^#\s]+", line)
        if is_opened:
            await eventually((tmp_path / "opened").exists)
        async with (
            asyncio.timeout(PATIENCE_SECONDS),
            aiohttp.ClientSession() as session,
            session.get(address) as page,
        ):
            assert page.status == 200
        started.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(started.wait(), PATIENCE_SECONDS) == 0
    assert (tmp_path / "opened").exists() == is_opened


async def test_the_preview_logs_as_much_as_it_is_asked_to(tmp_path: Path) -> None:
    async with process(PREVIEW, tmp_path, "0", SOURCIER_LOG_LEVEL="INFO") as started:
        assert started.stdout is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            await started.stdout.readline()
        started.send_signal(signal.SIGTERM)
        _, _, err = await ended(started)
    assert "bot.services.reindexing: Index version" in err
    assert "intent" not in err


async def test_the_preview_on_a_port_in_use_is_one_clear_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        async with process(PREVIEW, tmp_path, str(port)) as started:
            code, out, err = await ended(started)
    assert (code, out) == (1, "")
    assert err == f"Port {port} is in use by another program: choose another one with --port.\n"
    assert not (tmp_path / "knowledge.db").exists(), "it is said before the long start"


@pytest.fixture
def restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    for name in ("bot", "knowledge", "discord"):
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.mark.usefixtures("restored_logging")
def test_the_token_is_blotted_out_of_every_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("DEBUG", SecretStr(TOKEN))
    log = logging.getLogger("bot.somewhere")
    log.debug("sent %s", {"token": TOKEN})
    try:
        raise RuntimeError(TOKEN)
    except RuntimeError:
        log.exception("it was %r", TOKEN)
    err = capsys.readouterr().err
    assert TOKEN not in err
    assert err.count("[token]") == 3
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d DEBUG   bot\.somewhere: sent", err)
