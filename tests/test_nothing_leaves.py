"""Nothing leaves the machine: no host is looked up or connected to, and nothing is left behind.

Python's sockets are watched in every test by ``network_guard``; here whole programs are watched
from outside, native libraries included.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import network_guard
import pytest

ROOT = Path(__file__).parents[1]
STRACE = shutil.which("strace")

LIBRARY = """
import sys
from pathlib import Path
from knowledge import KnowledgeBase, load_encoder, load_reader
database, articles = map(Path, sys.argv[1:])
with KnowledgeBase.open(database, [articles], load_encoder(), load_reader()) as base:
    print(base.ask("Where do wombats live?").citations[0].snippet)
"""
BOT = """
import asyncio, os, sys
from pathlib import Path
import simcord
from bot.app.client import SourcierBot
from bot.app.opening import open_for_bot
from bot.settings import load_settings
from bot.shards import ONE_SHARD
from bot.state import State

async def main():
    settings = load_settings()
    with open_for_bot(settings) as knowledge:
        async with simcord.run(
            SourcierBot(knowledge, State(settings.state), shards=ONE_SHARD), settle_timeout=60
        ) as env:
            guild = env.create_guild("Readers")
            channel = guild.create_text_channel("questions")
            member = guild.add_member(env.create_user("camille"))
            asked = await member.slash(channel, "ask", question="Where do wombats live?")
            print(asked.response.components)

asyncio.run(main())
"""
COMMAND = "import sys; from bot.cli.main import main; sys.exit(main(sys.argv[1:]))"
QUESTION = "Where do wombats live?"


class Watched:
    """A program run in an empty home, with models and reader on."""

    def __init__(self, folder: Path, code: str, *arguments: str, given: str = "") -> None:
        self.home = folder / "home"
        self.home.mkdir()
        (folder / "articles").mkdir()
        article = folder / "articles" / "wombats.txt"
        article.write_text("Wombats\n\nWombats live in burrows that they dig at night.\n")
        self._trace = folder / "trace"
        watching = [] if STRACE is None else [STRACE, "-f", "-qq", "-o", str(self._trace)]
        if watching:
            watching += ["-e", "trace=socket,listen,connect,sendto,sendmsg,sendmmsg"]
        done = subprocess.run(
            [*watching, sys.executable, "-c", code, *arguments],
            input=given,
            capture_output=True,
            encoding="utf-8",
            cwd=folder,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.home),
                "PYTHONPATH": str(ROOT),
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONIOENCODING": "utf-8",
                "SOURCIER_DATABASE": str(folder / "knowledge.db"),
                "SOURCIER_STATE": str(folder / "state.db"),
                "SOURCIER_ARTICLES": str(folder / "articles"),
            },
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        self.said = done.stdout

    @property
    def left_behind(self) -> list[Path]:
        return sorted(self.home.rglob("*"))

    @property
    def attempts(self) -> list[str]:
        """What was sent or connected to beyond this machine, by the kernel's own word."""
        lines = self._traced()
        inside = re.compile(r'AF_UNIX|AF_NETLINK|inet_addr\("127\.|"::1"|sin_addr\("0\.0\.0\.0"')
        outgoing = re.compile(r"\b(?:connect|sendto|sendmsg|sendmmsg)\(")
        return [
            line
            for line in lines
            if outgoing.search(line) and "AF_INET" in line and not inside.search(line)
        ]

    @property
    def listened(self) -> list[str]:
        """Where it was listened for others, who would be told something."""
        return [line for line in self._traced() if re.search(r"\blisten\(", line)]

    def _traced(self) -> list[str]:
        return self._trace.read_text(encoding="utf-8", errors="replace").splitlines()


@pytest.fixture(
    params=[
        pytest.param((COMMAND, "ask", QUESTION), id="ask"),
        pytest.param((COMMAND, "console"), id="console"),
        pytest.param((BOT,), id="bot"),
        pytest.param((LIBRARY, "knowledge.db", "articles"), id="library"),
    ]
)
def watched(request: pytest.FixtureRequest, tmp_path: Path) -> Watched:
    if request.param[0] == BOT:
        pytest.importorskip("simcord", reason="the extra “preview” is not installed")
    return Watched(tmp_path, *request.param, given=f"{QUESTION}\n")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no home directory to look into")
def test_a_question_leaves_nothing_behind_and_reaches_nobody(watched: Watched) -> None:
    assert "burrows" in watched.said
    assert watched.left_behind == []
    if STRACE is not None:
        assert watched.attempts == []
        assert watched.listened == []


def test_the_engine_is_loaded_in_one_place_alone() -> None:
    importing: set[str] = set()
    for path in [*ROOT.glob("bot/**/*.py"), *ROOT.glob("knowledge/**/*.py")]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "import_module":
                names = [one.value for one in node.args if isinstance(one, ast.Constant)]
            if any(str(name) == "onnxruntime" for name in names):
                importing.add(path.name)
    assert importing == {"engine.py"}


def test_the_guard_refuses_what_is_not_this_machine() -> None:
    with pytest.raises(network_guard.LeftTheMachine):
        socket.getaddrinfo("telemetry.example", 443)
    with socket.socket() as outside, pytest.raises(network_guard.LeftTheMachine):
        outside.connect(("192.0.2.1", 443))
    assert len(network_guard.attempts) == 2
    network_guard.attempts.clear()
    with socket.socket() as listening, socket.socket() as inside:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        inside.connect(listening.getsockname())
