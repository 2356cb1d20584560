"""The first start: slow, told to end, or left to itself, it does what the README says."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
from pathlib import Path

import pytest
from fake_discord import fake_discord
from test_running import ENDING, TOKEN, process

SLOW_SECONDS = 13.0
"""Longer than anything that a start waits for by itself, such as SimCord's five seconds, and than
it takes until a line tells how far it is."""

PATIENCE_SECONDS = 200.0

SLOW = """
import os, struct, sys, time
from bot.app import opening
from bot.cli.main import main

class Slow:
    model, dimension, left = "slow/1", 4, float(os.environ["SLOW_SECONDS"])

    def encode_queries(self, texts):
        return [struct.pack("<4e", 1, 0, 0, 0) for _ in texts]

    def encode_passages(self, texts, progress=None):
        for _ in range(10):
            seconds = min(self.left, 2.0)
            self.left -= seconds
            time.sleep(seconds)
            if progress is not None:
                progress(len(texts) // 10)
        return self.encode_queries(texts)

opening.load_encoder = lambda threads: Slow()
sys.exit(main(sys.argv[1:]))
"""
"""The program, on a machine that needs a long time for its first vectors."""

SETTINGS = {"SOURCIER_SEMANTIC": "on", "SLOW_SECONDS": str(SLOW_SECONDS)}

QUESTION = "Combien de barils de pétrole en juillet ?"


async def output(
    tmp_path: Path, *arguments: str, given: str = "", **variables: str
) -> tuple[int | None, str, str]:
    async with (
        asyncio.timeout(PATIENCE_SECONDS),
        process(SLOW, tmp_path, *arguments, **{**SETTINGS, **variables}) as started,
    ):
        out, err = await started.communicate(given.encode())
        return started.returncode, out.decode(), err.decode()


async def preview(tmp_path: Path) -> tuple[int | None, str, str]:
    async with (
        asyncio.timeout(PATIENCE_SECONDS),
        process(SLOW, tmp_path, "preview", "--no-browser", **SETTINGS) as started,
    ):
        assert started.stdout is not None
        line = (await started.stdout.readline()).decode()
        started.send_signal(signal.SIGTERM)
        _, err = await started.communicate()
        return started.returncode, line, err.decode()


async def run(tmp_path: Path) -> tuple[int | None, str, str]:
    async with (
        asyncio.timeout(PATIENCE_SECONDS),
        fake_discord(TOKEN) as server,
        process(
            SLOW, tmp_path, "run", DISCORD_TOKEN=TOKEN, DISCORD_API_URL=server.url, **SETTINGS
        ) as started,
    ):  # fmt: skip
        assert started.stderr is not None
        log = ""
        while "Connected as" not in log:
            line = (await started.stderr.readline()).decode()
            assert line, log
            log += line
        started.send_signal(signal.SIGTERM)
        out, _ = await started.communicate()
        return started.returncode, out.decode(), log


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to handle")
async def test_the_first_vectors_may_take_their_time(tmp_path: Path) -> None:
    folders = {name: tmp_path / name for name in ("preview", "run", "ask", "console")}
    for folder in folders.values():
        folder.mkdir()
    faces = await asyncio.gather(
        preview(folders["preview"]),
        run(folders["run"]),
        output(folders["ask"], "ask", QUESTION),
        output(folders["console"], "console", given=f"{QUESTION}\n"),
    )
    for code, _, err in faces:
        assert code == 0, err
        assert err.startswith("Reading the articles for the first time. Their meaning is computed")
        line = r"Computing what articles mean \(0 of 1 article, [\d,]+ texts/s\): \d+%"
        assert re.search(line, err)
        assert int(re.findall(r"The index is up to date \((\d+) s\)", err)[0]) >= SLOW_SECONDS
    (_, address, _), _, (_, answer, _), (_, console, _) = faces
    assert address.startswith("Sourcier is at http://127.0.0.1:")
    for said in (answer, console):
        assert "10 933 barils" in re.sub(r"\s", " ", said)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to handle")
@pytest.mark.parametrize("face", ["run", "preview"])
async def test_a_first_start_that_is_told_to_end_ends_well_and_can_be_begun_again(
    tmp_path: Path, face: str
) -> None:
    folder = tmp_path
    for number in ENDING:
        folder = tmp_path / number.name
        folder.mkdir(exist_ok=True)
        async with process(SLOW, folder, face, DISCORD_TOKEN=TOKEN, **SETTINGS) as started:
            assert started.stderr is not None
            assert b"for the first time" in await started.stderr.readline()
            started.send_signal(number)
            async with asyncio.timeout(PATIENCE_SECONDS):
                out, err = await started.communicate()
        assert (started.returncode, out, err) == (0, b"", b"")
    code, answer, _ = await output(folder, "ask", QUESTION, SLOW_SECONDS="0")
    assert code == 0
    assert "10 933 barils" in re.sub(r"\s", " ", answer)
